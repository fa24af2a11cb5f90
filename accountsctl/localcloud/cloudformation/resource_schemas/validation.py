"""Validate a resource's properties against its schema, lenient and worded as CloudFormation is.

CloudFormation converts scalars first (templates in YAML and parameters give strings for everything)
and words faults as the Java library everit does, with the path in front: ``#/Timeout: 1000 is not less
or equal to 900``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError

SchemaNode = Any
"""A part of a JSON schema: an object, a list of objects or a value, as its keyword defines."""

SchemaDocument = Mapping[str, Any]
"""A resource type's schema, in which ``$ref`` points to its own definitions."""

PropertyValue = Any
"""A property as a template states it: any JSON value."""

JSON_TYPES = {
    bool: "Boolean",
    int: "Integer",
    float: "Double",
    str: "String",
    list: "JSONArray",
    dict: "JSONObject",
}
EXPECTED = {
    "array": "JSONArray",
    "object": "JSONObject",
    "string": "String",
    "boolean": "Boolean",
    "number": "Number",
    "integer": "Integer",
}


def coerced(document: SchemaDocument, node: SchemaNode, value: PropertyValue) -> PropertyValue:
    """`value` with each scalar converted to the type that its place in the schema wants, where it can be."""
    node = _resolved(document, node)
    if isinstance(value, Mapping):
        return {key: _through(document, _children(document, node, key), item) for key, item in value.items()}
    if isinstance(value, list):
        items = [
            branch["items"] for branch in _branches(document, node) if isinstance(branch.get("items"), dict)
        ]
        return [_through(document, items, item) for item in value]
    wanted = {kind for branch in _branches(document, node) for kind in _types(branch)}
    return _scalar(value, wanted)


def _through(document: SchemaDocument, nodes: list[SchemaNode], value: PropertyValue) -> PropertyValue:
    for node in nodes:
        value = coerced(document, node, value)
    return value


def _children(document: SchemaDocument, node: SchemaNode, key: str) -> list[SchemaNode]:
    found = [branch.get("properties", {}).get(key) for branch in _branches(document, node)]
    named = [child for child in found if isinstance(child, dict)]
    if named:
        return named
    open_ended = []
    for branch in _branches(document, node):
        open_ended += branch.get("patternProperties", {}).values()
        open_ended += (
            [branch["additionalProperties"]] if isinstance(branch.get("additionalProperties"), dict) else []
        )
    return open_ended


def _branches(document: SchemaDocument, node: SchemaNode) -> Iterator[SchemaDocument]:
    """The node, and every alternative that it is composed of."""
    node = _resolved(document, node)
    if not isinstance(node, dict):
        return
    yield node
    for keyword in ("allOf", "anyOf", "oneOf"):
        for part in node.get(keyword, []):
            yield from _branches(document, part)


def _resolved(document: SchemaDocument, node: SchemaNode) -> SchemaNode:
    while isinstance(node, dict) and "$ref" in node:
        target: SchemaNode = document
        for name in node["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        node = target
    return node


def _types(node: SchemaDocument) -> list[str]:
    kinds = node.get("type", [])
    return [kinds] if isinstance(kinds, str) else list(kinds)


def _scalar(value: PropertyValue, wanted: set[str]) -> PropertyValue:
    if isinstance(value, bool):
        return str(value).lower() if "string" in wanted and "boolean" not in wanted else value
    if isinstance(value, int | float):
        return str(value) if "string" in wanted and not wanted & {"number", "integer"} else value
    if isinstance(value, str) and "string" not in wanted:
        return _parsed(value, wanted)
    return value


def _parsed(text: str, wanted: set[str]) -> PropertyValue:
    if "boolean" in wanted and text.lower() in ("true", "false"):
        return text.lower() == "true"
    converters: list[Callable[[str], int | float]] = []
    converters += [int] if wanted & {"integer", "number"} else []
    converters += [float] if "number" in wanted else []
    for convert in converters:
        try:
            number = convert(text)
        except ValueError:
            continue
        return number if math.isfinite(number) else text
    return text


def problems(document: SchemaDocument, properties: Mapping[str, PropertyValue]) -> list[str]:
    """What the schema does not allow, in AWS's words, in the order of the properties' names."""
    errors = sorted(
        Draft7Validator(document).iter_errors(properties), key=lambda e: [str(p) for p in e.absolute_path]
    )
    return [text for error in errors for text in _worded(error)]


def findings(
    document: SchemaDocument,
    properties: Mapping[str, PropertyValue],
    undecided: Callable[[PropertyValue], bool],
) -> Iterator[tuple[str, str]]:
    """What early validation reports: the JSON pointer below the properties, and the message.

    A value that is `undecided` passes: it is known when its resource is created, and not before.
    """
    errors = Draft7Validator(document).iter_errors(properties)
    for error in sorted(errors, key=lambda error: [str(part) for part in error.absolute_path]):
        where = "".join(f"/{part}" for part in error.absolute_path)
        if error.validator == "additionalProperties":
            yield from ((f"{where}/{name}", f"Unsupported property [{name}]") for name in _unexpected(error))
        elif error.validator == "required":
            yield where, f"Required property [{_missing(error)}] not found"
        elif not undecided(error.instance):
            alternatives = error.validator in ("anyOf", "oneOf")
            yield where, _alternatives(error) if alternatives else _sentence(error)


def _missing(error: ValidationError) -> str:
    required: SchemaNode = error.validator_value
    return next(str(name) for name in required if error.message.startswith(repr(name)))


def _worded(error: ValidationError) -> list[str]:
    schema: SchemaNode = error.schema
    where = "#" + "".join(f"/{part}" for part in error.absolute_path)
    if error.validator == "additionalProperties":
        names = _unexpected(error)
        if "patternProperties" in schema:
            return [f"{where}: extraneous key [{name}] is not permitted" for name in names]
        return [f"Encountered unsupported property {name}" for name in names]
    if error.validator == "required":
        return [f"{where}: required key [{_missing(error)}] not found"]
    if error.validator in ("anyOf", "oneOf"):
        return [f"{where}: #: {_alternatives(error)}"]
    return [f"{where}: {_sentence(error)}"]


def _unexpected(error: ValidationError) -> list[str]:
    schema: SchemaNode = error.schema
    value: PropertyValue = error.instance
    patterns = schema.get("patternProperties", {})
    known = schema.get("properties", {})
    return [n for n in value if n not in known and not any(re.search(p, n) for p in patterns)]


def _alternatives(error: ValidationError) -> str:
    alternatives: SchemaNode = error.validator_value
    if error.context:
        return f"no subschema matched out of the total {len(alternatives)} subschemas"
    return "2 subschemas matched instead of one"


def _sentence(error: ValidationError) -> str:
    """One fault in everit's words."""
    value: PropertyValue = error.instance
    limit: SchemaNode = error.validator_value
    match error.validator:
        case "type":
            kinds = [limit] if isinstance(limit, str) else limit
            expected = " or ".join(EXPECTED[kind] for kind in kinds)
            return f"expected type: {expected}, found: {JSON_TYPES.get(type(value), 'Null')}"
        case "maximum":
            return f"{value} is not less or equal to {limit}"
        case "minimum":
            return f"{value} is not greater or equal to {limit}"
        case "enum" | "const":
            return f"{value} is not a valid enum value"
        case "pattern":
            return f"string [{value}] does not match pattern {limit}"
        case "minLength":
            return f"expected minLength: {limit}, actual: {len(value)}"
        case "maxLength":
            return f"expected maxLength: {limit}, actual: {len(value)}"
        case "minItems":
            return f"expected minimum item count: {limit}, found: {len(value)}"
        case "maxItems":
            return f"expected maximum item count: {limit}, found: {len(value)}"
        case "uniqueItems":
            return "array items are not unique"
        case _:
            return str(error.message)
