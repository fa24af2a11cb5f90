"""What the embedded gateway cannot imitate, reported at deployment: all reasons at once, each with its place."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from accountsctl.localcloud.apigateway.auth import policies
from accountsctl.localcloud.apigateway.auth.authorizers import HEADER_SOURCE, POOL_ARN
from accountsctl.localcloud.apigateway.auth.lambda_authorizers import SOURCE, sources
from accountsctl.localcloud.apigateway.deployed.snapshot import DeployedApi
from accountsctl.localcloud.apigateway.gateway_responses import is_mapping
from accountsctl.localcloud.apigateway.integrations.invoking import URI
from accountsctl.localcloud.apigateway.integrations.mapping import is_source
from accountsctl.localcloud.apigateway.templates import vtl_check
from accountsctl.localcloud.apigateway.templates.vtl_nodes import VtlError
from accountsctl.localcloud.apigateway.validation import BUILT_IN

if TYPE_CHECKING:
    from mypy_boto3_apigateway.type_defs import (
        AuthorizerTypeDef,
        GatewayResponseTypeDef,
        IntegrationTypeDef,
        MethodTypeDef,
    )


def reasons(api: DeployedApi) -> list[str]:
    """Why `api` cannot be served as AWS would serve it; empty where it can."""
    found = list(_api(api))
    for resource in api.resources:
        for verb, method in resource.methods.items():
            found += [f"{verb} {resource.path}: {reason}" for reason in _method(api, method)]
    for kind, response in api.responses.items():
        found += [f"gateway response {kind}: {reason}" for reason in _gateway_response(response)]
    return found


def reasons_of(api: DeployedApi, method: MethodTypeDef) -> list[str]:
    """Why one method of `api` cannot be."""
    return list(_method(api, method))


def _api(api: DeployedApi) -> Iterator[str]:
    policy = api.settings.get("policy")
    if policy:
        yield from (f"resource policy: {fault}" for fault in policies.faults(policy))
    for name, text in api.models.items():
        try:
            json.loads(text)
        except ValueError:
            yield f"model {name}: its schema is not JSON"


def _method(api: DeployedApi, method: MethodTypeDef) -> Iterator[str]:
    yield from _authorization(api, method)
    for name in (method.get("requestModels") or {}).values():
        if name not in api.models and name not in BUILT_IN:
            yield f"the request model {name} does not exist"
    integration = method.get("methodIntegration")
    if not integration:
        yield "No integration defined for method"
        return
    check = _INTEGRATIONS.get(integration.get("type") or "")
    if check is None:
        yield f"the embedded gateway does not support {integration.get('type')} integrations"
    else:
        yield from check(method, integration)


def _authorization(api: DeployedApi, method: MethodTypeDef) -> Iterator[str]:
    kind = method.get("authorizationType") or "NONE"
    if kind in ("NONE", "AWS_IAM"):
        return
    check = _AUTHORIZERS.get(kind)
    authorizer = api.authorizers.get(method.get("authorizerId") or "")
    if check is None:
        yield f"the embedded gateway does not support authorization type {kind}"
    elif authorizer is None:
        yield f"the authorizer {method.get('authorizerId')} does not exist"
    else:
        yield from check(authorizer)


def _cognito(authorizer: AuthorizerTypeDef) -> Iterator[str]:
    if authorizer.get("type") != "COGNITO_USER_POOLS":
        yield f"an authorizer of type {authorizer.get('type')} cannot serve COGNITO_USER_POOLS"
    source = authorizer.get("identitySource")
    if source and not HEADER_SOURCE.match(source):
        yield f"the embedded gateway does not support the identity source {source}"
    yield from (
        f"{arn} is not a user pool" for arn in authorizer.get("providerARNs") or [] if not POOL_ARN.match(arn)
    )


def _lambda(authorizer: AuthorizerTypeDef) -> Iterator[str]:
    if authorizer.get("type") not in ("TOKEN", "REQUEST"):
        yield f"an authorizer of type {authorizer.get('type')} cannot serve authorization type CUSTOM"
    if not URI.match(authorizer.get("authorizerUri") or ""):
        yield f"{authorizer.get('authorizerUri')} is not a function to invoke"
    for source in sources(authorizer):
        if not SOURCE.match(source):
            yield f"the embedded gateway does not support the identity source {source}"


_AUTHORIZERS: Mapping[str, Callable[[AuthorizerTypeDef], Iterator[str]]] = {
    "COGNITO_USER_POOLS": _cognito,
    "CUSTOM": _lambda,
}


def _proxy(method: MethodTypeDef, integration: IntegrationTypeDef) -> Iterator[str]:
    del method
    if not URI.match(integration.get("uri") or ""):
        yield f"{integration.get('uri')} is not a function to invoke"
    names = {name.lower() for name in integration.get("requestParameters") or {}}
    if "integration.request.header.x-amz-invocation-type" in names:
        yield "the embedded gateway does not support asynchronous integrations"


def _aws(method: MethodTypeDef, integration: IntegrationTypeDef) -> Iterator[str]:
    yield from _proxy(method, integration)
    yield from _mapped(method, integration)


def _mapped(method: MethodTypeDef, integration: IntegrationTypeDef) -> Iterator[str]:
    yield from _templates("request template", integration.get("requestTemplates") or {})
    declared = method.get("methodResponses") or {}
    for status, response in (integration.get("integrationResponses") or {}).items():
        yield from _templates(f"response template {status}", response.get("responseTemplates") or {})
        known = declared.get(status) or {}  # an answer without its method response fails when a request comes
        for target, source in (response.get("responseParameters") or {}).items():
            if source.startswith("integration.response.") and not is_source(source):
                yield f"the embedded gateway does not support the mapping of {target} from {source}"
            elif target not in (known.get("responseParameters") or {}) or not is_source(source):
                yield f"Invalid mapping expression specified: {target} = {source}"
        if response.get("contentHandling") == "CONVERT_TO_BINARY":
            yield "the embedded gateway does not support CONVERT_TO_BINARY"


_INTEGRATIONS: Mapping[str, Callable[[MethodTypeDef, IntegrationTypeDef], Iterator[str]]] = {
    "AWS": _aws,
    "AWS_PROXY": _proxy,
    "MOCK": _mapped,
}


def _templates(what: str, templates: Mapping[str, str | None]) -> Iterator[str]:
    for content_type, template in templates.items():
        try:
            vtl_check.check(template or "")
        except VtlError as reason:
            yield f"{what} {content_type}: {reason}"


def _gateway_response(response: GatewayResponseTypeDef) -> Iterator[str]:
    for target, source in (response.get("responseParameters") or {}).items():
        if not target.startswith("gatewayresponse.header.") or not is_mapping(source):
            yield f"Invalid mapping expression specified: {target} = {source}"
