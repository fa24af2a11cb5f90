# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""AWS KMS: keys and their aliases."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Properties,
    ProvidedResource,
    ProviderError,
)
from accountsctl.localcloud.cloudformation.providers.calls import (
    Tag,
    already_gone,
    bring_tags,
    changed,
    chosen,
    parameters,
    tagged,
    text,
    truth,
    undone_by,
)
from accountsctl.localcloud.cloudformation.providers.reading import found

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_kms.type_defs import TagTypeDef

PENDING_DAYS = 30


def _key_tags(tags: Iterable[Tag]) -> list[TagTypeDef]:
    """The tags under the member names of KMS, which differ from every other service's."""
    return [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in tags]


class KeyProvider:
    """AWS::KMS::Key; Ref is its id. Deleting it schedules its deletion, as on AWS."""

    def read(self, context: Context, physical_id: str, properties: Properties) -> Properties:
        client = context.client("kms")
        key = found(client, "describe_key", KeyId=physical_id).at("KeyMetadata")
        if key.value["KeyState"] == "PendingDeletion":
            raise ProviderError(f"The key {physical_id} does not exist", "NotFound")
        actual = key.properties(
            context, chosen(properties, "Description Enabled KeySpec KeyUsage MultiRegion")
        )
        if "EnableKeyRotation" in properties:
            rotation = client.get_key_rotation_status(KeyId=physical_id)
            actual["EnableKeyRotation"] = rotation["KeyRotationEnabled"]
        if "KeyPolicy" in properties:
            policy = client.get_key_policy(KeyId=physical_id, PolicyName="default")["Policy"]
            actual["KeyPolicy"] = json.loads(policy)
        return actual

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("kms")
        tags = _key_tags(tagged(context, properties)["Tags"])
        settled = {key: value for key, value in properties.items() if key != "Tags"}
        call = parameters(client, "create_key", {**settled, "Policy": properties.get("KeyPolicy")}, Tags=tags)
        made = client.create_key(**call)["KeyMetadata"]
        with undone_by(lambda: self.delete(context, made["KeyId"], properties)):
            self._settle(client, made["KeyId"], {}, properties)
        return ProvidedResource(made["KeyId"], {"Arn": made["Arn"], "KeyId": made["KeyId"]})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        client = context.client("kms")
        if changed(old, new, "Description"):
            client.update_key_description(KeyId=physical_id, Description=new.get("Description", ""))
        if changed(old, new, "KeyPolicy") and "KeyPolicy" in new:
            client.put_key_policy(
                KeyId=physical_id,
                PolicyName="default",
                Policy=text(new["KeyPolicy"]),
                BypassPolicyLockoutSafetyCheck=truth(new.get("BypassPolicyLockoutSafetyCheck", False)),
            )
        self._settle(client, physical_id, old, new)
        bring_tags(
            context,
            old,
            new,
            lambda keys: client.untag_resource(KeyId=physical_id, TagKeys=keys),
            lambda tags: client.tag_resource(KeyId=physical_id, Tags=_key_tags(tags)),
        )
        arn = client.describe_key(KeyId=physical_id)["KeyMetadata"]["Arn"]
        return ProvidedResource(physical_id, {"Arn": arn, "KeyId": physical_id})

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        client = context.client("kms")
        with already_gone():
            if client.describe_key(KeyId=physical_id)["KeyMetadata"]["KeyState"] == "PendingDeletion":
                return
            days = int(properties.get("PendingWindowInDays", PENDING_DAYS))
            client.schedule_key_deletion(KeyId=physical_id, PendingWindowInDays=days)

    def _settle(self, client: KMSClient, key: str, old: Properties, new: Properties) -> None:
        if changed(old, new, "EnableKeyRotation"):
            rotate = truth(new.get("EnableKeyRotation", False))
            (client.enable_key_rotation if rotate else client.disable_key_rotation)(KeyId=key)
        if changed(old, new, "Enabled"):
            enabled = truth(new.get("Enabled", True))
            (client.enable_key if enabled else client.disable_key)(KeyId=key)


class AliasProvider:
    """AWS::KMS::Alias; Ref is its name."""

    def read(self, context: Context, physical_id: str, properties: Properties) -> Properties:
        aliases = found(context.client("kms"), "list_aliases").values("Aliases")
        alias = next(
            (candidate for candidate in aliases if candidate.value["AliasName"] == physical_id), None
        )
        if alias is None:
            raise ProviderError(f"The alias {physical_id} does not exist", "NotFound")
        return alias.properties(context, properties)

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("kms")
        client.create_alias(AliasName=properties["AliasName"], TargetKeyId=properties["TargetKeyId"])
        return ProvidedResource(properties["AliasName"])

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        context.client("kms").update_alias(AliasName=physical_id, TargetKeyId=new["TargetKeyId"])
        return ProvidedResource(physical_id)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("kms").delete_alias(AliasName=physical_id)
