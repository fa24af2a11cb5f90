"""Which resource answers a path: a literal part before a {parameter} before a {greedy+} one.

A resource that has no method for the request's verb does not answer: a GET on `/items` where only POST exists
is passed on to `/{proxy+}`. Slashes in front of the path count as one, and the one at its end says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from mypy_boto3_apigateway.type_defs import MethodTypeDef


@dataclass(frozen=True)
class RouteNode:
    """A deployed resource: `path` as declared, `methods` by verb (or ANY)."""

    id: str
    path: str
    methods: Mapping[str, MethodTypeDef]

    def method(self, verb: str) -> MethodTypeDef | None:
        """The method that answers `verb`."""
        return self.methods.get(verb) or self.methods.get("ANY")

    def answers(self, verb: str) -> bool:
        """Whether a method answers `verb`."""
        return verb in self.methods or "ANY" in self.methods


@dataclass
class _Node:
    resource: RouteNode | None = None
    literal: dict[str, _Node] = field(default_factory=dict)
    variable: tuple[str, _Node] | None = None
    greedy: tuple[str, RouteNode] | None = None


Match = tuple[RouteNode, dict[str, str]]


class Routes:
    """The routes of one snapshot."""

    def __init__(self, resources: Iterable[RouteNode]) -> None:
        self._root = _Node()
        for resource in resources:
            if resource.methods:
                self._add(resource)

    def match(self, path: str, verb: str) -> Match | None:
        """The resource that answers `verb` on an encoded `path`, and its parameters, which stay encoded."""
        plain = path.strip("/")
        return _walk(self._root, plain.split("/") if plain else [], verb)

    def _add(self, resource: RouteNode) -> None:
        node = self._root
        for part in [part for part in resource.path.split("/") if part]:
            if part.startswith("{") and part.endswith("+}"):
                node.greedy = (part[1:-2], resource)
                return
            if part.startswith("{") and part.endswith("}"):
                node.variable = node.variable or (part[1:-1], _Node())
                node = node.variable[1]
            else:
                node = node.literal.setdefault(part, _Node())
        node.resource = resource


def _walk(node: _Node, parts: list[str], verb: str) -> Match | None:
    if not parts:
        return (node.resource, {}) if node.resource and node.resource.answers(verb) else None
    first, rest = parts[0], parts[1:]
    child = node.literal.get(unquote(first))
    if child and (found := _walk(child, rest, verb)):
        return found
    if node.variable and first:
        name, child = node.variable
        if found := _walk(child, rest, verb):
            return found[0], {name: first, **found[1]}
    if node.greedy and node.greedy[1].answers(verb):
        name, resource = node.greedy
        return resource, {name: "/".join(parts)}
    return None
