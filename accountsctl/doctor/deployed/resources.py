"""Methods as GetResources(embed=methods) tells them: the live resources, which a deployment has yet to take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accountsctl.doctor.deployed.arns import escaped, function_arn, function_name
from accountsctl.doctor.deployed.overrides import overrides
from accountsctl.doctor.facts import Integration, IntegrationResponse, Layer, Method, Place

SOURCE = "apigateway:GetResources"
RESPONSE_HEADER = "method.response.header."
PROXIES = frozenset({"AWS_PROXY", "HTTP_PROXY"})
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
RESPONSE_FIELDS = {
    "status": "statusCode",
    "pattern": "selectionPattern",
    "headers": "responseParameters",
    "computed": "responseTemplates",
}


@dataclass(frozen=True)
class Names:
    """What a method refers to: authorizer id -> name, validator id -> validator, the stage's variables."""

    authorizers: Mapping[str, str] = field(default_factory=dict)
    validators: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)


def place(source: str, pointer: str, fields: Mapping[str, str]) -> Place:
    """The place of a thing at `pointer`, its parts below it."""
    return Place(
        Layer.DEPLOYED, source, pointer, {name: f"{pointer}/{part}" for name, part in fields.items()}
    )


def routes(items: Iterable[Mapping[str, Any]], names: Names) -> dict[str, dict[str, Method]]:
    """path -> verb -> method, of the resources that have any."""
    return {
        item["path"]: {
            verb: _method(verb, told, names, f"/items/{index}/resourceMethods/{verb}")
            for verb, told in item["resourceMethods"].items()
        }
        for index, item in enumerate(items)
        if item.get("resourceMethods")
    }


def _method(verb: str, told: Mapping[str, Any], names: Names, pointer: str) -> Method:
    authorizer = told.get("authorizerId")
    validator = names.validators.get(told.get("requestValidatorId", ""), {})
    integration = told.get("methodIntegration")
    return Method(
        verb=verb,
        place=place(SOURCE, pointer, METHOD_FIELDS),
        authorization=told.get("authorizationType") or "NONE",
        authorizer=names.authorizers.get(authorizer, authorizer) if authorizer else None,
        scopes=tuple(told.get("authorizationScopes") or ()),
        api_key=bool(told.get("apiKeyRequired")),
        required=required(validator, told.get("requestParameters") or {}),
        body_model=bool(validator.get("validateRequestBody") and told.get("requestModels")),
        integration=_integration(integration, names, f"{pointer}/methodIntegration") if integration else None,
        declared=_declared(told),
    )


def required(validator: Mapping[str, Any], parameters: Mapping[str, Any]) -> tuple[str, ...]:
    """The parameters that a validator asks for: a path's own are always there."""
    if not validator.get("validateRequestParameters"):
        return ()
    names = (name.removeprefix("method.request.") for name, needed in parameters.items() if needed is True)
    return tuple(sorted(name for name in names if not name.startswith("path.")))


def _declared(told: Mapping[str, Any]) -> dict[str, frozenset[str]] | None:
    responses = told.get("methodResponses") or {}
    if not responses and told.get("methodIntegration", {}).get("type") in PROXIES:
        return None
    return {
        status: frozenset(
            name.removeprefix(RESPONSE_HEADER).lower()
            for name in response.get("responseParameters") or {}
            if name.startswith(RESPONSE_HEADER)
        )
        for status, response in responses.items()
    }


def _integration(told: Mapping[str, Any], names: Names, pointer: str) -> Integration:
    arn = function_arn(told.get("uri", ""), names.variables)
    return Integration(
        type=told["type"],
        place=place(SOURCE, pointer, INTEGRATION_FIELDS),
        http_method=told.get("httpMethod"),
        uri=told.get("uri", ""),
        function=function_name(arn) if arn else None,
        templates=told.get("requestTemplates") or {},
        passthrough=told.get("passthroughBehavior") or "WHEN_NO_MATCH",
        content_handling=told.get("contentHandling"),
        timeout_ms=told.get("timeoutInMillis"),
        responses=tuple(
            response(
                each, each.get("selectionPattern"), SOURCE, f"{pointer}/integrationResponses/{escaped(key)}"
            )
            for key, each in (told.get("integrationResponses") or {}).items()
        ),
    )


def response(told: Mapping[str, Any], pattern: str | None, source: str, pointer: str) -> IntegrationResponse:
    """An integration response; the parts of it are named alike in GetResources and in an export."""
    return IntegrationResponse(
        status=str(told.get("statusCode", "")),
        place=place(source, pointer, RESPONSE_FIELDS),
        pattern=pattern or None,
        headers={
            name.removeprefix(RESPONSE_HEADER).lower(): value
            for name, value in (told.get("responseParameters") or {}).items()
            if name.startswith(RESPONSE_HEADER)
        },
        computed=overrides((told.get("responseTemplates") or {}).values()),
    )
