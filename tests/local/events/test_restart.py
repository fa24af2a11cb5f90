"""A stop loses no event: what was waiting is delivered afterwards, and what was done is not done again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from accountsctl.localcloud.client import LocalCloudClient
from tests.local.conftest import REGION, ServiceClients
from tests.local.events.stacks import create, function, wait_for

WAITING = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 600, "End": True}}}
RESOURCES: dict[str, Any] = {
    "Queue": {"Type": "AWS::SQS::Queue"},
    "Table": {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "StreamSpecification": {"StreamViewType": "KEYS_ONLY"},
        },
    },
    "Worker": function(),
    "Reader": function(),
    "Messages": {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {
            "EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]},
            "FunctionName": {"Ref": "Worker"},
        },
    },
    "Records": {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {
            "EventSourceArn": {"Fn::GetAtt": ["Table", "StreamArn"]},
            "FunctionName": {"Ref": "Reader"},
            "StartingPosition": "TRIM_HORIZON",
        },
    },
    "Machine": {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {
            "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            "DefinitionString": json.dumps(WAITING),
        },
    },
}


@pytest.fixture
def own_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloudClient]:
    running = LocalCloudClient(tmp_path_factory.mktemp("restarted") / "amplify" / ".local")
    running.start()
    yield running
    running.stop()


def _clients(cloud: LocalCloudClient) -> ServiceClients:
    session: Any = boto3.Session(*cloud.credentials(), region_name=REGION)
    return lambda service: session.client(service, endpoint_url=cloud.start().url)


@pytest.mark.slow
def test_what_was_waiting_is_delivered_after_a_restart(own_cloud: LocalCloudClient) -> None:
    client = _clients(own_cloud)
    stack = create(client, RESOURCES)
    client("dynamodb").put_item(TableName=stack["Table"], Item={"id": {"S": "before"}})
    stack.wait_for_notes("Reader")
    started = client("stepfunctions").start_execution(stateMachineArn=stack["Machine"])
    client("sqs").send_message(QueueUrl=stack["Queue"], MessageBody="late", DelaySeconds=5)
    own_cloud.stop()
    own_cloud.start()

    (event,) = stack.wait_for_notes("Worker")
    assert [record["body"] for record in event["Records"]] == ["late"]
    client("dynamodb").put_item(TableName=stack["Table"], Item={"id": {"S": "after"}})
    events = stack.wait_for_notes("Reader", lambda events: len(events) >= 2)
    keys = [record["dynamodb"]["Keys"]["id"]["S"] for event in events for record in event["Records"]]
    assert keys == ["before", "after"]
    execution = wait_for(
        lambda: client("stepfunctions").describe_execution(executionArn=started["executionArn"]), bool
    )
    assert (execution["status"], execution["cause"]) == (
        "ABORTED",
        "The embedded cloud was stopped while this execution ran.",
    )
