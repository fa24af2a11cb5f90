"""Writes to a table reach the function as records of its stream, in order; what fails is tried again or given up."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.local.conftest import ServiceClients
from tests.local.events.stacks import create, function

pytestmark = pytest.mark.slow


def _table(view: str = "NEW_AND_OLD_IMAGES") -> dict[str, Any]:
    return {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "StreamSpecification": {"StreamViewType": view},
        },
    }


def _mapping(**properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {
            "EventSourceArn": {"Fn::GetAtt": ["Table", "StreamArn"]},
            "FunctionName": {"Ref": "Worker"},
            "StartingPosition": "LATEST",
            **properties,
        },
    }


def test_each_kind_of_write_is_a_record_with_its_images(client: ServiceClients) -> None:
    stack = create(client, {"Table": _table(), "Worker": function(), "Mapping": _mapping()})
    dynamodb = client("dynamodb")
    dynamodb.put_item(TableName=stack["Table"], Item={"id": {"S": "1"}, "n": {"N": "1"}})
    dynamodb.put_item(
        TableName=stack["Table"], Item={"id": {"S": "1"}, "n": {"N": "1"}}
    )  # no change: no record
    dynamodb.update_item(
        TableName=stack["Table"],
        Key={"id": {"S": "1"}},
        UpdateExpression="SET n = :two",
        ExpressionAttributeValues={":two": {"N": "2"}},
    )
    dynamodb.delete_item(TableName=stack["Table"], Key={"id": {"S": "1"}})
    stack.wait_for_notes("Worker", lambda events: sum(len(event["Records"]) for event in events) >= 3)
    records = [record for event in stack.notes("Worker") for record in event["Records"]]
    assert [record["eventName"] for record in records] == ["INSERT", "MODIFY", "REMOVE"]
    modified = records[1]
    assert modified["dynamodb"]["Keys"] == {"id": {"S": "1"}}
    assert modified["dynamodb"]["OldImage"]["n"] == {"N": "1"}
    assert modified["dynamodb"]["NewImage"]["n"] == {"N": "2"}
    assert modified["dynamodb"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    assert isinstance(modified["dynamodb"]["ApproximateCreationDateTime"], int)
    assert modified["eventSource"] == "aws:dynamodb"
    assert modified["awsRegion"] == "eu-west-1"
    assert f"table/{stack['Table']}/stream/" in modified["eventSourceARN"]


def test_records_that_fail_are_given_up_after_their_retries_and_the_next_ones_follow(
    client: ServiceClients,
) -> None:
    act = """
def act(event):
    if any(record["dynamodb"]["Keys"]["id"]["S"] == "bad" for record in event["Records"]):
        raise ValueError("bad record")
"""
    pattern = json.dumps({"eventName": ["INSERT"]})
    mapping = _mapping(
        BatchSize=1,
        MaximumRetryAttempts=1,
        FilterCriteria={"Filters": [{"Pattern": pattern}]},
        DestinationConfig={"OnFailure": {"Destination": {"Fn::GetAtt": ["Dead", "Arn"]}}},
    )
    stack = create(
        client,
        {
            "Dead": {"Type": "AWS::SQS::Queue"},
            "Table": _table("KEYS_ONLY"),
            "Worker": function(act),
            "Mapping": mapping,
        },
    )
    dynamodb = client("dynamodb")
    for key in ("bad", "good"):
        dynamodb.put_item(TableName=stack["Table"], Item={"id": {"S": key}})
    dynamodb.delete_item(TableName=stack["Table"], Key={"id": {"S": "bad"}})
    (message,) = client("sqs").receive_message(QueueUrl=stack["Dead"], WaitTimeSeconds=20)["Messages"]
    letter = json.loads(message["Body"])
    assert letter["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert letter["requestContext"]["approximateInvokeCount"] == 2
    assert letter["DDBStreamBatchInfo"]["batchSize"] == 1
    events = stack.wait_for_notes("Worker", lambda events: len(events) >= 3)
    keys = [record["dynamodb"]["Keys"]["id"]["S"] for event in events for record in event["Records"]]
    assert keys == ["bad", "bad", "good"]
