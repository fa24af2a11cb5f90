"""HTTP APIs: ``AWS::ApiGatewayV2::*`` and ``AWS::Serverless::HttpApi``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from accountsctl.doctor.facts.identity_sources import identity_source
from accountsctl.doctor.facts.model import (
    Api,
    Authorizer,
    HttpCors,
    Integration,
    Method,
    Stage,
)
from accountsctl.doctor.facts.places import Spelling
from accountsctl.doctor.facts.templates.calling_roles import fault_of_role
from accountsctl.doctor.facts.templates.common import (
    HIDDEN,
    Reader,
    calling_role,
    function_key,
    function_of,
    is_intrinsic,
    is_true,
    listed,
    mapping,
    pointer_of_properties,
    pointer_of_setting,
)
from accountsctl.doctor.facts.templates.custom_domains import domains, sam_domain
from accountsctl.doctor.facts.templates.dependencies import functions_of
from accountsctl.doctor.facts.templates.distributions import distributions
from accountsctl.doctor.facts.templates.document import TRANSFORM
from accountsctl.doctor.facts.templates.explicit import ELSEWHERE, is_partial
from accountsctl.doctor.facts.templates.http_integrations import with_proxies_alone
from accountsctl.doctor.facts.templates.jwt_rules import audiences_of, issuer_of
from accountsctl.doctor.facts.templates.openapi import Imported, moved, read_body, route_of
from accountsctl.doctor.facts.templates.resolving import name_in
from accountsctl.doctor.facts.templates.sam_documents import http_document
from accountsctl.doctor.facts.templates.sam_events import IMPLICIT, SamEvent, events_of
from accountsctl.doctor.facts.unknown import NOT_NAMED, is_unknown, is_unknown_text, placeholder
from accountsctl.model.api_gateway import ApiKind, AuthorizationType, IntegrationType
from accountsctl.model.data_mappings import HTTP_API_AUTHORIZATION
from accountsctl.model.http_methods import EXTENSION

V2 = "AWS::ApiGatewayV2::"
CORS = f"{EXTENSION}cors"
OF_TRUE = {"allowOrigins": ["*"]}
"""What SAM's translator makes of ``CorsConfiguration: true``."""


def read_http(reader: Reader) -> Iterator[Api]:
    """Every HTTP API of the template."""
    for name, properties in reader.of_type(f"{V2}Api"):
        if str(properties.get("ProtocolType", "HTTP")).upper() == "HTTP":
            if isinstance(properties.get("Body"), Mapping):
                yield _document(reader, name, properties)
                continue
            cors = properties.get("CorsConfiguration", HIDDEN if TRANSFORM in properties else None)
            pointer = f"{pointer_of_properties(name)}/CorsConfiguration"
            target = Imported(_route_to_target(reader, name, properties))
            yield _api(reader, name, properties, target, cors_of(reader, cors, pointer))
    declared = dict(reader.of_type("AWS::Serverless::HttpApi"))
    events = [event for event in events_of(reader) if event.kind == "HttpApi"]
    if any(event.api == IMPLICIT["HttpApi"] for event in events):
        declared[IMPLICIT["HttpApi"]] = reader.shared("HttpApi")
    for name, properties in declared.items():
        yield _serverless(reader, name, properties, [event for event in events if event.api == name])


def http_api_elsewhere(reader: Reader, name: str) -> Api:
    """The HTTP API of this name that stands in another stack: what this template has of it, and nothing else.

    Whether it has a CORS configuration, and which, is not known.
    """
    cors = cors_of(reader, placeholder(f"{name}.CorsConfiguration"), "")
    return _api(reader, name, {}, Imported(), cors)


def names_in_routes(reader: Reader) -> list[str]:
    """The HTTP APIs that routes name; those of WebSockets have other keys than a path, or $default alone."""
    keys: dict[str, list[str]] = {}
    for _, properties in reader.of_type(f"{V2}Route"):
        name = name_in(str(properties.get("ApiId") or ""))
        keys.setdefault(name, []).append(str(properties.get("RouteKey")))
    return [name for name, stated in keys.items() if name and any(" /" in key for key in stated)]


def web_sockets_of(reader: Reader) -> list[str]:
    """The logical ids of the template's WebSocket APIs."""
    apis = reader.of_type(f"{V2}Api")
    found = [name for name, properties in apis if str(properties.get("ProtocolType")).upper() == "WEBSOCKET"]
    return [*found, *(name for name, _ in reader.of_type("AWS::Serverless::WebSocketApi"))]


def _document(reader: Reader, name: str, properties: Mapping[str, Any]) -> Api:
    """An HTTP API whose routes stand in an OpenAPI document."""
    pointer = f"{pointer_of_properties(name)}/Body"
    body = properties["Body"]
    imported = read_body(reader, body, pointer)
    cors = cors_of(reader, body.get(CORS) or properties.get("CorsConfiguration"), f"{pointer}/{CORS}")
    return _api(reader, name, properties, imported, cors)


def _api(
    reader: Reader,
    name: str,
    properties: Mapping[str, Any],
    written: Imported,
    cors: HttpCors | None,
) -> Api:
    """The API with what is `written` in its document, and the template's own routes and authorizers of it."""
    own = _routes(reader, name)
    every = {
        path: {**written.routes.get(path, {}), **own.get(path, {})} for path in {**written.routes, **own}
    }
    routes, gaps = with_proxies_alone(every)
    authorizers = {**written.authorizers, **_authorizers(reader, name)}
    disabled = is_true(properties.get("DisableExecuteApiEndpoint"))
    partial = is_partial(reader, name, properties) or name in reader.exported
    return Api(
        name=name,
        layer=reader.layer,
        place=reader.at(name, endpoint_disabled="DisableExecuteApiEndpoint"),
        routes=routes,
        kind=ApiKind.HTTP,
        authorizers=authorizers,
        functions=functions_of(reader, routes, authorizers),
        domains=domains(reader, name),
        distributions=distributions(reader, name),
        stages={
            str(stage.get("StageName")): Stage(str(stage.get("StageName")), reader.at(id_))
            for id_, stage in reader.of_type(f"{V2}Stage")
            if name_in(str(stage.get("ApiId"))) == name
        },
        endpoint_disabled=disabled or written.endpoint_disabled,
        http_cors=cors,
        partial=partial,
        not_reported=(*(ELSEWHERE if partial else ()), *gaps),
        refs=frozenset({name, placeholder(name)}),
        lines=reader.document.lines_of_source,
    )


def cors_of(reader: Reader, stated: Any, pointer: str) -> HttpCors | None:
    """The CORS configuration of an HTTP API or a function URL; None if there is none."""
    if not stated:
        return None
    if stated is True or stated == OF_TRUE:
        return HttpCors(reader.place(pointer), origins=("*",), methods=NOT_NAMED, headers=NOT_NAMED)
    if not isinstance(stated, Mapping):
        # SAM's translator writes an intrinsic of AllowOrigins in the place of the whole: what comes of it is not said.
        hidden = (stated,) if is_unknown_text(stated) else NOT_NAMED
        return HttpCors(
            reader.place(pointer), origins=hidden, methods=hidden, headers=hidden, credentials=True
        )
    lower = {str(key).lower(): value for key, value in stated.items()}

    def texts(key: str) -> tuple[str, ...]:
        return tuple(str(value) for value in listed(lower.get(key)))

    return HttpCors(
        reader.place(pointer, origins=f"{pointer}/AllowOrigins"),
        origins=texts("alloworigins"),
        methods=tuple(method.lower() for method in texts("allowmethods")),
        headers=tuple(header.lower() for header in texts("allowheaders")),
        # What only the deployment knows is taken to be right.
        credentials=is_true(lower.get("allowcredentials")) or is_unknown(lower.get("allowcredentials")),
    )


def _split(key: str) -> tuple[str, str]:
    """Path and verb of a route key: ``GET /items``, ``$default``."""
    verb, _, path = key.partition(" ")
    return (path, verb.upper()) if path else ("$default", "ANY")


def _routes(reader: Reader, api: str) -> dict[str, dict[str, Method]]:
    integrations = dict(reader.of_type(f"{V2}Integration"))
    found: dict[str, dict[str, Method]] = {}
    for name, properties in reader.of_type(f"{V2}Route"):
        if name_in(str(properties.get("ApiId"))) != api or is_unknown(properties.get("RouteKey")):
            continue
        path, verb = _split(str(properties.get("RouteKey")))
        target = name_in(str(properties.get("Target") or "").removeprefix("integrations/"))
        authorizer = properties.get("AuthorizerId")
        found.setdefault(path, {})[verb] = Method(
            verb=verb,
            place=reader.at(name, authorization="AuthorizationType"),
            authorization=str(properties.get("AuthorizationType") or AuthorizationType.NONE).upper(),
            authorizer=name_in(str(authorizer)) if authorizer else None,
            scopes=tuple(str(scope) for scope in listed(properties.get("AuthorizationScopes"))),
            integration=_integration(reader, target, integrations.get(target, {})),
        )
    return found


def _route_to_target(
    reader: Reader, name: str, properties: Mapping[str, Any]
) -> dict[str, dict[str, Method]]:
    """The route that quick create adds: the RouteKey, or everything, to the Target; none if there is no Target."""
    target = properties.get("Target")
    if not target:
        return {}
    place = reader.at(name, http_method="Target")
    called = Integration(IntegrationType.AWS_PROXY, place, function=function_key(str(target)), role=True)
    path, verb = _split(str(properties.get("RouteKey") or "$default"))
    return {path: {verb: Method(verb, place, integration=called)}}


def _integration(reader: Reader, name: str, properties: Mapping[str, Any]) -> Integration:
    uri = str(properties.get("IntegrationUri") or "")
    called = function_of(uri) or (function_key(uri) if "${" in uri or ":lambda:" in uri else None)
    return Integration(
        type=str(properties.get("IntegrationType") or IntegrationType.AWS_PROXY).upper(),
        place=reader.at(name, http_method="IntegrationMethod", role="CredentialsArn"),
        http_method=properties.get("IntegrationMethod"),
        uri=uri,
        function=called,
        role=bool(properties.get("CredentialsArn")),
        role_fault=fault_of_role(reader, properties.get("CredentialsArn"), uri),
    )


def _authorizers(reader: Reader, api: str) -> dict[str, Authorizer]:
    found = {}
    for name, properties in reader.of_type(f"{V2}Authorizer"):
        if name_in(str(properties.get("ApiId"))) == api:
            kind = str(properties.get("AuthorizerType") or AuthorizationType.JWT).upper()
            stated = ", ".join(str(part) for part in listed(properties.get("IdentitySource")))
            uri = str(properties.get("AuthorizerUri") or "")
            found[name] = Authorizer(
                name=name,
                type=kind,
                place=reader.at(name, identity_source="IdentitySource", pools="JwtConfiguration/Issuer"),
                identity_source=identity_source(kind, stated, HTTP_API_AUTHORIZATION),
                issuer=issuer_of(properties),
                audiences=audiences_of(properties),
                function=function_of(uri),
                role=calling_role(reader, properties.get("AuthorizerCredentialsArn")),
            )
    return found


def _serverless(reader: Reader, name: str, properties: Mapping[str, Any], events: list[SamEvent]) -> Api:
    pointer = pointer_of_properties(name)
    if TRANSFORM in properties:
        properties = {"CorsConfiguration": HIDDEN, **properties}
    document = http_document(properties, events)
    imported = read_body(reader, document, f"{pointer}/DefinitionBody") if document else Imported()
    own = mapping(properties.get("DefinitionBody")).get(CORS)
    stated = document.get(CORS) if document else properties.get("CorsConfiguration")
    where = f"{pointer}/DefinitionBody/{CORS}" if own and not properties.get("CorsConfiguration") else ""
    routes = {path: dict(methods) for path, methods in imported.routes.items()}
    for event in events:
        route = route_of(event.path)
        for verb, method in routes.get(route, {}).items():
            if method.place.pointer.rpartition("/")[2] == event.method and not _is_written(properties, event):
                routes[route][verb] = moved(method, event.place(reader), Spelling.SAM_EVENT)
    authorizers = dict(imported.authorizers)
    for authorizer in mapping(mapping(properties.get("Auth")).get("Authorizers")):
        if authorizer in authorizers:
            place = reader.place(f"{pointer}/Auth/Authorizers/{authorizer}")
            authorizers[authorizer] = replace(authorizers[authorizer], place=place, spelling=Spelling.SAM_API)
    if properties.get("CorsConfiguration") and _is_wrapped(reader, name):
        stated = "${CorsConfiguration}"
    cors = cors_of(reader, stated, where or pointer_of_setting(reader, name, "HttpApi", "CorsConfiguration"))
    written = replace(imported, routes=routes, authorizers=authorizers)
    api = _api(reader, name, properties, written, cors)
    stage = str(properties.get("StageName", "$default"))
    return replace(api, domains=(*api.domains, *sam_domain(reader, name, properties, stage)))


def _is_written(properties: Mapping[str, Any], event: SamEvent) -> bool:
    """Whether the API's own document has the method of an event."""
    paths = mapping(mapping(properties.get("DefinitionBody")).get("paths"))
    return event.method in mapping(paths.get(event.path))


def _is_wrapped(reader: Reader, name: str) -> bool:
    """Whether AllowOrigins is a function: SAM then writes that function in place of the whole configuration."""
    stated = reader.stated(name) or mapping(mapping(reader.document.body.get("Globals")).get("HttpApi"))
    origins = mapping(stated.get("CorsConfiguration")).get("AllowOrigins")
    return is_intrinsic(origins) and "Ref" not in mapping(origins)
