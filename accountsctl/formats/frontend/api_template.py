"""An API as its template describes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from accountsctl.model.api_gateway import AuthorizationType
from accountsctl.model.http_methods import EXTENSION, OPTIONS, openapi_method

Body = Mapping[str, Any]
AUTHTYPES = {
    "awsSigv4": AuthorizationType.IAM,
    "cognito_user_pools": AuthorizationType.COGNITO,
    "custom": AuthorizationType.CUSTOM,
}
"""API Gateway's extension to security schemes -> the AuthorizationType of the method that is made of it."""
API_KEY = "API_KEY"


def callable_paths(template: Body) -> Iterator[str]:
    """The paths that a GET can be sent to as they are: those without variables, shortest first."""
    found = [path for path, methods in methods_by_path(template).items() if {"GET", "ANY"} & set(methods)]
    yield from sorted((path for path in found if "{" not in path), key=lambda path: (len(path), path))


def methods_by_path(template: Body) -> dict[str, tuple[str, ...]]:
    """The methods that can be called by path, from the template's methods or from the OpenAPI document in it."""
    resources = template.get("Resources", {})
    found: dict[str, list[str]] = {}
    for resource in resources.values():
        properties = resource.get("Properties", {})
        match resource.get("Type"):
            case "AWS::ApiGateway::Method" if properties.get("HttpMethod") != OPTIONS:
                path = path_of(resources, properties.get("ResourceId"))
                found.setdefault(path, []).append(str(properties.get("HttpMethod")))
            case "AWS::ApiGateway::RestApi" if isinstance(properties.get("Body"), Mapping):
                for path, item in properties["Body"].get("paths", {}).items():
                    methods = [openapi_method(verb) for verb in item]
                    found.setdefault(path, []).extend(m for m in methods if m and m != OPTIONS)
    return {path: tuple(sorted(methods)) for path, methods in found.items()}


def authorizations(template: Body) -> frozenset[str] | None:
    """The kinds of authorization of all methods but OPTIONS, in API Gateway's words; None if one is not stated.

    They stand in the template's methods, or in the OpenAPI document that the RestApi holds as its `Body`.
    """
    found: set[str | None] = set()
    for resource in template.get("Resources", {}).values():
        properties = resource.get("Properties", {})
        match resource.get("Type"):
            case "AWS::ApiGateway::Method" if properties.get("HttpMethod") != "OPTIONS":
                found.add(_text(properties.get("AuthorizationType", AuthorizationType.NONE)))
            case "AWS::ApiGateway::RestApi" if "Body" in properties or "BodyS3Location" in properties:
                found |= _in_document(properties.get("Body"))
    known = frozenset(kind for kind in found if kind is not None)
    return known if found and len(known) == len(found) else None


def _in_document(document: Any) -> set[str | None]:
    """What an OpenAPI document (2 or 3) says; None if it is not one, or says it by an intrinsic."""
    paths = document.get("paths") if isinstance(document, Mapping) else None
    if not isinstance(paths, Mapping):
        return {None}
    schemes = document.get("securityDefinitions") or document.get("components", {}).get("securitySchemes", {})
    return {
        kind
        for path in paths.values()
        for verb, operation in path.items()
        if openapi_method(verb) not in (None, OPTIONS)
        for kind in _of_operation(operation, document.get("security", []), schemes)
    }


def _of_operation(operation: Body, default: Any, schemes: Body) -> set[str | None]:
    own = operation.get(f"{EXTENSION}auth")
    if own:
        return {_text(own.get("type"))}
    asked = [name for alternative in operation.get("security", default) for name in alternative]
    kinds: set[str | None] = {_of_scheme(schemes.get(name, {})) for name in asked}
    return (kinds - {API_KEY} or {AuthorizationType.NONE}) if asked else {AuthorizationType.NONE}


def _of_scheme(scheme: Body) -> str | None:
    """A security scheme's kind; an API key is none of them: it identifies callers, and authorizes no one."""
    kind = scheme.get(f"{EXTENSION}authtype")
    if kind is None and scheme.get("type") == "apiKey" and scheme.get("name") == "x-api-key":
        return API_KEY
    return AUTHTYPES.get(str(kind))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def path_of(resources: Body, where: Any) -> str:
    """The path of a resource, by its parents; anything but a Ref is the API's root."""
    name = str(where.get("Ref")) if isinstance(where, Mapping) else ""
    if name not in resources:
        return "/"
    properties = resources[name]["Properties"]
    return f"{path_of(resources, properties.get('ParentId')).rstrip('/')}/{properties['PathPart']}"
