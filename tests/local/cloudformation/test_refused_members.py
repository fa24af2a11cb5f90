"""Members of a template's sections that may not be what they are: the call is refused in AWS's words."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.cloudformation.conftest import World, template, widget

IS = {"Fn::Equals": ["a", "b"]}
NAME = "is malformed. The Name field of every Export member must be specified and consist only of"
IMPORT = "the attribute in Fn::ImportValue must not depend on any resources, imported values, or Fn::GetAZs"


def parameter(**definition: Any) -> dict[str, Any]:
    return {"Parameters": {"P": {"Type": "String", "Default": "aaa", **definition}}}


def output(value: Any, **more: Any) -> dict[str, Any]:
    return {"Outputs": {"O": {"Value": value, **more}}}


SECTIONS = [
    ({"Parameters": {"P_q": {"Type": "String"}}}, "Parameter name P_q is non alphanumeric."),
    (parameter(Foo=1), "Invalid template parameter property 'Foo'"),
    (parameter(Type="AWS::No::Thing"), "Unrecognized parameter type: AWS::No::Thing"),
    (parameter(Type="AWS::SSM::Parameter::Value<No>"), "Unrecognized parameter type"),
    (parameter(Default={"Ref": "AWS::Region"}), "Every Default member must be a string."),
    (parameter(Default="a" * 4097), "Parameter 'P' default value '[****]' length is greater than 4096."),
    (parameter(AllowedValues="a"), "Every AllowedValues member must be a list of strings."),
    (parameter(Type="Number", MinLength=1, Default=1), "MinLength must be on a parameter of type String"),
    (parameter(MaxValue=1), "MaxValue must be on a parameter of type Number"),
    (parameter(MinLength=5, MaxLength=2), "MinLength must be less than MaxLength."),
    (parameter(MinLength="x"), "MinLength must be a number."),
    (parameter(AllowedPattern="[a"), "AllowedPattern must be a valid regular expression."),
    (parameter(Description="d" * 4001), "'Description' length is greater than 4000"),
    ({"Outputs": {"a-b": {"Value": "x"}}}, "Outputs name 'a-b' is non alphanumeric."),
    (output("x", Foo=1), "Invalid template output property 'Foo'"),
    (output(["x"]), "The Value field of every Outputs member must evaluate to a String."),
    (output({"Fn::GetAZs": ""}), "The Value field of every Outputs member must evaluate to a String."),
    (output("x", Description={"Ref": "AWS::Region"}), "Every Description member must be a string."),
    (output("x", Export={}), NAME),
    (output("x", Export={"Name": "a b"}), NAME),
    (output("x", Export={"Name": {"Fn::Sub": "${AWS::StackName}.x"}}), NAME),
    (output("x", Condition="No"), "Unresolved condition dependency No in the Outputs block of the template"),
    ({"Description": {"a": 1}}, "Every Description member must be a string."),
    ({"Mappings": {"M_n": {"k": {"a": "b"}}}}, "Mappings name 'M_n' is non alphanumeric."),
    (
        {"Mappings": {"M": {"k": {"x86_64": "b"}}}},
        "Mappings attribute name 'x86_64' must contain only alphanumeric",
    ),
    (
        {"Mappings": {"M": {f"k{n}": {"a": "b"} for n in range(201)}}},
        "Number of attributes of mapping M, 201",
    ),
    ({"Mappings": {"M": {"k" * 256: {"a": "b"}}}}, "is longer than 255 characters"),
    ({"Conditions": {"C": "true"}}, "Conditions can only be boolean operations on parameters and other"),
    (
        {"Conditions": {"C": {"Ref": "AWS::Region"}}},
        "Conditions can only be boolean operations on parameters",
    ),
    ({"Conditions": {"C": {"Fn::Not": ["a"]}}}, "Fn::Not requires a list argument with one function token"),
    ({"Conditions": {"C": {"Fn::And": ["a", "b"]}}}, "every Fn::And object requires a list of at least 2"),
    ({"Conditions": {"C": {"Fn::Or": [IS, "b"]}}}, "every Fn::Or object requires a list of at least 2"),
    (
        {"Conditions": {"C": {"Fn::Equals": [{"Ref": "No"}, "b"]}}},
        "Unresolved dependencies [No]. Cannot reference resources in the Conditions block of the template",
    ),
    (
        {"Conditions": {"C": {"Fn::Equals": [{"Fn::ImportValue": "x"}, "b"]}}},
        "Template error: Cannot use Fn::ImportValue in Conditions.",
    ),
    ({"Outputs": None}, "[/Outputs] 'null' values are not allowed in templates"),
]


@pytest.mark.parametrize(("sections", "why"), SECTIONS)
def test_a_malformed_member_of_a_section_is_refused(world: World, sections: Any, why: str) -> None:
    with pytest.raises(ClientError) as refused:
        world.create(template({"A": widget()}, **sections))
    assert why in str(refused.value)
    assert world.client.describe_stacks()["Stacks"] == []


RESOURCES = [
    (None, "[/Resources/A] resource definition is malformed"),
    ({**widget(), "Properties": "x"}, "Any Properties member must be an object."),
    ({**widget(), "Condition": ["C"]}, "Every Condition member must be a string."),
    ({**widget(), "Condition": "No"}, "Unresolved condition dependency No in the Resources block"),
    ({**widget(), "DependsOn": [{"Ref": "A"}]}, "DependsOn must be a string or a list of strings."),
    ({**widget(), "DeletionPolicy": {"Ref": "P"}}, "Every DeletionPolicy member must be a string."),
    (
        {**widget(), "UpdateReplacePolicy": "RetainExceptOnCreate"},
        "Unrecognized UpdateReplacePolicy RetainExceptOnCreate for resource A",
    ),
    (
        {"Type": "AWS::IAM::Role", "DeletionPolicy": "Snapshot"},
        "resource type AWS::IAM::Role does not support deletion policy Snapshot",
    ),
    (widget(X=None), "[/Resources/A/Properties/X] 'null' values are not allowed in templates"),
    (widget(X={"Fn::Sub": "${No.Arn}"}), "instance of Fn::Sub references invalid resource attribute No.Arn"),
    (
        widget(X={"Fn::Sub": "${a-b}"}),
        "variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons",
    ),
    (
        widget(X={"Fn::If": [IS, "a", "b"]}),
        "requires a list argument with the first element being a condition",
    ),
    (widget(X={"Fn::Join": ["", [["a"]]]}), "every Fn::Join object requires two parameters"),
    (widget(X={"Fn::Base64": {"a": "b"}}), "every Fn::Base64 object must have a String-typed value."),
    (widget(X={"Fn::GetAZs": ["a"]}), "every Fn::GetAZs object must have a String-typed value."),
    (widget(X={"Fn::ImportValue": ["a"]}), "must be a string or a function that returns a string"),
    (widget(X={"Fn::ImportValue": {"Fn::Sub": "${B}"}}), IMPORT),
    (widget(X={"Fn::ImportValue": {"Fn::Select": [0, {"Fn::GetAZs": ""}]}}), IMPORT),
    (
        widget(X={"Fn::FindInMap": ["M", "k", "no", {"DefaultValue": "d"}]}),
        "every Fn::FindInMap object requires three parameters",
    ),
]


@pytest.mark.parametrize(("resource", "why"), RESOURCES)
def test_a_malformed_resource_is_refused(world: World, resource: Any, why: str) -> None:
    sections = {"Mappings": {"M": {"k": {"a": "b"}}}, "Parameters": {"P": {"Type": "String", "Default": "a"}}}
    with pytest.raises(ClientError) as refused:
        world.create(
            template({"A": resource, "B": widget()}, **sections), Capabilities=["CAPABILITY_NAMED_IAM"]
        )
    assert why in str(refused.value)
    assert world.client.describe_stacks()["Stacks"] == []


def test_members_that_aws_takes_are_taken(world: World) -> None:
    body = template(
        {"A": {**widget(X={"Fn::Sub": "${P}${AWS::Region}"}), "Metadata": {"a": None}, "DependsOn": ["B"]}}
        | {"B": {"Type": "AWS::RDS::DBCluster", "DeletionPolicy": "Snapshot"}},
        Mappings={"M": {"eu-west-1": {"a": ["b"]}, "t3.micro": {"a": 1}}},
        Parameters={
            "P": {"Type": "String", "Default": 1, "AllowedPattern": r"\p{Digit}+", "NoEcho": "false"},
            "Q": {"Type": "Number", "Default": "1", "MinValue": 1, "MaxValue": "1"},
        },
        Outputs={"O": {"Value": {"Ref": "P"}, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}:x"}}}},
    )
    assert world.create(body)["StackStatus"] == "CREATE_COMPLETE"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"Parameters": [("P", "b"), ("P", "c")]}, "Parameters: [P] are given more than once"),
        ({"Parameters": [("P", "b")]}, "Parameter 'P' must be one of AllowedValues"),
    ],
)
def test_values_are_given_once_and_the_default_is_judged_too(world: World, given: Any, why: str) -> None:
    values = [{"ParameterKey": name, "ParameterValue": text} for name, text in given["Parameters"]]
    with pytest.raises(ClientError) as refused:
        world.create(template({"A": widget()}, **parameter(AllowedValues=["b", "c"])), Parameters=values)
    assert why in str(refused.value)


@pytest.mark.parametrize("kind", ["AWS::SSM::Parameter::Name", "AWS::Route53::HostedZone::Id"])
def test_a_parameter_names_what_exists(world: World, kind: str) -> None:
    sections = {"Parameters": {"P": {"Type": kind, "Default": "/no/such"}}}
    with pytest.raises(ClientError, match="/no/such"):
        world.create(template({"A": widget()}, **sections))


def test_a_name_is_refused_for_its_length_before_its_characters(world: World) -> None:
    with pytest.raises(ClientError, match="length less than or equal to 128"):
        world.create(template({"A": widget()}), name="a" * 129)


def test_a_new_template_is_not_given_with_the_previous_one(world: World) -> None:
    world.create(template({"A": widget()}))
    with pytest.raises(ClientError, match="cannot specify both usePreviousTemplate"):
        world.update(template({"B": widget()}), UsePreviousTemplate=True)
