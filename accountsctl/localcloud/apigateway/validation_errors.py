"""What `$context.error.validationErrorString` states: the messages of the validator that API Gateway is built on.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
https://github.com/java-json-tools/json-schema-validator
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from jsonschema import ValidationError

Describe = Callable[[Any, Any, Mapping[str, Any]], str]
"""The message of a keyword: of its value in the schema, the instance, and the schema around it."""


def validation_errors(errors: Iterable[ValidationError]) -> str:
    """The messages as one text, those of an object before those of its members."""
    ordered = sorted(errors, key=lambda error: ([str(part) for part in error.path], str(error.validator)))
    once = dict.fromkeys(map(_message, ordered))  # jsonschema reports each missing property by itself
    return f"[{', '.join(once)}]"


def _message(error: ValidationError) -> str:
    describe = _MESSAGES.get(str(error.validator))
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    return error.message if describe is None else describe(error.validator_value, error.instance, schema)


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _type_of(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"


def _type(allowed: Any, value: Any, _: Mapping[str, Any]) -> str:
    names = sorted(allowed) if isinstance(allowed, list) else [allowed]
    return f"instance type ({_type_of(value)}) does not match any allowed primitive type (allowed: {_json(names)})"


def _required(names: Any, value: Any, _: Mapping[str, Any]) -> str:
    return f"object has missing required properties ({_json(sorted(set(names) - set(value)))})"


def _additional(_: Any, value: Any, schema: Mapping[str, Any]) -> str:
    patterns = schema.get("patternProperties") or {}
    others = set(value) - set(schema.get("properties") or {})
    extra = sorted(name for name in others if not any(re.search(pattern, name) for pattern in patterns))
    return f"object instance has properties which are not allowed by the schema: {_json(extra)}"


def _minimum(limit: Any, value: Any, schema: Mapping[str, Any]) -> str:
    if schema.get("exclusiveMinimum") and value == limit:
        return f"numeric instance is not strictly greater than the required minimum {limit}"
    return f"numeric instance is lower than the required minimum (minimum: {limit}, found: {value})"


def _maximum(limit: Any, value: Any, schema: Mapping[str, Any]) -> str:
    if schema.get("exclusiveMaximum") and value == limit:
        return f"numeric instance is not strictly lower than the required maximum {limit}"
    return f"numeric instance is greater than the required maximum (maximum: {limit}, found: {value})"


_MESSAGES: Mapping[str, Describe] = {
    "additionalProperties": _additional,
    "anyOf": lambda options, *_: (
        f"instance failed to match at least one required schema among {len(options)}"
    ),
    "enum": lambda options, value, _: (
        f"instance value ({_json(value)}) not found in enum (possible values: {_json(options)})"
    ),
    "maxItems": lambda limit, value, _: (
        f"array is too long: must have at most {limit} elements but instance has {len(value)} elements"
    ),
    "maxLength": lambda limit, value, _: (
        f"string {_json(value)} is too long (length: {len(value)}, maximum allowed: {limit})"
    ),
    "maximum": _maximum,
    "minItems": lambda limit, value, _: (
        f"array is too short: must have at least {limit} elements but instance has {len(value)} elements"
    ),
    "minLength": lambda limit, value, _: (
        f"string {_json(value)} is too short (length: {len(value)}, required minimum: {limit})"
    ),
    "minimum": _minimum,
    "pattern": lambda pattern, value, _: (
        f"ECMA 262 regex {_json(pattern)} does not match input string {_json(value)}"
    ),
    "required": _required,
    "type": _type,
    "uniqueItems": lambda *_: "array must not contain duplicate elements",
}
