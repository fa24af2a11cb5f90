"""delete over fakes of the cloud."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from accountsctl.commands.stacks.delete import Teardown
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import CloudError, StackFailed, UsageError
from accountsctl.model.events import Event, Listener, Note, StackEvent
from accountsctl.ports.stacks import DeployedStack, Ending
from tests.fakes.stack_repairs import FakeRepairs
from tests.fakes.stacks import BUCKET, FakeArtifacts, FakeIdentity, FakeStacks, failed_event

STAGING = Environment("staging", Cloud.LOCAL, "eu-west-1", "shop-staging")
NAME = STAGING.stack_name
CLUSTER = {"Type": "AWS::RDS::DBCluster", "DeletionPolicy": "Snapshot", "Properties": {}}
TABLE = {"Type": "AWS::DynamoDB::Table", "Properties": {}}


@dataclass
class Staging:
    """A deployed environment with a database and a table, and its deletion."""

    artifacts: FakeArtifacts
    repairs: FakeRepairs
    heard: list[Event] = field(default_factory=list)

    @property
    def teardown(self) -> Teardown:
        return Teardown(self.repairs.stacks, self.repairs, self.artifacts, FakeIdentity())

    def delete(self) -> None:
        target = self.teardown.target(STAGING, self.heard.append)
        assert target is not None
        self.teardown.run(target, self.heard.append)

    @property
    def exists(self) -> bool:
        return NAME in self.repairs.stacks.stacks


def deployed(status: str = "UPDATE_COMPLETE", environment: str = "staging") -> Staging:
    artifacts = FakeArtifacts({"a.json": b"1", "b.zip": b"2"})
    stack = DeployedStack(
        name=NAME,
        status=status,
        tags={"accountsctl:environment": environment},
        template={},
        outputs={"DeploymentBucketName": BUCKET},
        children={"db": "arn:db"},
    )
    stacks = FakeStacks({NAME: stack}, artifacts=artifacts)
    stacks.templates["arn:db"] = {"Resources": {"Cluster": CLUSTER, "Table": TABLE}}
    return Staging(artifacts, FakeRepairs(stacks))


def test_the_bucket_is_emptied_after_the_nested_stacks_are_gone() -> None:
    staging = deployed()
    held: list[int] = []

    def listen(event: Event) -> None:
        staging.heard.append(event)
        if isinstance(event, Note):
            held.append(len(staging.repairs.stacks.stacks[NAME].children))

    target = staging.teardown.target(STAGING)
    assert target is not None
    staging.teardown.run(target, listen)
    assert held == [0]
    assert staging.artifacts.content == {}
    assert not staging.exists
    failures = [event for event in staging.heard if isinstance(event, StackEvent) and event.failed]
    assert failures == []


def test_a_deletion_that_is_cut_off_keeps_the_bucket_and_can_be_finished() -> None:
    staging = deployed()

    def cut_off(event: Event) -> None:
        if isinstance(event, Note):
            raise KeyboardInterrupt

    target = staging.teardown.target(STAGING)
    assert target is not None
    with pytest.raises(KeyboardInterrupt):
        staging.teardown.run(target, cut_off)
    assert staging.repairs.stacks.stacks[NAME].status == "DELETE_FAILED"
    staging.delete()
    assert not staging.exists


def test_what_holds_data_is_listed_with_what_is_kept_of_it() -> None:
    target = deployed().teardown.target(STAGING)
    assert target is not None
    assert [str(each) for each in target.data] == [
        "AWS::RDS::DBCluster Cluster-id; a final snapshot is kept",
        "AWS::DynamoDB::Table Table-id; nothing of it is kept",
    ]


def test_what_is_not_deployed_needs_no_deletion() -> None:
    empty = FakeStacks()
    assert Teardown(empty, FakeRepairs(empty), FakeArtifacts(), FakeIdentity()).target(STAGING) is None


def test_a_protected_environment_is_not_deleted() -> None:
    with pytest.raises(UsageError, match="protected"):
        deployed().teardown.target(replace(STAGING, protected=True))


def test_another_environments_stack_is_not_deleted() -> None:
    with pytest.raises(CloudError, match="does not belong"):
        deployed(environment="prod").teardown.target(STAGING)


def test_a_protected_cluster_is_found_before_anything_is_changed() -> None:
    staging = deployed()
    staging.repairs.protected.add("Cluster-id")
    with pytest.raises(CloudError, match="DBCluster Cluster-id is protected against deletion") as refused:
        staging.delete()
    assert "DeletionProtection to false" in refused.value.hint
    assert (staging.repairs.called, len(staging.artifacts.content)) == ([], 2)


def test_a_type_whose_protection_cannot_be_read_is_judged_by_its_template() -> None:
    staging = deployed()
    table = {**TABLE, "Properties": {"DeletionProtectionEnabled": True}}
    staging.repairs.stacks.templates["arn:db"] = {"Resources": {"Table": table}}
    with pytest.raises(CloudError, match="DynamoDB::Table Table-id is protected"):
        staging.delete()


def test_a_right_that_is_missing_leaves_the_word_of_the_template() -> None:
    staging = deployed()

    class Blind(FakeRepairs):
        def is_deletion_protected(self, type_: str, physical_id: str) -> bool | None:
            raise CloudError("No.", code="AccessDenied")

    staging.repairs = Blind(staging.repairs.stacks)
    assert staging.teardown.target(STAGING) is not None
    protected = {**CLUSTER, "Properties": {"DeletionProtection": True}}
    staging.repairs.stacks.templates["arn:db"] = {"Resources": {"Cluster": protected}}
    with pytest.raises(CloudError, match="protected against deletion"):
        staging.delete()


def test_a_deletion_that_fails_names_what_remains_and_keeps_the_bucket() -> None:
    staging = deployed()
    staging.repairs.refuses["arn:db"] = "Cluster"
    with pytest.raises(StackFailed, match="DELETE_FAILED") as failed:
        staging.delete()
    assert "accountsctl recover" in failed.value.hint
    assert len(staging.artifacts.content) == 2


@pytest.mark.parametrize(
    "status",
    ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS"],
)
def test_an_operation_in_progress_is_followed_before_the_deletion(status: str) -> None:
    staging = deployed(status)
    staging.delete()
    assert staging.repairs.called[0] == f"follow {status}"
    assert status in str(staging.heard[0])
    assert not staging.exists


@pytest.mark.parametrize(
    "status",
    [
        "CREATE_FAILED",
        "CREATE_IN_PROGRESS",
        "ROLLBACK_COMPLETE",
        "ROLLBACK_FAILED",
        "UPDATE_FAILED",
        "UPDATE_ROLLBACK_FAILED",
        "DELETE_FAILED",
        "DELETE_IN_PROGRESS",
        "REVIEW_IN_PROGRESS",
    ],
)
def test_a_stack_in_a_dead_end_can_be_deleted(status: str) -> None:
    staging = deployed(status)
    staging.delete()
    assert not staging.exists
    assert not any("follow" in call for call in staging.repairs.called)


def test_a_stack_that_is_protected_against_termination_keeps_its_bucket() -> None:
    staging = deployed()
    staging.repairs.guarded.add(NAME)
    with pytest.raises(CloudError, match="protected against termination") as refused:
        staging.delete()
    assert "--endpoint-url" in refused.value.hint
    with pytest.raises(CloudError, match="protected against termination") as refused:
        staging.teardown.target(replace(STAGING, cloud=Cloud.AWS), staging.heard.append)
    assert refused.value.hint.endswith(f"--stack-name {NAME}")
    assert (staging.repairs.called, len(staging.artifacts.content)) == ([], 2)


def test_what_an_earlier_failure_left_behind_goes_first_and_also_without_a_root() -> None:
    staging = deployed()
    staging.repairs.left_behind["arn:old"] = "DELETE_FAILED"
    staging.delete()
    assert staging.repairs.called[0] == "delete arn:old"
    staging.repairs.left_behind["arn:older"] = "DELETE_FAILED"
    staging.delete()
    assert staging.repairs.left_behind == {}


def test_what_holds_no_data_or_is_our_own_bucket_is_not_listed() -> None:
    staging = deployed()
    instance = {"Type": "AWS::RDS::DBInstance", "Properties": {"DBClusterIdentifier": "c"}}
    resources = {
        "DeploymentBucket": {"Type": "AWS::S3::Bucket"},
        "Instance": instance,
        "Files": {"Type": "AWS::S3::Bucket"},
        "Topic": {"Type": "AWS::SNS::Topic"},
    }
    staging.repairs.stacks.templates["arn:db"] = {"Resources": resources}
    target = staging.teardown.target(STAGING)
    assert target is not None
    assert [each.physical_id for each in target.data] == ["Files-id"]
    staging.repairs.protected.add("Instance-id")
    with pytest.raises(CloudError, match="DBInstance Instance-id is protected"):
        staging.teardown.target(STAGING)


@dataclass
class Stubborn(FakeRepairs):
    """It can delete no stack; a resource of each is left, and reported unless it is `silent`."""

    silent: bool = False

    def delete(self, stack: str, retain: Sequence[str], listen: Listener) -> Ending:
        if self.silent:
            return Ending("DELETE_FAILED", succeeded=False)
        left = failed_event("Cluster", type_="AWS::RDS::DBCluster", reason="it is stopped")
        listen(replace(left, status="DELETE_FAILED", physical_id="my-cluster"))
        return Ending("DELETE_FAILED", succeeded=False, failure=left)


def test_an_orphan_that_cannot_be_deleted_names_what_is_left_of_it() -> None:
    staging = deployed()
    staging.repairs = Stubborn(staging.repairs.stacks, left_behind={"arn:old": "DELETE_FAILED"})
    with pytest.raises(StackFailed, match="The stack old could not be deleted") as failed:
        staging.delete()
    assert (failed.value.reason, failed.value.logical_id) == ("it is stopped", "Cluster")
    assert "`accountsctl recover --orphans`" in failed.value.hint
    assert "These remain: AWS::RDS::DBCluster my-cluster" in failed.value.hint


def test_a_root_that_cannot_be_deleted_points_to_recover_which_finds_the_rest() -> None:
    staging = deployed()
    staging.repairs = Stubborn(staging.repairs.stacks)
    with pytest.raises(StackFailed, match=f"The stack {NAME} could not be deleted") as failed:
        staging.delete()
    assert failed.value.reason == "it is stopped"
    assert failed.value.hint.endswith("or `accountsctl recover` deletes the stack and keeps what refuses.")


def test_a_deletion_that_reports_nothing_names_nothing() -> None:
    staging = deployed()
    staging.repairs = Stubborn(staging.repairs.stacks, left_behind={"arn:old": "DELETE_FAILED"}, silent=True)
    with pytest.raises(StackFailed) as failed:
        staging.delete()
    assert failed.value.reason == "CloudFormation gave no reason."
    assert "These remain" not in failed.value.hint
