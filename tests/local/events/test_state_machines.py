"""State machines run: their tasks call functions, and what fails is retried, caught or reported."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import ServiceClients
from tests.local.events.stacks import Stack, create, function, wait_for

pytestmark = pytest.mark.slow

ACT = """
def act(event):
    if event.get("bad"):
        raise ValueError("bad order")
    return {"total": event["total"] * 2}
"""
DEFINITION = {
    "StartAt": "Double",
    "States": {
        "Double": {
            "Type": "Task",
            "Resource": "${Worker}",
            "ResultPath": "$.doubled",
            "Retry": [{"ErrorEquals": ["ValueError"], "IntervalSeconds": 1, "MaxAttempts": 1}],
            "Catch": [{"ErrorEquals": ["ValueError"], "ResultPath": "$.fault", "Next": "Failed"}],
            "Next": "Large",
        },
        "Large": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.doubled.total", "NumericGreaterThan": 10, "Next": "Tell"}],
            "Default": "Done",
        },
        "Tell": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage",
            "Parameters": {"QueueUrl": "${Queue}", "MessageBody.$": "$.doubled"},
            "ResultPath": None,
            "Next": "Done",
        },
        "Done": {"Type": "Succeed"},
        "Failed": {"Type": "Fail", "Error": "Order", "Cause": "no good"},
    },
}
RESOURCES: dict[str, Any] = {
    "Worker": function(ACT),
    "Queue": {"Type": "AWS::SQS::Queue"},
    "Machine": {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {
            "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            "DefinitionString": json.dumps(DEFINITION),
            "DefinitionSubstitutions": {
                "Worker": {"Fn::GetAtt": ["Worker", "Arn"]},
                "Queue": {"Ref": "Queue"},
            },
        },
    },
}


def _run(client: ServiceClients, stack: Stack, order: dict[str, Any]) -> dict[str, Any]:
    """The execution, once it has ended."""
    states = client("stepfunctions")
    arn = states.start_execution(stateMachineArn=stack["Machine"], input=json.dumps(order))["executionArn"]
    ended: dict[str, Any] = wait_for(
        lambda: states.describe_execution(executionArn=arn), lambda found: found["status"] != "RUNNING"
    )
    return ended


def test_an_execution_calls_functions_and_services_and_ends_with_its_output(client: ServiceClients) -> None:
    stack = create(client, RESOURCES)
    execution = _run(client, stack, {"total": 7})
    assert execution["status"] == "SUCCEEDED"
    assert json.loads(execution["output"]) == {"total": 7, "doubled": {"total": 14}}
    (message,) = client("sqs").receive_message(QueueUrl=stack["Queue"], WaitTimeSeconds=5)["Messages"]
    assert json.loads(message["Body"]) == {"total": 14}
    history = client("stepfunctions").get_execution_history(executionArn=execution["executionArn"])
    kinds = [event["type"] for event in history["events"]]
    assert kinds[0] == "ExecutionStarted"
    assert "LambdaFunctionSucceeded" in kinds
    assert kinds[-1] == "ExecutionSucceeded"


def test_what_fails_is_tried_again_and_then_caught(client: ServiceClients) -> None:
    stack = create(client, RESOURCES)
    execution = _run(client, stack, {"bad": True})
    assert (execution["status"], execution["error"], execution["cause"]) == ("FAILED", "Order", "no good")
    assert len(stack.notes("Worker")) == 2


def test_what_would_not_run_is_refused_when_it_is_created(client: ServiceClients) -> None:
    states = client("stepfunctions")
    role = "arn:aws:iam::123456789012:role/r"
    task = {"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask.sync", "End": True}
    definition = {"StartAt": "Run", "States": {"Run": task}}
    with pytest.raises(ClientError, match=r"does not run the resource arn:aws:states:::ecs:runTask.sync"):
        states.create_state_machine(name="ecs", definition=json.dumps(definition), roleArn=role)
    with pytest.raises(ClientError, match="InvalidDefinition"):
        states.create_state_machine(name="bad", definition='{"StartAt": "X"}', roleArn=role)
