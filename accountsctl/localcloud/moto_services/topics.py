"""What we fix in moto's SNS: messages reach queues and functions with the content that SNS documents, and nothing
leaves this machine. Protocols that would are refused when someone subscribes.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
"""

from __future__ import annotations

import hashlib
import inspect
import json
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from accountsctl.localcloud.moto_services import deliveries
from accountsctl.localcloud.moto_services.apps import models
from accountsctl.localcloud.moto_services.patching import wrap
from accountsctl.localcloud.unsupported_properties import TOPIC_PROTOCOLS

if TYPE_CHECKING:
    from moto.sns.models import SNSBackend, Subscription, Topic

SERVICE = "sns.amazonaws.com"
FIFO = ".fifo"
DEDUPLICATION = 300.0  # seconds
_sent: WeakKeyDictionary[Topic, dict[str, float]] = WeakKeyDictionary()
"""Of each FIFO topic: when each deduplication id was last accepted."""
UNSUPPORTED_ATTRIBUTES = ("DeliveryPolicy", "RedrivePolicy", "SubscriptionRoleArn", "ReplayPolicy")


def install() -> None:
    """Fix moto.sns. Once per process."""
    moto = models("sns")
    wrap(moto.Topic, "publish", _publish_topic)
    wrap(moto.Subscription, "publish", _publish)
    wrap(moto.SNSBackend, "subscribe", _subscribe)
    wrap(moto.SNSBackend, "publish", _publish_anywhere)
    wrap(moto.SNSBackend, "set_subscription_attributes", _set_attributes)


def _subscribe(
    original: Callable[..., Subscription], backend: SNSBackend, topic_arn: str, endpoint: str, protocol: str
) -> Subscription:
    if protocol not in TOPIC_PROTOCOLS:
        raise _refusal(f"Endpoint Reason: the embedded cloud does not deliver to the protocol {protocol}")
    if topic_arn.endswith(FIFO) and protocol != "sqs":
        raise _refusal("Endpoint Reason: a FIFO topic delivers to SQS queues only")
    return original(backend, topic_arn, endpoint, protocol)


def _set_attributes(
    original: Callable[..., None], backend: SNSBackend, arn: str, name: str, value: Any
) -> None:
    if name in UNSUPPORTED_ATTRIBUTES and value:
        raise _refusal(f"AttributeName Reason: the embedded cloud does not provide {name}")
    original(backend, arn, name, value)


def _publish_anywhere(
    original: Callable[..., str], backend: SNSBackend, message: str, arn: str | None, *args: Any, **named: Any
) -> str:
    """Only topics: a text message or a push notification would be kept, and sent to no one."""
    if arn is None or arn not in backend.topics:
        if arn is not None and ":endpoint/" not in arn:
            return original(backend, message, arn, *args, **named)
        raise _refusal("TopicArn Reason: the embedded cloud sends messages to topics only")
    return original(backend, message, arn, *args, **named)


def _publish_topic(original: Callable[..., str], topic: Topic, *args: Any, **named: Any) -> str:
    """moto keeps every message for ever, for tests to read, and has no deduplication of a FIFO topic."""
    given = inspect.signature(original).bind(topic, *args, **named).arguments
    if topic.arn.endswith(FIFO) and _is_repeated(topic, _deduplication_id(given)):
        # SNS accepts a repeated message, and does not deliver it.
        return str(uuid.uuid4())
    message_id = original(topic, *args, **named)
    topic.sent_notifications.clear()
    return message_id


def _is_repeated(topic: Topic, deduplication_id: str) -> bool:
    """Whether a message with this id was published to the topic in the last five minutes."""
    now = time.monotonic()
    sent = _sent.setdefault(topic, {})
    for name in [name for name, at in sent.items() if now - at > DEDUPLICATION]:
        del sent[name]
    repeated = deduplication_id in sent
    sent.setdefault(deduplication_id, now)
    return repeated


def _publish(
    original: Callable[..., None],
    subscription: Subscription,
    message: str,
    message_id: str,
    *args: object,
    **named: Any,
) -> None:
    """Deliver to one subscriber, if its filter policy selects the message."""
    bound = inspect.signature(original).bind(subscription, message, message_id, *args, **named)
    bound.apply_defaults()
    given: Mapping[str, Any] = bound.arguments
    attributes: Mapping[str, Any] = given["message_attributes"] or {}
    matcher = subscription._filter_policy_matcher
    if matcher is not None and not matcher.matches(dict(attributes), message):
        return
    if given["message_structure"] == "json":
        message = subscription._parse_message_structure(message, subscription.protocol)
    source, target = subscription.topic.arn, subscription.endpoint
    groups = _fifo_ids(target, given)
    content = _content(subscription, message, message_id, given["subject"])
    if subscription.protocol == "lambda":
        event = _event(subscription, {**content, "MessageAttributes": dict(attributes)})
        deliveries.deliver(SERVICE, source, target, json.dumps(event))
        return
    if str(subscription.attributes.get("RawMessageDelivery", False)).lower() == "true":
        raw = _sqs_attributes(attributes)
        deliveries.deliver(
            SERVICE, source, target, message, message_attributes=raw, validate_group_id=False, **groups
        )
        return
    if attributes:
        content["MessageAttributes"] = dict(attributes)
    if content["Subject"] is None:
        del content["Subject"]
    text = json.dumps(content, indent=2)
    deliveries.deliver(SERVICE, source, target, text, validate_group_id=False, **groups)


def _fifo_ids(queue: str, given: Mapping[str, Any]) -> dict[str, str]:
    """What a FIFO queue gets of a message's ids. One without deduplication by content needs the id of the topic."""
    if not queue.endswith(FIFO):
        return {}
    return {"group_id": given["group_id"], "deduplication_id": _deduplication_id(given)}


def _deduplication_id(given: Mapping[str, Any]) -> str:
    """https://docs.aws.amazon.com/sns/latest/dg/fifo-message-dedup.html"""
    return str(given.get("deduplication_id") or hashlib.sha256(str(given["message"]).encode()).hexdigest())


def _content(
    subscription: Subscription, message: str, message_id: str, subject: str | None
) -> dict[str, Any]:
    """A notification. Its signature cannot be verified: the certificate's URL is one of AWS's."""
    topic = subscription.topic
    region = topic.arn.split(":")[3]
    stamp = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    host = f"https://sns.{region}.amazonaws.com"
    return {
        "Type": "Notification",
        "MessageId": message_id,
        "TopicArn": topic.arn,
        "Subject": subject,
        "Message": message,
        "Timestamp": stamp,
        "SignatureVersion": "1",
        "Signature": "EXAMPLE",
        "SigningCertURL": f"{host}/SimpleNotificationService-{uuid.UUID(int=0).hex}.pem",
        "UnsubscribeURL": f"{host}/?Action=Unsubscribe&SubscriptionArn={subscription.arn}",
    }


def _event(subscription: Subscription, content: Mapping[str, Any]) -> dict[str, Any]:
    """The event of a function: https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html"""
    names = {"SigningCertURL": "SigningCertUrl", "UnsubscribeURL": "UnsubscribeUrl"}
    return {
        "Records": [
            {
                "EventSource": "aws:sns",
                "EventVersion": "1.0",
                "EventSubscriptionArn": subscription.arn,
                "Sns": {names.get(name, name): value for name, value in content.items()},
            }
        ]
    }


def _sqs_attributes(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: {
            "DataType": value["Type"],
            "BinaryValue" if value["Type"].startswith("Binary") else "StringValue": str(value["Value"]),
        }
        for name, value in attributes.items()
    }


def _refusal(message: str) -> Exception:
    from moto.sns.exceptions import SNSInvalidParameter

    return SNSInvalidParameter(f"Invalid parameter: {message}")
