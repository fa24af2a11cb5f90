"""REST APIs as Swagger 2 or OpenAPI 3 with Amazon's extensions: a RestApi's Body, or a SAM DefinitionBody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from accountsctl.doctor.facts.api_keys import keys_of_pages
from accountsctl.doctor.facts.identity_sources import identity_source
from accountsctl.doctor.facts.model import (
    Authorizer,
    GatewayResponse,
    Integration,
    IntegrationResponse,
    Method,
    Routes,
)
from accountsctl.doctor.facts.places import SourcePlace, Spelling
from accountsctl.doctor.facts.templates.common import (
    CORS_HEADERS,
    Reader,
    calling_role,
    function_of,
    is_true,
    listed,
    mapping,
    mappings,
    policy_of,
    pools_of,
    whole,
)
from accountsctl.doctor.facts.templates.gateway_responses import gateway_headers, response_type
from accountsctl.doctor.facts.templates.jwt_rules import audiences_of, issuer_of
from accountsctl.doctor.facts.templates.mapping_tables import integration, response, with_responses
from accountsctl.doctor.facts.unknown import is_unknown, is_unknown_text
from accountsctl.formats.json_pointer import escaped
from accountsctl.model.api_gateway import AuthorizationType
from accountsctl.model.data_mappings import REQUEST
from accountsctl.model.http_methods import ANY, openapi_method
from accountsctl.model.http_methods import EXTENSION as X

WORDS = {
    "type": "type",
    "http_method": "httpMethod",
    "uri": "uri",
    "templates": "requestTemplates",
    "passthrough": "passthroughBehavior",
    "content_handling": "contentHandling",
    "timeout_ms": "timeoutInMillis",
    "responses": "responses",
    "role": "credentials",
}
RESPONSE = {"status": "statusCode", "headers": "responseParameters", "templates": "responseTemplates"}
PLAIN_ANY = "any"
"""The key under which SAM merges an event for all methods; AWS documents another, and not what it makes of this one."""
UNUSED = "Unused"
"""The name that API Gateway wants of a scheme whose authorizer reads more, or other things, than one header."""
UNKNOWN_OPERATION = "${any}"


@dataclass(frozen=True)
class Imported:
    """What a Body says."""

    routes: Routes = field(default_factory=dict)
    authorizers: Mapping[str, Authorizer] = field(default_factory=dict)
    responses: Mapping[str, GatewayResponse] = field(default_factory=dict)
    binary_types: tuple[str, ...] = ()
    policy: Mapping[str, Any] | None = None
    endpoint_disabled: bool = False


@dataclass(frozen=True)
class _Scheme:
    """A security scheme: the authorization it means, its authorizer, or an API key."""

    authorization: str
    authorizer: str | None = None
    api_key: bool = False


def read_body(reader: Reader, body: Mapping[str, Any], pointer: str) -> Imported:
    """Read a Body whose intrinsics are resolved."""
    schemes, authorizers = _security(reader, body, pointer)
    routes: dict[str, dict[str, Method]] = {}
    for path, item in mapping(body.get("paths")).items():
        for verb, operation in item.items() if isinstance(item, Mapping) else ():
            called = ANY if verb == PLAIN_ANY else openapi_method(str(verb))
            where = f"{pointer}/paths/{escaped(str(path))}/{verb}"
            if called is None:
                continue
            methods = routes.get(route_of(str(path)), {})
            if verb == PLAIN_ANY:
                if ANY in methods:
                    continue
                method = Method(
                    called, reader.place(where), authorization=UNKNOWN_OPERATION, spelling=Spelling.DOCUMENT
                )
            elif isinstance(operation, Mapping):
                method = _method(reader, body, operation, where, schemes)
            elif is_unknown(operation):
                method = Method(
                    called, reader.place(where), authorization=str(operation), spelling=Spelling.DOCUMENT
                )
            else:
                continue
            routes.setdefault(route_of(str(path)), {})[called] = method
    return Imported(
        keys_of_pages(routes, body.get(f"{X}api-key-source")),
        authorizers,
        dict(_responses(reader, body, pointer)),
        tuple(str(media_type) for media_type in listed(body.get(f"{X}binary-media-types"))),
        policy_of(body.get(f"{X}policy")),
        _endpoint_disabled(body),
    )


def _endpoint_disabled(body: Mapping[str, Any]) -> bool:
    """https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-endpoint-configuration.html"""
    stated = [
        mapping(part.get(f"{X}endpoint-configuration")) for part in (body, *mappings(body.get("servers")))
    ]
    return any(is_true(part.get("disableExecuteApiEndpoint")) for part in stated)


def route_of(path: str) -> str:
    """The route of a document's path: a slash at its end is none of its own, and the default route may have one."""
    return "$default" if path == "/$default" else path.rstrip("/") or "/"


def moved(method: Method, place: SourcePlace, spelling: Spelling) -> Method:
    """A method of a document that stands elsewhere in its source."""
    integration = method.integration
    if integration is not None:
        responses = tuple(replace(response, place=place) for response in integration.responses)
        integration = replace(integration, place=place, responses=responses)
    return replace(method, place=place, integration=integration, spelling=spelling)


def _security(
    reader: Reader, body: Mapping[str, Any], pointer: str
) -> tuple[dict[str, _Scheme], dict[str, Authorizer]]:
    modern = mapping(mapping(body.get("components")).get("securitySchemes"))
    base = f"{pointer}/components/securitySchemes" if modern else f"{pointer}/securityDefinitions"
    schemes: dict[str, _Scheme] = {}
    authorizers: dict[str, Authorizer] = {}
    for name, stated in (modern or mapping(body.get("securityDefinitions"))).items():
        scheme = mapping(stated)
        extension = scheme.get(f"{X}authorizer")
        kind = str(scheme.get(f"{X}authtype") or "").lower()
        if isinstance(extension, Mapping):
            where = f"{base}/{escaped(str(name))}"
            authorizers[name] = _authorizer(reader, str(name), scheme, extension, where)
            type_ = authorizers[name].type
            known = type_ in (AuthorizationType.COGNITO, AuthorizationType.JWT)
            schemes[name] = _Scheme(type_ if known else AuthorizationType.CUSTOM, name)
        elif kind == "awssigv4" or name == "sigv4":
            schemes[name] = _Scheme(AuthorizationType.IAM)
        elif str(scheme.get("name", "")).lower() == "x-api-key":
            schemes[name] = _Scheme(AuthorizationType.NONE, api_key=True)
    return schemes, authorizers


def _authorizer(
    reader: Reader, name: str, scheme: Mapping[str, Any], extension: Mapping[str, Any], pointer: str
) -> Authorizer:
    kind = str(extension.get("type") or "token").upper()
    named = scheme.get("name") != UNUSED
    header = f"{REQUEST}header.{scheme.get('name') or 'Authorization'}"
    stated = ", ".join(str(part) for part in listed(extension.get("identitySource")))
    inner = f"{pointer}/{X}authorizer"
    return Authorizer(
        name=name,
        type=kind,
        place=reader.place(
            pointer,
            identity_source=f"{pointer}/name",
            pools=f"{inner}/providerARNs",
            expression=f"{inner}/identityValidationExpression",
        ),
        identity_source=identity_source("" if named else kind, stated, header),
        pools=pools_of(extension.get("providerARNs")),
        issuer=issuer_of(extension),
        audiences=audiences_of(extension),
        expression=extension.get("identityValidationExpression"),
        ttl=whole(extension.get("authorizerResultTtlInSeconds", 300)) or 0,
        function=function_of(str(extension.get("authorizerUri") or "")),
        role=calling_role(reader, extension.get("authorizerCredentials")),
        spelling=Spelling.DOCUMENT,
    )


def _method(
    reader: Reader,
    body: Mapping[str, Any],
    operation: Mapping[str, Any],
    pointer: str,
    schemes: Mapping[str, _Scheme],
) -> Method:
    security = listed(operation.get("security", body.get("security")))
    asked = [
        (schemes.get(str(name)), listed(scopes))
        for alternative in mappings(security)
        for name, scopes in alternative.items()
    ]
    chosen = next(((scheme, scopes) for scheme, scopes in asked if scheme and not scheme.api_key), None)
    auth = mapping(operation.get(f"{X}auth"))
    kind = str(auth.get("type") or (chosen[0].authorization if chosen else AuthorizationType.NONE)).upper()
    verb = pointer.rpartition("/")[2]
    return Method(
        verb=openapi_method(verb) or verb.upper(),
        place=reader.place(
            pointer,
            authorization=f"{pointer}/security",
            scopes=f"{pointer}/security",
            api_key=f"{pointer}/security",
            required=f"{pointer}/parameters",
            declared=f"{pointer}/responses",
        ),
        authorization=kind,
        authorizer=chosen[0].authorizer if chosen and kind != AuthorizationType.IAM else None,
        scopes=tuple(str(scope) for scope in chosen[1]) if chosen else (),
        api_key=any(scheme.api_key for scheme, _ in asked if scheme),
        required=tuple(_required(body, operation)),
        integration=_integration(reader, operation.get(f"{X}integration"), f"{pointer}/{X}integration"),
        declared=_declared(operation.get("responses")),
        spelling=Spelling.DOCUMENT,
    )


def _required(body: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[str]:
    """The header and query parameters that a validator asks for."""
    named = operation.get(f"{X}request-validator", body.get(f"{X}request-validator"))
    validator = mapping(mapping(body.get(f"{X}request-validators")).get(str(named)))
    if not validator.get("validateRequestParameters"):
        return
    for parameter in mappings(operation.get("parameters")):
        where = {"header": "header", "query": "querystring"}.get(str(parameter.get("in")))
        if where and parameter.get("required"):
            yield f"{where}.{parameter.get('name')}"


def _declared(responses: Any) -> Mapping[str, frozenset[str]] | None:
    if not isinstance(responses, Mapping):
        return None
    return {
        str(status): frozenset(str(name).lower() for name in _headers(settings.get("headers")))
        for status, settings in responses.items()
        if isinstance(settings, Mapping)
    }


def _headers(declared: Any) -> Iterable[Any]:
    """The names of declared headers; all of CORS if only the deployment knows them."""
    return CORS_HEADERS if is_unknown_text(declared) else mapping(declared)


def _integration(reader: Reader, stated: Any, pointer: str) -> Integration | None:
    if not isinstance(stated, Mapping):
        return None
    found = integration(reader, stated, pointer, WORDS)
    table = stated.get("responses")
    named = {"default": table} if is_unknown_text(table) else mapping(table)
    responses = tuple(
        _response(reader, str(name), settings, pointer)
        for name, settings in named.items()
        if isinstance(settings, Mapping) or is_unknown(settings)
    )
    return with_responses(found, responses)


def _response(
    reader: Reader, name: str, stated: Mapping[str, Any] | str, pointer: str
) -> IntegrationResponse:
    pattern = None if name == "default" else str(name)
    return response(reader, stated, f"{pointer}/responses/{escaped(str(name))}", pattern, RESPONSE)


def _responses(
    reader: Reader, body: Mapping[str, Any], pointer: str
) -> Iterator[tuple[str, GatewayResponse]]:
    for kind, settings in mapping(body.get(f"{X}gateway-responses")).items():
        stated = mapping(settings)
        base = f"{pointer}/{X}gateway-responses/{kind}"
        status = stated.get("statusCode")
        place = reader.place(base, headers=f"{base}/responseParameters", status=f"{base}/statusCode")
        headers = gateway_headers(settings if is_unknown_text(settings) else stated.get("responseParameters"))
        type_ = response_type(kind)
        yield (
            type_,
            GatewayResponse(type_, place, whole(status), headers, Spelling.DOCUMENT),
        )
