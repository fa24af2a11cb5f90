"""The OpenAPI documents that SAM's translator makes of its APIs: a document's own parts, events, Cors and Auth.

Both spellings of an API are then read by one reader, so that a source and its translation are judged alike. Values
are resolved before; a path or an operation that only the deployment knows stays as it is.

Source: https://github.com/aws/serverless-application-model, samtranslator/{swagger,open_api,model/api}
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from accountsctl.doctor.facts.templates.common import HIDDEN, listed, mapping
from accountsctl.doctor.facts.templates.resolving import NO_VALUE
from accountsctl.doctor.facts.templates.sam_events import SamEvent
from accountsctl.doctor.facts.templates.sam_security import (
    IAM,
    Json,
    http_schemes,
    invocation_uri,
    policy_resources,
    policy_with,
    schemes_of,
    scopes_of,
    secured,
    security_of_event,
)
from accountsctl.doctor.facts.unknown import is_unknown, placeholder
from accountsctl.model.cors_headers import (
    ALLOW_CREDENTIALS,
    ALLOW_HEADERS,
    ALLOW_METHODS,
    ALLOW_ORIGIN,
    MAX_AGE,
)
from accountsctl.model.data_mappings import REQUEST, RESPONSE_HEADER
from accountsctl.model.http_methods import EXTENSION, METHODS, OPENAPI_ANY

INTEGRATION = f"{EXTENSION}integration"
POLICY = f"{EXTENSION}policy"
VALIDATOR = f"{EXTENSION}request-validator"
HTTP_CORS = f"{EXTENSION}cors"
CALLER = "arn:aws:iam::*:user/*"
CORS_HEADERS = {
    "AllowOrigin": ALLOW_ORIGIN,
    "AllowHeaders": ALLOW_HEADERS,
    "AllowMethods": ALLOW_METHODS,
    "MaxAge": MAX_AGE,
}
WHERE = {"header": "header", "querystring": "query", "path": "path"}
Operations = dict[str, Any]


def is_managed(properties: Mapping[str, Any]) -> bool:
    """Whether SAM writes an API's whole document."""
    return not properties.get("DefinitionBody") and not properties.get("DefinitionUri")


def rest_document(properties: Mapping[str, Any], events: Sequence[SamEvent], *, partial: bool) -> Json | None:
    """The document of a REST API; None if it stands elsewhere. `partial`: it may have further methods."""
    body = properties.get("DefinitionBody")
    if not is_managed(properties) and not isinstance(body, Mapping):
        return None
    document: Json = dict(body) if isinstance(body, Mapping) else {"swagger": "2.0"}
    auth = mapping(properties.get("Auth"))
    paths = _paths(document)
    for event in events:
        if event.kind == "Api":
            _add_event(document, paths, event, properties)
        elif "openapi" in document:  # an event of HTTP APIs that names a REST API; SAM adds it all the same
            _add_http_event(paths, event, auth)
    if properties.get("Cors"):
        _add_cors(paths, properties["Cors"], partial=partial)
    if auth:
        _map_operations(paths, lambda verb, operation: secured(operation, verb, auth))
        policy = mapping(auth.get("ResourcePolicy"))
        for path, item in paths.items():
            named = policy_resources(path, mapping(item), str(properties.get("StageName")))
            _add_policy(document, policy, named)
    schemes = {
        **mapping(document.get("securityDefinitions")),
        **schemes_of(auth, [event.auth for event in events]),
    }
    document["securityDefinitions"] = schemes
    if "swagger" not in document:
        components = mapping(document.get("components"))
        own = mapping(components.get("securitySchemes"))
        document["components"] = {**components, "securitySchemes": {**own, **schemes}}
    return {**document, "paths": _without_absent(paths)}


def _without_absent(paths: Mapping[str, Any]) -> dict[str, Any]:
    """The paths without the operations that the deployment takes away."""
    return {
        path: {key: part for key, part in item.items() if part != NO_VALUE}
        if isinstance(item, Mapping)
        else item
        for path, item in paths.items()
    }


def _paths(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        str(path): dict(item) if isinstance(item, Mapping) else item
        for path, item in mapping(document.get("paths")).items()
    }


def _map_operations(paths: dict[str, Any], change: Callable[[str, Json], Json]) -> None:
    for path, item in paths.items():
        if isinstance(item, Mapping):
            paths[path] = {
                verb: change(str(verb), dict(operation))
                if isinstance(operation, Mapping) and verb != "parameters"
                else operation
                for verb, operation in item.items()
            }


def _add_policy(document: Json, policy: Mapping[str, Any], resources: list[str]) -> None:
    if policy:
        document[POLICY] = policy_with(dict(mapping(document.get(POLICY))), policy, resources)


def _add_event(document: Json, paths: dict[str, Any], event: SamEvent, properties: Mapping[str, Any]) -> None:
    """Add an event's operation where SAM writes the document or merges into it; or its authorization if it says so."""
    auth = mapping(properties.get("Auth"))
    item = paths.get(event.path, {})
    known = mapping(item).get(event.method)
    own = security_of_event(event.auth, mapping(auth.get("Authorizers")))
    overrides = event.auth.get("OverrideApiAuth") and isinstance(known, Mapping)
    merges = bool(properties.get("MergeDefinitions")) and not event.starts
    if is_managed(properties) or merges:
        if not isinstance(item, Mapping):
            return
        key = event.method
        if not is_managed(properties):
            # SAM merges an event under its own word for the method, and none into a document without any path.
            key = event.written_method
            known = mapping(item).get(key)
            if not paths:
                return
        added = _started() if event.starts else _called(event, auth)
        operation = {**mapping(known), **added} | ({"security": own} if own else {})
        paths[event.path] = {**item, key: _with_parameters(document, operation, event)}
    elif overrides:
        before = listed(mapping(known).get("security"))
        paths[event.path] = {**mapping(item), event.method: {**mapping(known), "security": [*before, *own]}}
    else:
        return
    resources = policy_resources(event.path, [event.method], str(properties.get("StageName", "Prod")))
    _add_policy(document, mapping(event.auth.get("ResourcePolicy")), resources)


def _integration(event: SamEvent) -> Json:
    """The integration with the function of an event."""
    return {
        "type": "aws_proxy",
        "httpMethod": "POST",
        "uri": invocation_uri(placeholder(f"{event.owner}.Arn")),
    }


def _called(event: SamEvent, auth: Mapping[str, Any]) -> Json:
    """The integration with a function; one of AWS_IAM calls it with the rights of a role, or the caller's own."""
    made = _integration(event)
    by_iam = event.auth.get("Authorizer") == IAM or (auth.get("DefaultAuthorizer") == IAM and not event.auth)
    role = event.auth.get("InvokeRole", auth.get("InvokeRole", CALLER))
    if by_iam and role not in (None, "NONE"):
        made["credentials"] = role
    if event.stated.get("TimeoutInMillis"):
        made["timeoutInMillis"] = event.stated["TimeoutInMillis"]
    return {INTEGRATION: made, "responses": {}}


def _started() -> Json:
    """The integration that starts a state machine: SAM gives its responses no header."""
    responses = {status: {"statusCode": status} for status in ("200", "400")}
    made = {
        "type": "aws",
        "httpMethod": "POST",
        "uri": "arn:aws:apigateway:${AWS::Region}:states:action/StartExecution",
        "credentials": "${Role.Arn}",
        "responses": responses,
    }
    return {INTEGRATION: made, "responses": {status: {"description": ""} for status in responses}}


def _with_parameters(document: Json, operation: Json, event: SamEvent) -> Json:
    """An operation with the parameters that its event names, and the validator that asks for them."""
    model = mapping(event.stated.get("RequestModel"))
    if model.get("ValidateParameters") is True:
        validators = {**mapping(document.get(f"{VALIDATOR}s")), "params": {"validateRequestParameters": True}}
        document[f"{VALIDATOR}s"] = validators
        operation = {**operation, VALIDATOR: "params"}
    named = [_parameter(stated) for stated in listed(event.stated.get("RequestParameters"))]
    return {**operation, "parameters": named} if named else operation


def _parameter(stated: Any) -> Json:
    name, settings = next(iter(stated.items())) if isinstance(stated, Mapping) and stated else (stated, {})
    where, _, rest = str(name).removeprefix(REQUEST).partition(".")
    return {"in": WHERE.get(where, where), "name": rest, "required": mapping(settings).get("Required", False)}


def _add_cors(paths: dict[str, Any], cors: Any, *, partial: bool) -> None:
    """An OPTIONS for every path that has none; two paths that differ by a slash at their end are one."""
    stated = cors if isinstance(cors, Mapping) else {"AllowOrigin": cors}
    seen: set[str] = set()
    for path, item in paths.items():
        plain = path.rstrip("/") if path != "/" else path
        # An OPTIONS that a condition takes away is one for SAM, which adds none.
        if plain not in seen and isinstance(item, Mapping) and "options" not in item:
            paths[path] = {
                **item,
                "options": _options({"AllowOrigin": "'*'", **stated}, item, partial=partial),
            }
        seen.add(plain)


def _options(stated: Mapping[str, Any], methods: Iterable[str], *, partial: bool) -> Json:
    names = {method.upper() for method in methods} | {"OPTIONS"}
    verbs = ",".join(sorted(METHODS if OPENAPI_ANY in methods else names))
    # SAM lists the methods of the path; some may be hidden.
    headers: Json = {ALLOW_METHODS: "${methods}" if partial else f"'{verbs}'"}
    headers |= {
        name: stated[key] for key, name in CORS_HEADERS.items() if stated.get(key) not in (None, "", NO_VALUE)
    }
    if stated.get("AllowCredentials") is True:  # a text is not, for SAM
        headers[ALLOW_CREDENTIALS] = "'true'"
    response = {
        "statusCode": "200",
        "responseParameters": {f"{RESPONSE_HEADER}{name}": value for name, value in headers.items()},
    }
    made = {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode" : 200}'},
        # The headers of a table that a macro or an included file adds to are not known.
        "responses": {"default": HIDDEN if stated["AllowOrigin"] == HIDDEN else response},
    }
    return {INTEGRATION: made}


def http_document(properties: Mapping[str, Any], events: Sequence[SamEvent]) -> Json | None:
    """The document of an HTTP API; None if it stands elsewhere."""
    body = properties.get("DefinitionBody")
    if not is_managed(properties) and not isinstance(body, Mapping):
        return None
    document: Json = dict(body) if isinstance(body, Mapping) else {"openapi": "3.0.1"}
    auth = mapping(properties.get("Auth"))
    paths = _paths(document)
    for event in events:
        _add_http_event(paths, event, auth)
    if properties.get("CorsConfiguration"):
        document[HTTP_CORS] = _http_cors(document.get(HTTP_CORS), properties["CorsConfiguration"])
    if auth:
        components = mapping(document.get("components"))
        schemes = {**mapping(components.get("securitySchemes")), **http_schemes(auth)}
        document["components"] = {**components, "securitySchemes": schemes}
    default = auth.get("DefaultAuthorizer")
    if default:
        _map_operations(
            paths, lambda verb, operation: _with_http_default(operation, verb, str(default), auth)
        )
    return {**document, "paths": paths}


def _with_http_default(operation: Json, verb: str, default: str, auth: Mapping[str, Any]) -> Json:
    if verb == "options" or INTEGRATION not in operation or operation.get("security"):
        return operation
    return {**operation, "security": [{default: scopes_of(auth, default)}]}


def _add_http_event(paths: dict[str, Any], event: SamEvent, auth: Mapping[str, Any]) -> None:
    item = paths.get(event.path, {})
    if not isinstance(item, Mapping):
        return
    known = mapping(item.get(event.method))
    operation = {INTEGRATION: _integration(event), "responses": {}, **known}
    named = event.auth.get("Authorizer") or (auth.get("DefaultAuthorizer") if event.auth else None)
    if named:
        scopes = listed(event.auth.get("AuthorizationScopes")) or scopes_of(auth, str(named))
        operation["security"] = [*listed(operation.get("security")), {str(named): scopes}]
    paths[event.path] = {**item, event.method: operation}


def _http_cors(own: Any, stated: Any) -> Any:
    """The CORS configuration of a document under the one of the API, whose values replace the document's."""
    if stated is True:
        stated = {"AllowOrigins": ["*"]}
    if not isinstance(stated, Mapping):
        return stated
    credentials = stated.get("AllowCredentials")
    if isinstance(credentials, str) and not is_unknown(credentials):  # a text is not, for SAM
        stated = {**stated, "AllowCredentials": None}
    lower = {f"{key[0].lower()}{key[1:]}": value for key, value in stated.items() if value}
    return {**mapping(own), **lower}
