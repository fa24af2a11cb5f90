"""ImportExistingResources: a retained resource of a stated name is taken over instead of being created."""

from __future__ import annotations

from typing import Any

import pytest

from tests.local.cloudformation.conftest import World, template, widget

POLICY = "RetainExceptOnCreate"


def kept(name: str = "shared", policy: str = POLICY, **properties: Any) -> dict[str, Any]:
    return {**widget(Name=name, **properties), "DeletionPolicy": policy}


def nested(world: World, **resources: Any) -> dict[str, Any]:
    url = world.put("child.json", template(resources))
    return {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url}}


def push(world: World, adopts: bool = True, **resources: Any) -> str:
    """Execute a change set over nested stacks; returns the status of the root."""
    plan = world.change_set(template(resources), ImportExistingResources=adopts)
    assert plan.get("ImportExistingResources", False) is adopts
    world.client.execute_change_set(ChangeSetName=plan["ChangeSetId"])
    world.cloud.wait()
    return str(world.stack()["StackStatus"])


@pytest.fixture
def root(world: World) -> World:
    """A stack of its own, and a widget that no stack owns."""
    world.create(template({"Own": widget()}))
    world.widgets.made["shared"] = {"Size": 7}
    world.log.clear()
    return world


def test_what_exists_is_imported_as_it_is_and_stays_when_the_stack_goes(root: World) -> None:
    child = nested(root, A=kept(Size=1))
    assert push(root, Own=widget(), Child=child) == "UPDATE_COMPLETE"
    assert root.log == ["adopt A"]
    assert root.widgets.made["shared"] == {"Size": 7}
    inner = root.physical("Child")
    assert "A IMPORT_COMPLETE" in root.story(inner)
    root.delete()
    assert "shared" in root.widgets.made


def test_a_change_set_says_what_it_imports(root: World) -> None:
    plan = root.change_set(template({"Own": widget(), "A": kept()}), ImportExistingResources=True)
    assert [change["ResourceChange"]["Action"] for change in plan["Changes"]] == ["Import"]


def test_a_stack_that_was_deleted_comes_back_with_what_it_left(root: World) -> None:
    push(root, Own=widget(), A=kept("left"))
    root.delete()
    root.create(template({"Own": widget()}))
    assert push(root, Own=widget(), A=kept("left")) == "UPDATE_COMPLETE"
    assert "adopt A" in root.log


def test_a_rollback_leaves_what_was_imported_and_takes_back_what_was_created(root: World) -> None:
    broken = {**widget(Fail="no"), "DependsOn": ["A", "B"]}
    assert push(root, Own=widget(), A=kept(), B=kept("new"), C=broken) == "UPDATE_ROLLBACK_COMPLETE"
    assert "shared" in root.widgets.made
    assert "new" not in root.widgets.made


@pytest.mark.parametrize(("adopts", "policy"), [(False, POLICY), (True, "Delete")])
def test_without_the_flag_or_the_policy_a_name_that_exists_is_refused(
    root: World, adopts: bool, policy: str
) -> None:
    assert push(root, adopts, Own=widget(), A=kept(policy=policy)) == "UPDATE_ROLLBACK_COMPLETE"
    assert "already exists" in root.reason("A", "CREATE_FAILED")


def test_what_another_stack_owns_is_not_imported(root: World) -> None:
    root.create(template({"A": kept("owned")}), name="other")
    plan = root.change_set(template({"Own": widget(), "A": kept("owned")}), ImportExistingResources=True)
    assert (plan["Status"], plan["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert "AWS::EarlyValidation" in plan["StatusReason"]
