"""Change sets over nested stacks: each has its own result, and the root reports only that one failed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.local.cloudformation.conftest import World, template, widget
from tests.local.cloudformation.test_nested import child, giver, root, taker


def nested_change_sets(plan: dict[str, Any]) -> dict[str, str]:
    """Logical id -> ARN of each nested change set."""
    changes = [change["ResourceChange"] for change in plan["Changes"]]
    return {
        change["LogicalResourceId"]: change["ChangeSetId"] for change in changes if "ChangeSetId" in change
    }


def test_a_root_change_set_only_reports_that_a_nested_one_failed(world: World) -> None:
    world.create(template({"A": widget()}))
    good, bad = world.put("good", giver()), world.put("bad", template({"B": widget(Size="-1")}))
    plan = world.change_set(template({"Good": child(good), "Bad": child(bad), "A": widget()}))
    nested = nested_change_sets(plan)
    assert plan["StatusReason"] == (
        f"Nested change set {nested['Bad']} was not successfully created: Currently in FAILED."
    )
    failed, sound = world.plan(None, nested["Bad"]), world.plan(None, nested["Good"])
    assert "[AWS::EarlyValidation::PropertyValidation]" in failed["StatusReason"]
    assert (sound["Status"], sound["ExecutionStatus"]) == ("CREATE_COMPLETE", "UNAVAILABLE")
    assert sound["StatusReason"] == "Only executable from the root change set."
    assert failed["ParentChangeSetId"] == failed["RootChangeSetId"] == plan["ChangeSetId"]
    (event,) = world.client.describe_events(ChangeSetName=nested["Bad"])["OperationEvents"]
    assert (event["LogicalResourceId"], event["ValidationPath"]) == ("B", "/Resources/B/Properties/Size")


def test_a_nested_stack_that_cannot_be_planned_fails_in_its_own_change_set(world: World) -> None:
    world.create(template({"A": widget()}))
    broken = world.put("broken", template({"B": widget(X={"Ref": "Nothing"})}))
    inner = world.put("inner", template({"Inner": child(broken)}))
    plan = world.change_set(template({"Outer": child(inner), "A": widget()}))
    outer = world.plan(None, nested_change_sets(plan)["Outer"])
    bottom = world.plan(None, nested_change_sets(outer)["Inner"])
    assert "Unresolved resource dependencies [Nothing]" in bottom["StatusReason"]
    assert bottom["ChangeSetId"] in outer["StatusReason"]
    assert outer["ChangeSetId"] in plan["StatusReason"]


def test_siblings_are_still_being_created_when_the_root_has_failed(
    during_failure: Callable[[Callable[[World], None]], World],
) -> None:
    seen: list[str] = []

    def look(world: World) -> None:
        plan = world.plan()
        nested = nested_change_sets(plan)
        seen.extend(world.plan(None, nested[name])["Status"] for name in ("Bad", "Late", "Worse"))
        seen.append(plan["Status"])
        with pytest.raises(world.client.exceptions.InvalidChangeSetStatusException):
            world.client.delete_change_set(ChangeSetName=plan["ChangeSetId"])

    world = during_failure(look)
    world.create(template({"A": widget()}))
    bad = {"Bad": child(world.put("bad", template({"B": widget(Size="-1")})))}
    late = {
        "Late": child(world.put("late", giver())),
        "Worse": child(world.put("worse", taker(Y={"Ref": "No"}))),
    }
    plan = world.change_set(template({**bad, **late, "A": widget()}))
    assert seen == ["FAILED", "CREATE_IN_PROGRESS", "CREATE_IN_PROGRESS", "FAILED"]
    nested = nested_change_sets(plan)
    assert world.plan(None, nested["Late"])["Status"] == "CREATE_COMPLETE"
    assert world.plan(None, nested["Worse"])["Status"] == "FAILED"
    world.client.delete_change_set(ChangeSetName=plan["ChangeSetId"])
    with pytest.raises(world.client.exceptions.ChangeSetNotFoundException):
        world.plan(None, nested["Late"])


@pytest.mark.parametrize(
    ("items", "index", "status"),
    [
        ({"Ref": "In"}, "0", "CREATE_COMPLETE"),
        ({"Fn::Split": [",", {"Ref": "In"}]}, "0", "CREATE_COMPLETE"),
        ({"Fn::Split": [",", {"Ref": "In"}]}, "1", "FAILED"),
        ({"Fn::Split": [",", {"Fn::Split": [";", {"Ref": "In"}]}]}, "2", "FAILED"),
    ],
)
def test_only_the_first_part_of_another_stacks_output_can_be_selected_in_a_change_set(
    world: World, items: Any, index: str, status: str
) -> None:
    world.create(template({"A": widget()}))
    selecting = taker(Part={"Fn::Select": [index, items]})
    stacks = root(world.put("g", giver()), world.put("t", selecting), A=widget())
    plan = world.change_set(stacks)
    assert plan["Status"] == status
    if status == "FAILED":
        reason = world.plan(None, nested_change_sets(plan)["Taker"])["StatusReason"]
        assert reason == f"Template error: Fn::Select cannot select nonexistent value at index {index}"
