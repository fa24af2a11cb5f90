"""The role of a stack: refused if CloudFormation cannot assume it, remembered for the operations that follow."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.cloudformation.conftest import World, template, widget

ROLE = "arn:aws:iam::123456789012:role/path/deployer"
ONE = template({"A": widget(Name="a")})


def trust(service: object = "cloudformation.amazonaws.com", **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole", **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


@pytest.mark.parametrize(
    "policy",
    [
        None,
        trust("lambda.amazonaws.com"),
        trust(Effect="Deny"),
        trust(Action="sts:TagSession"),
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:*"}]},
    ],
)
def test_a_role_that_cloudformation_cannot_assume_is_refused(
    world: World, policy: dict[str, Any] | None
) -> None:
    if policy:
        world.services.roles["deployer"] = (ROLE, policy)

    with pytest.raises(ClientError, match="invalid or cannot be assumed") as refused:
        world.create(ONE, RoleARN=ROLE)
    assert refused.value.response["Error"]["Code"] == "ValidationError"
    assert world.widgets.made == {}


def test_a_role_of_another_account_or_path_is_another_role(world: World) -> None:
    world.services.roles["deployer"] = ("arn:aws:iam::123456789012:role/deployer", trust())

    with pytest.raises(ClientError, match="cannot be assumed"):
        world.create(ONE, RoleARN=ROLE)


def test_the_role_of_a_change_set_is_its_stacks_once_it_is_executed(world: World) -> None:
    world.services.roles["deployer"] = (ROLE, trust(["cloudformation.amazonaws.com", "x.amazonaws.com"]))
    world.create(ONE)
    assert "RoleARN" not in world.stack()
    changed = template({"A": widget(Name="a", Color="red")})
    world.change_set(changed, RoleARN=ROLE)
    assert "RoleARN" not in world.stack()
    world.client.execute_change_set(ChangeSetName="plan", StackName="s")
    world.cloud.wait()

    assert world.stack()["RoleARN"] == ROLE
    world.update(ONE)
    assert world.stack()["RoleARN"] == ROLE


@pytest.mark.parametrize("operation", ["delete_stack", "continue_update_rollback", "rollback_stack"])
def test_every_operation_checks_the_role(world: World, operation: str) -> None:
    world.create(ONE)

    with pytest.raises(ClientError, match="cannot be assumed"):
        getattr(world.client, operation)(StackName="s", RoleARN=ROLE)
    assert set(world.widgets.made) == {"a"}
