# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""API Gateway: what hangs below a REST API, but for its methods and stages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.cloudformation.providers.apigateway_reading import (
    read_account,
    read_authorizer,
    read_gateway_response,
    read_model,
    read_path_resource,
    read_request_validator,
)
from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Properties,
    ProvidedResource,
    ProviderError,
)
from accountsctl.localcloud.cloudformation.providers.calls import (
    already_gone,
    bring_tags,
    delete_known,
    parameters,
    tag_map,
    text,
)

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_apigateway.type_defs import PatchOperationTypeDef as Patch


def replacements(old: Properties, new: Properties, names: str) -> list[Patch]:
    """Patch operations for scalar properties whose API path is their name in lower camel case."""
    differing = [name for name in names.split() if old.get(name) != new.get(name)]
    return [
        {"op": "replace", "path": f"/{name[0].lower()}{name[1:]}", "value": text(new.get(name, ""))}
        for name in differing
    ]


def escaped(value: str) -> str:
    """A value as one segment of a patch path (RFC 6901)."""
    return value.replace("~", "~0").replace("/", "~1")


def members(path: str, before: Iterable[str], after: Iterable[str]) -> list[Patch]:
    """Patch operations that make a set of strings at `path` what it should be."""
    old, new = list(before), list(after)
    added: list[Patch] = [
        {"op": "add", "path": f"{path}/{escaped(v)}", "value": v} for v in new if v not in old
    ]
    removed: list[Patch] = [
        {"op": "remove", "path": f"{path}/{escaped(v)}", "value": v} for v in old if v not in new
    ]
    return added + removed


def retag(client: APIGatewayClient, arn: str, context: Context, old: Properties, new: Properties) -> None:
    """Bring the tags of what has this ARN to those of the template."""
    bring_tags(
        context,
        old,
        new,
        lambda keys: client.untag_resource(resourceArn=arn, tagKeys=keys),
        lambda tags: client.tag_resource(resourceArn=arn, tags=tag_map(tags)),
    )


class PathResourceProvider:
    """AWS::ApiGateway::Resource: one path segment; all of its properties are create-only."""

    read = staticmethod(read_path_resource)

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("apigateway")
        made = client.create_resource(**parameters(client, "create_resource", properties))
        return ProvidedResource(made["id"], {"ResourceId": made["id"]})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        raise ProviderError(f"{physical_id} cannot be updated: all of its properties are create-only")

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        delete_known(
            context.client("apigateway"),
            "resource",
            restApiId=properties["RestApiId"],
            resourceId=physical_id,
        )


class AuthorizerProvider:
    """AWS::ApiGateway::Authorizer; Ref is its id."""

    read = staticmethod(read_authorizer)

    SCALARS = (
        "Name AuthType AuthorizerCredentials AuthorizerResultTtlInSeconds AuthorizerUri IdentitySource Type"
    )

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        self._check(properties)
        client = context.client("apigateway")
        made = client.create_authorizer(**parameters(client, "create_authorizer", properties))
        expression = properties.get("IdentityValidationExpression")
        if expression and not made.get("identityValidationExpression"):
            self._patch(
                client, properties, made["id"], replacements({}, properties, "IdentityValidationExpression")
            )
        return ProvidedResource(made["id"], {"AuthorizerId": made["id"]})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        self._check(new)
        patches = replacements(old, new, f"{self.SCALARS} IdentityValidationExpression")
        before, after = old.get("ProviderARNs", []), new.get("ProviderARNs", [])
        patches += [
            {"op": "add", "path": "/providerARNs", "value": arn} for arn in after if arn not in before
        ]
        patches += [
            {"op": "remove", "path": "/providerARNs", "value": arn} for arn in before if arn not in after
        ]
        self._patch(context.client("apigateway"), new, physical_id, patches)
        return ProvidedResource(physical_id, {"AuthorizerId": physical_id})

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        delete_known(
            context.client("apigateway"),
            "authorizer",
            restApiId=properties["RestApiId"],
            authorizerId=physical_id,
        )

    def _check(self, properties: Properties) -> None:
        if properties["Type"] == "COGNITO_USER_POOLS" and not properties.get("ProviderARNs"):
            raise ProviderError("Provider ARNs must be specified for authorizer type COGNITO_USER_POOLS")
        if properties["Type"] in ("TOKEN", "REQUEST") and not properties.get("AuthorizerUri"):
            raise ProviderError(f"Authorizer URI must be specified for authorizer type {properties['Type']}")

    def _patch(
        self, client: APIGatewayClient, properties: Properties, authorizer: str, patches: list[Patch]
    ) -> None:
        if patches:
            client.update_authorizer(
                restApiId=properties["RestApiId"], authorizerId=authorizer, patchOperations=patches
            )


class RequestValidatorProvider:
    """AWS::ApiGateway::RequestValidator; Ref is its id."""

    read = staticmethod(read_request_validator)

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("apigateway")
        named = {"Name": context.name(128), **properties}
        made = client.create_request_validator(**parameters(client, "create_request_validator", named))
        return ProvidedResource(made["id"], {"RequestValidatorId": made["id"]})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        switches = "ValidateRequestBody ValidateRequestParameters"
        unset: Mapping[str, Any] = dict.fromkeys(switches.split(), False)
        patches = replacements({**unset, **old}, {**unset, **new}, switches)
        if patches:
            context.client("apigateway").update_request_validator(
                restApiId=new["RestApiId"], requestValidatorId=physical_id, patchOperations=patches
            )
        return ProvidedResource(physical_id, {"RequestValidatorId": physical_id})

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        client = context.client("apigateway")
        with already_gone():
            known = client.get_request_validators(restApiId=properties["RestApiId"], limit=500)["items"]
            if physical_id in [item["id"] for item in known]:
                client.delete_request_validator(
                    restApiId=properties["RestApiId"], requestValidatorId=physical_id
                )


class ModelProvider:
    """AWS::ApiGateway::Model; Ref is its name."""

    read = staticmethod(read_model)

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        name = properties.get("Name") or context.name(128).replace("-", "")
        self._create(context, name, properties)
        return ProvidedResource(name)

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        self.delete(context, physical_id, old)
        self._create(context, physical_id, new)
        return ProvidedResource(physical_id)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        delete_known(
            context.client("apigateway"), "model", restApiId=properties["RestApiId"], modelName=physical_id
        )

    def _create(self, context: Context, name: str, properties: Properties) -> None:
        client = context.client("apigateway")
        settled = {"ContentType": "application/json", "Description": "", "Schema": {}, **properties}
        client.create_model(**parameters(client, "create_model", settled, name=name))


class GatewayResponseProvider:
    """AWS::ApiGateway::GatewayResponse."""

    read = staticmethod(read_gateway_response)

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        self._put(context, properties)
        physical_id = context.token.lower()
        return ProvidedResource(physical_id, {"Id": physical_id})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        self._put(context, new)
        return ProvidedResource(physical_id, {"Id": physical_id})

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        delete_known(
            context.client("apigateway"),
            "gateway_response",
            restApiId=properties["RestApiId"],
            responseType=properties["ResponseType"],
        )

    def _put(self, context: Context, properties: Properties) -> None:
        client = context.client("apigateway")
        client.put_gateway_response(**parameters(client, "put_gateway_response", properties))


class AccountProvider:
    """AWS::ApiGateway::Account: the role by which API Gateway writes logs, one per Region."""

    read = staticmethod(read_account)

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        self._set(context, properties)
        physical_id = context.name(64)
        return ProvidedResource(physical_id, {"Id": physical_id})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        self._set(context, new)
        return ProvidedResource(physical_id, {"Id": physical_id})

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        """Nothing: AWS leaves the account's setting in place too."""

    def _set(self, context: Context, properties: Properties) -> None:
        role = properties.get("CloudWatchRoleArn")
        if role:
            patch: Patch = {"op": "replace", "path": "/cloudwatchRoleArn", "value": role}
            context.client("apigateway").update_account(patchOperations=[patch])
