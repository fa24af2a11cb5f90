"""Routes of which only the deployment knows what they are: of which path, of which verb, or of which API.

The same of SAM's events, which are routes and permissions at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accountsctl.doctor.facts.templates.common import Reader, mapping
from accountsctl.doctor.facts.templates.document import TRANSFORM
from accountsctl.doctor.facts.templates.indexes import once
from accountsctl.doctor.facts.unknown import is_unknown, is_unknown_text

ROUTE_PARTS: Mapping[str, tuple[str, ...]] = {
    "AWS::ApiGateway::Resource": ("RestApiId", "ParentId", "PathPart"),
    "AWS::ApiGateway::Method": ("RestApiId", "ResourceId", "HttpMethod"),
    "AWS::ApiGatewayV2::Route": ("ApiId", "RouteKey"),
}

EVENT_PARTS = ("Path", "Method", "RestApiId", "ApiId")
OF_THE_CALL = frozenset({"PathPart", "HttpMethod", "RouteKey", "Path", "Method"})
"""What a page's request is compared with: a name that AWS gives, such as the stack's, is as unknown as a parameter."""


def hides_routes(reader: Reader) -> bool:
    """Whether only the deployment knows of some route what it is, or of which API."""
    for kind, parts in ROUTE_PARTS.items():
        for _, properties in reader.of_type(kind):
            if TRANSFORM in properties or _hides_one(reader, properties, parts):
                return True
    owners = reader.of_type("AWS::Serverless::Function", "AWS::Serverless::StateMachine")
    return any(hides_events(reader, properties) for _, properties in owners)


def hides_events(reader: Reader, owner: Mapping[str, Any]) -> bool:
    """Whether only the deployment knows of some event of a function or state machine what calls it."""
    events = owner.get("Events")
    if TRANSFORM in owner or is_unknown_text(events):
        return True
    for stated in mapping(events).values():
        event = mapping(stated)
        named = event.get("Properties")
        if is_unknown_text(stated) or is_unknown_text(named) or is_unknown(event.get("Type")):
            return True
        if _hides_one(reader, mapping(named), EVENT_PARTS):
            return True
    return False


def _hides_one(reader: Reader, properties: Mapping[str, Any], parts: tuple[str, ...]) -> bool:
    return any(
        is_unknown(properties.get(part)) if part in OF_THE_CALL else reader.hidden(properties.get(part))
        for part in parts
    )


def hides_methods(reader: Reader, properties: Mapping[str, Any]) -> bool:
    """Whether the template itself has methods of an API that only the deployment knows."""
    body = properties.get("Body", properties.get("DefinitionBody"))
    paths = body.get("paths", {}) if isinstance(body, Mapping) else body
    items = list(paths.values()) if isinstance(paths, Mapping) else [paths]
    included = body is not None and any(is_unknown_text(item) for item in items)
    return included or reader.incomplete or once(reader, "hides routes", lambda: hides_routes(reader))
