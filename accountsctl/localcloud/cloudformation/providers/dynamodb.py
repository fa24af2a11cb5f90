# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""Amazon DynamoDB: tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Parameters,
    Properties,
    ProvidedResource,
)
from accountsctl.localcloud.cloudformation.providers.calls import (
    already_gone,
    bring_tags,
    changed,
    chosen,
    parameters,
    refuse,
    tagged,
    truth,
    undone_by,
)
from accountsctl.localcloud.unsupported_properties import UNSUPPORTED_PROPERTIES

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

UNSUPPORTED = UNSUPPORTED_PROPERTIES["AWS::DynamoDB::Table"]


def _client(context: Context) -> DynamoDBClient:
    client: DynamoDBClient = context.client("dynamodb")
    return client


def _parameters(client: DynamoDBClient, operation: str, properties: Properties, **more: Any) -> Parameters:
    """A template's stream has no StreamEnabled; the API's has."""
    call = parameters(client, operation, properties, **more)
    if "StreamSpecification" in properties:
        view = properties["StreamSpecification"]["StreamViewType"]
        call["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": view}
    if "SSESpecification" in properties:
        enabled = truth(properties["SSESpecification"].get("SSEEnabled", False))
        call["SSESpecification"] = {**call["SSESpecification"], "Enabled": enabled}
    return call


class TableProvider:
    """AWS::DynamoDB::Table; Ref is its name."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        self._check(properties)
        client = _client(context)
        name = properties.get("TableName") or context.name(255)
        client.create_table(
            **_parameters(client, "create_table", tagged(context, properties), TableName=name)
        )
        with undone_by(lambda: client.delete_table(TableName=name)):
            self._apply(client, name, {}, properties)
        return self._resource(client, name)

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        self._check(new)
        client = _client(context)
        if changed(
            old,
            new,
            "AttributeDefinitions",
            "BillingMode",
            "DeletionProtectionEnabled",
            "ProvisionedThroughput",
        ):
            self._table(client, physical_id, new)
        self._stream(client, physical_id, old, new)
        self._indexes(client, physical_id, old, new)
        self._apply(client, physical_id, old, new)
        made = self._resource(client, physical_id)
        bring_tags(
            context,
            old,
            new,
            lambda keys: client.untag_resource(ResourceArn=made.attributes["Arn"], TagKeys=keys),
            lambda tags: client.tag_resource(ResourceArn=made.attributes["Arn"], Tags=tags),
        )
        return made

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            _client(context).delete_table(TableName=physical_id)

    def _check(self, properties: Properties) -> None:
        refuse(properties, UNSUPPORTED)
        refuse(properties.get("StreamSpecification") or {}, "ResourcePolicy")

    def _table(self, client: DynamoDBClient, name: str, new: Properties) -> None:
        call: Parameters = {
            "BillingMode": new.get("BillingMode", "PROVISIONED"),
            "DeletionProtectionEnabled": truth(new.get("DeletionProtectionEnabled", False)),
        }
        call.update(
            parameters(client, "update_table", chosen(new, "AttributeDefinitions ProvisionedThroughput"))
        )
        client.update_table(TableName=name, **call)

    def _stream(self, client: DynamoDBClient, name: str, old: Properties, new: Properties) -> None:
        """Another view of a table is another stream: the old one ends first."""
        if not changed(old, new, "StreamSpecification"):
            return
        if "StreamSpecification" in old:
            client.update_table(TableName=name, StreamSpecification={"StreamEnabled": False})
        if "StreamSpecification" in new:
            view = new["StreamSpecification"]["StreamViewType"]
            client.update_table(
                TableName=name, StreamSpecification={"StreamEnabled": True, "StreamViewType": view}
            )

    def _indexes(self, client: DynamoDBClient, name: str, old: Properties, new: Properties) -> None:
        before, after = _by_name(old), _by_name(new)
        drops = [index for index in before if before[index] != after.get(index)]
        updates: list[Parameters] = [{"Delete": {"IndexName": index}} for index in drops]
        updates += [{"Create": after[index]} for index in after if before.get(index) != after[index]]
        for update in updates:
            call = parameters(
                client,
                "update_table",
                {**new, "GlobalSecondaryIndexUpdates": [update]},
                TableName=name,
            )
            needed = ("TableName", "AttributeDefinitions", "GlobalSecondaryIndexUpdates")
            client.update_table(**{key: call[key] for key in needed})

    def _apply(self, client: DynamoDBClient, name: str, old: Properties, new: Properties) -> None:
        """Settings with calls of their own."""
        if changed(old, new, "TimeToLiveSpecification"):
            before = old.get("TimeToLiveSpecification") or {}
            wanted = new.get("TimeToLiveSpecification") or {**before, "Enabled": False}
            call = parameters(client, "update_time_to_live", {"TimeToLiveSpecification": wanted})
            if "AttributeName" in call["TimeToLiveSpecification"]:
                client.update_time_to_live(TableName=name, **call)
        if changed(old, new, "PointInTimeRecoverySpecification"):
            wanted = new.get("PointInTimeRecoverySpecification") or {"PointInTimeRecoveryEnabled": False}
            call = parameters(
                client, "update_continuous_backups", {"PointInTimeRecoverySpecification": wanted}
            )
            client.update_continuous_backups(TableName=name, **call)

    def _resource(self, client: DynamoDBClient, name: str) -> ProvidedResource:
        table = client.describe_table(TableName=name)["Table"]
        attributes: dict[str, Any] = {"Arn": table["TableArn"]}
        if "LatestStreamArn" in table:
            attributes["StreamArn"] = table["LatestStreamArn"]
        return ProvidedResource(name, attributes)


def _by_name(properties: Properties) -> Mapping[str, Properties]:
    return {index["IndexName"]: index for index in properties.get("GlobalSecondaryIndexes") or []}
