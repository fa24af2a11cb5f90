"""What happens in a bucket, and what is published to a topic, reaches functions and queues whose policies allow it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import ServiceClients
from tests.local.events.stacks import create, function, permission

pytestmark = pytest.mark.slow

QUEUE_POLICY: dict[str, Any] = {
    "Type": "AWS::SQS::QueuePolicy",
    "Properties": {
        "Queues": [{"Ref": "Queue"}],
        "PolicyDocument": {
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": ["sns.amazonaws.com", "s3.amazonaws.com"]},
                    "Action": "sqs:SendMessage",
                    "Resource": "*",
                }
            ]
        },
    },
}


def _bodies(sqs: Any, url: str) -> list[Any]:
    received = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20, MaxNumberOfMessages=10)
    return [json.loads(message["Body"]) for message in received.get("Messages", [])]


def _subscription(protocol: str, target: str, **more: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::SNS::Subscription",
        "Properties": {
            "TopicArn": {"Ref": "Topic"},
            "Protocol": protocol,
            "Endpoint": {"Fn::GetAtt": [target, "Arn"]},
            **more,
        },
    }


FAN_OUT: dict[str, Any] = {
    "Topic": {"Type": "AWS::SNS::Topic"},
    "Queue": {"Type": "AWS::SQS::Queue"},
    "Policy": QUEUE_POLICY,
    "Worker": function(),
    "Closed": function(),
    "Permission": permission("Worker", "sns.amazonaws.com", {"Ref": "Topic"}),
    "ToWorker": _subscription("lambda", "Worker"),
    "ToClosed": _subscription("lambda", "Closed"),
    "ToQueue": _subscription("sqs", "Queue", FilterPolicy={"kind": ["order"]}),
}


def test_a_topic_fans_out_to_functions_and_queues(client: ServiceClients) -> None:
    stack = create(client, FAN_OUT)
    kind = {"kind": {"DataType": "String", "StringValue": "order"}}
    client("sns").publish(TopicArn=stack["Topic"], Message="skipped by the queue")
    published = client("sns").publish(
        TopicArn=stack["Topic"], Message="hello", Subject="greeting", MessageAttributes=kind
    )
    events = stack.wait_for_notes("Worker", lambda events: len(events) >= 2)
    records = {event["Records"][0]["Sns"]["Message"]: event["Records"][0] for event in events}
    record = records["hello"]
    assert record["EventSource"] == "aws:sns"
    assert record["Sns"]["MessageId"] == published["MessageId"]
    assert record["Sns"]["Subject"] == "greeting"
    assert record["Sns"]["TopicArn"] == stack["Topic"]
    assert record["Sns"]["MessageAttributes"] == {"kind": {"Type": "String", "Value": "order"}}
    assert record["EventSubscriptionArn"] == stack["ToWorker"]
    (body,) = _bodies(client("sqs"), stack["Queue"])
    assert (body["Type"], body["Message"], body["Subject"]) == ("Notification", "hello", "greeting")
    assert stack.notes("Closed") == []  # its policy does not let the topic in


def _messages(sqs: Any, url: str, count: int) -> list[Any]:
    """`count` messages of a queue, which are deleted, so that the next of a group can be received."""
    messages: list[Any] = []
    while len(messages) < count:
        received = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20, AttributeNames=["All"])["Messages"]
        for message in received:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        messages += received
    return messages


ORDERED: dict[str, Any] = {
    "Topic": {
        "Type": "AWS::SNS::Topic",
        "Properties": {"TopicName": "ordered.fifo", "FifoTopic": True, "ContentBasedDeduplication": True},
    },
    "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "ordered.fifo", "FifoQueue": True}},
    "Plain": {"Type": "AWS::SQS::Queue"},
    "Policy": QUEUE_POLICY,
    "OfPlain": {
        **QUEUE_POLICY,
        "Properties": {**QUEUE_POLICY["Properties"], "Queues": [{"Ref": "Plain"}]},
    },
    "ToQueue": _subscription("sqs", "Queue", RawMessageDelivery=True),
    "ToPlain": _subscription("sqs", "Plain", RawMessageDelivery=True),
}


def test_a_fifo_topic_delivers_raw_messages_in_order_and_each_once(client: ServiceClients) -> None:
    stack = create(client, ORDERED)
    sns, sqs = client("sns"), client("sqs")
    for text in ("one", "one", "two"):
        sns.publish(TopicArn=stack["Topic"], Message=text, MessageGroupId="g")
    messages = _messages(sqs, stack["Queue"], 2)
    assert [message["Body"] for message in messages] == ["one", "two"]
    assert {message["Attributes"]["MessageGroupId"] for message in messages} == {"g"}
    assert {message["Body"] for message in _messages(sqs, stack["Plain"], 2)} == {"one", "two"}
    with pytest.raises(ClientError, match="delivers to SQS queues only"):
        sns.subscribe(TopicArn=stack["Topic"], Protocol="lambda", Endpoint="arn:aws:lambda:x:1:function:f")


def test_protocols_that_would_leave_this_machine_are_refused(client: ServiceClients) -> None:
    sns = client("sns")
    topic = sns.create_topic(Name="outside")["TopicArn"]
    with pytest.raises(ClientError, match="does not deliver to the protocol email"):
        sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="someone@example.com")
    with pytest.raises(ClientError, match="sends messages to topics only"):
        sns.publish(PhoneNumber="+491701234567", Message="x")


RULES = [{"Name": "prefix", "Value": "in/"}, {"Name": "suffix", "Value": ".txt"}]
NOTIFYING: dict[str, Any] = {
    "Worker": function(),
    "Permission": {
        "Type": "AWS::Lambda::Permission",
        "Properties": {
            "Action": "lambda:InvokeFunction",
            "FunctionName": {"Ref": "Worker"},
            "Principal": "s3.amazonaws.com",
            "SourceAccount": {"Ref": "AWS::AccountId"},
        },
    },
    "Queue": {"Type": "AWS::SQS::Queue"},
    "Policy": QUEUE_POLICY,
    "Bucket": {
        "Type": "AWS::S3::Bucket",
        "DependsOn": ["Permission", "Policy"],
        "Properties": {
            "NotificationConfiguration": {
                "LambdaConfigurations": [
                    {
                        "Event": "s3:ObjectCreated:*",
                        "Function": {"Fn::GetAtt": ["Worker", "Arn"]},
                        "Filter": {"S3Key": {"Rules": RULES}},
                    }
                ],
                "QueueConfigurations": [
                    {"Event": "s3:ObjectRemoved:*", "Queue": {"Fn::GetAtt": ["Queue", "Arn"]}}
                ],
            }
        },
    },
}


def test_a_bucket_notifies_the_function_of_the_objects_that_its_filter_selects(
    client: ServiceClients,
) -> None:
    stack = create(client, NOTIFYING)
    s3 = client("s3")
    for key in ("in/a b.txt", "in/a.png", "out/a.txt"):
        s3.put_object(Bucket=stack["Bucket"], Key=key, Body=b"12345")
    (event,) = stack.wait_for_notes("Worker")
    (record,) = event["Records"]
    assert record["eventName"] == "ObjectCreated:Put"
    assert record["eventSource"] == "aws:s3"
    assert record["awsRegion"] == "eu-west-1"
    assert record["s3"]["bucket"]["name"] == stack["Bucket"]
    assert record["s3"]["object"]["key"] == "in/a+b.txt"
    assert record["s3"]["object"]["size"] == 5
    s3.delete_object(Bucket=stack["Bucket"], Key="in/a.png")
    bodies = _bodies(client("sqs"), stack["Queue"])
    assert bodies[0]["Event"] == "s3:TestEvent"
    removed = bodies[1:] or _bodies(client("sqs"), stack["Queue"])
    assert removed[0]["Records"][0]["eventName"] == "ObjectRemoved:Delete"
    assert "size" not in removed[0]["Records"][0]["s3"]["object"]


def test_tags_are_reported_where_they_are_put_and_not_where_an_object_is_written(
    client: ServiceClients,
) -> None:
    tagged = {"Event": "s3:ObjectTagging:*", "Queue": {"Fn::GetAtt": ["Queue", "Arn"]}}
    bucket = {
        "Type": "AWS::S3::Bucket",
        "DependsOn": "Policy",
        "Properties": {"NotificationConfiguration": {"QueueConfigurations": [tagged]}},
    }
    queue = {"Type": "AWS::SQS::Queue"}
    stack = create(client, {"Queue": queue, "Policy": QUEUE_POLICY, "Bucket": bucket})
    s3, sqs = client("s3"), client("sqs")
    s3.put_object(Bucket=stack["Bucket"], Key="written", Body=b"1", Tagging="a=1")
    tags: Any = {"TagSet": [{"Key": "b", "Value": "2"}]}
    s3.put_object_tagging(Bucket=stack["Bucket"], Key="written", Tagging=tags)
    test_event, event = (json.loads(message["Body"]) for message in _messages(sqs, stack["Queue"], 2))
    assert (test_event["Event"], event["Records"][0]["eventName"]) == ("s3:TestEvent", "ObjectTagging:Put")
    assert "Messages" not in sqs.receive_message(QueueUrl=stack["Queue"])


def test_a_bucket_refuses_a_function_that_does_not_let_it_in(client: ServiceClients) -> None:
    stack = create(client, {"Worker": function(), "Bucket": {"Type": "AWS::S3::Bucket"}})
    arn = client("lambda").get_function(FunctionName=stack["Worker"])["Configuration"]["FunctionArn"]
    entry = {"LambdaFunctionArn": arn, "Events": ["s3:ObjectCreated:*"]}
    with pytest.raises(ClientError, match="Unable to validate the following destination configurations"):
        client("s3").put_bucket_notification_configuration(
            Bucket=stack["Bucket"], NotificationConfiguration={"LambdaFunctionConfigurations": [entry]}
        )
    found = client("s3").get_bucket_notification_configuration(Bucket=stack["Bucket"])
    assert "LambdaFunctionConfigurations" not in found
