"""Routes of which only the deployment knows what they are: of which path, of which verb, or of which API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accountsctl.doctor.facts.templates.common import TRANSFORM, Reader, mapping

ROUTE_PARTS: Mapping[str, tuple[str, ...]] = {
    "AWS::ApiGateway::Resource": ("RestApiId", "ParentId", "PathPart"),
    "AWS::ApiGateway::Method": ("RestApiId", "ResourceId", "HttpMethod"),
    "AWS::ApiGatewayV2::Route": ("ApiId", "RouteKey"),
}

EVENT_PARTS = ("Path", "Method", "RestApiId", "ApiId")


def hides_routes(reader: Reader) -> bool:
    """Whether only the deployment knows of some route what it is, or of which API."""
    for kind, parts in ROUTE_PARTS.items():
        for _, properties in reader.of_type(kind):
            if TRANSFORM in properties or any(reader.hidden(properties.get(part)) for part in parts):
                return True
    for _, function in reader.of_type("AWS::Serverless::Function", "AWS::Serverless::StateMachine"):
        events = function.get("Events")
        if TRANSFORM in function or _is_hidden(reader, events):
            return True
        for stated in mapping(events).values():
            event = mapping(stated)
            named = mapping(event.get("Properties"))
            if _is_hidden(reader, stated) or _is_hidden(reader, event.get("Properties")):
                return True
            if any(reader.hidden(named.get(key)) for key in EVENT_PARTS) or reader.hidden(event.get("Type")):
                return True
    return False


def _is_hidden(reader: Reader, part: Any) -> bool:
    """Whether only the deployment knows a complete part of a template."""
    return isinstance(part, str) and reader.hidden(part)
