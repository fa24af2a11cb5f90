"""Asynchronous invocations end at their destination, or in the dead letter queue."""

from __future__ import annotations

import json
from typing import Any

from tests.local.conftest import ServiceClients
from tests.local.events.stacks import create, function

ACT = """
def act(event):
    if event.get("bad"):
        raise ValueError("bad event")
    return {"done": True}
"""
ENDS: dict[str, Any] = {
    "Queue": {"Type": "AWS::SQS::Queue"},
    "Dead": {"Type": "AWS::SQS::Queue"},
    "Worker": function(ACT, DeadLetterConfig={"TargetArn": {"Fn::GetAtt": ["Dead", "Arn"]}}),
    "Config": {
        "Type": "AWS::Lambda::EventInvokeConfig",
        "Properties": {
            "FunctionName": {"Ref": "Worker"},
            "Qualifier": "$LATEST",
            "MaximumRetryAttempts": 0,
            "DestinationConfig": {"OnSuccess": {"Destination": {"Fn::GetAtt": ["Queue", "Arn"]}}},
        },
    },
}


def test_an_event_that_fails_ends_in_the_dead_letter_queue_and_one_that_succeeds_at_its_destination(
    client: ServiceClients,
) -> None:
    stack = create(client, ENDS)
    for event in ({"bad": True}, {"bad": False}):
        client("lambda").invoke(
            FunctionName=stack["Worker"], InvocationType="Event", Payload=json.dumps(event)
        )
    sqs = client("sqs")
    (dead,) = sqs.receive_message(QueueUrl=stack["Dead"], WaitTimeSeconds=20, MessageAttributeNames=["All"])[
        "Messages"
    ]
    assert json.loads(dead["Body"]) == {"bad": True}
    assert dead["MessageAttributes"]["ErrorMessage"]["StringValue"] == "bad event"
    (message,) = sqs.receive_message(QueueUrl=stack["Queue"], WaitTimeSeconds=20)["Messages"]
    record = json.loads(message["Body"])
    assert record["requestContext"]["condition"] == "Success"
    assert record["requestContext"]["functionArn"].endswith(":$LATEST")
    assert (record["requestPayload"], record["responsePayload"]) == ({"bad": False}, {"done": True})
