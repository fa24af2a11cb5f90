"""Which fields answers have, and which they have not, as recordings of AWS show it; `recorded` has the recordings."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.cloudformation.conftest import World, template, widget

ONE = template({"A": widget(X="one")})
TWO = template({"A": widget(X="two"), "B": widget(X={"Fn::GetAtt": ["A", "Arn"]})})


def test_a_stack_has_what_aws_reports_and_nothing_else(world: World) -> None:
    stack = world.create(ONE)
    assert (stack["RollbackConfiguration"], stack["NotificationARNs"], stack["Tags"]) == ({}, [], [])
    assert not {"RetainExceptOnCreate", "LastUpdatedTime", "DeletionTime", "ChangeSetId"} & set(stack)


def test_a_stack_that_a_change_set_made_was_updated_when_it_was_executed(world: World) -> None:
    made = world.change_set(ONE, kind="CREATE")
    world.client.execute_change_set(ChangeSetName=made["ChangeSetId"])
    world.cloud.wait()
    stack = world.stack()
    assert (stack["ChangeSetId"], "LastUpdatedTime" in stack) == (made["ChangeSetId"], True)
    world.delete(stack["StackId"])
    gone = world.stack(stack["StackId"])
    assert "DeletionTime" in gone
    assert not {"ChangeSetId", "EnableTerminationProtection"} & set(gone)
    described = world.client.describe_change_set(ChangeSetName=made["ChangeSetId"])
    assert described["ExecutionStatus"] == "EXECUTE_COMPLETE"


def test_a_change_set_has_what_aws_reports_and_nothing_else(world: World) -> None:
    plan = world.change_set(ONE, kind="CREATE")
    assert (plan["RollbackConfiguration"], plan["NotificationARNs"], plan["Capabilities"]) == ({}, [], [])
    assert not {"Tags", "Parameters", "ImportExistingResources"} & set(plan)


def test_a_change_set_shows_defaults_of_parameters(world: World) -> None:
    body = template({"A": widget(X={"Ref": "P"})}, Parameters={"P": {"Type": "String", "Default": "d"}})
    plan = world.change_set(body, kind="CREATE")
    assert plan["Parameters"] == [{"ParameterKey": "P", "ParameterValue": "d"}]


def test_changes_are_sorted_by_logical_id(world: World) -> None:
    body = template({"B": widget(), "C": widget(), "A": {**widget(), "DependsOn": "C"}})
    changes = world.change_set(body, kind="CREATE")["Changes"]
    assert [change["ResourceChange"]["LogicalResourceId"] for change in changes] == ["A", "B", "C"]


@pytest.mark.parametrize(("values", "reported"), [(False, ["A", "B"]), (True, ["A"])])
def test_what_refers_to_a_changed_resource_may_change_where_no_values_are_shown(
    world: World, values: bool, reported: list[str]
) -> None:
    dependent = widget(X={"Fn::GetAtt": ["A", "Arn"]})
    world.create(template({"A": widget(X="one"), "B": dependent}))
    world.change_set(template({"A": widget(X="two"), "B": dependent}))
    plan = world.client.describe_change_set(StackName="s", ChangeSetName="plan", IncludePropertyValues=values)
    changes = {
        change["ResourceChange"]["LogicalResourceId"]: change["ResourceChange"] for change in plan["Changes"]
    }
    assert list(changes) == reported
    if not values:
        (detail,) = changes["B"]["Details"]
        assert (detail["Evaluation"], detail["CausingEntity"]) == ("Dynamic", "A.Arn")


def test_events_show_properties_but_of_what_an_update_leaves_behind(world: World) -> None:
    stack = world.create(TWO)["StackId"]
    world.update(ONE)
    world.delete()
    shown = {
        f"{event['LogicalResourceId']} {event['ResourceStatus']}": "ResourceProperties" in event
        for event in world.events(stack)
    }
    assert shown["A CREATE_COMPLETE"]
    assert shown["A UPDATE_COMPLETE"]
    assert shown["A DELETE_COMPLETE"]
    assert not shown["B DELETE_COMPLETE"]


def test_a_stack_under_review_can_be_created(world: World) -> None:
    made = world.change_set(ONE, kind="CREATE")
    assert world.create(ONE)["StackId"] == made["StackId"]
    described = world.client.describe_change_set(ChangeSetName=made["ChangeSetId"])
    assert described["ExecutionStatus"] == "OBSOLETE"


@pytest.mark.parametrize(
    ("call", "given", "why"),
    [
        ("delete_change_set", {"ChangeSetName": "c"}, "StackName must be specified if ChangeSetName is not"),
        ("get_template", {"ChangeSetName": "c"}, "StackName is a required parameter"),
        ("get_template_summary", {"StackName": "s"}, "cannot be called on REVIEW_IN_PROGRESS stacks"),
        (
            "set_stack_policy",
            {"StackName": "s", "StackPolicyBody": "{}", "StackPolicyURL": "https://b.s3.amazonaws.com/k"},
            "You cannot specify both StackPolicyURL and StackPolicyBody",
        ),
    ],
)
def test_a_call_that_cannot_be_right_is_refused(world: World, call: str, given: Any, why: str) -> None:
    world.change_set(ONE, kind="CREATE")
    with pytest.raises(ClientError, match=why):
        getattr(world.client, call)(**given)


def test_an_output_of_an_unknown_attribute_fails_when_the_stack_is_deployed(world: World) -> None:
    body = template({"A": widget()}, Outputs={"O": {"Value": {"Fn::GetAtt": ["A", "No"]}}})
    assert world.create(body)["StackStatus"] == "ROLLBACK_COMPLETE"
    why = "[Error] /Outputs/O/Value/Fn::GetAtt: Resource type Test::Widget does not support attribute {No}. "
    assert world.reason("s", "ROLLBACK_IN_PROGRESS").startswith(why)
    assert world.widgets.made == {}


def test_a_summary_has_empty_lists_where_aws_has_them(world: World) -> None:
    body = json.dumps(template({"A": widget()}, Parameters={"P": {"Type": "String"}}))
    validated = world.client.validate_template(TemplateBody=body)
    assert validated["Parameters"] == [{"ParameterKey": "P", "NoEcho": False}]
    assert not {"Capabilities", "DeclaredTransforms"} & set(validated)
    summary = world.client.get_template_summary(TemplateBody=body)
    assert summary["Parameters"][0]["ParameterConstraints"] == {"AllowedValues": []}
    assert summary["ResourceIdentifierSummaries"] == [
        {"ResourceType": "Test::Widget", "LogicalResourceIds": ["A"], "ResourceIdentifiers": ["Name"]}
    ]
