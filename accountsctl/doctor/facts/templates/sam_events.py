"""Events of SAM's functions and state machines that API Gateway calls, and the permissions that SAM writes.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-api.html
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-connector.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from accountsctl.doctor.facts.permissions import Permission
from accountsctl.doctor.facts.places import SourcePlace
from accountsctl.doctor.facts.templates.common import (
    Reader,
    function_key,
    listed,
    mapping,
    pointer_of_properties,
)
from accountsctl.doctor.facts.templates.resolving import name_in
from accountsctl.doctor.facts.unknown import placeholder
from accountsctl.model.http_methods import ANY, OPENAPI_ANY

FUNCTION = "AWS::Serverless::Function"
STATE_MACHINE = "AWS::Serverless::StateMachine"
IMPLICIT = {"Api": "ServerlessRestApi", "HttpApi": "ServerlessHttpApi"}
"""The APIs that SAM makes of events that name none, by the event's type."""
DEFAULT_ROUTE = "$default"
GATEWAY = "apigateway.amazonaws.com"
APIS = (
    "AWS::Serverless::Api",
    "AWS::Serverless::HttpApi",
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGatewayV2::Api",
)


@dataclass(frozen=True)
class SamEvent:
    """An event: its owner, its name there, its type (Api, HttpApi), the API's logical id, path and method.

    `method` is a key of an OpenAPI path item; `starts` True if the owner is a state machine.
    """

    owner: str
    name: str
    kind: str
    api: str
    path: str
    method: str
    stated: Mapping[str, Any]
    starts: bool = False

    @property
    def api_in_arns(self) -> str:
        """The API as SAM writes it into a permission: a name without !Ref stays that name."""
        named = self.stated.get("ApiId" if self.kind == "HttpApi" else "RestApiId")
        return self.api if named == self.api else placeholder(self.api)

    @property
    def written_method(self) -> str:
        """The method in the event's own word, in lower case: ``any`` where a document has another key."""
        return str(self.stated.get("Method") or "").lower()

    @property
    def auth(self) -> Mapping[str, Any]:
        """Its authorization."""
        return mapping(self.stated.get("Auth"))

    def place(self, reader: Reader) -> SourcePlace:
        """Where it stands."""
        base = f"{pointer_of_properties(self.owner)}/Events/{self.name}"
        return reader.place(base, authorization=f"{base}/Properties/Auth", api_key=f"{base}/Properties/Auth")


def events_of(reader: Reader) -> Iterator[SamEvent]:
    """Every event of an API in a template, those of HTTP APIs too."""
    for type_ in (FUNCTION, STATE_MACHINE):
        for owner, properties in reader.of_type(type_):
            for name, stated in mapping(properties.get("Events")).items():
                kind = str(mapping(stated).get("Type"))
                hidden = isinstance(mapping(stated).get("Properties"), str)
                if kind in IMPLICIT and not hidden and not (kind == "HttpApi" and type_ == STATE_MACHINE):
                    yield _event(owner, str(name), kind, mapping(stated), type_ == STATE_MACHINE)


def _event(owner: str, name: str, kind: str, event: Mapping[str, Any], starts: bool) -> SamEvent:
    stated = mapping(event.get("Properties"))
    api = name_in(str(stated.get("ApiId" if kind == "HttpApi" else "RestApiId") or IMPLICIT[kind]))
    path, method = str(stated.get("Path") or ""), str(stated.get("Method") or "").lower()
    if kind == "HttpApi" and not path and not method:
        path, method = DEFAULT_ROUTE, OPENAPI_ANY
    return SamEvent(
        owner, name, kind, api, path, OPENAPI_ANY if method == ANY.lower() else method, stated, starts
    )


def sam_permissions(reader: Reader) -> dict[str, tuple[Permission, ...]]:
    """The permissions that SAM writes for events, authorizers and connectors, by function."""
    found: dict[str, tuple[Permission, ...]] = {}
    for key, permission in (*_of_events(reader), *_of_authorizers(reader), *_of_connectors(reader)):
        found[key] = (*found.get(key, ()), permission)
    return found


def _permission(place: SourcePlace, api: str, rest: str) -> Permission:
    arn = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:" + api + "/" + rest
    return Permission(GATEWAY, place, arn)


def _of_events(reader: Reader) -> Iterator[tuple[str, Permission]]:
    for event in events_of(reader):
        if event.starts:
            continue
        verb = "*" if event.method == OPENAPI_ANY else event.method.upper()
        path = re.sub(r"^(.+)/$", r"\1", event.path)
        path = "" if path == DEFAULT_ROUTE else re.sub(r"\{([a-zA-Z0-9._-]+|proxy\+)\}", "*", path)
        permission = _permission(event.place(reader), event.api_in_arns, f"*/{verb}{path}")
        yield function_key(placeholder(event.owner)), permission


def _of_authorizers(reader: Reader) -> Iterator[tuple[str, Permission]]:
    """REST APIs get the permission unless they refuse it, HTTP APIs if they ask for it."""
    kinds = (("Api", "AWS::Serverless::Api"), ("HttpApi", "AWS::Serverless::HttpApi"))
    for kind, type_ in kinds:
        apis = dict(reader.of_type(type_))
        if any(event.api == IMPLICIT[kind] for event in events_of(reader)):
            apis.setdefault(IMPLICIT[kind], reader.shared(kind))
        for api, properties in apis.items():
            for stated in mapping(mapping(properties.get("Auth")).get("Authorizers")).values():
                authorizer = mapping(stated)
                arn = authorizer.get("FunctionArn")
                granted = (
                    not authorizer.get("DisableFunctionDefaultPermissions")
                    if kind == "Api"
                    else authorizer.get("EnableFunctionDefaultPermissions")
                )
                if arn and granted:
                    yield (
                        function_key(str(arn)),
                        _permission(reader.at(api), placeholder(api), "authorizers/*"),
                    )


def _of_connectors(reader: Reader) -> Iterator[tuple[str, Permission]]:
    """What a connector of an API lets it call; one whose source is not known may be of any API."""
    for name, properties in reader.of_type("AWS::Serverless::Connector"):
        yield from _connected(reader, reader.at(name), mapping(properties.get("Source")), properties)
    for name, resource in reader.document.resources.items():
        for stated in mapping(mapping(resource).get("Connectors")).values():
            properties = mapping(reader.resolver.value(mapping(mapping(stated).get("Properties"))))
            source = {"Id": name, **mapping(properties.get("SourceReference"))}
            yield from _connected(reader, reader.at(str(name)), source, properties)


def _connected(
    reader: Reader, place: SourcePlace, source: Mapping[str, Any], properties: Mapping[str, Any]
) -> Iterator[tuple[str, Permission]]:
    api = str(source.get("Id") or name_in(str(source.get("ResourceId") or "")))
    known = mapping(reader.document.resources.get(api))
    kind = str(source.get("Type") or known.get("Type") or "")
    if kind and kind not in APIS:
        return
    stated = str(source.get("Qualifier") or "*")
    permission = _permission(place, placeholder(api), stated) if kind else Permission(GATEWAY, place)
    for destination in listed(properties.get("Destination")):
        yield str(mapping(destination).get("Id", "")), permission
