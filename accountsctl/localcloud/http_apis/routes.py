"""Which route of an HTTP API a request meets: the most specific one.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from accountsctl.localcloud.contracts.http_apis import HttpRoute

DEFAULT = "$default"


@dataclass(frozen=True)
class RouteMatch:
    """The route, and its path's variables, decoded."""

    route: HttpRoute
    parameters: Mapping[str, str]


def choose(routes: Iterable[HttpRoute], method: str, path: str) -> RouteMatch | None:
    """The route of a request; None if there is none, not even a default."""
    found: list[tuple[tuple[object, ...], RouteMatch]] = []
    for route in routes:
        if route.key == DEFAULT:
            found.append((((9,), 1), RouteMatch(route, {})))
            continue
        verb, _, pattern = route.key.partition(" ")
        if verb not in (method, "ANY"):
            continue
        matched = match(pattern, path)
        if matched is not None:
            rank, parameters = matched
            found.append(((rank, int(verb == "ANY")), RouteMatch(route, parameters)))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def match(pattern: str, path: str) -> tuple[tuple[int, ...], dict[str, str]] | None:
    """How specific the match of a path is (lower is more so, part by part), and its variables; None without a match."""
    wanted, parts = pattern.strip("/").split("/"), path.strip("/").split("/")
    rank: list[int] = []
    parameters: dict[str, str] = {}
    for index, part in enumerate(wanted):
        if part.startswith("{") and part.endswith("+}"):
            rest = "/".join(parts[index:])
            if not rest:
                return None
            return (*rank, 2), {**parameters, part[1:-2]: unquote(rest)}
        if index >= len(parts):
            return None
        if part.startswith("{") and part.endswith("}"):
            if not parts[index]:
                return None
            parameters[part[1:-1]] = unquote(parts[index])
            rank.append(1)
        elif part == parts[index]:
            rank.append(0)
        else:
            return None
    return None if len(parts) != len(wanted) else (tuple(rank), parameters)
