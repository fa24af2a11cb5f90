"""Messages of a queue reach the function, in batches; what fails comes back, and ends in the dead letter queue."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import ServiceClients
from tests.local.events.stacks import create, function, wait_for


def _mapping(**properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {
            "EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]},
            "FunctionName": {"Ref": "Worker"},
            **properties,
        },
    }


def test_a_message_invokes_the_function_and_is_deleted(client: ServiceClients) -> None:
    stack = create(
        client, {"Queue": {"Type": "AWS::SQS::Queue"}, "Worker": function(), "Mapping": _mapping()}
    )
    sqs = client("sqs")
    sent = sqs.send_message(
        QueueUrl=stack["Queue"],
        MessageBody="hello",
        MessageAttributes={"kind": {"DataType": "String", "StringValue": "order"}},
    )
    (event,) = stack.wait_for_notes("Worker")
    (record,) = event["Records"]
    assert record["messageId"] == sent["MessageId"]
    assert record["body"] == "hello"
    assert record["eventSource"] == "aws:sqs"
    assert record["awsRegion"] == "eu-west-1"
    assert record["eventSourceARN"].endswith(stack["Queue"].rpartition("/")[2])
    assert record["md5OfBody"] == sent["MD5OfMessageBody"]
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["messageAttributes"]["kind"] == {
        "stringValue": "order",
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": "String",
    }
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    wait_for(
        lambda: sqs.get_queue_attributes(QueueUrl=stack["Queue"], AttributeNames=names)["Attributes"],
        lambda counts: set(counts.values()) == {"0"},
    )


@pytest.mark.slow
def test_only_the_failed_messages_of_a_batch_come_back_and_end_in_the_dead_letter_queue(
    client: ServiceClients,
) -> None:
    act = """
def act(event):
    bad = [record for record in event["Records"] if record["body"] == "bad"]
    return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in bad]}
"""
    redrive = {"deadLetterTargetArn": {"Fn::GetAtt": ["Dead", "Arn"]}, "maxReceiveCount": 2}
    stack = create(
        client,
        {
            "Dead": {"Type": "AWS::SQS::Queue"},
            "Queue": {
                "Type": "AWS::SQS::Queue",
                "Properties": {"VisibilityTimeout": 5, "RedrivePolicy": redrive},
            },
            "Worker": function(act, Timeout=5),
            "Mapping": _mapping(FunctionResponseTypes=["ReportBatchItemFailures"]),
        },
    )
    sqs = client("sqs")
    entries = [{"Id": body, "MessageBody": body} for body in ("good", "bad", "fine")]
    sqs.send_message_batch(QueueUrl=stack["Queue"], Entries=entries)
    received = sqs.receive_message(QueueUrl=stack["Dead"], WaitTimeSeconds=20)["Messages"]
    assert [message["Body"] for message in received] == ["bad"]
    bodies = [record["body"] for event in stack.notes("Worker") for record in event["Records"]]
    assert sorted(bodies) == ["bad", "bad", "fine", "good"]


def test_a_role_that_may_not_read_the_queue_is_refused(client: ServiceClients) -> None:
    sqs, iam, functions = client("sqs"), client("iam"), client("lambda")
    stack = create(client, {"Queue": {"Type": "AWS::SQS::Queue"}, "Worker": function()})
    found = sqs.get_queue_attributes(QueueUrl=stack["Queue"], AttributeNames=["QueueArn"])["Attributes"]
    statement = {"Effect": "Allow", "Action": "sqs:Receive*", "Resource": found["QueueArn"]}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_role_policy(RoleName=stack["Role"], PolicyName="all", PolicyDocument=policy)
    mapping = {"EventSourceArn": found["QueueArn"], "FunctionName": stack["Worker"]}
    with pytest.raises(ClientError, match="does not have permissions to call DeleteMessage on SQS"):
        functions.create_event_source_mapping(**mapping)
    statement["Action"] = "sqs:*"
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_role_policy(RoleName=stack["Role"], PolicyName="all", PolicyDocument=policy)
    made = functions.create_event_source_mapping(**mapping)
    functions.delete_event_source_mapping(UUID=made["UUID"])


def test_a_queue_that_shows_messages_again_too_early_is_refused(client: ServiceClients) -> None:
    properties = {"VisibilityTimeout": 5}
    stack = create(
        client, {"Queue": {"Type": "AWS::SQS::Queue", "Properties": properties}, "Worker": function()}
    )
    found = client("sqs").get_queue_attributes(QueueUrl=stack["Queue"], AttributeNames=["QueueArn"])
    with pytest.raises(
        ClientError, match="Queue visibility timeout: 5 seconds is less than Function timeout"
    ):
        client("lambda").create_event_source_mapping(
            EventSourceArn=found["Attributes"]["QueueArn"], FunctionName=stack["Worker"]
        )


def test_a_filter_decides_which_messages_the_function_gets(client: ServiceClients) -> None:
    pattern = json.dumps({"body": {"total": [{"numeric": [">", 10]}]}})
    stack = create(
        client,
        {
            "Queue": {"Type": "AWS::SQS::Queue"},
            "Worker": function(),
            "Mapping": _mapping(FilterCriteria={"Filters": [{"Pattern": pattern}]}),
        },
    )
    for total in (5, 50):
        client("sqs").send_message(QueueUrl=stack["Queue"], MessageBody=json.dumps({"total": total}))
    (event,) = stack.wait_for_notes("Worker")
    assert [json.loads(record["body"]) for record in event["Records"]] == [{"total": 50}]
