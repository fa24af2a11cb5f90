"""What CloudFormation says of the account, and of services of its own that have nothing here."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.local.cloudformation.conftest import World, template, widget


def test_the_limits_are_those_of_a_new_account(world: World) -> None:
    limits = world.client.describe_account_limits()["AccountLimits"]
    assert {limit["Name"]: limit["Value"] for limit in limits} == {
        "StackLimit": 2000,
        "StackOutputsLimit": 200,
        "ConcurrentResourcesLimit": 2500,
    }


def test_a_change_set_has_no_hooks(world: World) -> None:
    plan = world.change_set(template({"A": widget()}), kind="CREATE")
    hooks = world.client.describe_change_set_hooks(ChangeSetName=plan["ChangeSetId"])
    assert (hooks["Hooks"], hooks["Status"], hooks["StackName"]) == ([], "PLANNED", "s")
    with pytest.raises(ClientError, match="does not exist"):
        world.client.describe_change_set_hooks(ChangeSetName="no", StackName="s")


def test_no_stack_sets_are_there(world: World) -> None:
    assert world.client.list_stack_sets()["Summaries"] == []
    with pytest.raises(ClientError, match="does not imitate CreateStackSet"):
        world.client.create_stack_set(StackSetName="x", TemplateBody="{}")


def test_a_stack_policy_protects_from_deletion(world: World) -> None:
    deny = '{"Statement": [{"Effect": "Deny", "Action": "Update:Delete", "Principal": "*", "Resource": "*"}, '
    allow = '{"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}]}'
    world.create(template({"A": widget(), "B": widget()}), StackPolicyBody=deny + allow)
    assert world.update(template({"A": widget(Size=2)}))["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    why = "Action denied by stack policy: Statement [#1] does not allow [Update:Delete] for resource "
    assert world.reason("B", "UPDATE_FAILED").startswith(f"{why}[LogicalResourceId/B]")
    assert (
        world.reason("s", "UPDATE_ROLLBACK_IN_PROGRESS")
        == "The following resource(s) failed to update: [B]. "
    )
    statuses = world.client.describe_stack_resources(StackName="s")["StackResources"]
    assert {status["ResourceStatus"] for status in statuses} == {"CREATE_COMPLETE"}
    only = '{"Statement": [{"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}]}'
    freed = world.update(template({"A": widget()}), StackPolicyDuringUpdateBody=only)
    assert freed["StackStatus"] == "UPDATE_COMPLETE"
