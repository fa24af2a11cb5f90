"""The deployed state of an API: read once at CreateDeployment, plain JSON ever after.

API Gateway serves a deployment as it was; what is changed later is live only after the next one. So
`take` copies everything that a deployment holds (resources, methods, integrations, authorizers,
gateway responses, validators, models, the API's own settings) and `DeployedApi` is that copy made ready to serve.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.apigateway.deployed.routing import RouteNode, Routes
from accountsctl.localcloud.contracts.access_logs import AccessLog
from accountsctl.localcloud.contracts.api_snapshot import ApiSnapshot, ResourceSnapshot

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_apigateway.type_defs import (
        GatewayResponseTypeDef,
        MethodSettingTypeDef,
        ModelTypeDef,
        ResourceTypeDef,
    )

ApiGatewayClients = Callable[[str, str], "APIGatewayClient"]
"""Gives the boto3 client of a service (always `apigateway`) in a region."""
SETTINGS = (
    "id", "name", "description", "version", "binaryMediaTypes", "apiKeySource", "policy",
    "disableExecuteApiEndpoint", "endpointConfiguration",
)  # fmt: skip
DEFAULT_TEMPLATES = {"application/json": '{"message":$context.error.messageString}'}
LIMIT = 500  # the most that one page may hold


def take(client: APIGatewayClient, region: str, api_id: str, deployment_id: str) -> ApiSnapshot:
    """Read the live state of `api_id` through boto3."""
    pages = client.get_paginator("get_resources").paginate(restApiId=api_id, embed=["methods"])
    authorizers = client.get_authorizers(restApiId=api_id, limit=LIMIT).get("items", [])
    responses = client.get_gateway_responses(restApiId=api_id, limit=LIMIT).get("items", [])
    validators = client.get_request_validators(restApiId=api_id, limit=LIMIT).get("items", [])
    models = client.get_models(restApiId=api_id, limit=LIMIT).get("items", [])
    api: Mapping[str, object] = client.get_rest_api(restApiId=api_id)
    # Any, because mypy cannot see that a TypedDict filtered by name is still one.
    settings: Any = {key: api[key] for key in SETTINGS if key in api}
    return {
        "region": region,
        "apiId": api_id,
        "deploymentId": deployment_id,
        "api": settings,
        "resources": [_resource(item) for page in pages for item in page.get("items", [])],
        "authorizers": {authorizer["id"]: authorizer for authorizer in authorizers},
        "gatewayResponses": {
            response["responseType"]: _gateway_response(response)
            for response in responses
            if not response.get("defaultResponse")
        },
        "validators": {validator["id"]: validator for validator in validators},
        "models": {
            model["name"]: model["schema"]
            for model in models
            if model.get("schema") and not _is_default(model)
        },
    }


def _is_default(model: ModelTypeDef) -> bool:
    """Whether it is one of the two models of every API, which validate as if they were not there."""
    return model.get("description") == f"This is a default {model['name'].lower()} schema model"


def _gateway_response(response: GatewayResponseTypeDef) -> GatewayResponseTypeDef:
    """A customised response without the defaults that API Gateway shows for what it leaves open.

    Requests are not answered by the defaults that are shown: ACCESS_DENIED has a body of its own, and a failed
    integration is answered with 500 although its type shows 504.
    """
    if response.get("responseTemplates") == DEFAULT_TEMPLATES:
        del response["responseTemplates"]
    if (response.get("responseType"), response.get("statusCode")) == ("INTEGRATION_FAILURE", "504"):
        del response["statusCode"]
    return response


def _resource(item: ResourceTypeDef) -> ResourceSnapshot:
    methods = item.get("resourceMethods") or {}
    for method in methods.values():
        # API Gateway takes the type in lower case too.
        method["authorizationType"] = (method.get("authorizationType") or "NONE").upper()
    return {"id": item["id"], "path": item["path"], "methods": methods}


@dataclass(frozen=True)
class DeployedStage:
    """A stage as it is now: stages are live, unlike deployments."""

    name: str
    deployment_id: str
    variables: Mapping[str, str]
    settings: Mapping[str, MethodSettingTypeDef] = field(default_factory=dict)
    cache: bool = False
    access_log: AccessLog | None = None

    def setting(self, path: str, verb: str) -> MethodSettingTypeDef:
        """The method settings for a resource's method: its own, or those of every method."""
        escaped = path.replace("~", "~0").replace("/", "~1")
        names = (f"{escaped}/{verb}", f"{escaped}/*", "*/*")
        for name in names:
            if name in self.settings:
                return self.settings[name]
        return {}


class DeployedApi:
    """A snapshot made ready: routes built, and its parts by name."""

    def __init__(self, snapshot: ApiSnapshot) -> None:
        self.region = snapshot["region"]
        self.id = snapshot["apiId"]
        self.deployment_id = snapshot["deploymentId"]
        self.settings = snapshot["api"]
        self.authorizers = snapshot["authorizers"]
        self.responses = snapshot["gatewayResponses"]
        self.validators = snapshot["validators"]
        self.models = snapshot["models"]
        self.resources = [RouteNode(r["id"], r["path"], r["methods"]) for r in snapshot["resources"]]
        self.routes = Routes(self.resources)

    @property
    def binary_types(self) -> list[str]:
        """Media types whose bodies are handled as bytes."""
        return list(self.settings.get("binaryMediaTypes") or [])

    @property
    def private(self) -> bool:
        """Whether the API can be called from within a VPC only."""
        return "PRIVATE" in (self.settings.get("endpointConfiguration") or {}).get("types", [])

    @property
    def domain(self) -> str:
        """The name that AWS would give the API's endpoint."""
        return f"{self.id}.execute-api.{self.region}.amazonaws.com"
