"""What holds for drift detection, over the embedded cloud and in memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from accountsctl.adapters.aws.drift import CloudFormationDrift
from accountsctl.adapters.aws.follow import Pace
from accountsctl.adapters.aws.session import Session
from accountsctl.adapters.aws.stack_repairs import CloudFormationRepairs
from accountsctl.adapters.aws.stacks import CloudFormationStacks
from accountsctl.model.drift import DriftStatus, PropertyDrift
from accountsctl.ports.drift import CheckedResource, DriftDetection
from accountsctl.ports.stack_repairs import StackRepairs
from tests.contract.test_stacks import TAGS
from tests.fakes.drift import FakeDrift
from tests.fakes.stack_repairs import FakeRepairs
from tests.fakes.stacks import FakeArtifacts, FakeStacks

PACE = Pace(0.02, 0.1)
CHANGED = PropertyDrift("/RetentionInDays", "7", "30")
HANDLE = "AWS::CloudFormation::WaitConditionHandle"


def template(group: str) -> Mapping[str, Any]:
    """A log group, and a resource that CloudFormation cannot compare."""
    properties = {"LogGroupName": group, "RetentionInDays": 7}
    return {
        "Resources": {
            "Log": {"Type": "AWS::Logs::LogGroup", "Properties": properties},
            "Handle": {"Type": HANDLE},
        }
    }


@dataclass
class DeployedGroup:
    """A stack with a log group, and two ways to change that without CloudFormation."""

    stack: str
    detection: DriftDetection
    retain_longer: Callable[[], object]
    delete_group: Callable[[], object]

    def check(self) -> CheckedResource:
        found = self.detection.detect([self.stack])[self.stack]
        assert found.failure == ""
        return found.resources["Log"]


def in_memory() -> DeployedGroup:
    name = "drift"
    stacks = FakeStacks(artifacts=FakeArtifacts())
    stacks.templates["arn:Child"] = template(name)
    detection = FakeDrift(FakeRepairs(stacks))
    changed = CheckedResource(DriftStatus.MODIFIED, (CHANGED,))
    deleted = CheckedResource(DriftStatus.DELETED)
    return DeployedGroup(
        "arn:Child",
        detection,
        lambda: detection.changed.update({("arn:Child", "Log"): changed}),
        lambda: detection.changed.update({("arn:Child", "Log"): deleted}),
    )


@pytest.fixture(params=["embedded", "fake"])
def group(request: pytest.FixtureRequest) -> Iterator[DeployedGroup]:
    if request.param == "fake":
        yield in_memory()
        return
    session: Session = request.getfixturevalue("session")
    name = f"drift-{uuid4().hex[:8]}"
    stacks = CloudFormationStacks(session, PACE)
    stacks.deploy(name, json.dumps(template(name)), TAGS, create=True, listen=lambda _: None)
    repairs: StackRepairs = CloudFormationRepairs(session, PACE)
    summary = repairs.summary(name)
    assert summary is not None
    logs = session.client("logs")
    yield DeployedGroup(
        summary.id,
        CloudFormationDrift(session, PACE),
        lambda: logs.put_retention_policy(logGroupName=name, retentionInDays=30),
        lambda: logs.delete_log_group(logGroupName=name),
    )
    repairs.delete(name, (), lambda _: None)


def test_what_no_one_has_changed_is_in_sync(group: DeployedGroup) -> None:
    assert group.check() == CheckedResource(DriftStatus.IN_SYNC)


def test_a_change_is_named_with_the_property_and_both_values(group: DeployedGroup) -> None:
    group.retain_longer()

    assert group.check() == CheckedResource(DriftStatus.MODIFIED, (CHANGED,))


def test_what_was_deleted_is_reported_as_such(group: DeployedGroup) -> None:
    group.delete_group()

    assert group.check() == CheckedResource(DriftStatus.DELETED)


def test_a_resource_that_cannot_be_compared_has_no_result(group: DeployedGroup) -> None:
    found = group.detection.detect([group.stack])[group.stack]

    assert set(found.resources) == {"Log"}


def test_a_stack_that_cannot_be_compared_does_not_stop_the_others(group: DeployedGroup) -> None:
    absent = "arn:aws:cloudformation:eu-west-1:123456789012:stack/never-made/1"
    found = group.detection.detect([absent, group.stack])

    assert "does not exist" in found[absent].failure
    assert found[absent].resources == {}
    assert found[group.stack].failure == ""
    assert set(found[group.stack].resources) == {"Log"}
