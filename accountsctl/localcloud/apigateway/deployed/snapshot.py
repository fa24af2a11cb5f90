"""The deployed state of an API: read once at CreateDeployment, plain JSON ever after.

API Gateway serves a deployment as it was; what is changed later is live only after the next one. So
`take` copies everything that a deployment holds (resources, methods, integrations, authorizers,
gateway responses, validators, models, the API's own settings) and `Api` is that copy made ready to serve.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accountsctl.localcloud.apigateway.deployed.routing import RouteNode, Routes

SETTINGS = (
    "id", "name", "description", "version", "binaryMediaTypes", "apiKeySource", "policy",
    "disableExecuteApiEndpoint", "endpointConfiguration",
)  # fmt: skip


def take(client: Any, region: str, api_id: str, deployment_id: str) -> dict[str, Any]:
    """Read the live state of `api_id` through boto3."""
    pages = client.get_paginator("get_resources").paginate(restApiId=api_id, embed=["methods"])
    every = {"restApiId": api_id, "limit": 500}
    api = client.get_rest_api(restApiId=api_id)
    return {
        "region": region,
        "apiId": api_id,
        "deploymentId": deployment_id,
        "api": {key: api[key] for key in SETTINGS if key in api},
        "resources": [_resource(each) for page in pages for each in page.get("items", [])],
        "authorizers": {each["id"]: each for each in client.get_authorizers(**every).get("items", [])},
        "gatewayResponses": {
            each["responseType"]: each
            for each in client.get_gateway_responses(**every).get("items", [])
            if not each.get("defaultResponse")
        },
        "validators": {each["id"]: each for each in client.get_request_validators(**every).get("items", [])},
        "models": {each["name"]: each["schema"] for each in _models(client, every)},
    }


def _models(client: Any, every: Mapping[str, Any]) -> list[Any]:
    return [each for each in client.get_models(**every).get("items", []) if each.get("schema")]


def _resource(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": item["id"], "path": item["path"], "methods": item.get("resourceMethods") or {}}


@dataclass(frozen=True)
class DeployedStage:
    """A stage as it is now: stages are live, unlike deployments."""

    name: str
    deployment_id: str
    variables: Mapping[str, str]
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    cache: bool = False

    def setting(self, path: str, verb: str) -> Mapping[str, Any]:
        """The method settings for a resource's method: its own, or those of every method."""
        escaped = path.replace("~", "~0").replace("/", "~1")
        names = (f"{escaped}/{verb}", f"{escaped}/*", "*/*")
        return next((self.settings[name] for name in names if name in self.settings), {})


class DeployedApi:
    """A snapshot made ready: routes built, and its parts by name."""

    def __init__(self, snapshot: Mapping[str, Any]) -> None:
        self.region: str = snapshot["region"]
        self.id: str = snapshot["apiId"]
        self.deployment_id: str = snapshot["deploymentId"]
        self.settings: Mapping[str, Any] = snapshot["api"]
        self.authorizers: Mapping[str, Mapping[str, Any]] = snapshot["authorizers"]
        self.responses: Mapping[str, Mapping[str, Any]] = snapshot["gatewayResponses"]
        self.validators: Mapping[str, Mapping[str, Any]] = snapshot["validators"]
        self.models: Mapping[str, str] = snapshot["models"]
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
