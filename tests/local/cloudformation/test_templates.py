"""What is refused before anything is touched: templates, references, parameters, capabilities."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.planning.diff import property_changes, replacement
from accountsctl.localcloud.cloudformation.runtime.artifacts import location
from accountsctl.localcloud.cloudformation.template.functions import UNKNOWN
from accountsctl.localcloud.cloudformation.template.parsing import load
from tests.local.cloudformation.conftest import World, template, widget

YAML = """
AWSTemplateFormatVersion: 2010-09-09
Conditions:
  Never: !Not [!Equals [a, a]]
Resources:
  A:
    Type: Test::Widget
    Properties:
      Sub: !Sub "${AWS::Region}-x"
      Joined: !Join [",", [!Ref AWS::Region, b]]
      Arn: !GetAtt B.Arn
      When: !If [Never, 1, !Ref AWS::NoValue]
      Date: 2012-10-17
  B: {Type: Test::Widget, Properties: {Name: b}}
"""


def test_yaml_short_forms_are_what_their_long_forms_are(world: World) -> None:
    world.create(YAML)
    assert world.widgets.made[world.physical("A")] == {
        "Sub": "eu-west-1-x",
        "Joined": "eu-west-1,b",
        "Arn": "arn:widget/b",
        "Date": "2012-10-17",
    }
    assert world.client.get_template(StackName="s")["TemplateBody"] == YAML


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "Template format error: JSON not well-formed. (line 1, column 2)"),
        ("a: [", "Template format error: YAML not well-formed."),
        ("[1]", "Template format error: unsupported structure."),
        ('{"Resources": {}}', "At least one Resources member must be defined."),
        ('{"Resource": {}}', "Invalid template property or properties [Resource]"),
        ('{"Resources": {"A-1": {"Type": "T"}}}', "Resource name A-1 is non alphanumeric."),
        ('{"Resources": {"A": {}}}', "Every Resources object must contain a Type member."),
        ('{"Resources": {"A": {"Type": "T", "Foo": 1}}}', "Invalid template resource property 'Foo'"),
        ('{"Parameters": {"P": {}}, "Resources": {"A": {"Type": "T"}}}', "must contain a Type member"),
        ('{"Outputs": {"O": {}}, "Resources": {"A": {"Type": "T"}}}', "must contain a Value object"),
        ('{"Resources": 1}', "Any Resources member must be an object."),
        ('{"Resources": {"A": 1}}', "[/Resources/A] resource definition is malformed"),
        ('{"a"="b"}', "Template format error: JSON not well-formed. (line 1, column 6)"),
        (
            '{"AWSTemplateFormatVersion": "1", "Resources": {"A": {"Type": "T"}}}',
            "unsupported value for AWST",
        ),
        (
            '{"Hooks": {"R": {}}, "Resources": {"A": {"Type": "T"}}}',
            "does not imitate the template section Hooks",
        ),
    ],
)
def test_a_template_that_is_none_is_refused(text: str, why: str) -> None:
    with pytest.raises(CloudFormationError) as caught:
        load(text)
    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("it", "why"),
    [
        (
            template({"A": {"Type": "Test::Unheard::Of"}}),
            r"Unrecognized resource types: \[Test::Unheard::Of\]",
        ),
        (
            template({"A": {"Type": "AWS::SNS::Topic"}}),
            r"cannot provide these resource types: \[AWS::SNS::Topic\]",
        ),
        (template({"A": widget(X={"Ref": "No"})}), r"dependencies \[No\] in the Resources block"),
        (template({"A": {**widget(), "DependsOn": "No"}}), r"dependencies \[No\] in the Resources block"),
        (template({"A": widget()}, Outputs={"O": {"Value": {"Ref": "No"}}}), r"\[No\] in the Outputs block"),
        (template({"A": widget(X={"Fn::GetAtt": "No.Arn"})}), "references undefined resource No"),
        (
            template({"A": widget(X={"Fn::GetAtt": "B.Foo"}), "B": widget()}),
            "B does not support attribute type Foo",
        ),
        (
            template({"A": widget(X={"Ref": "B"}), "B": widget(X={"Ref": "A"})}),
            r"Circular dependency between resources: \[A, B\]",
        ),
        (
            template(
                {"A": widget(X={"Ref": "B"}), "B": {**widget(), "Condition": "C"}},
                Conditions={"C": {"Fn::Equals": ["a", "b"]}},
            ),
            r"dependencies \[B\] in the Resources block",
        ),
        (template({"A": {**widget(), "Condition": "No"}}), "Unresolved condition dependency No"),
    ],
)
def test_what_points_nowhere_is_refused_and_leaves_no_stack(world: World, it: Any, why: str) -> None:
    with pytest.raises(ClientError, match=why) as caught:
        world.create(it)
    assert caught.value.response["Error"]["Code"] == "ValidationError"
    assert world.client.describe_stacks()["Stacks"] == []


def test_resources_and_outputs_stand_under_their_conditions(world: World) -> None:
    world.create(
        template(
            {
                "A": widget(X={"Fn::If": ["No", {"Ref": "B"}, "none"]}),
                "B": {**widget(), "Condition": "No"},
            },
            Conditions={"No": {"Fn::Equals": ["a", "b"]}},
            Outputs={"O": {"Condition": "No", "Value": {"Ref": "B"}}, "P": {"Value": "x"}},
        )
    )
    assert world.log == ["create A"]
    assert world.outputs() == {"P": "x"}


@pytest.mark.parametrize(
    ("definition", "value", "why"),
    [
        ({"AllowedValues": ["a", "b"]}, "c", "Parameter 'P' must be one of AllowedValues"),
        ({"AllowedPattern": "[a-z]+"}, "A", r"Parameter 'P' must match pattern \[a-z\]\+"),
        (
            {"AllowedPattern": "[a-z]+", "ConstraintDescription": "be small"},
            "A",
            "satisfy constraint: be small",
        ),
        ({"MinLength": 3}, "ab", "must contain at least 3 characters"),
        ({"MaxLength": "3"}, "abcd", "must contain at most 3 characters"),
        ({"Type": "Number"}, "x", "must be a number"),
        ({"Type": "Number", "MaxValue": 5}, "6", "not greater than 5"),
        ({"Type": "Number", "MinValue": 5}, "4", "not less than 5"),
        ({"Type": "CommaDelimitedList", "AllowedValues": ["a"]}, "a,b", "must be one of AllowedValues"),
        ({"Type": "Strange"}, "a", "Unrecognized parameter type: Strange"),
    ],
)
def test_a_parameter_outside_its_constraints_is_refused(
    world: World, definition: Any, value: str, why: str
) -> None:
    it = template({"A": widget()}, Parameters={"P": {"Type": "String", **definition}})
    with pytest.raises(ClientError, match=why):
        world.create(it, Parameters=[{"ParameterKey": "P", "ParameterValue": value}])


def test_unknown_and_missing_parameters_are_refused(world: World) -> None:
    with pytest.raises(ClientError, match=r"Parameters: \[Q\] do not exist in the template"):
        world.create(template({"A": widget()}), Parameters=[{"ParameterKey": "Q", "ParameterValue": "x"}])
    with pytest.raises(ClientError, match=r"Parameters: \[P\] must have values"):
        world.create(template({"A": widget()}, Parameters={"P": {"Type": "String"}}))


def test_lists_and_ssm_parameters_have_the_values_they_stand_for(world: World) -> None:
    world.services.parameters["/x"] = "from ssm"
    made = world.create(
        template(
            {"A": widget(L={"Ref": "L"}, S={"Ref": "S"}, Name={"Fn::Select": [1, {"Ref": "L"}]})},
            Parameters={
                "L": {"Type": "CommaDelimitedList", "Default": "a, b"},
                "S": {"Type": "AWS::SSM::Parameter::Value<String>"},
            },
        ),
        Parameters=[{"ParameterKey": "S", "ParameterValue": "/x"}],
    )
    assert world.widgets.made["b"] == {"L": ["a", "b"], "S": "from ssm", "Name": "b"}
    assert {"ParameterKey": "S", "ParameterValue": "/x", "ResolvedValue": "from ssm"} in made["Parameters"]


@pytest.mark.parametrize(
    ("properties", "capability"), [({}, "CAPABILITY_IAM"), ({"RoleName": "r"}, "CAPABILITY_NAMED_IAM")]
)
def test_iam_resources_need_their_capability(world: World, properties: Any, capability: str) -> None:
    it = template({"R": {"Type": "AWS::IAM::Role", "Properties": properties}})
    with pytest.raises(ClientError, match=rf"Requires capabilities : \[{capability}\]") as caught:
        world.create(it)
    assert caught.value.response["Error"]["Code"] == "InsufficientCapabilitiesException"
    assert world.create(it, Capabilities=[capability])["StackStatus"] == "CREATE_COMPLETE"


@pytest.mark.parametrize(
    "url",
    [
        "https://b.s3.eu-west-1.amazonaws.com/k/t.json",
        "https://b.s3.amazonaws.com/k/t.json?versionId=1",
        "https://b.s3-eu-west-1.amazonaws.com/k/t.json",
        "https://s3.eu-west-1.amazonaws.com/b/k/t.json",
        "http://127.0.0.1:4566/b/k/t.json",
        "s3://b/k/t.json",
    ],
)
def test_a_template_url_names_a_bucket_and_a_key(url: str) -> None:
    assert location(url) == ("b", "k/t.json")


@pytest.mark.parametrize("url", ["ftp://b/k", "https://b.s3.amazonaws.com/", "t.json", "s3://b"])
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(CloudFormationError, match="TemplateURL must be a supported URL"):
        location(url)


def test_a_template_cannot_be_named_by_the_scheme_s3(world: World) -> None:
    with pytest.raises(ClientError, match="S3 error: Domain name specified in b is not a valid S3 domain"):
        world.client.create_stack(StackName="s", TemplateURL="s3://b/k/t.json")


@pytest.mark.parametrize(
    ("old", "new", "level"),
    [
        ({"A": 1}, {"A": "1"}, "False"),
        ({"A": 1}, {"A": 2}, "True"),
        ({"A": 1}, {"A": UNKNOWN}, "Conditional"),
        ({"A": 1}, {}, "True"),
        ({"B": {"C": 1, "D": 1}}, {"B": {"C": 1, "D": 2}}, "False"),
        ({"B": {"C": 1, "D": 1}}, {"B": {"C": 2, "D": 1}}, "True"),
        ({}, {"B": {"D": 1}}, "False"),
        ({"B": {"C": 1}}, {"B": UNKNOWN}, "Conditional"),
        ({"L": [{"X": 1, "Y": 1}]}, {"L": [{"X": 1, "Y": 2}]}, "False"),
        ({"L": [{"X": 1}]}, {"L": [{"X": 2}]}, "True"),
        ({"E": 1}, {"E": 2}, "Conditional"),
        ({"E": 1, "A": 1}, {"E": 2, "A": 2}, "True"),
    ],
)
def test_a_replacement_is_needed_where_a_create_only_path_differs(old: Any, new: Any, level: str) -> None:
    changes = property_changes(old, new, frozenset({"A", "B/C", "L/*/X"}), frozenset({"E"}))
    assert replacement(changes) == level
