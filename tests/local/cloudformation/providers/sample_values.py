"""Values for properties, made from their resource schemas; and responses, made from the models of AWS's APIs."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

PAGING = ("nexttoken", "marker", "position", "nextmarker", "paginationtoken", "keymarker")
TAG = ("Key", "Value")


def value(document: Mapping[str, Any], node: Mapping[str, Any], variant: int = 0, depth: int = 0) -> Any:
    """A value that a schema's node allows; another one for `variant` 1."""
    if "$ref" in node:
        name = node["$ref"].rsplit("/", 1)[1]
        return value(document, document["definitions"][name], variant, depth + 1)
    if "enum" in node:
        return node["enum"][variant % len(node["enum"])]
    match _kind(node):
        case "object" if set(TAG) <= set(node.get("properties", {})):
            return {"Key": "team", "Value": f"v{variant}"}
        case "object" if node.get("properties") and depth < 6:
            return _structure(document, node, variant, depth)
        case "object":
            return {f"key{variant}": "v"}
        case "array":
            return [value(document, node.get("items", {}), variant, depth + 1)] if depth < 6 else []
        case "boolean":
            return variant == 0
        case "integer" | "number":
            return max(node.get("minimum", 1), 1) + variant
        case _:
            return f"value{variant}"


def _structure(
    document: Mapping[str, Any], node: Mapping[str, Any], variant: int, depth: int
) -> dict[str, Any]:
    properties, required = node["properties"], set(node.get("required", []))
    for keyword in ("oneOf", "anyOf"):
        if node.get(keyword):
            required |= set(node[keyword][0].get("required", []))
    names = [name for name in (required or properties) if name in properties]
    return {name: value(document, properties[name], variant, depth + 1) for name in names}


def _kind(node: Mapping[str, Any]) -> str:
    kinds = node.get("type", "object" if "properties" in node else "string")
    if isinstance(kinds, list):
        return "object" if "object" in kinds else str(kinds[0])
    return str(kinds)


def response(shape: Shape | None, depth: int = 0) -> Any:
    """What an operation may return: every member once, and no further page."""
    match shape:
        case StructureShape() if depth < 7:
            members = {name: response(inner, depth + 1) for name, inner in shape.members.items()}
            return {name: made for name, made in members.items() if name.lower() not in PAGING}
        case ListShape():
            return [response(shape.member, depth + 1)]
        case None | StructureShape() | MapShape():
            return {}
    made: Mapping[str, Any] = {"integer": 1, "long": 1, "float": 1.0, "double": 1.0, "boolean": False}
    if shape.type_name == "blob":
        return io.BytesIO(b"{}")
    if shape.type_name == "timestamp":
        return datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    enum = getattr(shape, "enum", None)
    return enum[0] if enum else made.get(shape.type_name, "/")
