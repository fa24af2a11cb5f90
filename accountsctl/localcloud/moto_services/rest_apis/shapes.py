"""AWS's own shape for what moto answers: by botocore's model, without empty members, with AWS's defaults."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from accountsctl.localcloud.moto_services.apps import JsonObject

Shape = Any
"""One of botocore's shapes; which class it has depends on its type."""
Shaper = Callable[[JsonObject, str], None]
"""Changes one structure in place; it is given the operation's name."""


def shaped(shape: Shape, value: Any, operation: str) -> Any:
    """`value` with the members that the model has, as AWS answers them."""
    if shape.type_name == "structure" and isinstance(value, dict):
        result: JsonObject = {}
        for name, member in shape.members.items():
            key = member.serialization.get("name", name)
            if value.get(key) is not None:
                result[key] = shaped(member, value[key], operation)
        for name in _OPTIONAL.get(shape.name, ()):
            if not result.get(name, True):
                del result[name]
        if shape.name in _SHAPERS:
            _SHAPERS[shape.name](result, operation)
        return result
    if shape.type_name == "list" and isinstance(value, list):
        return [shaped(shape.member, item, operation) for item in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: shaped(shape.value, item, operation) for key, item in value.items()}
    return value


# Members that AWS leaves out of an answer where moto has an empty text, list or map.
_OPTIONAL: Mapping[str, tuple[str, ...]] = {
    "ApiKey": ("name", "description", "customerId", "tags"),
    "Authorizer": ("providerARNs", "authorizerUri", "identitySource"),
    "Deployment": ("description",),
    "Integration": ("requestTemplates", "requestParameters", "integrationResponses", "uri"),
    "IntegrationResponse": ("responseParameters",),
    "Method": ("requestParameters", "requestModels", "methodResponses", "authorizationScopes"),
    "Model": ("description",),
    "RestApi": ("description", "binaryMediaTypes", "tags", "policy", "version", "warnings"),
    "Stage": ("description", "variables", "accessLogSettings", "tags", "cacheClusterSize"),
    "UsagePlan": ("description", "productCode", "tags", "throttle", "quota"),
}


def _rest_api(api: JsonObject, operation: str) -> None:
    endpoint = api.setdefault("endpointConfiguration", {})
    endpoint.setdefault("types", ["EDGE"])
    private = "PRIVATE" in endpoint["types"]
    endpoint.setdefault("ipAddressType", "dualstack" if private else "ipv4")
    if not endpoint.get("vpcEndpointIds"):
        endpoint.pop("vpcEndpointIds", None)
    api.setdefault("apiKeySource", "HEADER")
    if operation == "UpdateRestApi":
        api.setdefault("tags", {})


def _account(account: JsonObject, _: str) -> None:
    """As of an account that was made since API Gateway has usage plans."""
    account["apiKeyVersion"] = "4"
    account.setdefault("features", ["UsagePlans"])


def _method(method: JsonObject, _: str) -> None:
    if method.get("authorizationType") not in ("CUSTOM", "COGNITO_USER_POOLS"):
        method.pop("authorizerId", None)


def _integration(integration: JsonObject, _: str) -> None:
    integration.setdefault("passthroughBehavior", "WHEN_NO_MATCH")
    integration.setdefault("timeoutInMillis", 29000)
    integration.setdefault("cacheKeyParameters", [])
    if integration.get("type") == "MOCK":
        integration.pop("httpMethod", None)
        integration.pop("uri", None)


def _stage(stage: JsonObject, _: str) -> None:
    stage.setdefault("cacheClusterEnabled", False)
    stage.setdefault("cacheClusterStatus", "NOT_AVAILABLE")
    stage.setdefault("tracingEnabled", False)
    stage.setdefault("methodSettings", {})
    now = int(time.time())
    stage.setdefault("createdDate", now)
    stage.setdefault("lastUpdatedDate", stage["createdDate"])


def _api_key(key: JsonObject, operation: str) -> None:
    key.setdefault("stageKeys", [])
    if operation == "UpdateApiKey":
        key.pop("value", None)
        key.setdefault("tags", {})


def _authorizer(authorizer: JsonObject, _: str) -> None:
    cognito = authorizer.get("type") == "COGNITO_USER_POOLS"
    authorizer.setdefault("authType", "cognito_user_pools" if cognito else "custom")


def _usage_plan(plan: JsonObject, operation: str) -> None:
    if operation in ("GetUsagePlan", "UpdateUsagePlan"):
        plan.setdefault("tags", {})


def _request_validator(validator: JsonObject, _: str) -> None:
    validator.setdefault("validateRequestBody", False)
    validator.setdefault("validateRequestParameters", False)


_SHAPERS: Mapping[str, Shaper] = {
    "Account": _account,
    "ApiKey": _api_key,
    "Authorizer": _authorizer,
    "Integration": _integration,
    "Method": _method,
    "RequestValidator": _request_validator,
    "RestApi": _rest_api,
    "Stage": _stage,
    "UsagePlan": _usage_plan,
}
