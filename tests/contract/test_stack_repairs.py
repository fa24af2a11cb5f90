"""What holds for the ways out of a stack's states, over the embedded cloud and in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import uuid4

import pytest

from accountsctl.adapters.aws.artifacts import S3Artifacts
from accountsctl.adapters.aws.follow import Pace
from accountsctl.adapters.aws.session import Session
from accountsctl.adapters.aws.stack_repairs import CloudFormationRepairs
from accountsctl.adapters.aws.stacks import CloudFormationStacks
from accountsctl.model.errors import CloudError
from accountsctl.model.events import Event
from accountsctl.ports.artifacts import Artifacts
from accountsctl.ports.stack_repairs import StackRepairs
from accountsctl.ports.stacks import Ending, Stacks
from tests.contract.test_stacks import CHILD, NESTED, SEED, TAGS
from tests.fakes.stack_repairs import FakeRepairs
from tests.fakes.stacks import FakeArtifacts, FakeStacks

PACE = Pace(0.02, 0.1)


@dataclass
class Account:
    """The ports of one account, and a stack with one nested stack in it."""

    stacks: Stacks
    artifacts: Artifacts
    repairs: StackRepairs
    name: str = field(default_factory=lambda: f"repairs-{uuid4().hex[:8]}")
    heard: list[Event] = field(default_factory=list)

    @property
    def bucket(self) -> str:
        return self.stacks.outputs(self.name)["DeploymentBucketName"]

    def push(self) -> None:
        for template in (SEED, NESTED):
            if template is NESTED:
                self.artifacts.put(self.bucket, "child.json", CHILD.encode())
            self.stacks.deploy(
                self.name, json.dumps(template), TAGS, create=template is SEED, listen=lambda _: None
            )


@pytest.fixture(params=["embedded", "fake"])
def account(request: pytest.FixtureRequest) -> Iterator[Account]:
    if request.param == "fake":
        artifacts = FakeArtifacts()
        stacks = FakeStacks(artifacts=artifacts)
        made = Account(stacks, artifacts, FakeRepairs(stacks))
        made.push()
        yield made
        return
    session: Session = request.getfixturevalue("session")
    made = Account(
        CloudFormationStacks(session, PACE), S3Artifacts(session), CloudFormationRepairs(session, PACE)
    )
    made.push()
    yield made
    if made.repairs.summary(made.name):
        made.artifacts.empty(made.bucket)
        made.repairs.delete(made.name, (), lambda _: None)


def test_a_stack_that_does_not_exist_has_no_state_and_nothing_in_it(account: Account) -> None:
    assert account.repairs.summary("never-made") is None
    assert account.repairs.resources("never-made") == []
    assert account.repairs.nested("never-made") == []
    assert account.repairs.follow("never-made", account.heard.append).status == "DELETE_COMPLETE"
    assert account.repairs.delete("never-made", (), account.heard.append).succeeded


def test_a_summary_is_the_stacks_state_and_tags(account: Account) -> None:
    found = account.repairs.summary(account.name)
    assert found is not None
    assert (found.name, found.status, found.tags) == (account.name, "UPDATE_COMPLETE", TAGS)
    assert account.repairs.summary(found.id) == found
    assert not found.termination_protected


def test_resources_are_those_that_exist_with_their_physical_ids(account: Account) -> None:
    found = {each.logical_id: each for each in account.repairs.resources(account.name)}
    assert {name: each.type for name, each in found.items()} == {
        "DeploymentBucket": "AWS::S3::Bucket",
        "Child": "AWS::CloudFormation::Stack",
    }
    assert found["DeploymentBucket"].physical_id == account.bucket
    inner = account.repairs.resources(found["Child"].physical_id)
    assert [(each.logical_id, each.type) for each in inner] == [("Log", "AWS::Logs::LogGroup")]


def test_nested_stacks_are_found_by_their_roots_name_and_by_status(account: Account) -> None:
    child = next(each for each in account.repairs.resources(account.name) if each.logical_id == "Child")
    assert [each.id for each in account.repairs.nested(account.name)] == [child.physical_id]
    assert account.repairs.nested(account.name, ["DELETE_FAILED"]) == []


def test_a_stack_at_rest_is_followed_no_further(account: Account) -> None:
    assert account.repairs.follow(account.name, account.heard.append) == Ending(
        "UPDATE_COMPLETE", succeeded=False
    )
    assert account.heard == []


def test_a_state_that_does_not_offer_a_step_refuses_it(account: Account) -> None:
    with pytest.raises(CloudError) as refused:
        account.repairs.continue_rollback(account.name, (), account.heard.append)
    assert refused.value.code == "ValidationError"
    with pytest.raises(CloudError) as refused:
        account.repairs.roll_back(account.name, account.heard.append)
    assert refused.value.code == "ValidationError"


def test_a_bucket_that_is_not_empty_stops_a_deletion_after_the_nested_stacks(account: Account) -> None:
    ending = account.repairs.delete(account.name, (), account.heard.append)
    assert (ending.status, ending.succeeded) == ("DELETE_FAILED", False)
    assert [each.logical_id for each in account.repairs.resources(account.name)] == ["DeploymentBucket"]
    account.artifacts.empty(account.bucket)
    assert account.repairs.delete(account.name, (), account.heard.append).succeeded
    assert account.repairs.summary(account.name) is None


def test_a_stack_whose_deletion_failed_is_deleted_without_what_is_retained(account: Account) -> None:
    account.repairs.delete(account.name, (), account.heard.append)
    assert account.repairs.delete(account.name, ("DeploymentBucket",), account.heard.append).succeeded
    assert account.repairs.summary(account.name) is None


def test_termination_protection_is_switched_on(account: Account) -> None:
    account.repairs.protect(account.name)
    found = account.repairs.summary(account.name)
    assert found is not None
    assert found.termination_protected
    account.repairs = _unprotected(account)


def _unprotected(account: Account) -> StackRepairs:
    """So that the fixture can delete the stack."""
    if isinstance(account.repairs, CloudFormationRepairs):
        client = account.repairs._client
        client.update_termination_protection(StackName=account.name, EnableTerminationProtection=False)
    return account.repairs


def test_there_are_no_change_sets_to_clear_after_a_push(account: Account) -> None:
    assert account.repairs.clear_change_sets(account.name) == 0


def test_a_change_set_is_open_until_it_is_executed_or_deleted(account: Account) -> None:
    assert account.repairs.open_change_sets(account.name) == 0
    if not isinstance(account.repairs, CloudFormationRepairs):
        return
    client, change_set = account.repairs._client, "by-hand"
    handle = {"Type": "AWS::CloudFormation::WaitConditionHandle"}
    changed = {**NESTED, "Resources": {**NESTED["Resources"], "Handle": handle}}
    for template, ready in ((changed, True), (NESTED, False)):
        client.create_change_set(
            StackName=account.name,
            ChangeSetName=change_set,
            TemplateBody=json.dumps(template),
            Tags=[{"Key": key, "Value": value} for key, value in TAGS.items()],
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        for _ in PACE:
            described = client.describe_change_set(StackName=account.name, ChangeSetName=change_set)
            if described["Status"] in ("CREATE_COMPLETE", "FAILED"):
                break
        assert (described["Status"] == "CREATE_COMPLETE") == ready, described
        assert account.repairs.open_change_sets(account.name) == int(ready)
        client.delete_change_set(StackName=account.name, ChangeSetName=change_set)
        assert account.repairs.open_change_sets(account.name) == 0


def test_root_stacks_are_found_by_their_tags(account: Account) -> None:
    assert account.name in account.repairs.tagged(TAGS)
    assert account.repairs.tagged({"accountsctl:environment": "no such one"}) == []


def test_only_rds_states_its_deletion_protection(account: Account) -> None:
    assert account.repairs.is_deletion_protected("AWS::Logs::LogGroup", "x") is None
    assert account.repairs.is_deletion_protected("AWS::RDS::DBCluster", "no-such-cluster") is False
