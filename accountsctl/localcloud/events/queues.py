"""Event source mappings of SQS queues: how messages become a batch, and what happens to them afterwards.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.contracts import patterns
from accountsctl.localcloud.contracts.event_sources import QueueDepth, SourceMapping

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageAttributeValueOutputTypeDef, MessageTypeDef

MOST_AT_ONCE = 10
"""Messages that one ReceiveMessage returns at most."""


def receive(client: SQSClient, depth: QueueDepth, size: int) -> list[MessageTypeDef]:
    """Up to `size` messages; they stay invisible for the queue's visibility timeout."""
    messages: list[MessageTypeDef] = []
    while len(messages) < size:
        more = client.receive_message(
            QueueUrl=depth.url,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
            MaxNumberOfMessages=min(MOST_AT_ONCE, size - len(messages)),
            WaitTimeSeconds=0,
        ).get("Messages", [])
        messages += more
        if not more:
            break
    return messages


def event(mapping: SourceMapping, messages: Iterable[MessageTypeDef]) -> dict[str, Any]:
    """The event of a batch: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event"""
    return {"Records": [_record(mapping, message) for message in messages]}


def _record(mapping: SourceMapping, message: MessageTypeDef) -> dict[str, Any]:
    attributes = dict(message.get("Attributes", {}))
    custom = message.get("MessageAttributes", {})
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": attributes,
        "messageAttributes": {name: _attribute(value) for name, value in custom.items()},
        **({"md5OfMessageAttributes": message["MD5OfMessageAttributes"]} if custom else {}),
        "md5OfBody": hashlib.md5(message["Body"].encode(), usedforsecurity=False).hexdigest(),
        "eventSource": "aws:sqs",
        "eventSourceARN": mapping.source_arn,
        "awsRegion": mapping.region,
    }


def _attribute(value: MessageAttributeValueOutputTypeDef) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": value["DataType"],
    }
    if "StringValue" in value:
        fields["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        fields["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode()
    return fields


def wanted(
    mapping: SourceMapping, messages: Sequence[MessageTypeDef]
) -> tuple[list[MessageTypeDef], list[MessageTypeDef]]:
    """The messages that pass the mapping's filters, and those that do not, which Lambda deletes."""
    if not mapping.filters:
        return list(messages), []
    pattern = [json.loads(text) for text in mapping.filters]
    passed = [message for message in messages if _passes(pattern, message)]
    return passed, [message for message in messages if message not in passed]


def _passes(filters: Sequence[Mapping[str, Any]], message: MessageTypeDef) -> bool:
    """The body is compared as JSON if the pattern is an object, else as text."""
    try:
        parsed = json.loads(message["Body"])
    except ValueError:
        parsed = None
    return any(
        patterns.matches(
            pattern, {"body": parsed if isinstance(pattern.get("body"), Mapping) else message["Body"]}
        )
        for pattern in filters
    )


def delete(client: SQSClient, depth: QueueDepth, messages: Sequence[MessageTypeDef]) -> None:
    """Delete these messages: they are done."""
    for start in range(0, len(messages), MOST_AT_ONCE):
        part = messages[start : start + MOST_AT_ONCE]
        client.delete_message_batch(
            QueueUrl=depth.url,
            Entries=[
                {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
                for number, message in enumerate(part)
            ],
        )
