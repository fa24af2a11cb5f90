"""Deleting a stack: the order, the policies, and what stands in the way."""

from __future__ import annotations

import threading

import pytest
from botocore.exceptions import ClientError

from tests.local.cloudformation.conftest import World, template, widget


def test_deletion_runs_backwards_and_honours_the_policies(world: World) -> None:
    world.create(
        template(
            {
                "A": widget(),
                "B": widget(Of={"Ref": "A"}),
                "Kept": {**widget(), "DeletionPolicy": "Retain"},
                "Filmed": {**widget(), "DeletionPolicy": "Snapshot"},
                "Db": {"Type": "AWS::RDS::DBCluster"},
            }
        )
    )
    kept = world.physical("Kept")
    stack_id = world.stack()["StackId"]
    world.log.clear()
    world.delete()
    assert world.log.index("delete B") < world.log.index("delete A")
    assert world.log.index("snapshot Filmed") < world.log.index("delete Filmed")
    assert "snapshot Db" in world.log
    assert "delete Kept" not in world.log
    assert list(world.widgets.made) == [kept]
    assert "Kept DELETE_SKIPPED" in world.story(stack_id)
    assert world.stack(stack_id)["StackStatus"] == "DELETE_COMPLETE"


def test_what_retains_except_on_create_goes_with_a_failed_creation(world: World) -> None:
    def both(policy: str) -> dict[str, object]:
        return template(
            {"A": {**widget(), "DeletionPolicy": policy}, "B": {**widget(Fail="no"), "DependsOn": "A"}}
        )

    world.create(both("RetainExceptOnCreate"), "one")
    assert world.widgets.made == {}
    world.create(both("Retain"), "two", RetainExceptOnCreate=True)
    assert world.widgets.made == {}
    world.create(both("Retain"), "three")
    assert len(world.widgets.made) == 1


def test_a_resource_that_cannot_be_deleted_can_be_left_behind(world: World) -> None:
    world.create(template({"A": widget(), "B": widget(Of={"Ref": "A"}), "C": widget()}))
    world.widgets.refuse_delete.add("B")
    world.delete()
    made = world.stack()
    assert made["StackStatus"] == "DELETE_FAILED"
    assert made["StackStatusReason"] == "The following resource(s) failed to delete: [B]. "
    assert "the widget is not empty" in world.reason("B", "DELETE_FAILED")
    assert "delete A" not in world.log
    world.client.delete_stack(StackName="s", RetainResources=["B"])
    world.cloud.wait()
    assert world.client.describe_stacks()["Stacks"] == []


def test_termination_protection_stands_in_the_way_of_deletion(world: World) -> None:
    world.create(template({"A": widget()}), EnableTerminationProtection=True)
    with pytest.raises(ClientError, match="cannot be deleted while TerminationProtection is enabled"):
        world.delete()
    world.client.update_termination_protection(StackName="s", EnableTerminationProtection=False)
    world.delete()
    assert world.client.describe_stacks()["Stacks"] == []


def test_deleting_a_stack_that_is_not_there_is_done(world: World) -> None:
    world.delete("nothing")


def test_deleting_a_stack_while_it_is_created_stops_the_creation(world: World) -> None:
    world.widgets.gates["g"] = threading.Event()
    world.client.create_stack(
        StackName="s",
        TemplateBody='{"Resources":{"A":{"Type":"Test::Widget","Properties":{"Gate":"g"}},'
        '"B":{"Type":"Test::Widget","DependsOn":"A"}}}',
    )
    assert world.widgets.reached.wait(10)
    world.client.delete_stack(StackName="s")
    world.widgets.gates["g"].set()
    world.cloud.wait()
    assert world.client.describe_stacks()["Stacks"] == []
    assert world.widgets.made == {}
    assert "create B" not in world.log


def test_a_stack_whose_failed_update_was_left_as_it_is_can_be_deleted_whole(world: World) -> None:
    world.create(template({"A": widget(Kind="x")}))
    left = world.update(
        template({"A": widget(Kind="y"), "B": {**widget(Fail="no"), "DependsOn": "A"}}), DisableRollback=True
    )
    assert left["StackStatus"] == "UPDATE_FAILED"
    assert len(world.widgets.made) == 2
    world.delete()
    assert world.widgets.made == {}


def test_a_snapshot_is_taken_of_what_was_complete_when_its_creation_is_rolled_back(world: World) -> None:
    kept = {**widget(), "DeletionPolicy": "Snapshot"}
    failed = {**widget(Fail="no"), "DeletionPolicy": "Snapshot", "DependsOn": ["Kept", "Plain"]}
    world.create(template({"Kept": kept, "Plain": widget(), "Failed": failed}))
    assert world.stack()["StackStatus"] == "ROLLBACK_COMPLETE"
    assert [entry for entry in world.log if entry.startswith("snapshot")] == ["snapshot Kept"]
    assert world.widgets.made == {}


def test_a_snapshot_is_taken_of_what_a_rolled_back_update_had_created(world: World) -> None:
    world.create(template({"A": widget()}))
    kept = {**widget(), "DeletionPolicy": "Snapshot"}
    failing = {**widget(Fail="no"), "DependsOn": "Kept"}
    world.update(template({"A": widget(), "Kept": kept, "Failed": failing}))
    assert world.stack()["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert [entry for entry in world.log if entry.startswith("snapshot")] == ["snapshot Kept"]
