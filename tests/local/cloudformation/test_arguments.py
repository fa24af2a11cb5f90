"""What callers hand in besides a template: sizes, values, combinations, and settings that would have no effect."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.cloudformation.conftest import World, template, widget

BODY = template({"A": widget(Size=1)})
ALLOW = '{"Statement": [{"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}]}'
DENY = ALLOW.replace("Allow", "Deny")


def tags(count: int, key: str = "k") -> list[dict[str, str]]:
    return [{"Key": f"{key}{number}", "Value": "v"} for number in range(count)]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (
            {"Tags": tags(51)},
            "at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50",
        ),
        ({"Tags": tags(1, "aws:")}, "aws: prefixed tag key names are not allowed for external use."),
        ({"Tags": tags(1) * 2}, r"Duplicate tag keys found: \[k0\]"),
        (
            {"Tags": [{"Key": "k", "Value": "v" * 257}]},
            "at 'tags.1.member.value' failed to satisfy constraint: Member must have length less than or equal to 256",
        ),
        (
            {"OnFailure": "EXPLODE"},
            r"'EXPLODE' at 'onFailure' .* enum value set: \[DO_NOTHING, ROLLBACK, DELETE\]",
        ),
        (
            {"ClientRequestToken": "-x"},
            "at 'clientRequestToken' .* Member must satisfy regular expression pattern",
        ),
        (
            {"OnFailure": "DELETE", "DisableRollback": True},
            "either OnFailure or DisableRollback, but not both",
        ),
        (
            {"ResourceTypes": ["AWS::S3::*"]},
            r"Test::Widget is not allowed by parameter ResourceTypes \[AWS::S3::\*\]",
        ),
    ],
)
def test_an_argument_that_cannot_be_kept_is_refused_and_leaves_no_stack(
    world: World, arguments: dict[str, Any], why: str
) -> None:
    with pytest.raises(ClientError, match=why) as refused:
        world.create(BODY, **arguments)
    assert refused.value.response["Error"]["Code"] == "ValidationError"
    assert world.client.describe_stacks()["Stacks"] == []


@pytest.mark.parametrize(
    "arguments",
    [
        {"Tags": tags(50)},
        {"ResourceTypes": ["Test::*"]},
        {"RollbackConfiguration": {"RollbackTriggers": []}},
        {"OnFailure": "DELETE"},
        {"NotificationARNs": []},
    ],
)
def test_an_argument_that_asks_for_what_is_played_is_taken(world: World, arguments: dict[str, Any]) -> None:
    assert world.create(BODY, **arguments)["StackStatus"] == "CREATE_COMPLETE"


def test_a_parameters_value_may_have_4096_bytes(world: World) -> None:
    body = template({"A": widget()}, Parameters={"P": {"Type": "String"}})
    world.create(body, Parameters=[{"ParameterKey": "P", "ParameterValue": "ä" * 2048}])
    with pytest.raises(ClientError, match="Parameter P value is longer than 4096 bytes"):
        world.create(body, "t", Parameters=[{"ParameterKey": "P", "ParameterValue": "ä" * 2048 + "x"}])


@pytest.mark.parametrize(
    ("kind", "given", "wrong"),
    [
        ("AWS::EC2::AvailabilityZone::Name", "eu-west-1z", "eu-west-1z"),
        ("List<AWS::EC2::AvailabilityZone::Name>", "eu-west-1a,eu-west-1z", "eu-west-1z"),
        ("AWS::EC2::VPC::Id", "vpc-123", "vpc-123"),
    ],
)
def test_what_a_parameter_of_a_resources_type_names_must_exist(
    world: World, kind: str, given: str, wrong: str
) -> None:
    body = template({"A": widget()}, Parameters={"P": {"Type": kind}})
    with pytest.raises(ClientError, match=f"parameter value {wrong} for parameter name P does not exist"):
        world.create(body, Parameters=[{"ParameterKey": "P", "ParameterValue": given}])
    zone = given.replace("eu-west-1z", "eu-west-1a").replace("vpc-123", "vpc-1")
    world.create(body, Parameters=[{"ParameterKey": "P", "ParameterValue": zone}])


def test_an_ssm_parameter_that_does_not_exist_is_named(world: World) -> None:
    body = template({"A": widget()}, Parameters={"P": {"Type": "AWS::SSM::Parameter::Value<String>"}})
    with pytest.raises(ClientError, match=r"Unable to fetch parameters \[/none\] from parameter store"):
        world.create(body, Parameters=[{"ParameterKey": "P", "ParameterValue": "/none"}])


def test_a_policy_for_one_update_overrides_the_stacks_own(world: World) -> None:
    world.create(BODY, StackPolicyBody=DENY)
    changed = template({"A": widget(Size=2)})
    assert world.update(changed)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert world.update(changed, StackPolicyDuringUpdateBody=ALLOW)["StackStatus"] == "UPDATE_COMPLETE"
    assert world.update(BODY)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"  # the override held once


def test_an_empty_stack_policy_takes_the_old_one_off(world: World) -> None:
    world.create(BODY, StackPolicyBody=DENY)
    world.client.set_stack_policy(StackName="s", StackPolicyBody="{}")
    assert world.update(template({"A": widget(Size=2)}))["StackStatus"] == "UPDATE_COMPLETE"


@pytest.mark.parametrize(
    "policy",
    [
        DENY.replace('"Principal": "*"', '"Principal": "me"'),
        DENY.replace("Update:", "Delete:"),
        DENY.replace("Deny", "Perhaps"),
        DENY.replace('"Action": "Update:*", ', ""),
    ],
)
def test_a_stack_policy_that_means_nothing_is_refused(world: World, policy: str) -> None:
    world.create(BODY)
    with pytest.raises(ClientError, match="Error validating stack policy: Invalid stack policy"):
        world.client.set_stack_policy(StackName="s", StackPolicyBody=policy)


@pytest.mark.parametrize(
    ("call", "why"),
    [
        ("describe_stacks", "Stack with id no does not exist"),
        ("describe_stack_resources", "Stack with id no does not exist"),
        ("list_stack_resources", "Stack with id no does not exist"),
        ("describe_stack_events", r"Stack \[no\] does not exist"),
    ],
)
def test_a_stack_that_does_not_exist_is_named_as_each_operation_does(
    world: World, call: str, why: str
) -> None:
    with pytest.raises(ClientError, match=why):
        getattr(world.client, call)(StackName="no")


def test_the_other_operations_name_it_in_their_own_way(world: World) -> None:
    with pytest.raises(ClientError, match="Stack 'no' does not exist"):
        world.client.describe_stack_resource(StackName="no", LogicalResourceId="A")
    with pytest.raises(ClientError, match=r"Stack \[no\] does not exist"):
        world.client.describe_change_set(StackName="no", ChangeSetName="c")
    with pytest.raises(ClientError, match=r"Stack \[no\] does not exist"):
        world.client.update_stack(StackName="no", TemplateBody="{}")


def test_a_creation_that_stopped_where_it_failed_is_taken_up_again_by_an_update(world: World) -> None:
    world.create(template({"A": widget(Size=1), "B": widget(Fail="no")}), DisableRollback=True)
    assert world.stack()["StackStatus"] == "CREATE_FAILED"
    assert world.update(template({"A": widget(Size=1), "B": widget()}))["StackStatus"] == "UPDATE_COMPLETE"
    assert len(world.widgets.made) == 2


def test_an_update_may_drop_what_failed_to_be_created(world: World) -> None:
    world.create(template({"A": widget(Size=1), "B": widget(Fail="no")}), DisableRollback=True)
    assert world.update(BODY)["StackStatus"] == "UPDATE_COMPLETE"


def test_tags_of_the_stack_are_a_change_only_of_what_has_tags(world: World) -> None:
    world.create(template({"A": widget(), "Fixed": {"Type": "Test::Untagged", "Properties": {"Kind": "x"}}}))
    plan = world.change_set(
        template({"A": widget(), "Fixed": {"Type": "Test::Untagged", "Properties": {"Kind": "x"}}}),
        Tags=tags(1),
    )
    changed = [change["ResourceChange"]["LogicalResourceId"] for change in plan["Changes"]]
    assert changed == ["A"]
    world.client.execute_change_set(StackName="s", ChangeSetName="plan")
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "UPDATE_COMPLETE"
    assert "update Fixed" not in world.log
