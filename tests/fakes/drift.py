"""A fake of drift detection, over the same stacks in memory as `FakeStacks`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from accountsctl.model.drift import DriftStatus
from accountsctl.ports.drift import CheckedResource, StackDetection
from tests.fakes.stack_repairs import FakeRepairs

UNSUPPORTED = "AWS::CloudFormation::WaitConditionHandle"


@dataclass
class FakeDrift:
    """`ports.DriftDetection` in memory: all is in sync, but for what `changed` has by stack and logical id.

    `failures` are the stacks that cannot be compared, with the reason.
    """

    repairs: FakeRepairs
    changed: dict[tuple[str, str], CheckedResource] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    asked: list[Sequence[str]] = field(default_factory=list)

    def detect(self, stacks: Sequence[str]) -> Mapping[str, StackDetection]:
        self.asked.append(stacks)
        return {stack: self._detection(stack) for stack in stacks}

    def _detection(self, stack: str) -> StackDetection:
        resources = self.repairs.resources(stack)
        failure = self.failures.get(stack, "" if resources else f"Stack with id {stack} does not exist")
        in_sync = CheckedResource(DriftStatus.IN_SYNC)
        results = {
            each.logical_id: self.changed.get((stack, each.logical_id), in_sync)
            for each in resources
            if each.type != UNSUPPORTED and stack not in self.failures
        }
        return StackDetection(results, failure)
