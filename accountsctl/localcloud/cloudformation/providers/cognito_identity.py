# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""Amazon Cognito identity pools, and the roles that their identities get."""

from __future__ import annotations

from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Parameters,
    Properties,
    ProvidedResource,
)
from accountsctl.localcloud.cloudformation.providers.calls import (
    already_gone,
    chosen,
    parameters,
    refuse,
    tag_map,
)
from accountsctl.localcloud.cloudformation.providers.reading import found
from accountsctl.localcloud.unsupported_properties import UNSUPPORTED_PROPERTIES

READABLE = "AllowUnauthenticatedIdentities CognitoIdentityProviders IdentityPoolName"


class IdentityPoolProvider:
    """AWS::Cognito::IdentityPool; Ref is its id."""

    UNSUPPORTED = UNSUPPORTED_PROPERTIES["AWS::Cognito::IdentityPool"]

    def read(self, context: Context, physical_id: str, properties: Properties) -> Properties:
        pool = found(context.client("cognito-identity"), "describe_identity_pool", IdentityPoolId=physical_id)
        return pool.properties(context, chosen(properties, READABLE))

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("cognito-identity")
        settled = self._settled(context, properties)
        made = client.create_identity_pool(**parameters(client, "create_identity_pool", settled))
        return self._resource(made["IdentityPoolId"], made["IdentityPoolName"])

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        client = context.client("cognito-identity")
        settled = {"CognitoIdentityProviders": [], **self._settled(context, new)}
        call = parameters(client, "update_identity_pool", settled, IdentityPoolId=physical_id)
        if "IdentityPoolName" not in new:
            call["IdentityPoolName"] = client.describe_identity_pool(IdentityPoolId=physical_id)[
                "IdentityPoolName"
            ]
        return self._resource(physical_id, client.update_identity_pool(**call)["IdentityPoolName"])

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("cognito-identity").delete_identity_pool(IdentityPoolId=physical_id)

    def _settled(self, context: Context, properties: Properties) -> Parameters:
        refuse({name: value for name, value in properties.items() if value}, self.UNSUPPORTED)
        own = tag_map(properties.get("IdentityPoolTags"))
        return {
            "IdentityPoolName": context.name(128),
            **properties,
            "IdentityPoolTags": {**context.tags, **own},
        }

    def _resource(self, pool: str, name: str) -> ProvidedResource:
        return ProvidedResource(pool, {"Id": pool, "Name": name})


class RoleAttachmentProvider:
    """AWS::Cognito::IdentityPoolRoleAttachment; Ref is an id of its own."""

    def read(self, context: Context, physical_id: str, properties: Properties) -> Properties:
        client = context.client("cognito-identity")
        attached = client.get_identity_pool_roles(IdentityPoolId=properties["IdentityPoolId"])
        return {
            **chosen(properties, "IdentityPoolId RoleMappings"),
            **({"Roles": attached["Roles"]} if "Roles" in properties else {}),
        }

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        self._attach(context, properties)
        made = f"{properties['IdentityPoolId']}-{context.token}"
        return ProvidedResource(made, {"Id": made})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        self._attach(context, new)
        return ProvidedResource(physical_id, {"Id": physical_id})

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("cognito-identity").set_identity_pool_roles(
                IdentityPoolId=properties["IdentityPoolId"], Roles={}
            )

    def _attach(self, context: Context, properties: Properties) -> None:
        """A mapping is about the provider that it names, or about the one that is its key."""
        client = context.client("cognito-identity")
        mappings = {
            mapping.get("IdentityProvider", key): mapping
            for key, mapping in properties.get("RoleMappings", {}).items()
        }
        settled = {"Roles": {}, **properties, "RoleMappings": mappings}
        client.set_identity_pool_roles(**parameters(client, "set_identity_pool_roles", settled))
