# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""API Gateway: API keys and usage plans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from accountsctl.localcloud.cloudformation.providers.apigateway import replacements, retag
from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Properties,
    ProvidedResource,
    ProviderError,
)
from accountsctl.localcloud.cloudformation.providers.calls import (
    changed,
    delete_known,
    parameters,
    tagged,
    text,
)

if TYPE_CHECKING:
    from mypy_boto3_apigateway.type_defs import PatchOperationTypeDef as Patch


class ApiKeyProvider:
    """AWS::ApiGateway::ApiKey; Ref is its id."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("apigateway")
        settled = {"Name": context.name(128), **tagged(context, properties)}
        made = client.create_api_key(**parameters(client, "create_api_key", settled))
        return ProvidedResource(made["id"], {"APIKeyId": made["id"]})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        patches = replacements(
            {"Enabled": False, **old}, {"Enabled": False, **new}, "CustomerId Description Enabled"
        )
        client = context.client("apigateway")
        if patches:
            client.update_api_key(apiKey=physical_id, patchOperations=patches)
        retag(client, _arn(context, "apikeys", physical_id), context, old, new)
        return ProvidedResource(physical_id, {"APIKeyId": physical_id})

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        delete_known(context.client("apigateway"), "api_key", apiKey=physical_id)


class UsagePlanProvider:
    """AWS::ApiGateway::UsagePlan; Ref is its id."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("apigateway")
        settled = {
            "Name": properties.get("UsagePlanName") or context.name(128),
            **tagged(context, properties),
        }
        if "Quota" in properties:
            settled["Quota"] = {"Offset": 0, **properties["Quota"]}
        made = client.create_usage_plan(**parameters(client, "create_usage_plan", settled))
        return ProvidedResource(made["id"], {"Id": made["id"]})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        patches = replacements(old, new, "Description")
        if changed(old, new, "UsagePlanName"):
            patches.append({"op": "replace", "path": "/name", "value": new["UsagePlanName"]})
        for prop, fields in {"Quota": "limit offset period", "Throttle": "burstLimit rateLimit"}.items():
            for name in fields.split():
                value = new.get(prop, {}).get(name[0].upper() + name[1:])
                if value is not None and changed(old, new, prop):
                    patches.append({"op": "replace", "path": f"/{prop.lower()}/{name}", "value": text(value)})
            if prop in old and prop not in new:
                patches.append({"op": "remove", "path": f"/{prop.lower()}"})
        if changed(old, new, "ApiStages"):
            before, after = _stage_keys(old), _stage_keys(new)
            patches += _stages("remove", [stage for stage in before if stage not in after])
            patches += _stages("add", [stage for stage in after if stage not in before])
        client = context.client("apigateway")
        if patches:
            client.update_usage_plan(usagePlanId=physical_id, patchOperations=patches)
        retag(client, _arn(context, "usageplans", physical_id), context, old, new)
        return ProvidedResource(physical_id, {"Id": physical_id})

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        delete_known(context.client("apigateway"), "usage_plan", usagePlanId=physical_id)


def _arn(context: Context, kind: str, physical_id: str) -> str:
    return f"arn:{context.partition}:apigateway:{context.region}::/{kind}/{physical_id}"


def _stages(operation: Literal["add", "remove"], keys: list[str]) -> list[Patch]:
    """Here, unlike elsewhere, the member is the value and not a part of the path."""
    return [{"op": operation, "path": "/apiStages", "value": key} for key in keys]


def _stage_keys(properties: Properties) -> list[str]:
    return [f"{stage['ApiId']}:{stage['Stage']}" for stage in properties.get("ApiStages", [])]


class UsagePlanKeyProvider:
    """AWS::ApiGateway::UsagePlanKey; Ref is ``<key>:<plan>``."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("apigateway")
        client.create_usage_plan_key(**parameters(client, "create_usage_plan_key", properties))
        physical_id = f"{properties['KeyId']}:{properties['UsagePlanId']}"
        return ProvidedResource(physical_id, {"Id": physical_id})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        raise ProviderError(f"{physical_id} cannot be updated: all of its properties are create-only")

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        client = context.client("apigateway")
        delete_known(
            client, "usage_plan_key", usagePlanId=properties["UsagePlanId"], keyId=properties["KeyId"]
        )
