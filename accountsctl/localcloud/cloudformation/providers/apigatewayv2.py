# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""API Gateway v2: what HTTP APIs have: routes, Lambda integrations, JWT authorizers, stages."""

from __future__ import annotations

import re

from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Properties,
    ProvidedResource,
    ProviderError,
)
from accountsctl.localcloud.cloudformation.providers.calls import (
    already_gone,
    parameters,
    refuse,
)
from accountsctl.localcloud.unsupported_properties import UNSUPPORTED_PROPERTIES

FUNCTION = re.compile(r"arn:[^:]+:(lambda:.*|apigateway:[^:]+:lambda:path/.*/invocations)")
ISSUER = re.compile(r"https://cognito-idp\.[a-z0-9-]+\.amazonaws\.com/[\w-]+_\w+")


class RouteProvider:
    """AWS::ApiGatewayV2::Route; Ref is its id."""

    UNSUPPORTED = UNSUPPORTED_PROPERTIES["AWS::ApiGatewayV2::Route"]

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        self._check(properties)
        client = context.client("apigatewayv2")
        made = client.create_route(**parameters(client, "create_route", properties))["RouteId"]
        return ProvidedResource(made, {"RouteId": made})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        self._check(new)
        client = context.client("apigatewayv2")
        settled = {"AuthorizationType": "NONE", "AuthorizationScopes": [], "AuthorizerId": "", **new}
        client.update_route(**parameters(client, "update_route", settled, RouteId=physical_id))
        return ProvidedResource(physical_id, {"RouteId": physical_id})

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("apigatewayv2").delete_route(ApiId=properties["ApiId"], RouteId=physical_id)

    def _check(self, properties: Properties) -> None:
        refuse({name: value for name, value in properties.items() if value}, self.UNSUPPORTED)
        if properties.get("AuthorizationType", "NONE") not in ("NONE", "JWT", "AWS_IAM"):
            kind = properties["AuthorizationType"]
            raise ProviderError(
                f"The embedded cloud does not support the AuthorizationType {kind} of HTTP APIs"
            )


class IntegrationProvider:
    """AWS::ApiGatewayV2::Integration; Ref is its id."""

    UNSUPPORTED = UNSUPPORTED_PROPERTIES["AWS::ApiGatewayV2::Integration"]

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        self._check(properties)
        client = context.client("apigatewayv2")
        made = client.create_integration(**parameters(client, "create_integration", properties))
        return ProvidedResource(made["IntegrationId"], {"IntegrationId": made["IntegrationId"]})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        self._check(new)
        client = context.client("apigatewayv2")
        settled = {"Description": "", "TimeoutInMillis": 30000, **new}
        call = parameters(client, "update_integration", settled, IntegrationId=physical_id)
        client.update_integration(**call)
        return ProvidedResource(physical_id, {"IntegrationId": physical_id})

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("apigatewayv2").delete_integration(
                ApiId=properties["ApiId"], IntegrationId=physical_id
            )

    def _check(self, properties: Properties) -> None:
        refuse(properties, self.UNSUPPORTED)
        uri = str(properties.get("IntegrationUri", ""))
        if properties.get("IntegrationType") != "AWS_PROXY" or not FUNCTION.fullmatch(uri):
            raise ProviderError("The embedded cloud supports AWS_PROXY integrations of functions only")
        if properties.get("PayloadFormatVersion") not in ("1.0", "2.0"):
            raise ProviderError("PayloadFormatVersion is a required parameter for Lambda integration")


class AuthorizerProvider:
    """AWS::ApiGatewayV2::Authorizer; Ref is its id."""

    UNSUPPORTED = UNSUPPORTED_PROPERTIES["AWS::ApiGatewayV2::Authorizer"]

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        self._check(properties)
        client = context.client("apigatewayv2")
        made = client.create_authorizer(**parameters(client, "create_authorizer", properties))["AuthorizerId"]
        return ProvidedResource(made, {"AuthorizerId": made})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        self._check(new)
        client = context.client("apigatewayv2")
        client.update_authorizer(**parameters(client, "update_authorizer", new, AuthorizerId=physical_id))
        return ProvidedResource(physical_id, {"AuthorizerId": physical_id})

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("apigatewayv2").delete_authorizer(
                ApiId=properties["ApiId"], AuthorizerId=physical_id
            )

    def _check(self, properties: Properties) -> None:
        refuse(properties, self.UNSUPPORTED)
        if properties.get("AuthorizerType") != "JWT":
            raise ProviderError("The embedded cloud supports JWT authorizers of HTTP APIs only")
        issuer = str(properties.get("JwtConfiguration", {}).get("Issuer", ""))
        if not ISSUER.fullmatch(issuer):
            raise ProviderError(f"The embedded cloud knows no keys of the issuer {issuer}: name a user pool")


class HttpStageProvider:
    """AWS::ApiGatewayV2::Stage; Ref is its name."""

    UNSUPPORTED = UNSUPPORTED_PROPERTIES["AWS::ApiGatewayV2::Stage"]

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        refuse(properties, self.UNSUPPORTED)
        settings = properties.get("DefaultRouteSettings", {})
        if any(str(value).lower() != "false" for value in settings.values()):
            raise ProviderError(
                "The embedded cloud does not throttle routes of HTTP APIs, nor measure each of them"
            )
        if not properties.get("AutoDeploy"):
            raise ProviderError("The embedded cloud supports stages of HTTP APIs with AutoDeploy only")
        client = context.client("apigatewayv2")
        client.create_stage(**parameters(client, "create_stage", properties))
        return ProvidedResource(properties["StageName"])

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        """The services that we run against cannot change a stage, so it is made again; it holds nothing of its own."""
        self.delete(context, physical_id, old)
        return self.create(context, new)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("apigatewayv2").delete_stage(ApiId=properties["ApiId"], StageName=physical_id)
