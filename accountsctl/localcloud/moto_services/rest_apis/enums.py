"""The values that an operation's members may have, checked and refused in AWS's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from accountsctl.localcloud.contracts.constraints import fault, in_one_sentence
from accountsctl.localcloud.moto_services.rest_apis.operations import ControlCall, GatewayFault

# AWS lists the values in an order of its own; of the others the model's order is all that is known.
_ORDER: Mapping[str, str] = {
    "EndpointType": "PRIVATE, EDGE, REGIONAL",
    "IntegrationType": "HTTP, MOCK, AWS_PROXY, HTTP_PROXY, AWS",
    "ApiKeySourceType": "AUTHORIZER, HEADER",
    "GatewayResponseType": (
        "REQUEST_TOO_LARGE, RESOURCE_NOT_FOUND, AUTHORIZER_CONFIGURATION_ERROR, MISSING_AUTHENTICATION_TOKEN, "
        "BAD_REQUEST_BODY, INVALID_SIGNATURE, INVALID_API_KEY, BAD_REQUEST_PARAMETERS, AUTHORIZER_FAILURE, "
        "UNAUTHORIZED, INTEGRATION_TIMEOUT, ACCESS_DENIED, DEFAULT_4XX, DEFAULT_5XX, WAF_FILTERED, QUOTA_EXCEEDED, "
        "THROTTLED, API_CONFIGURATION_ERROR, UNSUPPORTED_MEDIA_TYPE, INTEGRATION_FAILURE, EXPIRED_TOKEN"
    ),
}


def check(call: ControlCall) -> None:
    """Raise ValidationException with every value that the model does not have."""
    shape = call.model.input_shape
    if shape is None:
        return
    found = [text for name, member in shape.members.items() for text in _member(call, name, member)]
    if sentence := in_one_sentence(found):
        raise GatewayFault(400, "ValidationException", sentence)


def _member(call: ControlCall, name: str, member: Any) -> Iterator[str]:
    wire = member.serialization.get("name", name)
    if member.serialization.get("location") == "uri":
        if wire in call.path:
            yield from _value(member, call.path[wire], name)
    elif member.serialization.get("location") is None and wire in call.body:
        start = call.name[0].lower() + call.name[1:]
        yield from _value(member, call.body[wire], f"{start}Input.{name}")


def _value(shape: Any, value: Any, place: str) -> Iterator[str]:
    if shape.type_name == "structure" and isinstance(value, dict):
        for name, member in shape.members.items():
            wire = member.serialization.get("name", name)
            if value.get(wire) is not None:
                yield from _value(member, value[wire], f"{place}.{name}")
    elif shape.type_name == "list" and isinstance(value, list) and getattr(shape.member, "enum", None):
        if any(item not in shape.member.enum for item in value):
            members = f"Member must satisfy constraint: [Member must satisfy enum value set: [{_set(shape.member)}]]"
            shown = ", ".join(str(item) for item in value)
            yield fault(f"[{shown}]", place, members)
    elif shape.type_name == "string" and getattr(shape, "enum", None) and value not in shape.enum:
        yield fault(value, place, f"Member must satisfy enum value set: [{_set(shape)}]")


def _set(shape: Any) -> str:
    return _ORDER.get(shape.name) or ", ".join(shape.enum)
