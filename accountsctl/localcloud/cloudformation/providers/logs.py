# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""CloudWatch Logs: log groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
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
    undone_by,
)
from accountsctl.localcloud.cloudformation.providers.reading import found, own_tags
from accountsctl.localcloud.unsupported_properties import UNSUPPORTED_PROPERTIES

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient

UNSUPPORTED = UNSUPPORTED_PROPERTIES["AWS::Logs::LogGroup"]


class LogGroupProvider:
    """AWS::Logs::LogGroup; its Arn ends in ``:*``, as CloudFormation gives it."""

    SERVICE = "logs"

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        refuse(properties, UNSUPPORTED)
        client = context.client("logs")
        name = properties.get("LogGroupName") or context.name(512)
        call = parameters(client, "create_log_group", tagged(context, properties), logGroupName=name)
        client.create_log_group(**{key: value for key, value in call.items() if value not in ({}, [])})
        with undone_by(lambda: client.delete_log_group(logGroupName=name)):
            self._retain(client, name, {}, properties)
        return self._resource(context, name)

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        refuse(new, UNSUPPORTED)
        client = context.client("logs")
        self._retain(client, physical_id, old, new)
        if changed(old, new, "KmsKeyId"):
            if new.get("KmsKeyId"):
                client.associate_kms_key(logGroupName=physical_id, kmsKeyId=new["KmsKeyId"])
            else:
                client.disassociate_kms_key(logGroupName=physical_id)
        bring_tags(
            context,
            old,
            new,
            lambda keys: client.untag_log_group(logGroupName=physical_id, tags=keys),
            lambda tags: client.tag_log_group(logGroupName=physical_id, tags=tag_map(tags)),
        )
        return self._resource(context, physical_id)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("logs").delete_log_group(logGroupName=physical_id)

    def read(self, context: Context, physical_id: str, properties: Properties) -> Properties:
        client = context.client("logs")
        group = found(client, "describe_log_groups", logGroupNamePrefix=physical_id, limit=1).first(
            "logGroups"
        )
        if group.value["logGroupName"] != physical_id:
            raise ProviderError(f"The log group {physical_id} does not exist", "NotFound")
        actual = group.properties(context, properties)
        if "Tags" in properties:
            tags = client.list_tags_log_group(logGroupName=physical_id)["tags"]
            actual["Tags"] = own_tags(context, properties["Tags"], tags)
        return actual

    def find(self, client: CloudWatchLogsClient, properties: Properties) -> str | None:
        name = properties.get("LogGroupName")
        if not name:
            return None
        groups = client.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
        return name if any(group["logGroupName"] == name for group in groups) else None

    def adopt(self, context: Context, physical_id: str) -> ProvidedResource:
        return self._resource(context, physical_id)

    def _retain(self, client: CloudWatchLogsClient, name: str, old: Properties, new: Properties) -> None:
        if not changed(old, new, "RetentionInDays"):
            return
        if new.get("RetentionInDays"):
            client.put_retention_policy(logGroupName=name, retentionInDays=int(new["RetentionInDays"]))
        else:
            client.delete_retention_policy(logGroupName=name)

    def _resource(self, context: Context, name: str) -> ProvidedResource:
        arn = f"arn:{context.partition}:logs:{context.region}:{context.account}:log-group:{name}:*"
        return ProvidedResource(name, {"Arn": arn})


class SubscriptionFilterProvider:
    """AWS::Logs::SubscriptionFilter; Ref is its name."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        name = properties.get("FilterName") or context.name(512)
        self._put(context, name, properties)
        return ProvidedResource(name)

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        self._put(context, physical_id, new)
        return ProvidedResource(physical_id)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("logs").delete_subscription_filter(
                logGroupName=properties["LogGroupName"], filterName=physical_id
            )

    def _put(self, context: Context, name: str, properties: Properties) -> None:
        refuse(properties, UNSUPPORTED_PROPERTIES["AWS::Logs::SubscriptionFilter"])
        context.client("logs").put_subscription_filter(
            logGroupName=properties["LogGroupName"],
            filterName=name,
            filterPattern=properties.get("FilterPattern", ""),
            destinationArn=properties["DestinationArn"],
        )
