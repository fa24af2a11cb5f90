"""SAM's APIs (``AWS::Serverless::Api`` and the implicit one), expanded as SAM expands them.

https://github.com/aws/serverless-application-model: `Cors` writes an OPTIONS MOCK for every path, `Auth` sets an
authorizer on every method, and on OPTIONS too unless AddDefaultAuthorizerToCorsPreflight is false.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from accountsctl.doctor.facts.model import (
    Api,
    Authorizer,
    Function,
    GatewayResponse,
    Integration,
    IntegrationResponse,
    Method,
    Permission,
    Stage,
)
from accountsctl.doctor.facts.places import SourcePlace, Spelling
from accountsctl.doctor.facts.templates.common import (
    Reader,
    function_key,
    gateway_headers,
    listed,
    mapping,
    merged,
    policy_of,
    pools_of,
    whole,
)
from accountsctl.doctor.facts.templates.dependencies import functions_of, sam_domain
from accountsctl.doctor.facts.templates.explicit import is_partial, read_one, stage_of
from accountsctl.doctor.facts.templates.openapi import Imported, read_body
from accountsctl.doctor.facts.templates.resolving import name_in
from accountsctl.doctor.facts.unknown import is_unknown
from accountsctl.model.api_gateway import AuthorizationType, IntegrationType
from accountsctl.model.cors_headers import (
    ALLOW_CREDENTIALS,
    ALLOW_HEADERS,
    ALLOW_METHODS,
    ALLOW_ORIGIN,
    MAX_AGE,
)
from accountsctl.model.http_methods import ANY, METHODS, OPTIONS, openapi_method

IMPLICIT = "ServerlessRestApi"
_HEADERS = {
    "AllowOrigin": ALLOW_ORIGIN,
    "AllowHeaders": ALLOW_HEADERS,
    "AllowMethods": ALLOW_METHODS,
    "MaxAge": MAX_AGE,
}


def read_sam(reader: Reader) -> Iterator[Api]:
    """Every REST API that SAM would make of the template."""
    events = list(_events(reader))
    declared = dict(reader.of_type("AWS::Serverless::Api"))
    if any(api == IMPLICIT for _, _, api, _ in events):
        declared[IMPLICIT] = {}
    for name, own in declared.items():
        properties = merged(_globals(reader, "Api"), own)
        yield _api(reader, name, properties, [(key, event) for key, event, api, _ in events if api == name])


def _globals(reader: Reader, kind: str) -> Mapping[str, Any]:
    found = reader.resolver.value(mapping(mapping(reader.document.body.get("Globals")).get(kind)))
    return found if isinstance(found, Mapping) else {}


def _events(reader: Reader) -> Iterator[tuple[str, Mapping[str, Any], str, str]]:
    """Function, event's properties, API and pointer of every Api event."""
    for name, function in reader.of_type("AWS::Serverless::Function"):
        for event, stated in mapping(function.get("Events")).items():
            settings = mapping(stated)
            if settings.get("Type") == "Api":
                properties = mapping(settings.get("Properties"))
                api = name_in(str(properties.get("RestApiId") or IMPLICIT))
                yield name, {**properties, "Event": event}, api, event


def _api(
    reader: Reader, name: str, properties: Mapping[str, Any], events: list[tuple[str, Mapping[str, Any]]]
) -> Api:
    base = f"{reader.at(name).pointer}/Properties"
    auth = mapping(properties.get("Auth"))
    body = properties.get("DefinitionBody")
    imported = read_body(reader, body, f"{base}/DefinitionBody") if isinstance(body, Mapping) else Imported()
    own = _authorizers(reader, auth, f"{base}/Auth")
    authorizers = {**imported.authorizers, **own}
    routes = {path: dict(methods) for path, methods in imported.routes.items()}
    # SAM takes a definition as it stands: its events then only give the permission to call the function.
    is_complete = bool(body) and not properties.get("MergeDefinitions")
    for function, event in [] if is_complete else events:
        method = _method(reader, function, event, auth, authorizers)
        routes.setdefault(str(event.get("Path")), {})[method.verb] = method
    _add_options(reader, name, properties, auth, authorizers, routes)
    responses = {**imported.responses, **dict(_responses(reader, properties, base))}
    whole = Imported(
        routes, authorizers, responses, imported.binary_types, policy_of(auth.get("ResourcePolicy"))
    )
    api = read_one(
        reader,
        name,
        {**properties, "Policy": None, "EndpointConfiguration": None},
        replace(whole, policy=imported.policy),
    )
    return replace(
        api,
        binary_types=tuple(media_type.replace("~1", "/") for media_type in api.binary_types),
        functions=_granted(reader, functions_of(reader, routes, authorizers), own, events, name),
        private=_private(properties),
        domains=(
            *api.domains,
            *sam_domain(reader, name, properties, str(properties.get("StageName", "Prod"))),
        ),
        stages={**api.stages, **_stages(reader, name, properties)},
    )


def _stages(reader: Reader, name: str, properties: Mapping[str, Any]) -> dict[str, Stage]:
    """The stage that is named, and the one called Stage that SAM makes beside it unless an OpenApiVersion is set."""
    stages = {}
    if properties.get("StageName"):
        # SAM may write the usage plan and its key itself.
        stages[str(properties["StageName"])] = replace(stage_of(reader, name, properties), keys_served=None)
    elif name == IMPLICIT:
        stages["Prod"] = Stage("Prod", reader.at(name))
    if not properties.get("OpenApiVersion"):
        stages["Stage"] = Stage("Stage", reader.at(name))
    return stages


def _private(properties: Mapping[str, Any]) -> bool:
    endpoint = properties.get("EndpointConfiguration")
    if isinstance(endpoint, Mapping):
        return endpoint.get("Type") == "PRIVATE" or "PRIVATE" in listed(endpoint.get("Types"))
    return endpoint == "PRIVATE"


def _granted(
    reader: Reader,
    found: dict[str, Function],
    authorizers: Mapping[str, Authorizer],
    events: list[tuple[str, Mapping[str, Any]]],
    name: str,
) -> dict[str, Function]:
    """SAM writes a permission for every event, and for the functions of its own authorizers."""
    keys = {function_key("${" + function + "}") for function, _ in events}
    keys |= {authorizer.function for authorizer in authorizers.values() if authorizer.function}
    for key in keys & set(found):
        granted = Permission("apigateway.amazonaws.com", reader.at(name))
        found[key] = replace(found[key], permissions=(*(found[key].permissions or ()), granted))
    return found


def _authorizers(reader: Reader, auth: Mapping[str, Any], pointer: str) -> dict[str, Authorizer]:
    found = {}
    for name, settings in mapping(auth.get("Authorizers")).items():
        where, stated = f"{pointer}/Authorizers/{name}", mapping(settings)
        identity = mapping(stated.get("Identity"))
        header = identity.get("Header") or "Authorization"
        pools = stated.get("UserPoolArn")
        arn = str(stated.get("FunctionArn") or "")
        found[str(name)] = Authorizer(
            name=str(name),
            type=AuthorizationType.COGNITO
            if pools
            else str(stated.get("FunctionPayloadType") or "TOKEN").upper(),
            place=reader.place(where, pools=f"{where}/UserPoolArn", identity_source=f"{where}/Identity"),
            identity_source=f"method.request.header.{header}",
            pools=pools_of(pools if isinstance(pools, list) else [pools]) if pools else None,
            expression=identity.get("ValidationExpression"),
            ttl=whole(identity.get("ReauthorizeEvery", 300)) or 0,
            function=function_key(arn) if arn else None,
            spelling=Spelling.SAM_API,
        )
    return found


def _method(
    reader: Reader,
    function: str,
    event: Mapping[str, Any],
    auth: Mapping[str, Any],
    authorizers: Mapping[str, Authorizer],
) -> Method:
    place = _event_place(reader, function, str(event["Event"]))
    own = mapping(event.get("Auth"))
    named = own.get("Authorizer", auth.get("DefaultAuthorizer"))
    key = own.get("ApiKeyRequired", auth.get("ApiKeyRequired"))
    scopes = listed(own.get("AuthorizationScopes"))
    return Method(
        verb=openapi_method(str(event.get("Method")).lower()) or str(event.get("Method")).upper(),
        place=place,
        authorization=_authorization(named, authorizers),
        authorizer=str(named) if named in authorizers else None,
        scopes=tuple(str(scope) for scope in scopes),
        api_key=str(key).lower() == "true",
        integration=Integration(
            type=IntegrationType.AWS_PROXY,
            place=place,
            http_method="POST",
            function=function_key("${" + function + "}"),
        ),
        spelling=Spelling.SAM_EVENT,
    )


def _event_place(reader: Reader, function: str, event: str) -> SourcePlace:
    base = f"{reader.at(function).pointer}/Properties/Events/{event}"
    return reader.place(base, authorization=f"{base}/Properties/Auth", api_key=f"{base}/Properties/Auth")


def _authorization(named: Any, authorizers: Mapping[str, Authorizer]) -> str:
    if named is None or named == AuthorizationType.NONE:
        return AuthorizationType.NONE
    if named == AuthorizationType.IAM:
        return AuthorizationType.IAM
    found = authorizers.get(str(named))
    return (
        AuthorizationType.COGNITO
        if found and found.type == AuthorizationType.COGNITO
        else AuthorizationType.CUSTOM
    )


def _add_options(
    reader: Reader,
    name: str,
    properties: Mapping[str, Any],
    auth: Mapping[str, Any],
    authorizers: Mapping[str, Authorizer],
    routes: dict[str, dict[str, Method]],
) -> None:
    cors = properties.get("Cors")
    if not cors:
        return
    base = f"{reader.at(name).pointer}/Properties"
    default = auth.get("DefaultAuthorizer")
    added = auth.get("AddDefaultAuthorizerToCorsPreflight", True)
    guarded = default and str(added).lower() != "false" and not is_unknown(added)
    keyed = str(auth.get("ApiKeyRequired")).lower() == "true"
    added = auth.get("AddApiKeyRequiredToCorsPreflight", True)
    keyed = keyed and str(added).lower() != "false" and not is_unknown(added)
    for methods in routes.values():
        if "OPTIONS" in methods:
            continue
        methods["OPTIONS"] = Method(
            verb="OPTIONS",
            place=reader.place(f"{base}/Cors", authorization=f"{base}/Auth", api_key=f"{base}/Auth"),
            authorization=_authorization(default, authorizers) if guarded else AuthorizationType.NONE,
            authorizer=str(default) if guarded and default in authorizers else None,
            api_key=keyed,
            integration=_mock(reader, cors, f"{base}/Cors", methods),
            spelling=Spelling.SAM_API,
        )


def _mock(reader: Reader, cors: Any, pointer: str, methods: Mapping[str, Method]) -> Integration:
    settings = {"AllowOrigin": "'*'", **cors} if isinstance(cors, Mapping) else {"AllowOrigin": cors}
    verbs = ",".join(sorted(METHODS if ANY in methods else {*methods, OPTIONS}))
    # SAM lists the methods of the path; some may be hidden.
    partial = is_partial(reader, "", {})
    headers = {ALLOW_METHODS: "${methods}" if partial else f"'{verbs}'"}
    headers |= {name: str(settings[key]) for key, name in _HEADERS.items() if settings.get(key) is not None}
    if settings.get("AllowCredentials") is True:  # a text is not, for SAM
        headers[ALLOW_CREDENTIALS] = "'true'"
    places = {name: f"{pointer}/{key}" for key, name in _HEADERS.items()}
    place = reader.place(pointer, **places)
    return Integration(
        type=IntegrationType.MOCK,
        place=place,
        templates={"application/json": '{"statusCode" : 200}'},
        responses=(IntegrationResponse("200", place, headers=headers),),
    )


def _responses(
    reader: Reader, stated: Mapping[str, Any], pointer: str
) -> Iterator[tuple[str, GatewayResponse]]:
    for kind, described in mapping(stated.get("GatewayResponses")).items():
        settings = mapping(described)
        base = f"{pointer}/GatewayResponses/{kind}"
        status = settings.get("StatusCode")
        table = mapping(mapping(settings.get("ResponseParameters")).get("Headers"))
        headers = gateway_headers({f"gatewayresponse.header.{name}": value for name, value in table.items()})
        place = reader.place(base, headers=f"{base}/ResponseParameters", status=f"{base}/StatusCode")
        yield (
            str(kind),
            GatewayResponse(str(kind), place, whole(status), headers, Spelling.SAM_API),
        )
