# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""Amazon SNS: topics, their subscriptions and policies."""

from __future__ import annotations

import json
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
    refuse,
    tagged,
    text,
    truth,
    undone_by,
)
from accountsctl.localcloud.unsupported_properties import UNSUPPORTED_PROPERTIES

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

TOPIC_UNSUPPORTED = UNSUPPORTED_PROPERTIES["AWS::SNS::Topic"]
SUBSCRIPTION_UNSUPPORTED = UNSUPPORTED_PROPERTIES["AWS::SNS::Subscription"]
FILTERS = ("RawMessageDelivery", "FilterPolicyScope", "FilterPolicy")
"""In this order: the scope says how the policy is checked."""


def _client(context: Context) -> SNSClient:
    client: SNSClient = context.client("sns")
    return client


class TopicProvider:
    """AWS::SNS::Topic; Ref is its ARN."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        refuse(properties, TOPIC_UNSUPPORTED)
        client = _client(context)
        fifo = truth(properties.get("FifoTopic", False))
        name = properties.get("TopicName") or (f"{context.name(251)}.fifo" if fifo else context.name(256))
        arn = f"arn:{context.partition}:sns:{context.region}:{context.account}:{name}"
        if any(topic["TopicArn"] == arn for topic in client.list_topics()["Topics"]):
            raise ProviderError(f"{arn} already exists", "AlreadyExists")
        attributes = {"FifoTopic": "true"} if fifo else {}
        client.create_topic(Name=name, Attributes=attributes, Tags=tagged(context, properties)["Tags"])
        with undone_by(lambda: client.delete_topic(TopicArn=arn)):
            self._apply(client, arn, {}, properties)
        return self._resource(arn)

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        refuse(new, TOPIC_UNSUPPORTED)
        client = _client(context)
        self._apply(client, physical_id, old, new)
        bring_tags(
            context,
            old,
            new,
            lambda keys: client.untag_resource(ResourceArn=physical_id, TagKeys=keys),
            lambda tags: client.tag_resource(ResourceArn=physical_id, Tags=tags),
        )
        return self._resource(physical_id)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            _client(context).delete_topic(TopicArn=physical_id)

    def _apply(self, client: SNSClient, arn: str, old: Properties, new: Properties) -> None:
        for name, default in (
            ("DisplayName", ""),
            ("KmsMasterKeyId", ""),
            ("ContentBasedDeduplication", "false"),
        ):
            if old.get(name) != new.get(name):
                value = text(new.get(name, default))
                client.set_topic_attributes(TopicArn=arn, AttributeName=name, AttributeValue=value)
        before, after = old.get("Subscription") or [], new.get("Subscription") or []
        for entry in after:
            if entry not in before:
                client.subscribe(TopicArn=arn, Protocol=entry["Protocol"], Endpoint=entry["Endpoint"])
        gone = [(entry["Protocol"], entry["Endpoint"]) for entry in before if entry not in after]
        for found in client.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"] if gone else []:
            if (found["Protocol"], found["Endpoint"]) in gone:
                client.unsubscribe(SubscriptionArn=found["SubscriptionArn"])

    def _resource(self, arn: str) -> ProvidedResource:
        return ProvidedResource(arn, {"TopicArn": arn, "TopicName": arn.rpartition(":")[2]})


class SubscriptionProvider:
    """AWS::SNS::Subscription; Ref is its ARN."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        refuse(properties, SUBSCRIPTION_UNSUPPORTED)
        client = _client(context)
        arn = client.subscribe(
            TopicArn=properties["TopicArn"],
            Protocol=properties["Protocol"],
            Endpoint=properties["Endpoint"],
            ReturnSubscriptionArn=True,
        )["SubscriptionArn"]
        with undone_by(lambda: client.unsubscribe(SubscriptionArn=arn)):
            self._apply(client, arn, {}, properties)
        return ProvidedResource(arn, {"Arn": arn})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        refuse(new, SUBSCRIPTION_UNSUPPORTED)
        self._apply(_client(context), physical_id, old, new)
        return ProvidedResource(physical_id, {"Arn": physical_id})

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            _client(context).unsubscribe(SubscriptionArn=physical_id)

    def _apply(self, client: SNSClient, arn: str, old: Properties, new: Properties) -> None:
        defaults = {
            "RawMessageDelivery": "false",
            "FilterPolicyScope": "MessageAttributes",
            "FilterPolicy": "",
        }
        for name in FILTERS:
            if old.get(name) != new.get(name):
                value = text(new.get(name, defaults[name]))
                client.set_subscription_attributes(
                    SubscriptionArn=arn, AttributeName=name, AttributeValue=value
                )


class TopicPolicyProvider:
    """AWS::SNS::TopicPolicy: one policy for several topics."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        self._set(context, properties)
        name = context.name(64)
        return ProvidedResource(name, {"Id": name})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        self._set(context, new)
        self._reset(context, [arn for arn in old["Topics"] if arn not in new["Topics"]])
        return ProvidedResource(physical_id, {"Id": physical_id})

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        self._reset(context, properties["Topics"])

    def _set(self, context: Context, properties: Properties) -> None:
        document = properties["PolicyDocument"]
        policy = document if isinstance(document, str) else json.dumps(document)
        for arn in properties["Topics"]:
            _client(context).set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy)

    def _reset(self, context: Context, arns: list[str]) -> None:
        """A topic without a policy of its own lets its owner publish, and no service."""
        for arn in arns:
            owner = {
                "Version": "2008-10-17",
                "Id": "__default_policy_ID",
                "Statement": [
                    {
                        "Sid": "__default_statement_ID",
                        "Effect": "Allow",
                        "Principal": {"AWS": "*"},
                        "Action": ["SNS:Publish", "SNS:Subscribe", "SNS:GetTopicAttributes"],
                        "Resource": arn,
                        "Condition": {"StringEquals": {"AWS:SourceOwner": context.account}},
                    }
                ],
            }
            with already_gone():
                _client(context).set_topic_attributes(
                    TopicArn=arn, AttributeName="Policy", AttributeValue=json.dumps(owner)
                )
