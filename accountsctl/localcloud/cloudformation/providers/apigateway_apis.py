# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""API Gateway: the REST API itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accountsctl.localcloud.cloudformation.providers import openapi
from accountsctl.localcloud.cloudformation.providers.apigateway import members, replacements, retag
from accountsctl.localcloud.cloudformation.providers.apigateway_reading import read_rest_api
from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Parameters,
    Properties,
    ProvidedResource,
    ProviderError,
)
from accountsctl.localcloud.cloudformation.providers.calls import (
    changed,
    delete_known,
    parameters,
    refuse,
    tagged,
    undone_by,
)
from accountsctl.localcloud.unsupported_properties import UNSUPPORTED_PROPERTIES

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_apigateway.type_defs import PatchOperationTypeDef as Patch


class RestApiProvider:
    """AWS::ApiGateway::RestApi, built of resources or described by an OpenAPI document, or both."""

    read = staticmethod(read_rest_api)

    UNSUPPORTED = UNSUPPORTED_PROPERTIES["AWS::ApiGateway::RestApi"]
    SCALARS = "Name Description DisableExecuteApiEndpoint MinimumCompressionSize Policy"

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        refuse(properties, self.UNSUPPORTED)
        body = openapi.body(context, properties)
        if body is None and not properties.get("Name"):
            raise ProviderError("Either a Name or a Body has to be specified")
        client = context.client("apigateway")
        if body is not None:
            return self._imported(context, client, body, properties)
        call = parameters(
            client,
            "create_rest_api",
            {"ApiKeySource": properties.get("ApiKeySourceType"), **tagged(context, properties)},
        )
        made = client.create_rest_api(**call)
        return self._resource(client, made["id"])

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        refuse(new, self.UNSUPPORTED)
        client = context.client("apigateway")
        body = openapi.body(context, new)
        if body is not None and changed(old, new, *openapi.PROPERTIES):
            openapi.put(client, physical_id, body, new)
            old = self._kept(old, new)
        patches = self._patches(old, new)
        if patches:
            client.update_rest_api(restApiId=physical_id, patchOperations=patches)
        arn = f"arn:{context.partition}:apigateway:{context.region}::/restapis/{physical_id}"
        retag(client, arn, context, old, new)
        return self._resource(client, physical_id)

    def _imported(
        self, context: Context, client: APIGatewayClient, body: bytes, properties: Properties
    ) -> ProvidedResource:
        """The document first; what the properties say besides is laid over it."""
        api_id = openapi.create(client, body, properties)["id"]
        with undone_by(lambda: client.delete_rest_api(restApiId=api_id)):
            patches = self._patches({}, properties)
            if patches:
                client.update_rest_api(restApiId=api_id, patchOperations=patches)
            arn = f"arn:{context.partition}:apigateway:{context.region}::/restapis/{api_id}"
            retag(client, arn, context, {}, properties)
        return self._resource(client, api_id)

    def _patches(self, old: Properties, new: Properties) -> list[Patch]:
        patches = replacements(old, new, self.SCALARS)
        if changed(old, new, "ApiKeySourceType"):
            patches.append(
                {"op": "replace", "path": "/apiKeySource", "value": new.get("ApiKeySourceType", "HEADER")}
            )
        patches += members(
            "/binaryMediaTypes", old.get("BinaryMediaTypes", []), new.get("BinaryMediaTypes", [])
        )
        return patches + self._endpoint(old, new)

    def _kept(self, old: Properties, new: Properties) -> Parameters:
        """The old properties without those that the document just wrote over, so that they are set again."""
        written = (*self.SCALARS.split(), "ApiKeySourceType", "BinaryMediaTypes")
        return {name: value for name, value in old.items() if name not in written or name not in new}

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        delete_known(context.client("apigateway"), "rest_api", restApiId=physical_id)

    def _endpoint(self, old: Properties, new: Properties) -> list[Patch]:
        before = old.get("EndpointConfiguration", {}).get("Types", ["EDGE"])
        after = new.get("EndpointConfiguration", {}).get("Types", ["EDGE"])
        if before == after:
            return []
        return [{"op": "replace", "path": f"/endpointConfiguration/types/{before[0]}", "value": after[0]}]

    def _resource(self, client: APIGatewayClient, api_id: str) -> ProvidedResource:
        resources = client.get_resources(restApiId=api_id, limit=500)["items"]
        root = next(item["id"] for item in resources if item["path"] == "/")
        return ProvidedResource(api_id, {"RestApiId": api_id, "RootResourceId": root})
