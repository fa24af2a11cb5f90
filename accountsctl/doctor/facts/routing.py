"""Which of an API's routes API Gateway takes for a path: literal parts before variables before ``{proxy+}``.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

VARIABLE = re.compile(r"\{[^}]+\}")
ID = "1"
"""What stands for the variables of a path of which no value is stated."""


@dataclass
class _RoutePart:
    """The routes that begin with the same parts. `route` ends here, `greedy` takes whatever follows."""

    route: str | None = None
    greedy: str | None = None
    literal: dict[str, _RoutePart] = field(default_factory=dict)
    variable: _RoutePart | None = None


class RouteTable:
    """The routes of an API, so that finding one does not take longer the more there are.

    `strict`: a slash at the end of a path counts, as it does for an HTTP API. A REST API ignores it when it looks
    for the resource: https://github.com/floci-io/floci/pull/1863
    """

    def __init__(self, routes: Iterable[str], *, strict: bool = True) -> None:
        self._strict = strict
        self._root = _RoutePart()
        for route in routes:
            self._add(route)

    def find(self, path: str) -> str | None:
        """The route for a path; None if there is none. A slash at the end fits a greedy variable, or the route's."""
        parts = [part for part in path.split("/") if part]
        return _find(self._root, parts, 0, ends=not self._strict or path == "/" or not path.endswith("/"))

    def _add(self, route: str) -> None:
        node = self._root
        for part in [part for part in route.split("/") if part]:
            if part.endswith("+}"):
                node.greedy = route
                return
            if VARIABLE.fullmatch(part):
                node.variable = node.variable or _RoutePart()
                node = node.variable
            else:
                node = node.literal.setdefault(part, _RoutePart())
        node.route = route


def _find(node: _RoutePart, parts: list[str], at: int, *, ends: bool) -> str | None:
    if at == len(parts):
        return node.route if ends or (node.route or "").endswith("/") else None
    following = (node.literal.get(parts[at]), node.variable)
    for inner in following:
        found = _find(inner, parts, at + 1, ends=ends) if inner else None
        if found is not None:
            return found
    return node.greedy


def filled(route: str) -> str:
    """A path that the route takes, with `ID` for every variable."""
    return f"/{ID}" if route == "$default" else VARIABLE.sub(ID, route)
