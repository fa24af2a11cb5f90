"""A deployment bucket, and a stack, in which something happens while old packages are removed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from accountsctl.ports.artifacts import StoredObject
from tests.fakes.stacks import FakeArtifacts
from tests.functional.push_world import STACK, World


@dataclass
class NamingStacks:
    """CloudFormation with one more template: the root's, that of a nested stack, or of one nested in that."""

    world: World
    place: str
    body: dict[str, object]

    def template(self, stack: str) -> object:
        original = dict(self.world.stacks.template(stack)) if stack != "Extra-id" else self.body
        chosen = {"root": STACK, "nested": "arn:apiaccountsAPI"}.get(self.place)
        if stack == chosen:
            return {**original, "Metadata": self.body}
        if self.place == "nested twice" and stack == "arn:apiaccountsAPI":
            self.world.stacks.templates[stack] = {
                **original,
                "Resources": {"Extra": {"Type": "AWS::CloudFormation::Stack"}},
            }
        return original


@dataclass
class OtherBucket:
    """Ways out of states, of a stack whose bucket is another one."""

    world: World

    def __getattr__(self, name: str) -> object:
        return getattr(self.world.repairs, name)

    def resources(self, stack: str) -> object:
        return [
            replace(resource, physical_id="another")
            if resource.logical_id == "DeploymentBucket"
            else resource
            for resource in self.world.repairs.resources(stack)
        ]


@dataclass
class InterruptedArtifacts(FakeArtifacts):
    """A bucket at whose listing the user presses Ctrl-C."""

    interrupts: bool = field(default=False)

    def stored(self, bucket: str) -> list[StoredObject]:
        if self.interrupts:
            raise KeyboardInterrupt
        return super().stored(bucket)


@dataclass
class OvertakenArtifacts(FakeArtifacts):
    """A bucket in which another push stores `renews` again, right after it was listed."""

    renews: str = ""

    def stored(self, bucket: str) -> list[StoredObject]:
        listed = super().stored(bucket)
        self.put(bucket, self.renews, b"", owner=STACK, renew=True)
        return listed
