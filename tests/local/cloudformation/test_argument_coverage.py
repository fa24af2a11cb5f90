"""Every argument that changes a stack is played or refused: none is accepted without an effect."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.session import get_session

from accountsctl.localcloud.cloudformation.api.arguments import check_arguments
from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from tests.local.cloudformation.conftest import World, template, widget

SUBMISSION = {
    *(
        "StackName",
        "TemplateBody",
        "TemplateURL",
        "Parameters",
        "Capabilities",
        "ResourceTypes",
        "RoleARN",
        "Tags",
    ),
}
OPERATION = {"ClientRequestToken", "DisableRollback", "RetainExceptOnCreate"}
POLICY = {"StackPolicyBody", "StackPolicyURL"}
DURING_UPDATE = {"StackPolicyDuringUpdateBody", "StackPolicyDuringUpdateURL"}
REVIEW = {"ChangeSetName", "ClientToken", "Description", "ChangeSetType", "IncludeNestedStacks"}

PLAYED = {
    "CreateStack": SUBMISSION | OPERATION | POLICY | {"OnFailure", "EnableTerminationProtection"},
    "UpdateStack": SUBMISSION | OPERATION | POLICY | DURING_UPDATE | {"UsePreviousTemplate"},
    "CreateChangeSet": SUBMISSION
    | REVIEW
    | {"UsePreviousTemplate", "OnStackFailure", "ImportExistingResources"},
    "ExecuteChangeSet": OPERATION | {"ChangeSetName", "StackName"},
    "DeleteStack": {"StackName", "RetainResources", "RoleARN", "ClientRequestToken", "DeletionMode"},
    "RollbackStack": {"StackName", "RoleARN", "ClientRequestToken", "RetainExceptOnCreate"},
    "ContinueUpdateRollback": {"StackName", "RoleARN", "ResourcesToSkip", "ClientRequestToken"},
}
REFUSED: dict[str, list[Any]] = {
    "DeploymentConfig": [{"Mode": "EXPRESS"}, {"DisableRollback": True}],
    "DeploymentMode": ["REVERT_DRIFT"],
    "DisableValidation": [True],
    "ForceRollback": [True],
    "NotificationARNs": [["arn:aws:sns:eu-west-1:123456789012:t"]],
    "ResourcesToImport": [[{"ResourceType": "Test::Widget"}]],
    "RollbackConfiguration": [
        {"MonitoringTimeInMinutes": 5},
        {"RollbackTriggers": [{"Arn": "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a", "Type": "T"}]},
    ],
    "TimeoutInMinutes": [5],
}


@pytest.mark.parametrize("operation", PLAYED)
def test_each_member_of_an_operations_input_is_played_or_refused(operation: str) -> None:
    shape = get_session().get_service_model("cloudformation").operation_model(operation).input_shape
    assert shape is not None
    members = set(shape.members)
    assert PLAYED[operation] <= members, "a member that AWS does not have"
    assert members - PLAYED[operation] <= REFUSED.keys(), "a member that is neither played nor refused"


@pytest.mark.parametrize(("member", "value"), [(name, value) for name in REFUSED for value in REFUSED[name]])
def test_a_member_that_is_not_played_is_refused(member: str, value: Any) -> None:
    with pytest.raises(CloudFormationError, match="The embedded cloud does not imitate"):
        check_arguments({member: value})


def test_a_change_set_is_refused_what_it_could_not_keep_and_leaves_no_stack(world: World) -> None:
    with pytest.raises(ClientError, match="does not imitate the EXPRESS deployment mode"):
        world.client.create_change_set(
            StackName="s",
            ChangeSetName="c",
            ChangeSetType="CREATE",
            TemplateBody=json.dumps(template({"A": widget()})),
            DeploymentConfig={"Mode": "EXPRESS"},
        )
    assert world.client.describe_stacks()["Stacks"] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("TimeoutInMinutes", 5), ("NotificationARNs", ["arn:aws:sns:eu-west-1:123456789012:t"])],
)
def test_a_nested_stack_is_refused_what_it_could_not_keep(world: World, name: str, value: Any) -> None:
    url = world.put("inner", template({"A": widget()}))
    nested = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url, name: value}}
    assert world.create(template({"Inner": nested}))["StackStatus"] == "ROLLBACK_COMPLETE"
    reasons = [str(event.get("ResourceStatusReason", "")) for event in world.events()]
    assert any(f"does not imitate {name} of a nested stack" in reason for reason in reasons)
