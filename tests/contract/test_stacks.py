"""What holds for CloudFormation, over the embedded cloud and in memory: one stack from its creation to its end.

The templates are uploaded and nested as `push` does it. What only AWS shows (a change set that is refused, the order
of events over several polls, a rollback that got stuck) is scripted in tests/unit/adapters/aws/test_stacks.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest

from accountsctl.adapters.aws.artifacts import S3Artifacts
from accountsctl.adapters.aws.follow import Pace
from accountsctl.adapters.aws.session import Session
from accountsctl.adapters.aws.stacks import CloudFormationStacks
from accountsctl.model.errors import ChangeSetRefused, CloudError, RefusedChange
from accountsctl.model.events import Event, StackEvent
from accountsctl.ports.artifacts import Artifacts
from accountsctl.ports.stacks import Ending, Stacks
from tests.fakes.stacks import FakeArtifacts, FakeStacks, failed_event

TAGS = {"accountsctl:environment": "dev"}
GROUP = "AWS::Logs::LogGroup"
SEED: Mapping[str, Any] = {
    "Resources": {"DeploymentBucket": {"Type": "AWS::S3::Bucket"}},
    "Outputs": {"DeploymentBucketName": {"Value": {"Ref": "DeploymentBucket"}}},
}
CHILD = json.dumps(
    {
        "Resources": {"Log": {"Type": GROUP}},
        "Outputs": {"Color": {"Value": "green"}},
    }
)
CHILD_URL = "https://${DeploymentBucket}.s3.${AWS::Region}.${AWS::URLSuffix}/child.json"


def with_resources(**resources: Any) -> Mapping[str, Any]:
    """The seed with more resources."""
    return {**SEED, "Resources": {**SEED["Resources"], **resources}}


NESTED = with_resources(
    Child={
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": {"Fn::Sub": CHILD_URL}},
    }
)
# CloudFormation accepts this template; S3 refuses the policy of a bucket that does not exist, and it is rolled back.
POLICY = "AWS::S3::BucketPolicy"
ABSENT = {"Bucket": "contract-no-such-bucket", "PolicyDocument": {"Version": "2012-10-17", "Statement": []}}
BROKEN = with_resources(Policy={"Type": POLICY, "Properties": ABSENT})
# Early validation refuses this one before anything is created.
MISSPELT = with_resources(Log={"Type": GROUP, "Properties": {"LogGroupNme": "contract"}})


@dataclass
class Account:
    """The ports of one account, and the name of a stack that it does not have yet."""

    stacks: Stacks
    artifacts: Artifacts
    name: str = field(default_factory=lambda: f"contract-{uuid4().hex[:8]}")
    heard: list[Event] = field(default_factory=list)

    def deploy(self, template: Mapping[str, Any], *, create: bool = False) -> Ending | None:
        return self.stacks.deploy(
            self.name, json.dumps(template), TAGS, create=create, listen=self.heard.append
        )

    def create(self) -> str:
        """Create the stack; return the name of its bucket."""
        self.deploy(SEED, create=True)
        self.heard.clear()
        return self.stacks.outputs(self.name)["DeploymentBucketName"]

    @property
    def events(self) -> list[StackEvent]:
        return [event for event in self.heard if isinstance(event, StackEvent)]


def _fake() -> Account:
    artifacts = FakeArtifacts()
    return Account(FakeStacks(artifacts=artifacts), artifacts)


@pytest.fixture(params=["embedded", "fake"])
def account(request: pytest.FixtureRequest) -> Iterator[Account]:
    if request.param == "fake":
        yield _fake()
        return
    session: Session = request.getfixturevalue("session")
    made = Account(CloudFormationStacks(session, Pace(0.02, 0.1)), S3Artifacts(session))
    yield made
    current = made.stacks.current(made.name)
    if current is not None:
        made.artifacts.empty(current.outputs["DeploymentBucketName"])
        made.stacks.delete(made.name, lambda _: None)


def test_a_stack_that_was_never_created_is_none(account: Account) -> None:
    assert account.stacks.current(account.name) is None
    assert account.stacks.outputs(account.name) == {}
    with pytest.raises(CloudError) as caught:
        account.stacks.template(account.name)
    assert caught.value.code == "ValidationError"


def test_a_created_stack_has_its_template_tags_and_outputs(account: Account) -> None:
    ending = account.deploy(SEED, create=True)

    assert ending == Ending("CREATE_COMPLETE", succeeded=True)
    current = account.stacks.current(account.name)
    assert current is not None
    assert (current.name, current.status) == (account.name, "CREATE_COMPLETE")
    assert current.tags == TAGS
    assert current.template == account.stacks.template(account.name) == SEED
    assert current.outputs == account.stacks.outputs(account.name)
    assert list(current.outputs) == ["DeploymentBucketName"]
    assert current.children == {}
    assert not current.termination_protected


def test_the_last_event_is_the_end_of_the_root_stack(account: Account) -> None:
    account.deploy(SEED, create=True)

    assert (account.events[-1].path, account.events[-1].status) == ((), "CREATE_COMPLETE")


def test_a_template_without_a_change_is_not_deployed(account: Account) -> None:
    account.create()

    assert account.deploy(SEED) is None
    assert account.heard == []


def test_a_nested_stack_is_read_by_its_arn(account: Account) -> None:
    account.artifacts.put(account.create(), "child.json", CHILD.encode())

    ending = account.deploy(NESTED)

    assert ending == Ending("UPDATE_COMPLETE", succeeded=True)
    current = account.stacks.current(account.name)
    assert current is not None
    assert list(current.children) == ["Child"]
    arn = current.children["Child"]
    assert arn.startswith("arn:")
    assert account.stacks.template(arn) == json.loads(CHILD)
    assert account.stacks.outputs(arn) == {"Color": "green"}


def test_an_update_that_fails_is_an_ending_with_its_first_cause(account: Account) -> None:
    account.create()
    if isinstance(account.stacks, FakeStacks):
        account.stacks.fails_with = failed_event("Policy", type_=POLICY, reason="There is no such bucket.")

    ending = account.deploy(BROKEN)

    assert ending is not None
    assert (ending.status, ending.succeeded) == ("UPDATE_ROLLBACK_COMPLETE", False)
    assert ending.failure is not None
    assert (ending.failure.path, ending.failure.type) == (("Policy",), POLICY)
    assert ending.failure.status == "CREATE_FAILED"
    assert ending.failure.reason
    assert ending.failure in account.heard
    current = account.stacks.current(account.name)
    assert current is not None
    assert (current.status, current.template) == ("UPDATE_ROLLBACK_COMPLETE", SEED)


def test_a_template_that_is_refused_early_names_resource_and_property_and_changes_nothing(
    account: Account,
) -> None:
    account.create()
    place = "/Resources/Log/Properties/LogGroupNme"
    if isinstance(account.stacks, FakeStacks):
        account.stacks.refuses_with = RefusedChange(("Log",), "Unsupported property", GROUP, place)

    with pytest.raises(ChangeSetRefused) as caught:
        account.deploy(MISSPELT)

    (refusal,) = caught.value.refusals
    assert (refusal.path, refusal.type, refusal.property) == (("Log",), GROUP, place)
    assert refusal.message.startswith("Unsupported property")
    current = account.stacks.current(account.name)
    assert current is not None
    assert (current.status, current.template) == ("CREATE_COMPLETE", SEED)


def test_a_stack_that_did_not_fail_is_not_recovered(account: Account) -> None:
    account.create()

    with pytest.raises(CloudError) as caught:
        account.stacks.recover(account.name, account.heard.append)
    assert caught.value.code == "ValidationError"


def test_a_deleted_stack_is_none_and_can_be_deleted_again(account: Account) -> None:
    account.create()

    assert account.stacks.delete(account.name, account.heard.append) == Ending(
        "DELETE_COMPLETE", succeeded=True
    )
    assert (account.events[-1].path, account.events[-1].status) == ((), "DELETE_COMPLETE")
    assert account.stacks.current(account.name) is None
    account.heard.clear()
    assert account.stacks.delete(account.name, account.heard.append).succeeded
    assert account.heard == []
