"""Methods as GetResources(embed=methods) tells them: the live resources, which a deployment has yet to take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accountsctl.doctor.facts.deployed.arns import called
from accountsctl.doctor.facts.model import Integration, IntegrationResponse, Method
from accountsctl.doctor.facts.places import Layer, SourcePlace
from accountsctl.doctor.facts.reflected_origin import ReflectedOrigin
from accountsctl.doctor.facts.templates.mapping_tables import with_responses
from accountsctl.doctor.facts.templates.response_overrides import computed_headers
from accountsctl.formats.json_pointer import escaped
from accountsctl.model.api_gateway import PROXIES, AuthorizationType
from accountsctl.model.data_mappings import REQUEST, RESPONSE_HEADER

SOURCE = "apigateway:GetResources"
METHOD_FIELDS = {
    "authorization": "authorizationType",
    "authorizer": "authorizerId",
    "scopes": "authorizationScopes",
    "api_key": "apiKeyRequired",
    "required": "requestParameters",
    "body_model": "requestModels",
    "integration": "methodIntegration",
    "declared": "methodResponses",
}
INTEGRATION_FIELDS = {
    "type": "type",
    "http_method": "httpMethod",
    "uri": "uri",
    "function": "uri",
    "templates": "requestTemplates",
    "passthrough": "passthroughBehavior",
    "content_handling": "contentHandling",
    "timeout_ms": "timeoutInMillis",
    "responses": "integrationResponses",
}


@dataclass(frozen=True)
class Names:
    """What a method refers to: authorizer id -> name, validator id -> validator, the stage's variables."""

    authorizers: Mapping[str, str] = field(default_factory=dict)
    validators: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)


def place(source: str, pointer: str, fields: Mapping[str, str]) -> SourcePlace:
    """The place of a thing at `pointer`, its parts below it."""
    return SourcePlace(
        Layer.DEPLOYED, source, pointer, {name: f"{pointer}/{part}" for name, part in fields.items()}
    )


def routes(items: Iterable[Mapping[str, Any]], names: Names) -> dict[str, dict[str, Method]]:
    """path -> verb -> method, of the resources that have any."""
    return {
        item["path"]: {
            verb: _method(verb, reported, names, f"/items/{index}/resourceMethods/{verb}")
            for verb, reported in item["resourceMethods"].items()
        }
        for index, item in enumerate(items)
        if item.get("resourceMethods")
    }


def _method(verb: str, reported: Mapping[str, Any], names: Names, pointer: str) -> Method:
    authorizer = reported.get("authorizerId")
    validator = names.validators.get(reported.get("requestValidatorId", ""), {})
    integration = reported.get("methodIntegration")
    return Method(
        verb=verb,
        place=place(SOURCE, pointer, METHOD_FIELDS),
        authorization=reported.get("authorizationType") or AuthorizationType.NONE,
        authorizer=names.authorizers.get(authorizer, authorizer) if authorizer else None,
        scopes=tuple(reported.get("authorizationScopes") or ()),
        api_key=bool(reported.get("apiKeyRequired")),
        required=required(validator, reported.get("requestParameters") or {}),
        body_model=bool(validator.get("validateRequestBody") and reported.get("requestModels")),
        integration=_integration(integration, names, f"{pointer}/methodIntegration") if integration else None,
        declared=_declared(reported),
    )


def required(validator: Mapping[str, Any], parameters: Mapping[str, Any]) -> tuple[str, ...]:
    """The parameters that a validator asks for: a path's own are always there."""
    if not validator.get("validateRequestParameters"):
        return ()
    names = (name.removeprefix(REQUEST) for name, needed in parameters.items() if needed is True)
    return tuple(sorted(name for name in names if not name.startswith("path.")))


def _declared(reported: Mapping[str, Any]) -> dict[str, frozenset[str]] | None:
    responses = reported.get("methodResponses") or {}
    if not responses and reported.get("methodIntegration", {}).get("type") in PROXIES:
        return None
    return {
        status: frozenset(
            name.removeprefix(RESPONSE_HEADER).lower()
            for name in response.get("responseParameters") or {}
            if name.startswith(RESPONSE_HEADER)
        )
        for status, response in responses.items()
    }


def _integration(reported: Mapping[str, Any], names: Names, pointer: str) -> Integration:
    responses = [
        _response(settings, f"{pointer}/integrationResponses/{escaped(key)}")
        for key, settings in (reported.get("integrationResponses") or {}).items()
    ]
    stated = Integration(
        type=reported["type"],
        place=place(SOURCE, pointer, INTEGRATION_FIELDS),
        http_method=reported.get("httpMethod"),
        uri=reported.get("uri", ""),
        function=called(reported.get("uri", ""), names.variables),
        templates=reported.get("requestTemplates") or {},
        passthrough=reported.get("passthroughBehavior") or "WHEN_NO_MATCH",
        content_handling=reported.get("contentHandling"),
        timeout_ms=reported.get("timeoutInMillis"),
    )
    return with_responses(stated, responses)


def _response(reported: Mapping[str, Any], pointer: str) -> IntegrationResponse:
    table = f"{pointer}/responseParameters"
    parameters = {
        name.removeprefix(RESPONSE_HEADER).lower(): (name, value)
        for name, value in (reported.get("responseParameters") or {}).items()
        if name.startswith(RESPONSE_HEADER)
    }
    places = {header: f"{table}/{escaped(name)}" for header, (name, _) in parameters.items()}
    headers = {header: value for header, (_, value) in parameters.items()}
    computed: dict[str, ReflectedOrigin | str] = {}
    for template in (reported.get("responseTemplates") or {}).values():
        computed |= computed_headers(template, headers)
    own = {"status": "statusCode", "pattern": "selectionPattern", "computed": "responseTemplates"}
    fields = {**{name: f"{pointer}/{part}" for name, part in own.items()}, "headers": table, **places}
    return IntegrationResponse(
        status=str(reported.get("statusCode", "")),
        place=SourcePlace(Layer.DEPLOYED, SOURCE, pointer, fields),
        pattern=reported.get("selectionPattern") or None,
        headers=headers,
        computed=computed,
    )
