"""Updating a stack, and rolling an update back."""

from __future__ import annotations

import threading

import pytest
from botocore.exceptions import ClientError

from tests.local.cloudformation.conftest import World, template, widget


def test_an_update_changes_in_place_what_can_be_changed_in_place(world: World) -> None:
    world.create(template({"A": widget(Size=1), "B": widget(Of={"Fn::GetAtt": "A.Size"}), "C": widget()}))
    before = world.physical("A")
    world.log.clear()
    made = world.update(
        template({"A": widget(Size=2), "B": widget(Of={"Fn::GetAtt": "A.Size"}), "C": widget()})
    )
    assert made["StackStatus"] == "UPDATE_COMPLETE"
    assert world.log == ["update A", "update B"]
    assert world.physical("A") == before
    assert world.widgets.made[world.physical("B")] == {"Of": 2}
    assert world.story()[-2:] == ["s UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "s UPDATE_COMPLETE"]


def test_what_is_replaced_or_dropped_is_deleted_after_everything_else_succeeded(world: World) -> None:
    world.create(template({"A": widget(Kind="x"), "User": widget(Of={"Ref": "A"}), "Gone": widget()}))
    before = world.physical("A")
    world.log.clear()
    world.update(template({"A": widget(Kind="y"), "User": widget(Of={"Ref": "A"})}))
    assert world.log[:2] == ["create A", "update User"]
    assert sorted(world.log[2:]) == ["delete A", "delete Gone"]
    assert world.physical("A") != before
    assert before not in world.widgets.made
    assert world.widgets.made[world.physical("User")] == {"Of": world.physical("A")}
    assert "creation of a new physical resource" in next(
        it["ResourceStatusReason"]
        for it in world.events()
        if it["ResourceStatus"] == "UPDATE_IN_PROGRESS" and it["LogicalResourceId"] == "A"
    )


def test_a_failed_update_brings_back_everything(world: World) -> None:
    old = template({"A": widget(Size=1), "B": widget(Kind="x", Of={"Ref": "A"}), "Gone": widget()})
    world.create(old)
    before = {name: world.physical(name) for name in ("A", "B", "Gone")}
    contents = dict(world.widgets.made)
    made = world.update(
        template(
            {
                "A": widget(Size=2),
                "B": widget(Kind="y", Of={"Ref": "A"}),
                "New": widget(),
                "Bad": {**widget(Fail="no"), "DependsOn": ["A", "B", "New"]},
            },
            Outputs={"X": {"Value": "new"}},
        )
    )
    assert made["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert "Outputs" not in made
    assert {name: world.physical(name) for name in before} == before
    assert world.widgets.made == contents
    assert "failed to create: [Bad]" in world.reason("s", "UPDATE_ROLLBACK_IN_PROGRESS")
    assert world.client.get_template(StackName="s")["TemplateBody"] == old
    assert world.update(template({"A": widget(Size=3)}))["StackStatus"] == "UPDATE_COMPLETE"


def test_a_rollback_that_fails_can_be_continued(world: World) -> None:
    world.create(template({"A": widget(Size=1), "B": {**widget(), "DependsOn": "A"}}))
    world.widgets.refuse_update.add("B")
    first = template({"A": widget(Size=2), "B": {**widget(Size=2), "DependsOn": "A"}})
    assert world.update(first)["StackStatus"] == "UPDATE_ROLLBACK_FAILED"
    with pytest.raises(ClientError, match="UPDATE_ROLLBACK_FAILED state and can not be updated"):
        world.update(first)
    world.widgets.refuse_update.clear()
    world.client.continue_update_rollback(StackName="s")
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert world.widgets.made[world.physical("A")] == {"Size": 1}
    assert world.widgets.made[world.physical("B")] == {}


def test_a_resource_can_be_skipped_when_a_rollback_is_continued(world: World) -> None:
    world.create(template({"B": widget()}))
    world.widgets.refuse_update.add("B")
    world.update(template({"B": widget(Size=2)}))
    with pytest.raises(ClientError, match="Nope"):
        world.client.continue_update_rollback(StackName="s", ResourcesToSkip=["Nope"])
    world.client.continue_update_rollback(StackName="s", ResourcesToSkip=["B"])
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"


def test_an_update_can_be_cancelled(world: World) -> None:
    world.create(template({"A": widget(), "B": {**widget(), "DependsOn": "A"}}))
    world.widgets.gates["g"] = threading.Event()
    world.client.update_stack(
        StackName="s",
        TemplateBody='{"Resources":{"A":{"Type":"Test::Widget","Properties":{"Gate":"g"}},'
        '"B":{"Type":"Test::Widget","Properties":{"Size":2},"DependsOn":"A"}}}',
    )
    assert world.widgets.reached.wait(10)
    world.client.cancel_update_stack(StackName="s")
    world.widgets.gates["g"].set()
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert "update B" not in world.log
    assert world.reason("A", "UPDATE_FAILED") == "Resource update cancelled"


def test_an_update_that_changes_nothing_is_refused(world: World) -> None:
    it = template({"A": widget(Size=1)})
    world.create(it)
    with pytest.raises(ClientError, match=r"No updates are to be performed\."):
        world.update(template({"A": widget(Size="1")}))


def test_only_new_outputs_are_an_update(world: World) -> None:
    world.create(template({"A": widget()}))
    world.log.clear()
    world.update(template({"A": widget()}, Outputs={"X": {"Value": "1"}}))
    assert world.outputs() == {"X": "1"}
    assert world.log == []


def test_a_custom_named_resource_is_not_replaced(world: World) -> None:
    world.create(template({"A": widget(Name="n", Kind="x")}))
    made = world.update(template({"A": widget(Name="n", Kind="y")}))
    assert made["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert world.reason("A", "UPDATE_FAILED") == (
        "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
        "Rename n and update the stack again."
    )


def test_a_resource_keeps_its_type(world: World) -> None:
    world.create(template({"A": widget()}))
    with pytest.raises(ClientError, match="Update of resource type is not permitted"):
        world.update(template({"A": {"Type": "AWS::IAM::Role"}}), Capabilities=["CAPABILITY_IAM"])


def test_a_stack_policy_denies_what_it_does_not_allow(world: World) -> None:
    world.create(template({"A": widget(Kind="x"), "B": widget()}))
    world.client.set_stack_policy(
        StackName="s",
        StackPolicyBody='{"Statement": [{"Effect": "Allow", "Action": "Update:*", "Resource": "*"},'
        '{"Effect": "Deny", "Action": "Update:Replace", "Resource": "LogicalResourceId/A"}]}',
    )
    made = world.update(template({"A": widget(Kind="y"), "B": widget()}))
    assert made["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert world.reason("A", "UPDATE_FAILED") == (
        "Action denied by stack policy: Statement [#2] does not allow [Update:Replace] for resource "
        "[LogicalResourceId/A]"
    )
    assert (
        world.update(template({"A": widget(Kind="x"), "B": widget(Size=2)}))["StackStatus"]
        == "UPDATE_COMPLETE"
    )


def test_a_failed_update_that_was_left_as_it_is_can_be_rolled_back_later(world: World) -> None:
    world.create(template({"A": widget(Kind="x")}))
    old = world.physical("A")
    world.update(
        template({"A": widget(Kind="y"), "B": {**widget(Fail="no"), "DependsOn": "A"}}), DisableRollback=True
    )
    world.client.rollback_stack(StackName="s")
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert list(world.widgets.made) == [old] == [world.physical("A")]
