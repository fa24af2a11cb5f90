"""delete and recover over fakes of the cloud."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accountsctl.commands.stacks.delete import Teardown
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import CloudError, StackFailed, UsageError
from accountsctl.model.events import Event
from accountsctl.ports.stacks import DeployedStack, Ending
from tests.fakes.stacks import BUCKET, FakeArtifacts, FakeIdentity, FakeStacks, failed_event

STAGING = Environment("staging", Cloud.LOCAL, "eu-west-1", "shop-staging")


def deployed(status: str = "UPDATE_COMPLETE", environment: str = "staging") -> Teardown:
    stack = DeployedStack(
        name=STAGING.stack_name,
        status=status,
        tags={"accountsctl:environment": environment},
        template={},
        outputs={"DeploymentBucketName": BUCKET},
        children={},
    )
    artifacts = FakeArtifacts({"a.json": b"1", "b.zip": b"2"})
    return Teardown(FakeStacks({STAGING.stack_name: stack}, artifacts=artifacts), artifacts, FakeIdentity())


def test_a_deletion_empties_the_bucket_before_the_stack_goes() -> None:
    teardown, heard = deployed(), list[Event]()
    current = teardown.target(STAGING)
    assert current is not None
    teardown.run(current, heard.append)
    assert teardown.artifacts.content == {}  # type: ignore[attr-defined]
    assert teardown.stacks.current(STAGING.stack_name) is None
    assert "2 objects" in str(heard[0])


def test_what_is_not_deployed_needs_no_deletion() -> None:
    assert Teardown(FakeStacks(), FakeArtifacts(), FakeIdentity()).target(STAGING) is None


def test_a_protected_environment_is_not_deleted() -> None:
    with pytest.raises(UsageError, match="protected"):
        deployed().target(replace(STAGING, protected=True))


def test_another_environments_stack_is_not_deleted() -> None:
    with pytest.raises(CloudError, match="does not belong"):
        deployed(environment="prod").target(STAGING)


def test_a_deletion_that_fails_names_the_resource_and_its_reason() -> None:
    teardown = deployed()
    culprit = failed_event(
        "RDSCluster", type_="AWS::RDS::DBCluster", reason="Cannot delete protected Cluster"
    )

    class Stuck(FakeStacks):
        def delete(self, name: str, listen: object) -> Ending:
            return Ending("DELETE_FAILED", succeeded=False, failure=culprit)

    current = teardown.target(STAGING)
    assert current is not None
    with pytest.raises(StackFailed) as failed:
        replace(teardown, stacks=Stuck()).run(current, lambda _: None)
    assert (failed.value.logical_id, failed.value.reason) == ("RDSCluster", "Cannot delete protected Cluster")


def test_a_rollback_that_got_stuck_is_taken_to_its_end() -> None:
    teardown = deployed("UPDATE_ROLLBACK_FAILED")
    assert teardown.recover(STAGING, lambda _: None).succeeded
    found = teardown.stacks.current(STAGING.stack_name)
    assert found is not None
    assert found.status == "UPDATE_ROLLBACK_COMPLETE"


@pytest.mark.parametrize(
    "status",
    ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS"],
)
def test_a_stack_at_work_is_not_deleted_and_its_bucket_not_emptied(status: str) -> None:
    teardown = deployed(status)
    with pytest.raises(CloudError, match="is being changed") as refused:
        teardown.target(STAGING)
    assert refused.value.code == status
    assert len(teardown.artifacts.content) == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "status",
    [
        "CREATE_IN_PROGRESS",
        "ROLLBACK_COMPLETE",
        "ROLLBACK_FAILED",
        "UPDATE_ROLLBACK_FAILED",
        "DELETE_FAILED",
        "DELETE_IN_PROGRESS",
    ],
)
def test_a_stack_in_a_dead_end_can_be_deleted(status: str) -> None:
    teardown = deployed(status)
    current = teardown.target(STAGING)
    assert current is not None
    teardown.run(current, lambda _: None)
    assert teardown.stacks.current(STAGING.stack_name) is None


def test_a_stack_that_is_protected_against_termination_keeps_its_bucket() -> None:
    teardown = deployed()
    teardown.stacks.stacks[STAGING.stack_name] = replace(  # type: ignore[attr-defined]
        teardown.stacks.stacks[STAGING.stack_name],  # type: ignore[attr-defined]
        termination_protected=True,
    )
    with pytest.raises(CloudError, match="protected against termination"):
        teardown.target(STAGING)
    assert len(teardown.artifacts.content) == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize("status", ["UPDATE_COMPLETE", "UPDATE_IN_PROGRESS"])
def test_what_is_not_stuck_is_not_recovered(status: str) -> None:
    with pytest.raises(CloudError, match="nothing to recover"):
        deployed(status).recover(STAGING, lambda _: None)
