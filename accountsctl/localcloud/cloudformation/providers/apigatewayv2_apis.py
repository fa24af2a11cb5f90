# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""AWS::ApiGatewayV2::Api: an HTTP API, and the OpenAPI document that it may be made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accountsctl.localcloud.cloudformation.providers import openapi
from accountsctl.localcloud.cloudformation.providers.apigatewayv2 import (
    AuthorizerProvider,
    IntegrationProvider,
    RouteProvider,
)
from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Parameters,
    Properties,
    ProvidedResource,
    ProviderError,
)
from accountsctl.localcloud.cloudformation.providers.calls import (
    already_gone,
    bring_tags,
    changed,
    parameters,
    refuse,
    tag_map,
    tagged,
)
from accountsctl.localcloud.openapi import OpenApiError
from accountsctl.localcloud.openapi.http_api import HttpApiDefinition, read
from accountsctl.localcloud.unsupported_properties import UNSUPPORTED_PROPERTIES

if TYPE_CHECKING:
    from mypy_boto3_apigatewayv2 import ApiGatewayV2Client

DOCUMENT = ("Body", "BodyS3Location")


class HttpApiProvider:
    """AWS::ApiGatewayV2::Api; Ref is its id."""

    UNSUPPORTED = UNSUPPORTED_PROPERTIES["AWS::ApiGatewayV2::Api"]

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        self._check(properties)
        client = context.client("apigatewayv2")
        definition = _definition(context, properties)
        settled = self._settled(context, properties, definition)
        made = client.create_api(**parameters(client, "create_api", settled))
        try:
            _fill(context, made["ApiId"], definition)
        except Exception:
            client.delete_api(ApiId=made["ApiId"])  # no one knows its id yet
            raise
        return self._resource(context, made["ApiId"])

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        self._check(new)
        client = context.client("apigatewayv2")
        definition = _definition(context, new)
        client.delete_cors_configuration(ApiId=physical_id)
        settled = {
            "Description": "",
            "DisableExecuteApiEndpoint": False,
            **self._settled(context, new, definition),
        }
        client.update_api(**parameters(client, "update_api", settled, ApiId=physical_id))
        arn = f"arn:{context.partition}:apigateway:{context.region}::/apis/{physical_id}"
        bring_tags(
            context,
            old,
            new,
            lambda keys: client.untag_resource(ResourceArn=arn, TagKeys=keys),
            lambda tags: client.tag_resource(ResourceArn=arn, Tags=tag_map(tags)),
        )
        if definition is not None and _document_changed(old, new):
            _clear(client, physical_id)
            _fill(context, physical_id, definition)
        return self._resource(context, physical_id)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("apigatewayv2").delete_api(ApiId=physical_id)

    def _check(self, properties: Properties) -> None:
        refuse(properties, self.UNSUPPORTED)
        if properties.get("ProtocolType", "HTTP" if has_document(properties) else None) != "HTTP":
            raise ProviderError("The embedded cloud supports APIs of ProtocolType HTTP only")

    def _settled(
        self, context: Context, properties: Properties, definition: HttpApiDefinition | None
    ) -> Parameters:
        """What the template states wins over what the document does; tags of both are the API's."""
        found = definition or HttpApiDefinition({})
        own = {"ProtocolType": "HTTP", **found.settings, **properties}
        return {**own, "Tags": {**found.tags, **tag_map(tagged(context, properties)["Tags"])}}

    def _resource(self, context: Context, api: str) -> ProvidedResource:
        host = f"{api}.execute-api.{context.region}.amazonaws.com"
        arn = f"arn:{context.partition}:execute-api:{context.region}:{context.account}:{api}"
        return ProvidedResource(api, {"ApiId": api, "ApiEndpoint": f"https://{host}", "ExecuteApiArn": arn})


def has_document(properties: Properties) -> bool:
    """Whether the API is made of an OpenAPI document."""
    return any(name in properties for name in DOCUMENT)


def _document_changed(old: Properties, new: Properties) -> bool:
    return any(changed(old, new, name) for name in DOCUMENT)


def _definition(context: Context, properties: Properties) -> HttpApiDefinition | None:
    """What the document describes; None without one."""
    text = openapi.body(context, properties)
    try:
        return None if text is None else read(text)
    except OpenApiError as fault:
        raise ProviderError(str(fault)) from None


def _clear(client: ApiGatewayV2Client, api_id: str) -> None:
    """Delete what the last document described: an import overwrites the API."""
    for route in client.get_routes(ApiId=api_id)["Items"]:
        client.delete_route(ApiId=api_id, RouteId=route["RouteId"])
    for integration in client.get_integrations(ApiId=api_id)["Items"]:
        client.delete_integration(ApiId=api_id, IntegrationId=integration["IntegrationId"])
    for authorizer in client.get_authorizers(ApiId=api_id)["Items"]:
        client.delete_authorizer(ApiId=api_id, AuthorizerId=authorizer["AuthorizerId"])


def _fill(context: Context, api_id: str, definition: HttpApiDefinition | None) -> None:
    """Make the authorizers, integrations and routes of a document, as resources of their own would."""
    if definition is None:
        return
    api = {"ApiId": api_id}
    authorizers = {
        name: AuthorizerProvider().create(context, {**api, **properties}).physical_id
        for name, properties in definition.authorizers.items()
    }
    for route in definition.routes:
        properties = {**api, **route.properties}
        if route.integration is not None:
            made = IntegrationProvider().create(context, {**api, **route.integration})
            properties["Target"] = f"integrations/{made.physical_id}"
        if route.authorizer is not None:
            properties["AuthorizerId"] = authorizers[route.authorizer]
        RouteProvider().create(context, properties)
