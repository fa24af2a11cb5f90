"""An API as its template describes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Body = Mapping[str, Any]


def callable_paths(template: Body) -> Iterator[str]:
    """The paths that a GET can be sent to as they are: those without variables, shortest first."""
    resources = template.get("Resources", {})
    found = {
        _path(resources, each["Properties"].get("ResourceId"))
        for each in resources.values()
        if each.get("Type") == "AWS::ApiGateway::Method" and each["Properties"].get("HttpMethod") == "GET"
    }
    yield from sorted((path for path in found if "{" not in path), key=lambda path: (len(path), path))


def _path(resources: Body, where: Any) -> str:
    """The path of a resource, by its parents; anything but a Ref is the API's root."""
    name = str(where.get("Ref")) if isinstance(where, Mapping) else ""
    if name not in resources:
        return "/"
    properties = resources[name]["Properties"]
    return f"{_path(resources, properties.get('ParentId')).rstrip('/')}/{properties['PathPart']}"
