"""RDS brings the log group of a cluster back that is being destroyed: no push after it fails for that."""

from __future__ import annotations

from typing import Any

import pytest

from accountsctl.model.assembly import Assembly
from tests.local.recovery.project import CLUSTER
from tests.local.recovery.states import LATE
from tests.local.recovery.world import RecoveryWorld, Truth

NAME = f"/aws/rds/cluster/{CLUSTER}/postgresql"


def version(world: RecoveryWorld, policy: str) -> Assembly:
    """A cluster with a log group that goes by this policy, and a resource that comes after it."""
    group = {
        "Type": "AWS::Logs::LogGroup",
        "DeletionPolicy": policy,
        "Properties": {"LogGroupName": NAME, "RetentionInDays": 7},
    }
    exports = {"EnableCloudwatchLogsExports": ["postgresql"]}
    return world.project.version("one", more=LATE, store={"Log": group}, **exports)


def groups(world: RecoveryWorld) -> dict[str, Any]:
    """Each log group of a cluster with its retention in days."""
    found = world.cloud.client("logs").describe_log_groups(logGroupNamePrefix="/aws/rds")["logGroups"]
    return {group["logGroupName"]: group.get("retentionInDays") for group in found}


@pytest.fixture
def kept(world: RecoveryWorld) -> Assembly:
    """A log group as our templates have it."""
    return version(world, "RetainExceptOnCreate")


def test_a_first_push_that_fails_leaves_one_and_the_next_takes_it_over(
    world: RecoveryWorld, truth: Truth, kept: Assembly
) -> None:
    world.cloud.refusals["create", "Extra"] = [True]
    assert world.push(kept).code == 4
    assert (truth.clusters, list(groups(world))) == ([], [NAME])
    pushed = world.push(kept)
    assert pushed.code == 0, pushed.text
    assert truth.clusters == [CLUSTER]


def test_an_environment_can_be_deleted_and_pushed_again(
    world: RecoveryWorld, truth: Truth, kept: Assembly
) -> None:
    for _ in range(2):
        assert world.push(kept).code == 0
        assert world.delete(kept).code == 0
        assert (truth.status, list(groups(world))) == ("", [NAME])


def test_one_that_its_stack_deletes_comes_back_without_a_retention_and_stops_the_next_push(
    world: RecoveryWorld,
) -> None:
    deleted = version(world, "Delete")
    assert world.push(deleted).code == 0
    assert groups(world) == {NAME: 7}
    assert world.delete(deleted).code == 0
    assert groups(world) == {NAME: None}
    refused = world.push(deleted)
    assert refused.code == 3
    assert f"'{NAME}' already exists" in refused.text
    world.cloud.client("logs").delete_log_group(logGroupName=NAME)
    assert groups(world) == {}, "it comes back once"
    assert world.push(deleted).code == 0


def test_the_log_group_of_a_new_cluster_is_not_brought_back(world: RecoveryWorld, kept: Assembly) -> None:
    assert world.push(kept).code == 0
    assert world.delete(kept).code == 0
    assert world.push(kept).code == 0  # the same names again; the log group was never deleted
    world.cloud.client("logs").delete_log_group(logGroupName=NAME)
    assert groups(world) == {}
