"""REST APIs of ``AWS::ApiGateway::*`` resources, and what stands around them in a template."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from accountsctl.doctor.facts.api_keys import keys_of_pages
from accountsctl.doctor.facts.identity_sources import identity_source
from accountsctl.doctor.facts.model import Api, Authorizer, Integration, Method, Stage
from accountsctl.doctor.facts.templates.common import (
    CORS_HEADERS,
    HIDDEN,
    Reader,
    calling_role,
    function_of,
    is_true,
    listed,
    mapping,
    mappings,
    pointer_of_properties,
    policy_of,
    pools_of,
    whole,
)
from accountsctl.doctor.facts.templates.custom_domains import domains
from accountsctl.doctor.facts.templates.dependencies import functions_of
from accountsctl.doctor.facts.templates.distributions import distributions
from accountsctl.doctor.facts.templates.gateway_responses import has_responses_elsewhere, responses_of
from accountsctl.doctor.facts.templates.hidden_routes import hides_methods
from accountsctl.doctor.facts.templates.indexes import of_rest_api, once
from accountsctl.doctor.facts.templates.mapping_tables import integration, response, with_responses
from accountsctl.doctor.facts.templates.openapi import Imported, read_body
from accountsctl.doctor.facts.templates.resolving import name_in
from accountsctl.doctor.facts.templates.stages import stage_of
from accountsctl.doctor.facts.unknown import is_unknown, placeholder
from accountsctl.model.api_gateway import AuthorizationType
from accountsctl.model.data_mappings import AUTHORIZATION, REQUEST, RESPONSE_HEADER

WORDS = {
    "type": "Type",
    "http_method": "IntegrationHttpMethod",
    "uri": "Uri",
    "templates": "RequestTemplates",
    "passthrough": "PassthroughBehavior",
    "content_handling": "ContentHandling",
    "timeout_ms": "TimeoutInMillis",
    "responses": "IntegrationResponses",
    "role": "Credentials",
}
RESPONSE = {"status": "StatusCode", "headers": "ResponseParameters", "templates": "ResponseTemplates"}
METHOD = {
    "authorization": "AuthorizationType",
    "authorizer": "AuthorizerId",
    "scopes": "AuthorizationScopes",
    "api_key": "ApiKeyRequired",
    "required": "RequestParameters",
    "declared": "MethodResponses",
}


def read_rest(reader: Reader) -> Iterator[Api]:
    """Every REST API of the template, written out or with a Body."""
    for name, properties in reader.of_type("AWS::ApiGateway::RestApi"):
        yield read_one(reader, name, properties)


def read_one(reader: Reader, name: str, properties: Mapping[str, Any], body: Imported | None = None) -> Api:
    """One REST API: its resources, and what its Body says."""
    imported = body or _body(reader, name, properties)
    routes = {path: dict(methods) for path, methods in imported.routes.items()}
    for path, method in _methods(reader, name):
        routes.setdefault(path, {})[method.verb] = method
    routes = keys_of_pages(routes, properties.get("ApiKeySourceType"))
    partial = not routes or is_partial(reader, name, properties)
    authorizers = {**imported.authorizers, **authorizers_of(reader, name)}
    responses = {**imported.responses, **responses_of(reader, name)}
    binary = (
        *imported.binary_types,
        *(str(media_type) for media_type in listed(properties.get("BinaryMediaTypes"))),
    )
    return Api(
        name=name,
        layer=reader.layer,
        place=reader.at(
            name,
            policy="Policy",
            endpoint_disabled="DisableExecuteApiEndpoint",
            private="EndpointConfiguration",
        ),
        routes=routes,
        authorizers=authorizers,
        responses=responses,
        functions=functions_of(reader, routes, authorizers),
        stages=_stages(reader, name),
        domains=domains(reader, name),
        distributions=distributions(reader, name),
        binary_types=tuple(media_type.replace("~1", "/") for media_type in binary),
        policy=policy_of(properties.get("Policy")) or imported.policy,
        endpoint_disabled=is_true(properties.get("DisableExecuteApiEndpoint")) or imported.endpoint_disabled,
        private="PRIVATE" in listed(mapping(properties.get("EndpointConfiguration")).get("Types")),
        refs=frozenset({name, placeholder(name), placeholder(f"{name}.RestApiId")}),
        partial=partial,
        responses_elsewhere=has_responses_elsewhere(reader, name, properties),
        not_reported=ELSEWHERE if partial else (),
        lines=reader.document.lines_of_source,
    )


# Those of an API without any, too: API Gateway deploys none without methods.
ELSEWHERE = (("all routes", "Some may stand in another stack, an included file or a macro."),)


def is_partial(reader: Reader, name: str, properties: Mapping[str, Any]) -> bool:
    """Whether routes of an API may stand elsewhere: in a file, in a nested stack, in what a macro makes."""
    elsewhere = (
        properties.get("BodyS3Location") or properties.get("DefinitionUri") or properties.get("CloneFrom")
    )
    given = name in reader.handed_on or _is_given_out(reader, name) or _has_methods_elsewhere(reader, name)
    return bool(elsewhere) or given or hides_methods(reader, properties)


def _is_given_out(reader: Reader, name: str) -> bool:
    """Whether an output gives another stack a resource of the API, under which it may add methods."""
    own = of_rest_api(reader, name, "AWS::ApiGateway::Resource")
    given = once(reader, "what outputs give", lambda: _given_out(reader))
    return f"{name}.RootResourceId" in given or any(id_ in given for id_, _ in own)


def _given_out(reader: Reader) -> frozenset[str]:
    outputs = mapping(reader.document.body.get("Outputs"))
    values = (str(reader.resolver.value(mapping(output).get("Value"))) for output in outputs.values())
    return frozenset(value.strip("${}") for value in values)


def _has_methods_elsewhere(reader: Reader, name: str) -> bool:
    """Whether a method stands at a path that only the deployment knows."""
    paths = _paths(reader, name)
    return any(
        name_in(str(properties.get("ResourceId", ""))) not in paths
        for _, properties in of_rest_api(reader, name, "AWS::ApiGateway::Method")
    )


def _body(reader: Reader, name: str, properties: Mapping[str, Any]) -> Imported:
    body = properties.get("Body")
    if isinstance(body, Mapping):
        return read_body(reader, body, f"{pointer_of_properties(name)}/Body")
    return Imported()


def belongs(properties: Mapping[str, Any], name: str) -> bool:
    return name_in(str(properties.get("RestApiId", ""))) == name


def _paths(reader: Reader, name: str) -> dict[str, str]:
    """The path of every resource's logical id, and the root's of the API's; none of what is below something unknown."""
    found = {name: "", **resource_paths(reader, name, {name: ""}.get)}
    return {id_: place for id_, place in found.items() if place is not None}


def resource_paths(reader: Reader, name: str, outside: Callable[[str], str | None]) -> dict[str, str | None]:
    """The path of every resource's logical id; None below a part that only the deployment knows.

    `outside` gives the path of a parent that is none of them.
    """
    parents = {
        id_: (name_in(str(properties.get("ParentId", ""))), str(properties.get("PathPart", "")))
        for id_, properties in of_rest_api(reader, name, "AWS::ApiGateway::Resource")
    }

    found: dict[str, str | None] = {}
    for id_ in parents:
        way: list[str] = []  # from a resource up to one whose path is known, or to one that is below itself
        while id_ in parents and id_ not in found and id_ not in way:
            way.append(id_)
            id_ = parents[id_][0]
        above = found[id_] if id_ in found else None if id_ in parents else outside(id_)
        for below in reversed(way):
            part = parents[below][1]
            above = None if above is None or is_unknown(part) else f"{above}/{part}"
            found[below] = above
    return found


def _methods(reader: Reader, name: str) -> Iterator[tuple[str, Method]]:
    paths = _paths(reader, name)
    validators = validators_of(reader)
    for id_, properties in of_rest_api(reader, name, "AWS::ApiGateway::Method"):
        resource = name_in(str(properties.get("ResourceId", "")))
        if resource in paths:
            yield paths[resource] or "/", method_of(reader, id_, properties, validators)


def validators_of(reader: Reader) -> dict[str, Mapping[str, Any]]:
    """The request validators by their logical ids."""
    return once(reader, "validators", lambda: dict(reader.of_type("AWS::ApiGateway::RequestValidator")))


def method_of(
    reader: Reader, name: str, properties: Mapping[str, Any], validators: Mapping[str, Mapping[str, Any]]
) -> Method:
    """The method of this logical id, checked by one of the validators."""
    validator = validators.get(name_in(str(properties.get("RequestValidatorId", ""))), {})
    base = pointer_of_properties(name)
    checks = is_true(validator.get("ValidateRequestParameters"))
    required = [
        str(key).removeprefix(REQUEST)
        for key, needed in mapping(properties.get("RequestParameters")).items()
        if checks and is_true(needed) and ".path." not in str(key)
    ]
    authorizer = properties.get("AuthorizerId")
    return Method(
        verb=str(properties.get("HttpMethod", HIDDEN)).upper(),
        place=reader.at(name, **METHOD),
        authorization=str(properties.get("AuthorizationType") or AuthorizationType.NONE).upper(),
        authorizer=name_in(str(authorizer)) if authorizer else None,
        scopes=tuple(str(scope) for scope in listed(properties.get("AuthorizationScopes"))),
        api_key=is_true(properties.get("ApiKeyRequired")),
        required=tuple(required),
        body_model=is_true(validator.get("ValidateRequestBody")) and bool(properties.get("RequestModels")),
        integration=_integration(reader, properties.get("Integration"), f"{base}/Integration"),
        declared=_declared(properties.get("MethodResponses")),
    )


def _declared(responses: Any) -> Mapping[str, frozenset[str]] | None:
    """The headers of each method response by its status; None if these are not known."""
    if not isinstance(responses, list) or any(
        is_unknown(stated.get("StatusCode")) for stated in mappings(responses)
    ):
        return None
    found: dict[str, frozenset[str]] = {}
    for stated in mappings(
        responses
    ):  # a status may stand twice: CDK adds its own responses to those it is given
        status = str(stated.get("StatusCode"))
        names = {
            str(key)[len(RESPONSE_HEADER) :].lower() for key in mapping(stated.get("ResponseParameters"))
        }
        names |= set(CORS_HEADERS) if is_unknown(stated.get("ResponseParameters")) and not names else set()
        found[status] = found.get(status, frozenset()) | names
    return found


def _integration(reader: Reader, stated: Any, pointer: str) -> Integration | None:
    if not isinstance(stated, Mapping):
        return None
    found = integration(reader, stated, pointer, WORDS)
    responses = tuple(
        response(
            reader,
            settings,
            f"{pointer}/IntegrationResponses/{number}",
            mapping(settings).get("SelectionPattern"),
            RESPONSE,
        )
        for number, settings in enumerate(listed(stated.get("IntegrationResponses")))
        if isinstance(settings, Mapping) or is_unknown(settings)
    )
    return with_responses(found, responses)


def authorizers_of(reader: Reader, name: str) -> dict[str, Authorizer]:
    found = {}
    for id_, properties in of_rest_api(reader, name, "AWS::ApiGateway::Authorizer"):
        uri = str(properties.get("AuthorizerUri") or "")
        kind = str(properties.get("Type") or "TOKEN").upper()
        found[id_] = Authorizer(
            name=id_,
            type=kind,
            place=reader.at(
                id_,
                identity_source="IdentitySource",
                pools="ProviderARNs",
                expression="IdentityValidationExpression",
            ),
            identity_source=identity_source(kind, str(properties.get("IdentitySource") or ""), AUTHORIZATION),
            pools=pools_of(properties.get("ProviderARNs")),
            expression=properties.get("IdentityValidationExpression"),
            ttl=whole(properties.get("AuthorizerResultTtlInSeconds", 300)) or 0,
            function=function_of(uri),
            role=calling_role(reader, properties.get("AuthorizerCredentials")),
        )
    return found


def _stages(reader: Reader, name: str) -> dict[str, Stage]:
    found = {}
    for id_, properties in of_rest_api(reader, name, "AWS::ApiGateway::Stage", "AWS::ApiGateway::Deployment"):
        if properties.get("StageName"):
            found[str(properties["StageName"])] = stage_of(reader, id_, properties)
    return found
