"""Change sets: planned once, shown, executed, or obsolete."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.cloudformation.conftest import World, template, text, widget
from tests.local.state.saved import dumped

PLANNER = "accountsctl.localcloud.cloudformation.planning.planner"


def pending(world: World, name: str, size: int) -> str:
    """The id of a change set that is ready to be executed."""
    world.client.create_change_set(
        StackName="s", ChangeSetName=name, TemplateBody=text(template({"A": widget(Size=size)}))
    )
    world.cloud.wait()
    return str(world.plan(change_set=name)["ChangeSetId"])


def summaries(world: World) -> list[dict[str, Any]]:
    return list(world.client.list_change_sets(StackName="s")["Summaries"])


def test_a_change_set_is_reviewed_and_executed(world: World) -> None:
    world.create(template({"A": widget(Kind="x"), "Gone": widget()}))
    plan = world.change_set(template({"A": widget(Kind="y"), "New": widget(Of={"Ref": "A"})}))
    found = {c["ResourceChange"]["LogicalResourceId"]: c["ResourceChange"] for c in plan["Changes"]}
    assert {name: it["Action"] for name, it in found.items()} == {
        "A": "Modify",
        "New": "Add",
        "Gone": "Remove",
    }
    assert found["A"]["Replacement"] == "True"
    assert found["A"]["Details"][0]["ChangeSource"] == "DirectModification"
    assert json.loads(found["A"]["BeforeContext"]) == {"Properties": {"Kind": "x"}}
    assert json.loads(found["New"]["AfterContext"]) == {
        "Properties": {"Of": "{{changeSet:KNOWN_AFTER_APPLY}}"}
    }
    without = world.client.describe_change_set(StackName="s", ChangeSetName="plan")
    assert "BeforeContext" not in without["Changes"][0]["ResourceChange"]
    assert plan["ExecutionStatus"] == "AVAILABLE"
    world.client.execute_change_set(ChangeSetName=plan["ChangeSetId"])
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "UPDATE_COMPLETE"
    with pytest.raises(ClientError, match="cannot be executed in its current execution status"):
        world.client.execute_change_set(ChangeSetName=plan["ChangeSetId"])
    again = world.change_set(template({"A": widget(Kind="z")}))
    assert again["ChangeSetId"] != plan["ChangeSetId"]
    with pytest.raises(world.client.exceptions.AlreadyExistsException):
        world.change_set(template({"A": widget(Kind="z")}))


def test_a_change_set_is_obsolete_once_another_one_was_executed(world: World) -> None:
    world.create(template({"A": widget(Size=1)}))
    older, newer = pending(world, "older", 2), pending(world, "newer", 3)
    world.client.execute_change_set(ChangeSetName=newer)
    world.cloud.wait()
    assert {it["ChangeSetName"]: it["ExecutionStatus"] for it in summaries(world)} == {
        "older": "OBSOLETE",
        "newer": "EXECUTE_COMPLETE",
    }
    with pytest.raises(world.client.exceptions.InvalidChangeSetStatusException, match=r"\[OBSOLETE\]"):
        world.client.execute_change_set(ChangeSetName=older)
    assert world.widgets.made[world.physical("A")] == {"Size": 3}
    again = pending(world, "older", 4)
    assert world.plan(change_set="older")["ExecutionStatus"] == "AVAILABLE"
    world.client.execute_change_set(StackName="s", ChangeSetName="older")
    world.cloud.wait()
    assert world.plan(None, again)["ExecutionStatus"] == "EXECUTE_COMPLETE"
    assert world.widgets.made[world.physical("A")] == {"Size": 4}


def test_a_change_set_is_obsolete_once_its_stack_was_updated_directly(world: World) -> None:
    world.create(template({"A": widget(Size=1)}))
    older = pending(world, "older", 2)
    world.update(template({"A": widget(Size=3)}))
    with pytest.raises(world.client.exceptions.InvalidChangeSetStatusException, match=r"\[OBSOLETE\]"):
        world.client.execute_change_set(ChangeSetName=older)
    world.client.delete_change_set(ChangeSetName=older)
    assert summaries(world) == []


def test_a_change_set_that_is_worked_out_during_an_update_is_obsolete(world: World) -> None:
    world.create(template({"A": widget(Size={"Fn::GetAZs": "one"})}))
    entered, proceed = threading.Event(), threading.Event()

    def zones() -> dict[str, list[dict[str, str]]]:
        entered.set()
        assert proceed.wait(20)
        return {"AvailabilityZones": []}

    world.services.describe_availability_zones = zones  # type: ignore[assignment, method-assign]
    late = template({"A": widget(Size={"Fn::GetAZs": "two"})})
    world.client.create_change_set(StackName="s", ChangeSetName="late", TemplateBody=text(late))
    assert entered.wait(20)
    world.client.update_stack(StackName="s", TemplateBody=text(template({"A": widget(Size=3)})))
    proceed.set()
    world.cloud.wait()
    late_set = world.plan(change_set="late")
    assert (late_set["Status"], late_set["ExecutionStatus"]) == ("CREATE_COMPLETE", "OBSOLETE")


def test_a_change_set_without_changes_fails_with_awss_words(world: World) -> None:
    it = template({"A": widget()})
    world.create(it)
    plan = world.change_set(it)
    assert (plan["Status"], plan["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert plan["StatusReason"] == (
        "The submitted information didn't contain changes. "
        "Submit different information to create a change set."
    )
    world.client.delete_change_set(StackName="s", ChangeSetName="plan")
    assert world.client.list_change_sets(StackName="s")["Summaries"] == []
    with pytest.raises(world.client.exceptions.ChangeSetNotFoundException):
        world.plan()


def test_a_change_set_that_could_not_be_deployed_fails_with_the_reason(world: World) -> None:
    world.create(template({"A": widget()}))
    plan = world.change_set(template({"A": widget(X={"Ref": "No"})}))
    assert plan["Status"] == "FAILED"
    assert "Unresolved resource dependencies [No]" in plan["StatusReason"]


def test_a_create_change_set_with_on_stack_failure_delete_leaves_nothing(world: World) -> None:
    plan = world.change_set(
        template({"A": widget(), "B": {**widget(Fail="no"), "DependsOn": "A"}}),
        kind="CREATE",
        OnStackFailure="DELETE",
    )
    world.client.execute_change_set(ChangeSetName=plan["ChangeSetId"])
    world.cloud.wait()
    assert world.client.describe_stacks()["Stacks"] == []
    assert world.widgets.made == {}


def test_a_change_set_to_create_what_exists_is_refused(world: World) -> None:
    world.create(template({"A": widget()}))
    with pytest.raises(ClientError, match="already exists and cannot be created again with the changeSet"):
        world.change_set(template({"A": widget()}), kind="CREATE")


def test_a_stack_under_review_can_be_deleted(world: World) -> None:
    world.change_set(template({"A": widget()}), kind="CREATE")
    world.delete()
    assert world.client.describe_stacks()["Stacks"] == []


def nested(world: World, first: int, second: int) -> dict[str, Any]:
    """A stack of two nested ones, each with a widget of a size."""
    urls = {
        "One": world.put(f"one-{first}", template({"A": widget(Size=first)})),
        "Two": world.put(f"two-{second}", template({"B": widget(Size=second)})),
    }
    return template(
        {
            name: {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url}}
            for name, url in urls.items()
        }
    )


def planned(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The stacks that were planned since the last call, root first; the random ends of names are cut off."""
    names = [re.sub("-[A-Z0-9]{12}$", "", record.getMessage()) for record in caplog.records]
    caplog.clear()
    return [name.removeprefix("planning ") for name in names if name.startswith("planning ")]


def test_a_change_set_is_planned_once_and_executed_by_its_plan(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.create(nested(world, 1, 1))
    caplog.set_level("DEBUG", PLANNER)
    world.services.reads.clear()
    world.change_set(nested(world, 2, 1))
    assert sorted(planned(caplog)) == ["s", "s-One", "s-Two"]
    assert world.services.reads == ["one-2", "two-1"]
    world.log.clear()
    world.client.execute_change_set(StackName="s", ChangeSetName="plan")
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "UPDATE_COMPLETE"
    assert world.log == ["update A"]
    assert planned(caplog) == []
    assert world.services.reads == ["one-2", "two-1"]


def test_a_direct_update_is_planned_once(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.create(nested(world, 1, 1))
    caplog.set_level("DEBUG", PLANNER)
    world.update(nested(world, 2, 2))
    assert sorted(planned(caplog)) == ["s", "s-One", "s-Two"]


def test_a_nested_stack_whose_inputs_are_not_known_is_planned_at_its_turn(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    taker = template({"B": widget(Of={"Ref": "In"})}, Parameters={"In": {"Type": "String"}})
    url = world.put("taker", taker)

    def root(kind: str) -> dict[str, Any]:
        properties = {"TemplateURL": url, "Parameters": {"In": {"Ref": "A"}}}
        child = {"Type": "AWS::CloudFormation::Stack", "Properties": properties}
        return template({"A": widget(Kind=kind), "Taker": child})

    world.create(root("x"))
    caplog.set_level("DEBUG", PLANNER)
    world.change_set(root("y"))
    assert planned(caplog) == ["s", "s-Taker"]
    world.client.execute_change_set(StackName="s", ChangeSetName="plan")
    world.cloud.wait()
    assert planned(caplog) == ["s-Taker"]
    assert world.widgets.made[world.physical("B", world.physical("Taker"))] == {"Of": world.physical("A")}


def test_a_change_set_from_before_a_restart_is_planned_again(
    world: World, another: Callable[[], World], caplog: pytest.LogCaptureFixture
) -> None:
    world.create(nested(world, 1, 1))
    world.change_set(nested(world, 2, 1))
    fresh = another()
    fresh.cloud.load(dumped(world.cloud))
    caplog.set_level("DEBUG", PLANNER)
    fresh.client.execute_change_set(StackName="s", ChangeSetName="plan")
    fresh.cloud.wait()
    assert sorted(planned(caplog)) == ["s", "s-One", "s-Two"]
    assert fresh.stack()["StackStatus"] == "UPDATE_COMPLETE"


def test_an_update_of_a_nested_stack_makes_the_change_sets_of_its_root_obsolete(world: World) -> None:
    world.create(nested(world, 1, 1))
    world.change_set(nested(world, 1, 2))
    inner = world.physical("One")
    world.update(template({"A": widget(Size=9)}), inner)
    assert world.plan()["ExecutionStatus"] == "OBSOLETE"


def refusals(world: World, change_set: str) -> list[tuple[str, str, str]]:
    """What DescribeEvents reports of a change set: logical id, path and message."""
    found = world.client.describe_events(ChangeSetName=change_set, Filters={"FailedEvents": True})
    return [
        (event["LogicalResourceId"], event["ValidationPath"], event["ValidationStatusReason"])
        for event in found["OperationEvents"]
    ]


def test_early_validation_refuses_properties_and_names_and_reports_them_as_events_only(world: World) -> None:
    world.create(template({"A": widget(Name="taken")}))
    plan = world.change_set(
        template({"A": widget(Name="taken"), "B": widget(Size="-1"), "C": widget(Name="taken")})
    )
    assert (plan["Status"], plan["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert plan["StatusReason"] == (
        "The following hook(s)/validation failed: [AWS::EarlyValidation::PropertyValidation, "
        "AWS::EarlyValidation::ResourceExistenceCheck]. To troubleshoot Early Validation errors, use the "
        "DescribeEvents API for detailed failure information."
    )
    assert refusals(world, plan["ChangeSetId"]) == [
        ("B", "/Resources/B/Properties/Size", "-1 is not greater or equal to 0"),
        ("C", "/Resources/C", "Resource of type 'Test::Widget' with identifier 'taken' already exists."),
    ]
    assert [change["ResourceChange"]["LogicalResourceId"] for change in plan["Changes"]] == ["B", "C"]


def test_early_validation_leaves_what_is_not_known_yet_to_the_execution(world: World) -> None:
    world.create(template({"A": widget()}))
    later = {"New": widget(), "B": widget(Size={"Fn::GetAtt": "New.Size"}, Name={"Ref": "New"})}
    assert world.change_set(template({"A": widget(), **later}))["Status"] == "CREATE_COMPLETE"


def test_an_unchanged_resource_is_not_validated_again(world: World) -> None:
    world.create(template({"A": widget(Size="-1", Name="mine")}))
    plan = world.change_set(template({"A": widget(Size="-1", Name="mine"), "B": widget()}))
    assert plan["Status"] == "CREATE_COMPLETE"
