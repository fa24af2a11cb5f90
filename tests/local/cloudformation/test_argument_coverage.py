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
        "NotificationARNs",
        "RollbackConfiguration",
    ),
}
OPERATION = {"ClientRequestToken", "DisableRollback", "RetainExceptOnCreate"}
POLICY = {"StackPolicyBody", "StackPolicyURL"}
DURING_UPDATE = {"StackPolicyDuringUpdateBody", "StackPolicyDuringUpdateURL"}
REVIEW = {"ChangeSetName", "ClientToken", "Description", "ChangeSetType", "IncludeNestedStacks"}

PLAYED = {
    "CreateStack": SUBMISSION
    | OPERATION
    | POLICY
    | {"OnFailure", "EnableTerminationProtection", "TimeoutInMinutes"},
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
    "ResourcesToImport": [[{"ResourceType": "Test::Widget"}]],
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
