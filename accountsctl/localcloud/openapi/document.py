"""A Swagger 2 or OpenAPI 3 document: its text, its version, its references."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml

Node = Mapping[str, Any]
"""An object of a document. Its author decides what is in it, so that its members are checked where they are read."""


class OpenApiError(Exception):
    """A document that API Gateway would not import: every fault at once, in its words."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("Errors found during import:\n" + "\n".join(f"\t{fault}" for fault in faults))
        self.faults = faults


def parse(text: str | bytes) -> Node:
    """The document of a JSON or YAML text."""
    try:
        content = json.loads(text)
    except ValueError:
        try:
            content = yaml.safe_load(text)
        except yaml.YAMLError as fault:
            raise OpenApiError([f"Unable to parse API definition: {fault}"]) from None
    if not isinstance(content, dict):
        raise OpenApiError(["Unable to parse API definition because of a malformed document"])
    return {str(key): _keyed(value) for key, value in content.items()}


def _keyed(value: object) -> object:
    """YAML reads a status as a number; every key of OpenAPI is a string."""
    if isinstance(value, dict):
        return {str(key): _keyed(member) for key, member in value.items()}
    return [_keyed(entry) for entry in value] if isinstance(value, list) else value


def is_swagger(document: Node) -> bool:
    """Whether it is Swagger 2.0; the other is OpenAPI 3.0. OpenApiError where it is neither."""
    if str(document.get("swagger", "")).startswith("2"):
        return True
    if str(document.get("openapi", "")).startswith("3.0"):
        return False
    version = document.get("openapi") or document.get("swagger")
    raise OpenApiError(
        [f"OpenAPI version {version} is not supported: it must be Swagger 2.0 or OpenAPI 3.0.x"]
    )


def resolved(document: Node, node: object) -> Node:
    """A node, or what its `$ref` into the same document leads to."""
    seen = 0  # references that lead in a circle would never end
    while isinstance(node, Mapping) and isinstance(node.get("$ref"), str):
        place: object = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            name = part.replace("~1", "/").replace("~0", "~")
            place = place.get(name) if isinstance(place, Mapping) else None
        seen += 1
        if place is None or seen > 20:
            raise OpenApiError([f"Unable to resolve the reference {node['$ref']}"])
        node = place
    return node if isinstance(node, Mapping) else {}
