"""API Gateway: deployments and stages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.cloudformation.providers.apigateway import escaped, replacements, retag
from accountsctl.localcloud.cloudformation.providers.apigateway_reading import read_deployment, read_stage
from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Properties,
    ProvidedResource,
    ProviderError,
)
from accountsctl.localcloud.cloudformation.providers.calls import (
    already_gone,
    changed,
    parameters,
    refuse,
    tagged,
    text,
    undone_by,
)
from accountsctl.localcloud.unsupported_properties import UNSUPPORTED_PROPERTIES

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_apigateway.type_defs import PatchOperationTypeDef as Patch

METHOD_SETTINGS = {
    "MetricsEnabled": ("metrics/enabled", "false"),
    "LoggingLevel": ("logging/loglevel", "OFF"),
    "DataTraceEnabled": ("logging/dataTrace", "false"),
    "ThrottlingBurstLimit": ("throttling/burstLimit", "5000"),
    "ThrottlingRateLimit": ("throttling/rateLimit", "10000"),
    "CachingEnabled": ("caching/enabled", "false"),
    "CacheTtlInSeconds": ("caching/ttlInSeconds", "300"),
    "CacheDataEncrypted": ("caching/dataEncrypted", "false"),
}
"""A setting's path below its method, and the value that takes it back."""


class DeploymentProvider:
    """AWS::ApiGateway::Deployment: a snapshot of the API; Ref is its id."""

    read = staticmethod(read_deployment)

    UNSUPPORTED = UNSUPPORTED_PROPERTIES["AWS::ApiGateway::Deployment"]

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        refuse(properties, self.UNSUPPORTED)
        client = context.client("apigateway")
        made = client.create_deployment(**parameters(client, "create_deployment", properties))
        return ProvidedResource(made["id"], {"DeploymentId": made["id"]})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        refuse(new, self.UNSUPPORTED)
        client = context.client("apigateway")
        if changed(old, new, "Description"):
            patches = replacements(old, new, "Description")
            client.update_deployment(
                restApiId=new["RestApiId"], deploymentId=physical_id, patchOperations=patches
            )
        if new.get("StageName") and changed(old, new, "StageName"):
            client.create_stage(
                restApiId=new["RestApiId"], stageName=new["StageName"], deploymentId=physical_id
            )
        return ProvidedResource(physical_id, {"DeploymentId": physical_id})

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        client = context.client("apigateway")
        api = properties["RestApiId"]
        with already_gone():
            if properties.get("StageName"):
                self._delete_stage(client, api, properties["StageName"], physical_id)
            client.delete_deployment(restApiId=api, deploymentId=physical_id)

    def _delete_stage(self, client: APIGatewayClient, api: str, stage: str, deployment: str) -> None:
        """The stage that the deployment made goes with it, unless it has moved on."""
        with already_gone():
            if client.get_stage(restApiId=api, stageName=stage)["deploymentId"] == deployment:
                client.delete_stage(restApiId=api, stageName=stage)


class StageProvider:
    """AWS::ApiGateway::Stage; Ref is its name."""

    read = staticmethod(read_stage)

    UNSUPPORTED = UNSUPPORTED_PROPERTIES["AWS::ApiGateway::Stage"]

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        self._check(context, properties)
        client = context.client("apigateway")
        api, name = properties["RestApiId"], properties["StageName"]
        client.create_stage(**parameters(client, "create_stage", tagged(context, properties)))
        with undone_by(lambda: client.delete_stage(restApiId=api, stageName=name)):
            self._patch(client, properties, _settings({}, properties))
        return ProvidedResource(name)

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        self._check(context, new)
        client = context.client("apigateway")
        unset: Mapping[str, Any] = {"TracingEnabled": False, "CacheClusterEnabled": False}
        patches = replacements(
            {**unset, **old},
            {**unset, **new},
            "DeploymentId Description DocumentationVersion TracingEnabled CacheClusterEnabled CacheClusterSize",
        )
        self._patch(client, new, patches + _variables(old, new) + _settings(old, new))
        arn = f"arn:{context.partition}:apigateway:{context.region}::/restapis/{new['RestApiId']}/stages/{physical_id}"
        retag(client, arn, context, old, new)
        return ProvidedResource(physical_id)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("apigateway").delete_stage(
                restApiId=properties["RestApiId"], stageName=physical_id
            )

    def _check(self, context: Context, properties: Properties) -> None:
        refuse(properties, self.UNSUPPORTED)
        if not _logs(properties):
            return
        if not context.client("apigateway").get_account().get("cloudwatchRoleArn"):
            raise ProviderError("CloudWatch Logs role ARN must be set in account settings to enable logging")

    def _patch(self, client: APIGatewayClient, properties: Properties, patches: list[Patch]) -> None:
        if patches:
            client.update_stage(
                restApiId=properties["RestApiId"], stageName=properties["StageName"], patchOperations=patches
            )


def _logs(properties: Properties) -> bool:
    levels = {setting.get("LoggingLevel", "OFF") for setting in properties.get("MethodSettings", [])}
    return bool(levels - {"OFF"}) or "DestinationArn" in properties.get("AccessLogSetting", {})


def _variables(old: Properties, new: Properties) -> list[Patch]:
    before, after = old.get("Variables", {}), new.get("Variables", {})
    patches: list[Patch] = [
        {"op": "remove", "path": f"/variables/{name}"} for name in before if name not in after
    ]
    return patches + [
        {"op": "replace", "path": f"/variables/{name}", "value": text(value)}
        for name, value in after.items()
        if before.get(name) != value
    ]


def _settings(old: Properties, new: Properties) -> list[Patch]:
    """Access log and method settings, which only a patch can set."""
    patches: list[Patch] = []
    access = new.get("AccessLogSetting", {})
    if changed(old, new, "AccessLogSetting"):
        if not access:
            patches.append({"op": "remove", "path": "/accessLogSettings"})
        for prop, name in (("DestinationArn", "destinationArn"), ("Format", "format")):
            if prop in access:
                value = access[prop].removesuffix(":*")
                patches.append({"op": "replace", "path": f"/accessLogSettings/{name}", "value": value})
    before, after = _by_path(old), _by_path(new)
    for path, default in before.items():
        if path not in after:
            patches.append({"op": "replace", "path": path, "value": default[1]})
    for path, (value, _) in after.items():
        if before.get(path, (None, ""))[0] != value:
            patches.append({"op": "replace", "path": path, "value": value})
    return patches


def _by_path(properties: Properties) -> dict[str, tuple[str, str]]:
    """Patch path to value and default of every method setting."""
    found = {}
    for setting in properties.get("MethodSettings", []):
        path = setting.get("ResourcePath", "/*")
        resource = "*" if path in ("/*", "*") else escaped(path)
        for prop, (key, default) in METHOD_SETTINGS.items():
            if prop in setting:
                method = setting.get("HttpMethod", "*")
                found[f"/{resource}/{method}/{key}"] = (text(setting[prop]), default)
    return found
