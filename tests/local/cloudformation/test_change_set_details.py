"""What a change set shows of a change: its causes, its values, and nothing that is secret."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tests.local.cloudformation.conftest import World, template, widget


def test_a_change_by_a_parameter_has_two_details_as_on_aws(world: World) -> None:
    it = template({"A": widget(Size={"Ref": "P"})}, Parameters={"P": {"Type": "String"}})
    world.create(it, Parameters=[{"ParameterKey": "P", "ParameterValue": "1"}])
    plan = world.change_set(it, Parameters=[{"ParameterKey": "P", "ParameterValue": "2"}])
    details = plan["Changes"][0]["ResourceChange"]["Details"]
    assert [(one["Evaluation"], one["ChangeSource"], one.get("CausingEntity")) for one in details] == [
        ("Static", "ParameterReference", "P"),
        ("Dynamic", "DirectModification", None),
    ]


def test_the_values_of_a_change_and_its_path_are_shown_only_where_they_are_asked_for(world: World) -> None:
    world.create(template({"A": widget(Size=1)}))
    world.change_set(template({"A": widget(Size=2)}))
    bare = world.client.describe_change_set(StackName="s", ChangeSetName="plan")
    (detail,) = bare["Changes"][0]["ResourceChange"]["Details"]
    assert detail["Target"] == {"Attribute": "Properties", "Name": "Size", "RequiresRecreation": "Never"}


@pytest.mark.parametrize(
    ("declared", "value", "before", "after"),
    [
        ("String", {"Fn::Join": ["-", ["x", {"Ref": "P"}]]}, "hunter22", "hunter33"),
        ("String", {"Fn::Base64": {"Ref": "P"}}, "hunter22", "hunter33"),
        ("CommaDelimitedList", {"Ref": "P"}, "hunter22,other22", "hunter33,other33"),
    ],
)
def test_a_secret_that_is_about_to_change_is_shown_neither_as_it_was_nor_as_it_will_be(
    world: World, declared: str, value: object, before: str, after: str
) -> None:
    body = template({"A": widget(Secret=value)}, Parameters={"P": {"Type": declared, "NoEcho": True}})
    world.create(body, Parameters=[{"ParameterKey": "P", "ParameterValue": before}])
    plan = world.change_set(body, Parameters=[{"ParameterKey": "P", "ParameterValue": after}])
    removed = world.change_set(template({"B": widget()}), ChangeSetName="removal")
    world.client.execute_change_set(StackName="s", ChangeSetName="plan")
    world.cloud.wait()
    shown = json.dumps([plan, removed, world.events()], default=str)
    for secret in (before, after):
        for form in (*secret.split(","), base64.b64encode(secret.encode()).decode()):
            assert form not in shown


def test_an_export_that_does_not_exist_yet_does_not_fail_the_change_set(world: World) -> None:
    plan = world.change_set(template({"A": widget(X={"Fn::ImportValue": "later"})}), kind="CREATE")
    assert plan["Status"] == "CREATE_COMPLETE"
    world.create(
        template({"B": widget()}, Outputs={"O": {"Value": "v", "Export": {"Name": "later"}}}), "other"
    )
    world.client.execute_change_set(StackName="s", ChangeSetName="plan")
    world.cloud.wait()
    assert world.widgets.made[world.physical("A")] == {"X": "v"}


@pytest.mark.parametrize(
    ("more", "attribute"),
    [
        ({"Metadata": {"a": "b"}}, "Metadata"),
        ({"DeletionPolicy": "Retain"}, "DeletionPolicy"),
        ({"UpdateReplacePolicy": "Retain"}, "UpdateReplacePolicy"),
    ],
)
def test_what_changes_besides_properties_has_a_detail_too(
    world: World, more: dict[str, Any], attribute: str
) -> None:
    world.create(template({"A": widget()}))
    (change,) = world.change_set(template({"A": {**widget(), **more}}))["Changes"]
    assert change["ResourceChange"]["Scope"] == [attribute]
    (detail,) = change["ResourceChange"]["Details"]
    assert detail == {
        "Target": {"Attribute": attribute, "RequiresRecreation": "Never"},
        "Evaluation": "Static",
        "ChangeSource": "DirectModification",
    }
