"""Events that are put on a bus, and schedules, reach the targets of the rules that select them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import ServiceClients
from tests.local.events.stacks import create, function, permission

PATTERN = {"source": ["shop"], "detail": {"total": [{"numeric": [">", 10]}], "state": [{"prefix": "pa"}]}}
TRANSFORMED = {
    "InputPathsMap": {"total": "$.detail.total", "state": "$.detail.state"},
    "InputTemplate": '{"total": <total>, "text": "is <state>"}',
}
RESOURCES: dict[str, Any] = {
    "Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": {"Ref": "AWS::StackName"}}},
    "Worker": function(),
    "Permission": permission("Worker", "events.amazonaws.com", {"Fn::GetAtt": ["Rule", "Arn"]}),
    "Queue": {"Type": "AWS::SQS::Queue"},
    "Policy": {
        "Type": "AWS::SQS::QueuePolicy",
        "Properties": {
            "Queues": [{"Ref": "Queue"}],
            "PolicyDocument": {
                "Statement": {
                    "Effect": "Allow",
                    "Principal": {"Service": "events.amazonaws.com"},
                    "Action": "sqs:SendMessage",
                    "Resource": {"Fn::GetAtt": ["Queue", "Arn"]},
                    "Condition": {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["Rule", "Arn"]}}},
                }
            },
        },
    },
    "Rule": {
        "Type": "AWS::Events::Rule",
        "Properties": {
            "EventBusName": {"Ref": "Bus"},
            "EventPattern": PATTERN,
            "Targets": [
                {"Id": "worker", "Arn": {"Fn::GetAtt": ["Worker", "Arn"]}},
                {
                    "Id": "queue",
                    "Arn": {"Fn::GetAtt": ["Queue", "Arn"]},
                    "InputTransformer": TRANSFORMED,
                },
            ],
        },
    },
}


def test_an_event_that_the_pattern_selects_reaches_all_targets(client: ServiceClients) -> None:
    stack = create(client, RESOURCES)
    bus = {"EventBusName": stack["Bus"], "DetailType": "order"}
    put = client("events").put_events(
        Entries=[
            {**bus, "Source": "shop", "Detail": json.dumps({"total": 5, "state": "paid"})},
            {**bus, "Source": "other", "Detail": json.dumps({"total": 50, "state": "paid"})},
            {**bus, "Source": "shop", "Detail": json.dumps({"total": 50, "state": "paid"})},
        ]
    )
    (event,) = stack.wait_for_notes("Worker")
    assert event["id"] == put["Entries"][2]["EventId"]
    assert (event["source"], event["detail-type"], event["region"]) == ("shop", "order", "eu-west-1")
    assert event["detail"] == {"total": 50, "state": "paid"}
    assert set(event) == {
        *("version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail")
    }
    received = client("sqs").receive_message(QueueUrl=stack["Queue"], WaitTimeSeconds=10)["Messages"]
    assert [json.loads(message["Body"]) for message in received] == [{"total": 50, "text": "is paid"}]
    rule = stack["Rule"].rpartition("|")[2]
    client("events").disable_rule(Name=rule, EventBusName=stack["Bus"])
    client("events").put_events(
        Entries=[{**bus, "Source": "shop", "Detail": json.dumps({"total": 50, "state": "paid"})}]
    )
    assert "Messages" not in client("sqs").receive_message(QueueUrl=stack["Queue"])


def test_targets_and_expressions_that_would_do_nothing_are_refused(client: ServiceClients) -> None:
    events = client("events")
    events.put_rule(Name="refused", EventPattern=json.dumps({"source": ["a"]}))
    arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/a"
    with pytest.raises(ClientError, match="The embedded cloud does not provide the target"):
        events.put_targets(Rule="refused", Targets=[{"Id": "1", "Arn": arn}])
    with pytest.raises(ClientError, match="ScheduleExpression is not valid"):
        events.put_rule(Name="refused", ScheduleExpression="rate(1 minutes)")
    with pytest.raises(ClientError, match="Unrecognized match type near"):
        events.put_rule(Name="refused", EventPattern=json.dumps({"source": [{"near": "a"}]}))
