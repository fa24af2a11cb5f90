# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""Amazon Cognito: user pools, their clients, groups and domains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Parameters,
    Properties,
    ProvidedResource,
)
from accountsctl.localcloud.cloudformation.providers.calls import (
    already_gone,
    changed,
    chosen,
    parameters,
    refuse,
    tag_map,
    tagged,
    undone_by,
)
from accountsctl.localcloud.cloudformation.providers.reading import found, without
from accountsctl.localcloud.unsupported_properties import LAMBDA_CONFIG, UNSUPPORTED_PROPERTIES

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import UserPoolClientTypeTypeDef


class UserPoolProvider:
    """AWS::Cognito::UserPool; Ref is its id."""

    UNSUPPORTED = UNSUPPORTED_PROPERTIES["AWS::Cognito::UserPool"]
    READABLE = (
        "AccountRecoverySetting AdminCreateUserConfig AliasAttributes AutoVerifiedAttributes DeletionProtection"
        " Policies UserPoolName UsernameAttributes"
    )

    def read(self, context: Context, physical_id: str, properties: Properties) -> Properties:
        """The settings that Cognito reports as they were written; it adds its own to the others."""
        client = context.client("cognito-idp")
        pool = found(client, "describe_user_pool", UserPoolId=physical_id).at("UserPool")
        actual = pool.properties(context, chosen(properties, self.READABLE), {"UserPoolName": "Name"})
        factors = found(client, "get_user_pool_mfa_config", UserPoolId=physical_id)
        return {**actual, **factors.properties(context, chosen(properties, "MfaConfiguration"))}

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        refuse(properties, self.UNSUPPORTED)
        refuse(properties.get("LambdaConfig") or {}, " ".join(LAMBDA_CONFIG))
        client = context.client("cognito-idp")
        name = properties.get("UserPoolName") or context.name(128)
        call = parameters(client, "create_user_pool", self._settled(context, properties), PoolName=name)
        made = client.create_user_pool(**call)["UserPool"]["Id"]
        with undone_by(lambda: client.delete_user_pool(UserPoolId=made)):
            self._require_factors(client, made, {}, properties)
            return self._resource(context, client, made)

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        refuse(new, self.UNSUPPORTED)
        refuse(new.get("LambdaConfig") or {}, " ".join(LAMBDA_CONFIG))
        client = context.client("cognito-idp")
        call = parameters(client, "update_user_pool", self._settled(context, new), UserPoolId=physical_id)
        if changed(old, new, "UserPoolName"):
            call["PoolName"] = new.get("UserPoolName") or context.name(128)
        client.update_user_pool(**call)
        known = [item.get("Name") for item in old.get("Schema", [])]
        added = [item for item in new.get("Schema", []) if item.get("Name") not in known]
        if added:
            extra = {"CustomAttributes": added, "UserPoolId": physical_id}
            client.add_custom_attributes(**parameters(client, "add_custom_attributes", extra))
        self._require_factors(client, physical_id, old, new)
        return self._resource(context, client, physical_id)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("cognito-idp").delete_user_pool(UserPoolId=physical_id)

    def _settled(self, context: Context, properties: Properties) -> Parameters:
        own = {"Tags": properties.get("UserPoolTags", {})}
        return {**properties, "UserPoolTags": tag_map(tagged(context, own)["Tags"])}

    def _require_factors(
        self, client: CognitoIdentityProviderClient, pool: str, old: Properties, new: Properties
    ) -> None:
        if changed(old, new, "MfaConfiguration", "EnabledMfas"):
            mode = new.get("MfaConfiguration", "OFF")
            token: Parameters = {
                "SoftwareTokenMfaConfiguration": {
                    "Enabled": "SOFTWARE_TOKEN_MFA" in new.get("EnabledMfas", [])
                }
            }
            client.set_user_pool_mfa_config(
                UserPoolId=pool, MfaConfiguration=mode, **({} if mode == "OFF" else token)
            )

    def _resource(
        self, context: Context, client: CognitoIdentityProviderClient, pool: str
    ) -> ProvidedResource:
        arn = client.describe_user_pool(UserPoolId=pool)["UserPool"]["Arn"]
        provider = f"cognito-idp.{context.region}.amazonaws.com/{pool}"
        attributes = {
            "Arn": arn,
            "UserPoolId": pool,
            "ProviderName": provider,
            "ProviderURL": f"https://{provider}",
        }
        return ProvidedResource(pool, attributes)


class UserPoolClientProvider:
    """AWS::Cognito::UserPoolClient; Ref is its id."""

    def read(self, context: Context, physical_id: str, properties: Properties) -> Properties:
        where = {"UserPoolId": properties["UserPoolId"], "ClientId": physical_id}
        client = found(context.client("cognito-idp"), "describe_user_pool_client", **where)
        return client.at("UserPoolClient").properties(context, without(properties, "GenerateSecret"))

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("cognito-idp")
        settled = {"ClientName": context.name(128), **properties}
        made = client.create_user_pool_client(**parameters(client, "create_user_pool_client", settled))
        return self._resource(made["UserPoolClient"])

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        client = context.client("cognito-idp")
        call = parameters(client, "update_user_pool_client", new, ClientId=physical_id)
        return self._resource(client.update_user_pool_client(**call)["UserPoolClient"])

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("cognito-idp").delete_user_pool_client(
                UserPoolId=properties["UserPoolId"], ClientId=physical_id
            )

    def _resource(self, made: UserPoolClientTypeTypeDef) -> ProvidedResource:
        secret = {"ClientSecret": made["ClientSecret"]} if "ClientSecret" in made else {}
        return ProvidedResource(
            made["ClientId"], {"ClientId": made["ClientId"], "Name": made["ClientName"], **secret}
        )


class UserPoolGroupProvider:
    """AWS::Cognito::UserPoolGroup; Ref is its name."""

    def read(self, context: Context, physical_id: str, properties: Properties) -> Properties:
        where = {"UserPoolId": properties["UserPoolId"], "GroupName": physical_id}
        return (
            found(context.client("cognito-idp"), "get_group", **where)
            .at("Group")
            .properties(context, properties)
        )

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("cognito-idp")
        settled = {"GroupName": context.name(128), **properties}
        made = client.create_group(**parameters(client, "create_group", settled))
        return ProvidedResource(made["Group"]["GroupName"])

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        client = context.client("cognito-idp")
        client.update_group(**parameters(client, "update_group", new, GroupName=physical_id))
        return ProvidedResource(physical_id)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("cognito-idp").delete_group(
                UserPoolId=properties["UserPoolId"], GroupName=physical_id
            )


class UserPoolDomainProvider:
    """AWS::Cognito::UserPoolDomain; Ref is the domain."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("cognito-idp")
        client.create_user_pool_domain(**parameters(client, "create_user_pool_domain", properties))
        return ProvidedResource(properties["Domain"])

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        client = context.client("cognito-idp")
        client.update_user_pool_domain(**parameters(client, "update_user_pool_domain", new))
        return ProvidedResource(physical_id)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("cognito-idp").delete_user_pool_domain(
                UserPoolId=properties["UserPoolId"], Domain=physical_id
            )
