"""Conditions, and what templates are refused for that cannot be worked out."""

from __future__ import annotations

import json
from typing import Any

from tests.local.cloudformation.recorded.parts import attribute, parameter, template, text_parameter, topic
from tests.local.cloudformation.recorded.replay import StackReplay, case

TOGGLE = {"Create": {"Fn::Equals": [{"Ref": "Toggle"}, "yes"]}}


def conditional(resource: dict[str, Any]) -> dict[str, Any]:
    return {**resource, "Condition": "Create"}


def refuse(replay: StackReplay, step: str, body: Any, toggle: str = "no") -> None:
    replay.match(step, replay.change_set(replay.name(), body, "CREATE", {"Toggle": toggle}))


def dependent(replay: StackReplay, value: Any) -> None:
    """Refuse a resource that refers to one whose condition is false."""
    made = {"MyTopic": conditional(topic()), "Dependent": parameter(value)}
    body = template(made, Parameters={"Toggle": text_parameter()}, Conditions=TOGGLE)
    refuse(replay, "dependent_ref_exc", body)


@case
def test_dependent_ref(replay: StackReplay) -> None:
    dependent(replay, {"Ref": "MyTopic"})


@case
def test_dependent_get_att(replay: StackReplay) -> None:
    dependent(replay, attribute("MyTopic", "TopicName"))


@case
def test_output_reference_to_skipped_resource(replay: StackReplay) -> None:
    body = template(
        {"MyTopic": conditional(topic()), "Other": topic()},
        Parameters={"Toggle": text_parameter()},
        Conditions=TOGGLE,
        Outputs={"Name": {"Value": attribute("MyTopic", "TopicName")}},
    )
    refuse(replay, "unresolved_resource_reference_exception", body)


def disabled(replay: StackReplay, toggle: str) -> None:
    """Create a stack of which the resources and the output that refer to a conditional one have its condition."""
    value = attribute("ConditionalParameter", "Value")
    body = template(
        {
            "BaseParameter": parameter("base"),
            "ConditionalParameter": conditional(parameter({"Ref": "ParameterValue"})),
            "AnotherResource": conditional(parameter(value)),
        },
        Parameters={"ParameterValue": text_parameter(), "Toggle": text_parameter()},
        Conditions=TOGGLE,
        Outputs={"ConditionalParameterValue": {"Value": value, "Condition": "Create"}},
    )
    stack = replay.deploy(body, {"ParameterValue": replay.name("value"), "Toggle": toggle})
    replay.match("stack-description", replay.described(stack))
    replay.match("resources-description", replay.ask("describe_stack_resources", StackName=stack))


@case
def test_references_to_disabled_resources_yes(replay: StackReplay) -> None:
    disabled(replay, "yes")


@case
def test_references_to_disabled_resources_no(replay: StackReplay) -> None:
    disabled(replay, "no")


@case
def test_validate_equals_args_len(replay: StackReplay) -> None:
    body = template(
        {"Parameter": conditional(parameter())},
        Parameters={"Toggle": text_parameter()},
        Conditions={"Create": {"Fn::Equals": [{"Ref": "Toggle"}]}},
    )
    refuse(replay, "error", body)


def message(replay: StackReplay, text: str) -> None:
    """Compare the message by which a template's text is refused."""
    arguments = {"StackName": replay.name(), "ChangeSetName": "changes", "ChangeSetType": "CREATE"}
    replay.match("error", replay.message("create_change_set", **arguments, TemplateBody=text))


@case
def test_invalid_yaml(replay: StackReplay) -> None:
    message(replay, "Resources:\n  A:\n    Type: [\n")


@case
def test_missing_required_top_level_key(replay: StackReplay) -> None:
    message(replay, json.dumps({"Parameters": {"A": text_parameter()}}))


@case
def test_describe_change_set_import(replay: StackReplay) -> None:
    export = replay.name("export")
    shown = {"Value": {"Value": "value", "Export": {"Name": export}}}
    replay.create(template({"Parameter": parameter()}, Outputs=shown))
    made = replay.change_set(
        replay.name(), template({"MyFoo": parameter({"Fn::ImportValue": export})}), "CREATE"
    )
    described = replay.ask("describe_change_set", ChangeSetName=made["Id"], IncludePropertyValues=True)
    replay.match("describe", described)


@case
def test_select_split_stack_id(replay: StackReplay) -> None:
    selected = {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}
    shown = {"SelectedOutput": {"Value": selected}, "StackID": {"Value": {"Ref": "AWS::StackId"}}}
    stack = replay.deploy(template({"Parameter": parameter()}, Outputs=shown))
    replay.match("outputs", replay.outputs(stack))


@case
def test_create_change_set_with_ssm_parameter_list(replay: StackReplay) -> None:
    name, role = replay.name("list"), replay.name("role")
    replay.clients("ssm").put_parameter(Name=name, Value="some/params,some/other/params", Type="StringList")
    prefix = "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/"
    arns = [
        {"Fn::Sub": [f"{prefix}${{Name}}", {"Name": {"Fn::Select": [place, {"Ref": "Names"}]}}]}
        for place in (0, 1)
    ]
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": arns}]}
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    properties = {
        "RoleName": role,
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "Policies": [{"PolicyName": "policy-123", "PolicyDocument": document}],
    }
    body = template(
        {"Role": {"Type": "AWS::IAM::Role", "Properties": properties}},
        Parameters={"Names": {"Type": "AWS::SSM::Parameter::Value<List<String>>"}},
    )
    replay.deploy(body, {"Names": name})
    replay.match("role-name", role)
    found = replay.clients("iam").get_role_policy(RoleName=role, PolicyName="policy-123")
    replay.match("iam_role_policy", found)
