"""The section Rules: parameters that do not fit each other are refused before anything is created."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.cloudformation.conftest import World, template, text, widget

PARAMETERS = {
    "X": {"Type": "String", "Default": "a"},
    "L": {"Type": "CommaDelimitedList", "Default": "a,b"},
    "V": {"Type": "AWS::EC2::VPC::Id", "Default": "vpc-1"},
}
X, L = {"Ref": "X"}, {"Ref": "L"}


def body(assertion: Any, **rule: Any) -> dict[str, Any]:
    rules = {"R": {**rule, "Assertions": [{"Assert": assertion, "AssertDescription": "X must fit"}]}}
    return template({"A": widget()}, Parameters=PARAMETERS, Rules=rules)


BROKEN = [
    {"Fn::Equals": [X, "b"]},
    {"Fn::Not": [{"Fn::Equals": [X, "a"]}]},
    {"Fn::Contains": [["b", "c"], X]},
    {"Fn::EachMemberIn": [L, ["a", "c"]]},
    {"Fn::EachMemberEquals": [L, "a"]},
    {"Fn::And": [{"Fn::Equals": [X, "a"]}, {"Fn::Equals": [X, "b"]}]},
    {"Fn::Or": [{"Fn::Equals": [X, "c"]}, {"Fn::Equals": [X, "b"]}]},
    {"Fn::EachMemberIn": [{"Fn::RefAll": "AWS::EC2::VPC::Id"}, ["vpc-2"]]},
]


@pytest.mark.parametrize("assertion", BROKEN)
def test_an_assertion_that_does_not_hold_is_the_refusal(world: World, assertion: Any) -> None:
    with pytest.raises(ClientError, match="X must fit"):
        world.create(body(assertion))
    assert world.client.describe_stacks()["Stacks"] == []


@pytest.mark.parametrize("assertion", BROKEN)
def test_what_asserts_the_opposite_holds(world: World, assertion: Any) -> None:
    assert world.create(body({"Fn::Not": [assertion]}))["StackStatus"] == "CREATE_COMPLETE"


def test_a_rule_asserts_only_under_its_condition(world: World) -> None:
    never = {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]}
    assert world.create(body(BROKEN[0], RuleCondition=never))["StackStatus"] == "CREATE_COMPLETE"
    with pytest.raises(ClientError, match="X must fit"):
        world.update(body(BROKEN[0], RuleCondition={"Fn::Not": [never]}))


def test_rules_hold_for_the_values_of_an_update(world: World) -> None:
    world.create(body({"Fn::Equals": [X, "a"]}))
    values = [{"ParameterKey": "X", "ParameterValue": "b"}]
    with pytest.raises(ClientError, match="X must fit"):
        world.client.update_stack(StackName="s", UsePreviousTemplate=True, Parameters=values)


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ({"R": {}}, "Rule R must have a list of Assertions"),
        ({"R": {"Assertions": [{}]}}, "must contain an Assert"),
        (
            {"R": {"Assertions": [{"Assert": {"Fn::Equals": [{"Ref": "A"}, 1]}}]}},
            r"Unresolved dependencies \[A\]",
        ),
        ({"R": {"Assertions": [{"Assert": "yes"}]}}, "Rules must be boolean functions"),
        ({"R": {"Assertions": [{"Assert": {"Fn::If": ["a", 1, 2]}}]}}, "not a boolean function of rules"),
        ({"R": {"Assertions": [{"Assert": {"Fn::Equals": ["a"]}}]}}, "requires a list of arguments"),
        (
            {"R": {"Assertions": [{"Assert": {"Fn::Contains": [{"Fn::ValueOf": ["V", "x"]}, "a"]}}]}},
            "does not imitate Fn::ValueOf",
        ),
    ],
)
def test_a_malformed_rule_is_refused(world: World, rules: Any, why: str) -> None:
    with pytest.raises(ClientError, match=why):
        world.create(template({"A": widget()}, Parameters=PARAMETERS, Rules=rules))


def test_rules_are_validated_with_the_template(world: World) -> None:
    with pytest.raises(ClientError, match="Rule R must have a list of Assertions"):
        world.client.validate_template(TemplateBody=text(template({"A": widget()}, Rules={"R": {}})))


def planned(world: World, inner: dict[str, Any]) -> str:
    """The status of a change set of which a nested stack has the template `inner`, and whose X is not known yet."""
    nested = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {
            "TemplateURL": world.put("inner", inner),
            "Parameters": {"X": {"Fn::GetAtt": ["W", "Arn"]}},
        },
    }
    made = world.client.create_change_set(
        StackName="s",
        ChangeSetName="c",
        ChangeSetType="CREATE",
        IncludeNestedStacks=True,
        TemplateBody=text(template({"W": widget(), "N": nested})),
    )
    world.cloud.wait()
    return str(world.client.describe_change_set(ChangeSetName=made["Id"])["Status"])


@pytest.mark.parametrize("form", ["Fn::Not", "Fn::And", "Fn::Or", "RuleCondition"])
def test_what_is_not_known_before_the_deployment_fails_no_rule(world: World, form: str) -> None:
    open_question: Any = {"Fn::Equals": [X, "arn:widget/w"]}
    false: Any = {"Fn::Equals": ["a", "b"]}
    assertion: Any = {
        "Fn::Not": {"Fn::Not": [open_question]},
        "Fn::And": {"Fn::Not": [{"Fn::And": [open_question, {"Fn::Not": [false]}]}]},
        "Fn::Or": {"Fn::Not": [{"Fn::Or": [open_question, false]}]},
        "RuleCondition": false,
    }[form]
    condition = {"RuleCondition": open_question} if form == "RuleCondition" else {}
    assert planned(world, body(assertion, **condition)) == "CREATE_COMPLETE"


@pytest.mark.parametrize("form", ["Fn::And", "Fn::Or"])
def test_what_is_known_decides_in_spite_of_what_is_not(world: World, form: str) -> None:
    open_question: Any = {"Fn::Equals": [X, "arn:widget/w"]}
    false: Any = {"Fn::Equals": ["a", "b"]}
    assertion: Any = {
        "Fn::And": {"Fn::And": [open_question, false]},
        "Fn::Or": {"Fn::Not": [{"Fn::Or": [open_question, {"Fn::Not": [false]}]}]},
    }[form]
    assert planned(world, body(assertion)) == "FAILED"
