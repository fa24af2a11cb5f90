"""Hand a text to the resource that an ARN names: a queue, a topic, a bus or a function."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from accountsctl.localcloud.contracts.clients import Clients


class UnsupportedTargetError(Exception):
    """The embedded cloud delivers nothing to this ARN."""


class Targets:
    """Sends texts to resources by the calls that Lambda itself would make."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def send(self, arn: str, text: str, attributes: Mapping[str, str] | None = None) -> None:
        """Raises UnsupportedTargetError, or the error of the target's service. `attributes` are a message's own."""
        _, _, service, region, account, name = arn.split(":", 5)
        values = {
            key: {"DataType": "String", "StringValue": value} for key, value in (attributes or {}).items()
        }
        match service:
            case "sqs":
                url = f"https://sqs.{region}.amazonaws.com/{account}/{name}"
                self._clients("sqs", region).send_message(
                    QueueUrl=url, MessageBody=text, MessageAttributes=values
                )
            case "sns":
                self._clients("sns", region).publish(TopicArn=arn, Message=text, MessageAttributes=values)
            case "lambda":
                self._clients("lambda", region).invoke(
                    FunctionName=arn, InvocationType="Event", Payload=text.encode()
                )
            case "events":
                self._clients("events", region).put_events(Entries=[_entry(arn, text)])
            case _:
                raise UnsupportedTargetError(f"the embedded cloud delivers nothing to {arn}")


def _entry(bus: str, record: str) -> dict[str, Any]:
    """The event that a bus gets of an invocation record."""
    context = json.loads(record)["requestContext"]
    result = "Success" if context["condition"] == "Success" else "Failure"
    return {
        "EventBusName": bus,
        "Source": "lambda",
        "DetailType": f"Lambda Function Invocation Result - {result}",
        "Resources": [bus, context["functionArn"]],
        "Detail": record,
    }
