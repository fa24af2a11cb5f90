# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""Amazon SQS: queues and their policies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Properties,
    ProvidedResource,
    ProviderError,
)
from accountsctl.localcloud.cloudformation.providers.calls import (
    already_gone,
    bring_tags,
    tag_map,
    tagged,
    text,
    truth,
    undone_by,
)

DEFAULTS: Mapping[str, str] = {
    "ContentBasedDeduplication": "false",
    "DelaySeconds": "0",
    "KmsDataKeyReusePeriodSeconds": "300",
    "KmsMasterKeyId": "",
    "MaximumMessageSize": "262144",
    "MessageRetentionPeriod": "345600",
    "ReceiveMessageWaitTimeSeconds": "0",
    "RedrivePolicy": "",
    "SqsManagedSseEnabled": "true",
    "VisibilityTimeout": "30",
}
"""The attributes that a template can set, and what an update sends for one that it no longer sets."""


def refuse_unsupported(properties: Properties) -> None:
    """Refuse what would be accepted and not played."""
    allowed = properties.get("RedriveAllowPolicy") or {}
    if allowed.get("redrivePermission", "allowAll") != "allowAll":
        raise ProviderError("The embedded cloud does not provide RedriveAllowPolicy other than allowAll")
    for name in ("DeduplicationScope", "FifoThroughputLimit"):
        if str(properties.get(name, "")).startswith(("messageGroup", "perMessageGroup")):
            raise ProviderError(f"The embedded cloud does not provide {name} by message group")


def _attributes(properties: Properties) -> dict[str, str]:
    values = {name: text(properties[name]) for name in DEFAULTS if name in properties}
    if truth(properties.get("FifoQueue", False)):
        return {**values, "FifoQueue": "true"}
    return {name: value for name, value in values.items() if name != "ContentBasedDeduplication"}


class QueueProvider:
    """AWS::SQS::Queue; Ref is its URL."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        refuse_unsupported(properties)
        client = context.client("sqs")
        name = properties.get("QueueName") or self._name(context, properties)
        if client.list_queues(QueueNamePrefix=name).get("QueueUrls") and self._exists(context, name):
            raise ProviderError(f"{name} already exists", "AlreadyExists")
        attributes: Any = _attributes(properties)
        tags = tag_map(tagged(context, properties)["Tags"])
        url = client.create_queue(QueueName=name, Attributes=attributes, tags=tags)["QueueUrl"]
        return self._resource(context, url)

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        refuse_unsupported(new)
        client = context.client("sqs")
        before, after = _attributes(old), _attributes(new)
        changes: Any = {
            name: after.get(name, DEFAULTS.get(name, ""))
            for name in before | after
            if before.get(name) != after.get(name)
        }
        if changes:
            client.set_queue_attributes(QueueUrl=physical_id, Attributes=changes)
        bring_tags(
            context,
            old,
            new,
            lambda keys: client.untag_queue(QueueUrl=physical_id, TagKeys=keys),
            lambda tags: client.tag_queue(QueueUrl=physical_id, Tags=tag_map(tags)),
        )
        return self._resource(context, physical_id)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("sqs").delete_queue(QueueUrl=physical_id)

    def _name(self, context: Context, properties: Properties) -> str:
        if not truth(properties.get("FifoQueue", False)):
            return context.name(80)
        return f"{context.name(75)}.fifo"

    def _exists(self, context: Context, name: str) -> bool:
        found = context.client("sqs").list_queues(QueueNamePrefix=name).get("QueueUrls", [])
        return any(url.rpartition("/")[2] == name for url in found)

    def _resource(self, context: Context, url: str) -> ProvidedResource:
        name = url.rpartition("/")[2]
        arn = f"arn:{context.partition}:sqs:{context.region}:{context.account}:{name}"
        return ProvidedResource(url, {"Arn": arn, "QueueName": name, "QueueUrl": url})


class QueuePolicyProvider:
    """AWS::SQS::QueuePolicy: one policy for several queues."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        with undone_by(lambda: self._set(context, properties["Queues"], "")):
            self._set(context, properties["Queues"], _document(properties))
        name = context.name(64)
        return ProvidedResource(name, {"Id": name})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        self._set(context, [url for url in old["Queues"] if url not in new["Queues"]], "")
        self._set(context, new["Queues"], _document(new))
        return ProvidedResource(physical_id, {"Id": physical_id})

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        self._set(context, properties["Queues"], "")

    def _set(self, context: Context, urls: list[str], policy: str) -> None:
        for url in urls:
            with already_gone():
                context.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})


def _document(properties: Properties) -> str:
    document = properties["PolicyDocument"]
    return document if isinstance(document, str) else json.dumps(document)
