"""Log events that a subscription's pattern selects reach the function, those that other functions print included."""

from __future__ import annotations

import base64
import gzip
import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from accountsctl.localcloud.contracts.log_patterns import LogPatternError, parse
from tests.local.conftest import ServiceClients
from tests.local.events.stacks import create, function

MESSAGE = json.dumps({"level": "ERROR", "n": 7, "user": None, "tags": ["a"], "ok": True})


@pytest.mark.parametrize(
    ("pattern", "message", "selected"),
    [
        ("", "anything", True),
        ("ERROR", "an ERROR here", True),
        ("ERROR", "an error here", False),
        ("ERROR now", "now an ERROR", True),
        ("ERROR -now", "now an ERROR", False),
        ("?WARN ?ERROR", "an ERROR", True),
        ("?WARN ?ERROR", "fine", False),
        ('"an ERROR"', "an  ERROR", False),
        ('{ $.level = "ERROR" }', MESSAGE, True),
        ('{ $.level = "ERR*" && $.n > 5 }', MESSAGE, True),
        ("{ $.n >= 8 || $.n = 7.0 }", MESSAGE, True),
        ('{ ($.level != "ERROR" || $.n < 5) && $.ok IS TRUE }', MESSAGE, False),
        ("{ $.user IS NULL }", MESSAGE, True),
        ("{ $.absent NOT EXISTS }", MESSAGE, True),
        ('{ $.tags[0] = "a" }', MESSAGE, True),
        ('{ $.level = "ERROR" }', "no JSON: ERROR", False),
        ("{ $.absent NOT EXISTS }", "no JSON", False),
    ],
)
def test_a_pattern_selects_messages(pattern: str, message: str, selected: bool) -> None:
    assert parse(pattern)(message) is selected


@pytest.mark.parametrize(
    "pattern", ["[a, b]", "%a+%", "{ $.a }", "{ $.a = }", "{ ($.a = 1 }", "{ a = 1 }", "{ $.a > x }"]
)
def test_what_is_not_evaluated_is_refused(pattern: str) -> None:
    with pytest.raises(LogPatternError):
        parse(pattern)


RESOURCES: dict[str, Any] = {
    "Reader": function(),
    "Permission": {
        "Type": "AWS::Lambda::Permission",
        "Properties": {
            "Action": "lambda:InvokeFunction",
            "FunctionName": {"Ref": "Reader"},
            "Principal": {"Fn::Sub": "logs.${AWS::Region}.amazonaws.com"},
            "SourceArn": {"Fn::GetAtt": ["Group", "Arn"]},
        },
    },
    "Group": {
        "Type": "AWS::Logs::LogGroup",
        "Properties": {"LogGroupName": {"Fn::Sub": "/aws/lambda/${AWS::StackName}-printer"}},
    },
    "Printer": function(
        "def act(event): print('ERROR one'); print('fine')",
        FunctionName={"Fn::Sub": "${AWS::StackName}-printer"},
    ),
    "Filter": {
        "Type": "AWS::Logs::SubscriptionFilter",
        "DependsOn": "Permission",
        "Properties": {
            "LogGroupName": {"Ref": "Group"},
            "FilterPattern": "ERROR",
            "DestinationArn": {"Fn::GetAtt": ["Reader", "Arn"]},
        },
    },
}


def _messages(event: dict[str, Any]) -> tuple[str, list[str]]:
    """The log group and the messages of a subscription's event."""
    content = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
    assert (content["messageType"], content["owner"]) == ("DATA_MESSAGE", "123456789012")
    return content["logGroup"], [entry["message"] for entry in content["logEvents"]]


def test_a_subscription_gets_what_is_put_and_what_a_function_prints(client: ServiceClients) -> None:
    stack = create(client, RESOURCES)
    client("lambda").invoke(FunctionName=stack["Printer"])
    (event,) = stack.wait_for_notes("Reader")
    assert _messages(event) == (stack["Group"], ["ERROR one\n"])
    logs = client("logs")
    logs.create_log_stream(logGroupName=stack["Group"], logStreamName="s")
    now = int(time.time() * 1000)
    entries = [{"timestamp": now + n, "message": text} for n, text in enumerate(("fine", "ERROR two"))]
    logs.put_log_events(logGroupName=stack["Group"], logStreamName="s", logEvents=entries)
    events = stack.wait_for_notes("Reader", lambda events: len(events) >= 2)
    assert _messages(events[1]) == (stack["Group"], ["ERROR two"])


def test_a_function_that_does_not_let_logs_in_is_refused(client: ServiceClients) -> None:
    closed = {name: body for name, body in RESOURCES.items() if name in ("Reader", "Group")}
    stack = create(client, closed)
    arn = client("lambda").get_function(FunctionName=stack["Reader"])["Configuration"]["FunctionArn"]
    with pytest.raises(ClientError, match="Could not execute the lambda function"):
        client("logs").put_subscription_filter(
            logGroupName=stack["Group"], filterName="f", filterPattern="", destinationArn=arn
        )
