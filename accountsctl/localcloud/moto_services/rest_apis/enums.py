"""The types and values that an operation's members may have, checked and refused in AWS's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from accountsctl.localcloud.contracts.constraints import fault, in_one_sentence
from accountsctl.localcloud.moto_services.rest_apis.operations import ControlCall, GatewayFault

# AWS lists the values in an order of its own; of the others the model's order is all that is known.
_ORDER: Mapping[str, str] = {
    "EndpointType": "PRIVATE, EDGE, REGIONAL",
    "IntegrationType": "HTTP, MOCK, AWS_PROXY, HTTP_PROXY, AWS",
    "ApiKeySourceType": "AUTHORIZER, HEADER",
    "Op": "add, remove, move, test, replace, copy",
    "GatewayResponseType": (
        "REQUEST_TOO_LARGE, RESOURCE_NOT_FOUND, AUTHORIZER_CONFIGURATION_ERROR, MISSING_AUTHENTICATION_TOKEN, "
        "BAD_REQUEST_BODY, INVALID_SIGNATURE, INVALID_API_KEY, BAD_REQUEST_PARAMETERS, AUTHORIZER_FAILURE, "
        "UNAUTHORIZED, INTEGRATION_TIMEOUT, ACCESS_DENIED, DEFAULT_4XX, DEFAULT_5XX, WAF_FILTERED, QUOTA_EXCEEDED, "
        "THROTTLED, API_CONFIGURATION_ERROR, UNSUPPORTED_MEDIA_TYPE, INTEGRATION_FAILURE, EXPIRED_TOKEN"
    ),
}


def check(call: ControlCall) -> None:
    """Raise SerializationException for a value of a wrong type, else ValidationException with all wrong values."""
    shape = call.model.input_shape
    if shape is None:
        return
    in_body = [item for item in shape.members.items() if item[1].serialization.get("location") is None]
    in_path = [item for item in shape.members.items() if item[1].serialization.get("location") == "uri"]
    for name, member in in_body:
        _check_types(member, call.body.get(member.serialization.get("name", name)))
    start = call.name[0].lower() + call.name[1:]
    found = [text for item in in_body for text in _member(call.body, *item, f"{start}Input.")]
    found += [text for item in in_path for text in _member(call.path, *item)]
    if sentence := in_one_sentence(found):
        raise GatewayFault(400, "ValidationException", sentence)


def _check_types(shape: Any, value: Any) -> None:
    match shape.type_name, value:
        case "string", bool():
            raise _unreadable("java.lang.Boolean")
        case "string", int() | float():
            raise _unreadable("com.amazon.coral.value.json.numbers.TruncatingBigNumber")
        case "structure", dict():
            for name, member in shape.members.items():
                _check_types(member, value.get(member.serialization.get("name", name)))
        case "map", dict():
            for item in value.values():
                _check_types(shape.value, item)
        case "list", list():
            for item in value:
                _check_types(shape.member, item)


def _unreadable(kind: str) -> GatewayFault:
    return GatewayFault(400, "SerializationException", f"class {kind} can not be converted to an String")


def _member(values: Mapping[str, Any], name: str, member: Any, start: str = "") -> Iterator[str]:
    value = values.get(member.serialization.get("name", name))
    if value is not None:
        yield from _value(member, value, f"{start}{name}")


def _value(shape: Any, value: Any, place: str) -> Iterator[str]:
    if shape.type_name == "structure" and isinstance(value, dict):
        for name, member in shape.members.items():
            yield from _member(value, name, member, f"{place}.")
    elif shape.type_name == "list" and isinstance(value, list):
        yield from _list(shape, value, place)
    elif shape.type_name == "string" and isinstance(value, str):
        yield from _text(shape, value, place)


def _list(shape: Any, value: list[Any], place: str) -> Iterator[str]:
    if shape.member.type_name == "structure":
        for number, item in enumerate(value, 1):
            yield from _value(shape.member, item, f"{place}.{number}.member")
    elif getattr(shape.member, "enum", None) and any(item not in shape.member.enum for item in value):
        members = (
            f"Member must satisfy constraint: [Member must satisfy enum value set: [{_set(shape.member)}]]"
        )
        shown = ", ".join(str(item) for item in value)
        yield fault(f"[{shown}]", place, members)


def _text(shape: Any, value: str, place: str) -> Iterator[str]:
    # API Gateway ignores an empty text here; it does not call it an invalid value.
    if value and getattr(shape, "enum", None) and value not in shape.enum:
        yield fault(value, place, f"Member must satisfy enum value set: [{_set(shape)}]")
    pattern = shape.metadata.get("pattern")
    if pattern and not re.fullmatch(pattern, value):
        yield fault(value, place, f"Member must satisfy regular expression pattern: {pattern}")


def _set(shape: Any) -> str:
    return _ORDER.get(shape.name) or ", ".join(shape.enum)
