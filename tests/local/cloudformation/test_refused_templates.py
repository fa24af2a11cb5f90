"""Templates whose functions, members or sizes cannot be right: the call is refused, and nothing is made."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.cloudformation.conftest import World, template, widget

MAPPINGS = {"Mappings": {"M": {"a": {"b": "c"}}}}
IS = {"Fn::Equals": ["a", "b"]}
MANY = {f"N{number}": number for number in range(201)}


def holding(value: Any, **sections: Any) -> dict[str, Any]:
    return template({"A": widget(X=value)}, **sections)


MALFORMED = [
    ({"Fn::Nope": ["a"]}, "Encountered unsupported function: Fn::Nope Supported functions are: "),
    ({"Fn::Join": ["a"]}, "every Fn::Join object requires two parameters"),
    ({"Fn::Join": [["a"], ["b"]]}, "every Fn::Join object requires two parameters"),
    ({"Fn::Join": [",", "text"]}, "every Fn::Join object requires two parameters"),
    ({"Fn::Join": [",", {"Ref": "AWS::Region"}]}, "every Fn::Join object requires two parameters"),
    ({"Fn::Select": [5, ["a", "b"]]}, "Fn::Select cannot select nonexistent value at index 5"),
    ({"Fn::Select": ["x", ["a"]]}, "Fn::Select requires a list argument with two elements"),
    ({"Fn::Select": [0]}, "Fn::Select requires a list argument with two elements"),
    ({"Fn::Select": [{"Ref": "AWS::Region"}, ["a"]]}, "with a valid index value as its first element"),
    ({"Fn::Base64": ["a"]}, "every Fn::Base64 object must have a String-typed value"),
    ({"Fn::Split": [","]}, "every Fn::Split object requires two parameters"),
    ({"Fn::Split": [",", ["a"]]}, "every Fn::Split object requires two parameters"),
    ({"Fn::Sub": ["${AWS::Region}"]}, "Specify a string as first argument"),
    ({"Fn::Sub": ["a", "b"]}, "Specify a string as first argument"),
    ({"Fn::If": ["Is", "a"]}, "Fn::If requires a list argument with three elements"),
    ({"Fn::If": ["No", "a", "b"]}, "unresolved condition dependency No in Fn::If"),
    ({"Fn::GetAtt": "A"}, "every Fn::GetAtt object requires two non-empty parameters"),
    ({"Fn::GetAtt": ["A", ""]}, "every Fn::GetAtt object requires two non-empty parameters"),
    ({"Fn::FindInMap": ["M", "a"]}, "every Fn::FindInMap object requires three parameters"),
    ({"Fn::FindInMap": ["No", "a", "b"]}, "Mapping named 'No' is not present in the 'Mappings' section"),
    ({"Fn::FindInMap": ["M", "a", "no"]}, "Unable to get mapping for M::a::no"),
    ({"Fn::FindInMap": [{"Ref": "AWS::Region"}, "a", "b"]}, "Mapping named 'eu-west-1' is not present"),
    ({"Fn::Cidr": ["10.0.0.0/16"]}, "every Fn::Cidr object requires two or three parameters"),
    ({"Fn::Cidr": ["10.0.0.0/30", 9, 8]}, "cannot make 9 blocks"),
]


@pytest.mark.parametrize(("value", "why"), MALFORMED)
@pytest.mark.parametrize("place", ["property", "metadata", "output", "taken branch"])
def test_a_function_that_cannot_be_right_is_refused_wherever_it_stands(
    world: World, value: Any, why: str, place: str
) -> None:
    sections = {**MAPPINGS, "Conditions": {"Is": IS}}
    bodies = {
        "property": holding(value, **sections),
        "metadata": template({"A": {**widget(), "Metadata": {"M": [value]}}}, **sections),
        "output": template({"A": widget()}, Outputs={"O": {"Value": value}}, **sections),
        "taken branch": holding({"Fn::If": ["Is", "a", value]}, **sections),
    }
    with pytest.raises(ClientError) as refused:
        world.create(bodies[place])
    assert why in str(refused.value)
    assert world.client.describe_stacks()["Stacks"] == []


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ({"Fn::And": [IS]}, "every Fn::And object requires a list of at least 2 and at most 10"),
        ({"Fn::Or": [IS] * 11}, "every Fn::Or object requires a list of at least 2 and at most 10"),
        ({"Fn::Not": [IS, IS]}, "Fn::Not requires a list argument with one element"),
        ({"Fn::Equals": ["a"]}, "every Fn::Equals object requires a list of 2 string parameters."),
        (
            {"Fn::Equals": [{"Ref": "A"}, "b"]},
            "Unresolved dependencies [A]. Cannot reference resources in the Cond",
        ),
    ],
)
def test_a_condition_that_cannot_be_right_is_refused(world: World, condition: Any, why: str) -> None:
    with pytest.raises(ClientError) as refused:
        world.create(template({"A": widget()}, Conditions={"C": condition}))
    assert why in str(refused.value)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (
            template({"A": {**widget(), "DeletionPolicy": "No"}}),
            "Unrecognized DeletionPolicy No for resource A",
        ),
        (template({"A": {**widget(), "UpdateReplacePolicy": "No"}}), "Unrecognized UpdateReplacePolicy No"),
        (holding(1, Mappings={"M": "text"}), "Every Mappings member M must be a map"),
        (holding(1, Mappings={"M": {"a": "b"}}), "Every Mappings member a must be a map"),
        (
            holding(1, Mappings={"M": {"a": {"b": {"c": "d"}}}}),
            "Every Mappings attribute must be a String or a List",
        ),
        (holding(1, Parameters={"P": {"Type": "Strin"}}), "Unrecognized parameter type: Strin"),
        (holding(1, Transform="AWS::SecretsManager-2024-09-16"), "does not play the transform AWS::SecretsM"),
        (
            template({f"R{n}": widget() for n in range(501)}),
            "Number of resources, 501, is greater than maximum",
        ),
        (
            holding(1, Parameters={name: {"Type": "String", "Default": "a"} for name in MANY}),
            "Number of parameters, 201, is greater than maximum allowed, 200",
        ),
        (holding(1, Outputs={name: {"Value": "a"} for name in MANY}), "Number of outputs, 201"),
        (holding(1, Mappings={name: {"a": {"b": "c"}} for name in MANY}), "Number of mappings, 201"),
        (holding(1, Mappings={"M": {"a": MANY}}), "Number of attributes of mapping M, 201"),
        (holding(1, Description="ä" * 513), "'Description' length is greater than 1024"),
        (
            holding(1, Outputs={"O": {"Value": "a", "Description": "d" * 1025}}),
            "'Description' length is greater",
        ),
        *(
            (
                holding(1, Outputs={"O": {"Value": "a", "Export": {"Name": name}}}),
                "Output O is malformed.  The Name field of Export must not depend on any resources",
            )
            for name in (
                {"Ref": "A"},
                {"Fn::Sub": "x-${A}"},
                {"Fn::GetAtt": ["A", "Arn"]},
                {"Fn::ImportValue": "x"},
                {"Fn::Select": [0, {"Fn::GetAZs": ""}]},
            )
        ),
        (template({"A" * 256: widget()}), "is longer than 255 characters"),
        (template({"A": {"Type": "AWS::No::Thing"}}), "Unrecognized resource types: [AWS::No::Thing]"),
        (
            template({"A": {"Type": "AWS::AppSync::GraphQLApi"}}),
            "The embedded cloud cannot provide these resource types: [AWS::AppSync::GraphQLApi]",
        ),
    ],
)
def test_members_limits_and_types_are_judged_before_anything_is_made(
    world: World, body: Any, why: str
) -> None:
    with pytest.raises(ClientError) as refused:
        world.create(body)
    assert why in str(refused.value)
    assert world.log == []


def test_what_stands_just_within_the_limits_is_taken(world: World) -> None:
    body = template(
        {"A" * 255: widget()},
        Description="d" * 1024,
        Mappings={f"M{number}": {"a": {"b": "c"}} for number in range(200)},
        Outputs={f"O{number}": {"Value": "a"} for number in range(200)},
        Parameters={f"P{number}": {"Type": "String", "Default": "a"} for number in range(200)},
    )
    assert world.create(body)["StackStatus"] == "CREATE_COMPLETE"


def test_a_branch_that_is_not_taken_may_name_what_is_not_there(world: World) -> None:
    body = holding(
        {"Fn::If": ["Is", {"Fn::FindInMap": ["M", "a", "no"]}, "b"]}, Conditions={"Is": IS}, **MAPPINGS
    )
    world.create(body)
    assert world.widgets.made[world.physical("A")] == {"X": "b"}


def test_validate_template_finds_malformed_functions_too(world: World) -> None:
    with pytest.raises(ClientError, match="every Fn::Join object requires two parameters"):
        world.client.validate_template(TemplateBody=json.dumps(holding({"Fn::Join": ["a"]})))


def test_a_secure_parameter_is_refused_where_its_value_would_be_readable(world: World) -> None:
    with pytest.raises(ClientError, match=r"not supported in: \[Test::Widget/Properties/X\]"):
        world.create(holding(["{{resolve:ssm-secure:/password:1}}"]))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (
            holding({"Ref": "No"}),
            "Unresolved resource dependencies [No] in the Resources block of the template",
        ),
        (holding({"Fn::GetAtt": ["No", "Arn"]}), "instance of Fn::GetAtt references undefined resource No"),
        (holding({"Fn::GetAtt": ["A", "No"]}), "resource A does not support attribute type No in Fn::GetAtt"),
        (holding(1, Outputs={"O": {"Value": {"Ref": "No"}}}), "[No] in the Outputs block of the template"),
        (template({"A": {**widget(), "DependsOn": "No"}}), "Unresolved resource dependencies [No]"),
        (template({"A": {**widget(), "Condition": "No"}}), "Unresolved condition dependency No"),
        (
            holding(1, Conditions={"C": {"Fn::Not": [{"Condition": "No"}]}}),
            "Unresolved condition dependency No in the Conditions block",
        ),
        (
            holding(1, Conditions={"C": {"Fn::Not": [{"Condition": "D"}]}, "D": {"Condition": "C"}}),
            "Circular dependency between conditions: [C, D]",
        ),
        (holding({"Ref": "AWS::No"}), "Unresolved resource dependencies [AWS::No]"),
        (holding(1, Metadata={"M": "m" * 51_200}), "Member must have length less than or equal to 51200"),
        (
            holding({"Fn::FindInMap": ["M", {"Fn::Join": ["", ["a"]]}, "b"]}, **MAPPINGS),
            "every Fn::FindInMap object requires three parameters",
        ),
        (
            template({"A": widget(X={"Ref": "B"}), "B": {**widget(), "DependsOn": "A"}}),
            "Circular dependency between resources: [A, B]",
        ),
        (template({"A": {"Type": "AWS::No::Thing"}}), "Unrecognized resource types: [AWS::No::Thing]"),
    ],
)
def test_validate_template_finds_what_points_nowhere(world: World, body: Any, why: str) -> None:
    with pytest.raises(ClientError) as refused:
        world.client.validate_template(TemplateBody=json.dumps(body))
    assert why in str(refused.value)


@pytest.mark.parametrize(
    "body",
    [
        template({"A": {"Type": "AWS::AppSync::GraphQLApi"}}),
        template(
            {
                "A": widget(X={"Fn::If": ["Is", {"Ref": "B"}, "b"]}),
                "B": widget(X={"Fn::If": ["Is", "a", {"Ref": "A"}]}),
            },
            Conditions={"Is": IS},
        ),
        template({"A": widget(X={"Ref": "P"})}, Parameters={"P": {"Type": "String"}}),
    ],
)
def test_validate_template_takes_what_may_be_deployed_on_aws(world: World, body: Any) -> None:
    assert "Parameters" in world.client.validate_template(TemplateBody=json.dumps(body))
