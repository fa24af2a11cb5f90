"""Drift detection in the embedded cloud: begun, followed, its results kept until the stack changes."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.cloudformation.conftest import World, template, widget
from tests.local.state.saved import dumped

TWO = template({"A": widget(Name="a", Color="red"), "B": widget(Name="b")})


def detect(world: World, stack: str = "s", **more: Any) -> dict[str, Any]:
    """Detect the drift of a stack; its end."""
    begun = world.client.detect_stack_drift(StackName=stack, **more)["StackDriftDetectionId"]
    world.cloud.wait()
    ended: dict[str, Any] = world.client.describe_stack_drift_detection_status(StackDriftDetectionId=begun)
    return ended


def drifts(world: World, stack: str = "s", **more: Any) -> dict[str, dict[str, Any]]:
    found = world.client.describe_stack_resource_drifts(StackName=stack, **more)["StackResourceDrifts"]
    return {each["LogicalResourceId"]: each for each in found}


def shown(world: World) -> tuple[str, dict[str, str]]:
    """The drift that DescribeStacks and ListStackResources show."""
    stack = world.stack()["DriftInformation"]["StackDriftStatus"]
    listed = world.client.list_stack_resources(StackName="s")["StackResourceSummaries"]
    each = {one["LogicalResourceId"]: one["DriftInformation"]["StackResourceDriftStatus"] for one in listed}
    return stack, each


def test_a_stack_that_is_as_it_was_made_is_in_sync(world: World) -> None:
    world.create(TWO)
    assert shown(world) == ("NOT_CHECKED", {"A": "NOT_CHECKED", "B": "NOT_CHECKED"})
    ended = detect(world)

    assert (ended["DetectionStatus"], ended["StackDriftStatus"]) == ("DETECTION_COMPLETE", "IN_SYNC")
    assert ended["DriftedStackResourceCount"] == 0
    assert shown(world) == ("IN_SYNC", {"A": "IN_SYNC", "B": "IN_SYNC"})


def test_a_changed_property_is_named_with_both_values(world: World) -> None:
    world.create(TWO)
    world.widgets.made["a"]["Color"] = "blue"
    ended = detect(world)

    assert (ended["StackDriftStatus"], ended["DriftedStackResourceCount"]) == ("DRIFTED", 1)
    found = drifts(world)
    assert found["A"]["StackResourceDriftStatus"] == "MODIFIED"
    assert found["A"]["PropertyDifferences"] == [
        {
            "PropertyPath": "/Color",
            "ExpectedValue": "red",
            "ActualValue": "blue",
            "DifferenceType": "NOT_EQUAL",
        }
    ]
    assert json.loads(found["A"]["ActualProperties"]) == {"Name": "a", "Color": "blue"}
    assert found["B"]["StackResourceDriftStatus"] == "IN_SYNC"
    assert set(drifts(world, StackResourceDriftStatusFilters=["MODIFIED", "DELETED"])) == {"A"}


def test_a_resource_that_is_gone_is_deleted(world: World) -> None:
    world.create(TWO)
    del world.widgets.made["b"]

    assert detect(world)["DriftedStackResourceCount"] == 1
    assert drifts(world)["B"]["StackResourceDriftStatus"] == "DELETED"
    assert "ExpectedProperties" not in drifts(world)["B"]


def test_a_resource_that_cannot_be_read_fails_the_detection_but_not_the_others(world: World) -> None:
    world.create(TWO)
    world.widgets.unreadable.add("a")
    ended = detect(world)

    assert ended["DetectionStatus"] == "DETECTION_FAILED"
    assert ended["DetectionStatusReason"] == "Failed to detect drift on resources [A]"
    assert ended["StackDriftStatus"] == "UNKNOWN"
    found = drifts(world)
    assert found["A"]["StackResourceDriftStatus"] == "UNKNOWN"
    assert found["A"]["DriftStatusReason"] == "the widget is shy"
    assert found["B"]["StackResourceDriftStatus"] == "IN_SYNC"


def test_a_type_that_cannot_be_read_has_no_result(world: World) -> None:
    handle = {"Type": "AWS::CloudFormation::WaitConditionHandle"}
    world.create(template({"A": widget(Name="a"), "Handle": handle}))

    assert detect(world)["DetectionStatus"] == "DETECTION_COMPLETE"
    assert set(drifts(world)) == {"A"}
    with pytest.raises(ClientError, match="not supported"):
        world.client.detect_stack_resource_drift(StackName="s", LogicalResourceId="Handle")


def test_one_resource_can_be_checked_alone(world: World) -> None:
    world.create(TWO)
    world.widgets.made["a"]["Color"] = "blue"
    found = world.client.detect_stack_resource_drift(StackName="s", LogicalResourceId="A")

    assert found["StackResourceDrift"]["StackResourceDriftStatus"] == "MODIFIED"
    detect(world, LogicalResourceIds=["B"])
    assert set(drifts(world)) == {"B"}
    with pytest.raises(ClientError, match="Resource C does not exist"):
        detect(world, LogicalResourceIds=["C"])


def test_a_nested_stack_is_compared_as_a_resource_and_its_own_resources_are_not(world: World) -> None:
    inner = template({"W": widget(Name={"Ref": "N"})}, Parameters={"N": {"Type": "String"}})
    url = world.put("inner", inner)
    nested = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": url, "Parameters": {"N": "w"}},
    }
    world.create(template({"Child": nested}))
    world.widgets.made["w"]["Name"] = "changed"

    assert detect(world)["StackDriftStatus"] == "IN_SYNC"
    assert set(drifts(world)) == {"Child"}
    child = world.physical("Child")
    assert detect(world, child)["StackDriftStatus"] == "DRIFTED"
    world.client.delete_stack(StackName=child)
    world.cloud.wait()
    assert detect(world)["StackDriftStatus"] == "DRIFTED"
    assert drifts(world)["Child"]["StackResourceDriftStatus"] == "DELETED"


def test_secrets_are_neither_compared_nor_shown(world: World) -> None:
    hidden = {"Type": "String", "NoEcho": True}
    world.services.parameters["/color"] = "red"
    properties = {"Name": "a", "Color": "{{resolve:ssm:/color}}", "Word": {"Ref": "Word"}}
    made = template({"A": widget(**properties)}, Parameters={"Word": hidden})
    world.create(made, Parameters=[{"ParameterKey": "Word", "ParameterValue": "hunter2"}])
    world.widgets.made["a"] |= {"Color": "blue", "Word": "hunter2-changed"}
    detect(world)

    assert [each["PropertyPath"] for each in drifts(world)["A"]["PropertyDifferences"]] == ["/Word"]
    assert "hunter2" not in json.dumps(drifts(world), default=str)


def test_an_operation_on_the_stack_makes_the_results_obsolete(world: World) -> None:
    world.create(TWO)
    world.widgets.made["a"]["Color"] = "blue"
    detect(world)
    world.update(template({"A": widget(Name="a", Color="green"), "B": widget(Name="b")}))

    assert drifts(world) == {}
    assert shown(world)[0] == "NOT_CHECKED"


def test_results_survive_the_process(world: World, another: Callable[[], World]) -> None:
    world.create(TWO)
    world.widgets.made["a"]["Color"] = "blue"
    detect(world)
    fresh = another()
    fresh.cloud.load(json.loads(json.dumps(dumped(world.cloud))))

    assert drifts(fresh)["A"]["StackResourceDriftStatus"] == "MODIFIED"
    assert shown(fresh)[0] == "DRIFTED"


def test_a_state_from_before_drift_detection_is_not_checked(
    world: World, another: Callable[[], World]
) -> None:
    world.create(TWO)
    state = json.loads(json.dumps(dumped(world.cloud)))
    for stack in state["stacks"]:
        del stack["drift"]
    fresh = another()
    fresh.cloud.load(state)

    assert shown(fresh)[0] == "NOT_CHECKED"


def test_only_one_detection_of_a_stack_runs_at_a_time(world: World) -> None:
    world.create(TWO)
    world.widgets.reading = threading.Event()
    begun = world.client.detect_stack_drift(StackName="s")["StackDriftDetectionId"]
    status = world.client.describe_stack_drift_detection_status(StackDriftDetectionId=begun)

    assert status["DetectionStatus"] == "DETECTION_IN_PROGRESS"
    with pytest.raises(ClientError, match=r"Drift detection is already in progress for stack \[arn:"):
        world.client.detect_stack_drift(StackName="s")
    world.widgets.reading.set()
    world.cloud.wait()
    assert detect(world)["DetectionStatus"] == "DETECTION_COMPLETE"


def test_an_update_during_a_detection_makes_it_fail(world: World) -> None:
    world.create(TWO)
    world.widgets.reading = threading.Event()
    begun = world.client.detect_stack_drift(StackName="s")["StackDriftDetectionId"]
    world.client.update_stack(
        StackName="s", TemplateBody=json.dumps(template({"A": widget(Name="a", Color="green")}))
    )
    world.widgets.reading.set()
    world.cloud.wait()

    ended = world.client.describe_stack_drift_detection_status(StackDriftDetectionId=begun)
    assert ended["DetectionStatus"] == "DETECTION_FAILED"
    assert drifts(world) == {}


def test_a_stack_in_a_bad_state_is_not_checked(world: World) -> None:
    world.create(template({"A": widget(Fail="no")}))

    with pytest.raises(ClientError, match="ROLLBACK_COMPLETE"):
        detect(world)
    with pytest.raises(ClientError, match="does not exist"):
        world.client.describe_stack_drift_detection_status(StackDriftDetectionId="0" * 36)
