"""AWS::LanguageExtensions: loops, references whose names functions give, and the functions that it adds."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.cloudformation.conftest import World, template, text, widget

EXTENDED = {"Transform": "AWS::LanguageExtensions", "AWSTemplateFormatVersion": "2010-09-09"}
GRANTED: dict[str, Any] = {"Capabilities": ["CAPABILITY_AUTO_EXPAND"]}
LIST = {"Parameters": {"L": {"Type": "CommaDelimitedList", "Default": "a.b,c"}}}


def loop(identifier: str, collection: Any, **members: Any) -> list[Any]:
    return [identifier, collection, members]


def test_loops_are_written_out_in_resources_and_outputs(world: World) -> None:
    body = template(
        {
            "Fn::ForEach::Widgets": [
                "I",
                ["X", "Y"],
                {"W${I}": widget(Size={"Fn::Sub": "${I}-${AWS::Region}"})},
            ]
        },
        Outputs={
            "Fn::ForEach::Sizes": [
                "I",
                ["X", "Y"],
                {"O${I}": {"Value": {"Fn::GetAtt": [{"Fn::Sub": "W${I}"}, "Size"]}}},
            ]
        },
        **EXTENDED,
    )
    world.create(body, **GRANTED)
    assert world.outputs() == {"OX": "X-eu-west-1", "OY": "Y-eu-west-1"}
    processed = world.client.get_template(StackName="s", TemplateStage="Processed")["TemplateBody"]
    assert sorted(processed["Resources"]) == ["WX", "WY"]
    assert (
        "Fn::ForEach::Widgets"
        in world.client.get_template(StackName="s", TemplateStage="Original")["TemplateBody"]["Resources"]
    )


def test_loops_nest_and_take_the_letters_of_an_item(world: World) -> None:
    inner = {"Fn::ForEach::Inner": ["J", ["1", "2"], {"W&{I}${J}": widget(X={"Ref": "I"}, Y="${I}")}]}
    world.create(template({"Fn::ForEach::Outer": ["I", {"Ref": "L"}, inner]}, **EXTENDED, **LIST), **GRANTED)
    assert sorted(
        world.widgets.made[world.physical(name)]["X"] for name in ("Wab1", "Wab2", "Wc1", "Wc2")
    ) == ["a.b", "a.b", "c", "c"]
    assert world.widgets.made[world.physical("Wc2")]["Y"] == "${I}"


def test_loops_make_properties_and_conditions(world: World) -> None:
    body = template(
        {
            "W": widget(**{"Fn::ForEach::P": ["N", ["X", "Y"], {"${N}": {"Fn::Sub": "v${N}"}}]}),
            "V": {**widget(), "Condition": "IsY"},
        },
        Conditions={"Fn::ForEach::C": ["N", ["X", "Y"], {"Is${N}": {"Fn::Equals": [{"Ref": "N"}, "Y"]}}]},
        **EXTENDED,
    )
    world.create(body, **GRANTED)
    assert world.widgets.made[world.physical("W")] == {"X": "vX", "Y": "vY"}
    assert world.physical("V")


def test_a_reference_may_have_a_name_that_a_function_gives(world: World) -> None:
    body = template(
        {
            "WX": widget(Size=5),
            "A": widget(X={"Ref": {"Fn::Sub": "W${P}"}}, Y={"Fn::GetAtt": [{"Fn::Sub": "W${P}"}, "Size"]}),
        },
        Parameters={"P": {"Type": "String", "Default": "X"}},
        **EXTENDED,
    )
    world.create(body, **GRANTED)
    assert world.widgets.made[world.physical("A")] == {"X": world.physical("WX"), "Y": 5}


@pytest.mark.parametrize(
    ("resources", "why"),
    [
        (
            {"Fn::ForEach::L": ["I", ["a"]]},
            "Transform AWS::LanguageExtensions failed with: Fn::ForEach layout is incorrect",
        ),
        ({"Fn::ForEach::L": ["I", "a", {}]}, "Fn::ForEach layout is incorrect"),
        ({"Fn::ForEach::L": [1, ["a"], {}]}, "Fn::ForEach layout is incorrect"),
        (
            {"Fn::ForEach::L": loop("I", {"Ref": "AWS::Region"}, **{"W${I}": widget()})},
            "Could not find a collection",
        ),
        (
            {"Fn::ForEach::L": loop("I", ["a-b"], **{"W${I}": widget()})},
            "LogicalId 'Wa-b' should be alphanumeric",
        ),
        ({"Fn::ForEach::L": loop("I", ["a", "b"], W=widget())}, "makes W, which exists already"),
        ({"A": widget(X={"Ref": {"Fn::GetAtt": ["B", "Arn"]}}), "B": widget()}, "could not be resolved"),
    ],
)
def test_a_loop_that_cannot_be_written_out_is_refused(world: World, resources: Any, why: str) -> None:
    stack = world.create(template(resources, **EXTENDED), **GRANTED)
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert why in world.reason("s", "ROLLBACK_IN_PROGRESS")


def test_a_change_set_fails_with_what_the_transform_says(world: World) -> None:
    body = template({"Fn::ForEach::L": ["I", "a", {}]}, **EXTENDED)
    plan = world.change_set(body, kind="CREATE", **GRANTED)
    assert (plan["Status"], "layout is incorrect" in plan["StatusReason"]) == ("FAILED", True)


def test_a_loop_needs_the_transform(world: World) -> None:
    with pytest.raises(ClientError, match=r"\[/Resources/Fn::ForEach::L\] resource definition is malformed"):
        world.create(template({"Fn::ForEach::L": loop("I", ["a"], **{"W${I}": widget()})}))


def test_a_template_with_loops_is_summed_up_and_updated(world: World) -> None:
    body = template(
        {"A": widget(), "Fn::ForEach::L": loop("I", {"Ref": "L"}, **{"W&{I}": widget()})}, **EXTENDED, **LIST
    )
    world.create(body, **GRANTED)
    summary = world.client.get_template_summary(StackName="s")
    assert (summary["ResourceTypes"], summary["DeclaredTransforms"]) == (
        ["Test::Widget"],
        ["AWS::LanguageExtensions"],
    )
    assert world.client.validate_template(TemplateBody=text(body))["Parameters"]
    with pytest.raises(ClientError, match="No updates are to be performed"):
        world.update(body, **GRANTED)
    world.update(body, Parameters=[{"ParameterKey": "L", "ParameterValue": "c"}], **GRANTED)
    found = world.client.list_stack_resources(StackName="s")["StackResourceSummaries"]
    assert sorted(resource["LogicalResourceId"] for resource in found) == ["A", "Wc"]
