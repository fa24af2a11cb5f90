"""Stacks in stacks: wiring, updates in place, rollback with the parent, and change sets over all of them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.cloudformation.conftest import World, template, widget

STACK = "AWS::CloudFormation::Stack"


def child(url: str, **parameters: Any) -> dict[str, Any]:
    return {"Type": STACK, "Properties": {"TemplateURL": url, "Parameters": parameters}}


def giver(**properties: Any) -> dict[str, Any]:
    return template(
        {"A": widget(**properties)},
        Outputs={"Arn": {"Value": {"Fn::GetAtt": "A.Arn"}}, "Size": {"Value": {"Fn::GetAtt": "A.Size"}}},
    )


def taker(**properties: Any) -> dict[str, Any]:
    return template({"B": widget(Of={"Ref": "In"}, **properties)}, Parameters={"In": {"Type": "String"}})


def root(giver_url: str, taker_url: str, attribute: str = "Arn", **more: Any) -> dict[str, Any]:
    return template(
        {
            "Giver": child(giver_url),
            "Taker": child(taker_url, In={"Fn::GetAtt": f"Giver.Outputs.{attribute}"}),
            **more,
        },
        Outputs={"Arn": {"Value": {"Fn::GetAtt": "Giver.Outputs.Arn"}}},
    )


def test_outputs_of_one_child_feed_another(world: World) -> None:
    made = world.create(root(world.put("g", giver(Name="one")), world.put("t", taker())))
    assert made["StackStatus"] == "CREATE_COMPLETE"
    assert world.outputs() == {"Arn": "arn:widget/one"}
    ours = world.physical("Taker")
    assert ours.startswith("arn:aws:cloudformation:eu-west-1:123456789012:stack/s-Taker-")
    assert world.widgets.made[world.physical("B", ours)] == {"Of": "arn:widget/one"}
    inner = world.stack(ours)
    assert (inner["ParentId"], inner["RootId"]) == (made["StackId"], made["StackId"])
    assert inner["Parameters"] == [{"ParameterKey": "In", "ParameterValue": "arn:widget/one"}]
    story = world.story()
    assert story.index("Giver CREATE_COMPLETE") < story.index("Taker CREATE_IN_PROGRESS")
    initiated = [
        it for it in world.events() if it.get("ResourceStatusReason") == "Resource creation Initiated"
    ]
    assert [it["PhysicalResourceId"] for it in initiated] == [world.physical("Giver"), ours]


def test_a_changed_child_updates_in_place_and_its_dependents_follow(world: World) -> None:
    world.create(root(world.put("g1", giver(Size=1)), world.put("t", taker()), "Size"))
    before = world.physical("Giver"), world.physical("A", world.physical("Giver"))
    made = world.update(root(world.put("g2", giver(Size=2)), world.put("t", taker()), "Size"))
    assert made["StackStatus"] == "UPDATE_COMPLETE"
    assert (world.physical("Giver"), world.physical("A", world.physical("Giver"))) == before
    assert world.widgets.made[world.physical("B", world.physical("Taker"))] == {"Of": "2"}
    assert world.stack(before[0])["StackStatus"] == "UPDATE_COMPLETE"


def test_a_child_that_does_not_change_sees_no_event(world: World) -> None:
    world.create(root(world.put("g", giver()), world.put("t1", taker())))
    events = len(world.events(world.physical("Giver")))
    world.update(root(world.put("g", giver()), world.put("t2", taker(Size=2))))
    assert len(world.events(world.physical("Giver"))) == events
    assert "Giver UPDATE_IN_PROGRESS" not in world.story()
    with pytest.raises(ClientError, match="No updates are to be performed"):
        world.update(root(world.put("g", giver()), world.put("t2", taker(Size=2))))


def test_a_child_that_fails_to_be_created_takes_the_parent_back(world: World) -> None:
    made = world.create(root(world.put("g", giver()), world.put("t", taker(Fail="no"))))
    assert made["StackStatus"] == "ROLLBACK_COMPLETE"
    assert world.widgets.made == {}
    reason = world.reason("Taker", "CREATE_FAILED")
    assert reason.startswith("Embedded stack arn:aws:cloudformation:")
    assert reason.endswith("was not successfully created: The following resource(s) failed to create: [B].")
    inner = next(
        it["PhysicalResourceId"]
        for it in world.events()
        if it["LogicalResourceId"] == "Taker" and it.get("PhysicalResourceId")
    )
    assert "B CREATE_FAILED" in world.story(inner)
    assert world.stack(inner)["StackStatus"] == "DELETE_COMPLETE"


def test_children_that_were_updated_roll_back_when_a_sibling_fails(world: World) -> None:
    world.create(root(world.put("g1", giver(Size=1, Kind="x")), world.put("t1", taker())))
    old = world.physical("A", world.physical("Giver"))
    contents = dict(world.widgets.made)
    made = world.update(root(world.put("g2", giver(Size=1, Kind="y")), world.put("t2", taker(Fail="no"))))
    assert made["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert world.widgets.made == contents
    assert world.physical("A", world.physical("Giver")) == old
    for name in ("Giver", "Taker"):
        assert world.stack(world.physical(name))["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert world.reason("Taker", "UPDATE_FAILED").endswith(
        "was not successfully updated. Currently in UPDATE_ROLLBACK_IN_PROGRESS with reason: "
        "The following resource(s) failed to update: [B]."
    )
    again = world.update(root(world.put("g2", giver(Size=1, Kind="y")), world.put("t3", taker(Size=3))))
    assert again["StackStatus"] == "UPDATE_COMPLETE"
    assert old not in world.widgets.made


def test_what_a_child_replaced_is_deleted_only_once_the_root_has_succeeded(world: World) -> None:
    world.create(root(world.put("g1", giver(Kind="x")), world.put("t1", taker())))
    world.log.clear()
    world.update(root(world.put("g2", giver(Kind="y")), world.put("t2", taker(Size=2))))
    assert world.log == ["create A", "update B", "delete A"]


def test_a_child_added_by_a_failed_update_is_gone_again(world: World) -> None:
    world.create(template({"W": widget()}))
    bad = {**widget(Fail="no"), "DependsOn": "Giver"}
    made = world.update(template({"W": widget(), "Giver": child(world.put("g", giver())), "Bad": bad}))
    assert made["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert len(world.widgets.made) == 1
    assert len(world.client.describe_stacks()["Stacks"]) == 1


def test_a_rollback_that_fails_in_a_child_is_continued_from_the_root(world: World) -> None:
    world.create(root(world.put("g1", giver(Size=1)), world.put("t1", taker())))
    world.widgets.refuse_update.add("B")
    made = world.update(root(world.put("g2", giver(Size=2)), world.put("t2", taker(Size=2)), "Size"))
    assert made["StackStatus"] == "UPDATE_ROLLBACK_FAILED"
    inner = world.physical("Taker")
    assert world.stack(inner)["StackStatus"] == "UPDATE_ROLLBACK_FAILED"
    with pytest.raises(ClientError, match="only be called on a root stack"):
        world.client.continue_update_rollback(StackName=inner)
    name = world.stack(inner)["StackName"]
    world.client.continue_update_rollback(StackName="s", ResourcesToSkip=[f"{name}.B"])
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert world.stack(inner)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert world.widgets.made[world.physical("A", world.physical("Giver"))] == {"Size": 1}


def test_deleting_the_root_deletes_its_children(world: World) -> None:
    world.create(root(world.put("g", giver()), world.put("t", taker())))
    world.delete()
    assert world.client.describe_stacks()["Stacks"] == []
    assert world.widgets.made == {}


@pytest.mark.parametrize(
    ("inner", "why"),
    [
        (giver(), "Parameters: \\[In\\] do not exist in the template"),
        ({"Resources": {}}, "At least one Resources member must be defined"),
        (
            template({"R": {"Type": "AWS::IAM::Role"}}, Parameters={"In": {"Type": "String"}}),
            "Requires capabilities : \\[CAPABILITY_IAM\\]",
        ),
    ],
)
def test_a_child_that_cannot_even_begin_fails_with_the_reason(world: World, inner: Any, why: str) -> None:
    made = world.create(template({"C": child(world.put("c", inner), In="x")}))
    assert made["StackStatus"] == "ROLLBACK_COMPLETE"
    assert re.search(why, world.reason("C", "CREATE_FAILED"))


def test_a_child_whose_template_is_missing_fails(world: World) -> None:
    world.create(template({"C": child("https://bucket.s3.eu-west-1.amazonaws.com/nothing")}))
    assert world.reason("C", "CREATE_FAILED").startswith("S3 error: The specified key does not exist.")


def test_an_output_that_a_child_does_not_have_fails_its_consumer(world: World) -> None:
    world.create(root(world.put("g", giver()), world.put("t", taker()), "Nope"))
    assert "Output 'Nope' not found in stack" in world.reason("Taker", "CREATE_FAILED")


def test_a_change_set_looks_into_the_children(world: World) -> None:
    world.create(root(world.put("g1", giver(Size=1)), world.put("t", taker())))
    plan = world.change_set(root(world.put("g2", giver(Size=2, Kind="y")), world.put("t", taker())))
    assert plan["Status"] == "CREATE_COMPLETE"
    changes = {it["ResourceChange"]["LogicalResourceId"]: it["ResourceChange"] for it in plan["Changes"]}
    assert set(changes) == {"Giver", "Taker"}
    assert changes["Giver"]["Replacement"] == "False"
    inner = world.plan(None, changes["Giver"]["ChangeSetId"])
    assert inner["ParentChangeSetId"] == plan["ChangeSetId"]
    assert inner["StackId"] == world.physical("Giver")
    (change,) = [it["ResourceChange"] for it in inner["Changes"]]
    assert (change["Action"], change["Replacement"]) == ("Modify", "True")
    assert change["PolicyAction"] == "ReplaceAndDelete"
    targets = {it["Target"]["Name"]: it["Target"] for it in change["Details"]}
    assert targets["Kind"]["RequiresRecreation"] == "Always"
    assert (targets["Size"]["BeforeValue"], targets["Size"]["AfterValue"]) == ("1", "2")
    (consumer,) = [
        it["ResourceChange"] for it in world.plan(None, changes["Taker"]["ChangeSetId"])["Changes"]
    ]
    assert consumer["Replacement"] == "False"
    assert consumer["Details"][0]["Evaluation"] == "Dynamic"


def test_unchanged_children_do_not_appear_in_a_change_set(world: World) -> None:
    world.create(root(world.put("g", giver()), world.put("t1", taker())))
    plan = world.change_set(root(world.put("g", giver()), world.put("t2", taker(Size=9))))
    assert [it["ResourceChange"]["LogicalResourceId"] for it in plan["Changes"]] == ["Taker"]


def test_a_stack_is_created_by_a_change_set_with_its_children(world: World) -> None:
    it = root(world.put("g", giver()), world.put("t", taker()))
    plan = world.change_set(it, kind="CREATE")
    assert world.stack()["StackStatus"] == "REVIEW_IN_PROGRESS"
    assert [c["ResourceChange"]["Action"] for c in plan["Changes"]] == ["Add", "Add"]
    inner = world.plan(None, plan["Changes"][0]["ResourceChange"]["ChangeSetId"])
    assert [c["ResourceChange"]["LogicalResourceId"] for c in inner["Changes"]] == ["A"]
    world.client.execute_change_set(StackName="s", ChangeSetName="plan")
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "CREATE_COMPLETE"
    assert world.plan()["ExecutionStatus"] == "EXECUTE_COMPLETE"
