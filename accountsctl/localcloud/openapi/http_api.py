"""A document of an HTTP API, read into the properties of CloudFormation's AWS::ApiGatewayV2 resources.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from accountsctl.localcloud.openapi.document import Node, OpenApiError, parse, resolved
from accountsctl.localcloud.openapi.operations import INTEGRATION
from accountsctl.localcloud.openapi.security import AUTHORIZER, AUTHTYPE, schemes

ANY = "x-amazon-apigateway-any-method"
CORS = "x-amazon-apigateway-cors"
VERBS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
DEFAULT = "$default"
INTEGRATION_PROPERTIES = {
    "uri": "IntegrationUri",
    "httpMethod": "IntegrationMethod",
    "payloadFormatVersion": "PayloadFormatVersion",
    "timeoutInMillis": "TimeoutInMillis",
    "credentials": "CredentialsArn",
    "connectionId": "ConnectionId",
    "connectionType": "ConnectionType",
    "integrationSubtype": "IntegrationSubtype",
    "requestParameters": "RequestParameters",
    "responseParameters": "ResponseParameters",
    "tlsConfig": "TlsConfig",
}
Properties = dict[str, Any]


@dataclass(frozen=True)
class RouteDefinition:
    """`properties` and `integration` lack the ids; `authorizer` is a name of the document."""

    properties: Properties
    integration: Properties | None
    authorizer: str | None


@dataclass(frozen=True)
class HttpApiDefinition:
    """`settings` are those of AWS::ApiGatewayV2::Api; the authorizers are by their names, without the API's id."""

    settings: Properties
    tags: Mapping[str, str] = field(default_factory=dict)
    authorizers: Mapping[str, Properties] = field(default_factory=dict)
    routes: tuple[RouteDefinition, ...] = ()


def read(text: bytes) -> HttpApiDefinition:
    """The definition of a document; raises OpenApiError for all faults at once."""
    document = parse(text)
    faults: list[str] = []
    if not str(document.get("openapi", "")).startswith("3.0"):
        faults.append("HTTP APIs are imported from OpenAPI 3.0.x documents only")
    authorizers = {
        name: _authorizer(name, scheme, faults)
        for name, scheme in schemes(document).items()
        if AUTHORIZER in scheme
    }
    routes = tuple(_route(document, *operation, faults) for operation in _operations(document))
    if faults:
        raise OpenApiError(faults)
    return HttpApiDefinition(_settings(document), _tags(document), authorizers, routes)


def _settings(document: Node) -> Properties:
    info: Mapping[str, Any] = document.get("info") or {}
    settings = {
        "Name": info.get("title"),
        "Description": info.get("description"),
        "Version": info.get("version"),
        "CorsConfiguration": _capitalized(document.get(CORS) or {}),
    }
    return {name: value for name, value in settings.items() if value}


def _tags(document: Node) -> dict[str, str]:
    """The API's tags, which the document has among its own."""
    found = document.get("tags") or []
    value = "x-amazon-apigateway-tag-value"
    return {str(tag["name"]): str(tag[value]) for tag in found if isinstance(tag, Mapping) and value in tag}


def _capitalized(members: Mapping[str, Any]) -> Properties:
    return {name[:1].upper() + name[1:]: value for name, value in members.items()}


def _authorizer(name: str, scheme: Node, faults: list[str]) -> Properties:
    extension: Mapping[str, Any] = scheme[AUTHORIZER]
    if str(extension.get("type", "")).lower() != "jwt":
        faults.append(f"The embedded cloud supports JWT authorizers of HTTP APIs only, and {name} is not one")
    source = extension.get("identitySource") or "$request.header.Authorization"
    return {
        "Name": name,
        "AuthorizerType": "JWT",
        "IdentitySource": [source] if isinstance(source, str) else list(source),
        "JwtConfiguration": _capitalized(extension.get("jwtConfiguration") or {}),
    }


def _operations(document: Node) -> Iterator[tuple[str, Node]]:
    """The key of each route, with its operation."""
    for path, operations in (document.get("paths") or {}).items():
        for verb, operation in operations.items():
            if verb == ANY:
                yield DEFAULT if path in (DEFAULT, f"/{DEFAULT}") else f"ANY {path}", operation
            elif verb in VERBS:
                yield f"{verb.upper()} {path}", operation


def _route(document: Node, key: str, operation: Node, faults: list[str]) -> RouteDefinition:
    properties: Properties = {"RouteKey": key}
    if operation.get("operationId"):
        properties["OperationName"] = operation["operationId"]
    authorizer = None
    required = operation["security"] if "security" in operation else document.get("security")
    for name, scopes in [pair for alternative in required or [] for pair in alternative.items()]:
        scheme = schemes(document).get(name) or {}
        if AUTHORIZER in scheme:
            authorizer = name
            properties |= {"AuthorizationType": "JWT", "AuthorizationScopes": list(scopes or [])}
        elif str(scheme.get(AUTHTYPE, "")).lower() == "awssigv4":
            properties["AuthorizationType"] = "AWS_IAM"
        elif scheme:
            faults.append(f"The security scheme {name} of {key} is not an authorizer of HTTP APIs")
    extension = resolved(document, operation.get(INTEGRATION))
    return RouteDefinition(properties, _integration(extension) if extension else None, authorizer)


def _integration(extension: Node) -> Properties:
    made = {name: extension[key] for key, name in INTEGRATION_PROPERTIES.items() if extension.get(key)}
    kind = str(extension.get("type", "")).upper()
    return {"PayloadFormatVersion": "1.0", **made, "IntegrationType": kind}
