"""Which resource answers a path: a literal part before a {parameter} before a {greedy+} one.

The resource is chosen by the path alone, and only then the method is looked up: a GET on `/items` where
only POST exists is not passed on to `/{proxy+}`. A resource without methods is a mere folder.
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

    def match(self, path: str) -> Match | None:
        """The resource for an encoded `path`, and its parameters, decoded. A slash at the end says nothing."""
        parts = [unquote(part) for part in path.rstrip("/").split("/")[1:]]
        return _walk(self._root, parts)

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


def _walk(node: _Node, parts: list[str]) -> Match | None:
    if not parts:
        return (node.resource, {}) if node.resource else None
    first, rest = parts[0], parts[1:]
    if first in node.literal and (found := _walk(node.literal[first], rest)):
        return found
    if node.variable and first:
        name, child = node.variable
        if found := _walk(child, rest):
            return found[0], {name: first, **found[1]}
    if node.greedy:
        name, resource = node.greedy
        return resource, {name: "/".join(parts)}
    return None
