"""A fake of the ways out of a stack's bad states, over the same stacks in memory as `FakeStacks`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from accountsctl.model.errors import CloudError
from accountsctl.model.events import Listener, StackEvent
from accountsctl.model.names import BUCKET_LOGICAL_ID
from accountsctl.model.stack_states import state_of
from accountsctl.ports.stack_repairs import NestedStack, ResourceSummary, StackSummary
from accountsctl.ports.stacks import Ending
from tests.fakes.stacks import BUCKET, WHEN, FakeStacks

STACK = "AWS::CloudFormation::Stack"


@dataclass
class StacksInMemory:
    """The reading half of the fake.

    `nested_status` gives nested stacks, by id, another status than UPDATE_COMPLETE; `left_behind` are nested stacks
    that no root has; `refuses` are resources, by nested stack, that cannot be deleted; `protected` physical ids of RDS.
    """

    stacks: FakeStacks
    nested_status: dict[str, str] = field(default_factory=dict)
    left_behind: dict[str, str] = field(default_factory=dict)
    refuses: dict[str, str] = field(default_factory=dict)
    protected: set[str] = field(default_factory=set)
    guarded: set[str] = field(default_factory=set)
    unlisted: str = ""
    """The code of AWS's refusal to list stacks."""

    def summary(self, name: str) -> StackSummary | None:
        stack = self.stacks.stacks.get(_name(name))
        if stack is None:
            return None
        return StackSummary(
            f"arn:stack/{stack.name}/1", stack.name, stack.status, stack.tags, stack.name in self.guarded
        )

    def resources(self, stack: str) -> Sequence[ResourceSummary]:
        root = self.stacks.stacks.get(_name(stack))
        if root is not None:
            own = ResourceSummary(BUCKET_LOGICAL_ID, "AWS::S3::Bucket", BUCKET, "CREATE_COMPLETE")
            has_bucket = "DeploymentBucketName" in root.outputs
            nested = [
                ResourceSummary(name, STACK, arn, "CREATE_COMPLETE") for name, arn in root.children.items()
            ]
            return [*([own] if has_bucket else []), *nested]
        resources = self.stacks.templates.get(stack, {}).get("Resources", {})
        return [
            ResourceSummary(
                name,
                resource["Type"],
                f"{name}-id",
                "DELETE_FAILED" if self.refuses.get(stack) == name else "CREATE_COMPLETE",
            )
            for name, resource in resources.items()
        ]

    def nested(self, root: str, statuses: Sequence[str] = ()) -> Sequence[NestedStack]:
        found = self.stacks.stacks.get(root)
        children = dict.fromkeys(found.children.values(), "UPDATE_COMPLETE") if found else {}
        known = {**children, **self.nested_status, **self.left_behind}
        return [
            NestedStack(id_, id_.removeprefix("arn:"), status)
            for id_, status in known.items()
            if not statuses or status in statuses
        ]

    def is_deletion_protected(self, type_: str, physical_id: str) -> bool | None:
        return physical_id in self.protected if type_.startswith("AWS::RDS::DB") else None

    def tagged(self, tags: Mapping[str, str]) -> Sequence[str]:
        if self.unlisted:
            raise CloudError("AWS refused to list the stacks.", code=self.unlisted)
        return [name for name, stack in self.stacks.stacks.items() if tags.items() <= stack.tags.items()]


@dataclass
class FakeRepairs(StacksInMemory):
    """`ports.StackRepairs` in memory. Its calls that change something are recorded in `called`."""

    followed_to: str = ""
    change_sets: int = 0
    called: list[str] = field(default_factory=list)

    def follow(self, name: str, listen: Listener) -> Ending:
        stack = self.stacks.stacks.get(_name(name))
        if stack is None:
            return Ending("DELETE_COMPLETE", succeeded=True)
        state = state_of(stack.status)
        if not state.in_progress:
            return Ending(stack.status, succeeded=False)
        self.called.append(f"follow {stack.status}")
        return self._end(stack.name, self.followed_to or state.ends_in, listen)

    def continue_rollback(self, name: str, skip: Sequence[str], listen: Listener) -> Ending:
        self._require(name, "UPDATE_ROLLBACK_FAILED")
        self.called.append(" ".join(["continue", *skip]))
        return self._end(name, "UPDATE_ROLLBACK_COMPLETE", listen)

    def roll_back(self, name: str, listen: Listener) -> Ending:
        status = self._require(name, "CREATE_FAILED", "UPDATE_FAILED")
        self.called.append("roll back")
        end = "ROLLBACK_COMPLETE" if status == "CREATE_FAILED" else "UPDATE_ROLLBACK_COMPLETE"
        return self._end(name, end, listen)

    def delete(self, stack: str, retain: Sequence[str], listen: Listener) -> Ending:
        self.called.append(" ".join(["delete", _name(stack), *retain]))
        root = self.stacks.stacks.get(_name(stack))
        if root is None:
            self.left_behind.pop(stack, None)
            self.nested_status.pop(stack, None)
            return Ending("DELETE_COMPLETE", succeeded=True)
        stuck = {
            name: arn for name, arn in root.children.items() if arn in self.refuses and name not in retain
        }
        full = (
            bool(self.stacks.artifacts and self.stacks.artifacts.content) and BUCKET_LOGICAL_ID not in retain
        )
        self.stacks.stacks[root.name] = replace(root, children=stuck)
        for name, arn in stuck.items():
            self.nested_status[arn] = "DELETE_FAILED"
            listen(_event(name, self.refuses[arn], status="DELETE_FAILED"))
        if stuck or full:
            self._end(root.name, "DELETE_FAILED", listen)
            return Ending("DELETE_FAILED", succeeded=False)
        return self._end(root.name, "DELETE_COMPLETE", listen)

    def clear_change_sets(self, name: str) -> int:
        count, self.change_sets = self.change_sets, 0
        return count

    def open_change_sets(self, name: str) -> int:
        return self.change_sets

    def protect(self, name: str) -> None:
        self.guarded.add(name)

    def _require(self, name: str, *statuses: str) -> str:
        status = self.stacks.stacks[name].status
        if status not in statuses:
            raise CloudError(f"AWS refused to change {name}.", why=f"It is {status}.", code="ValidationError")
        return status

    def _end(self, name: str, status: str, listen: Listener) -> Ending:
        if status == "DELETE_COMPLETE":
            del self.stacks.stacks[name]
        else:
            self.stacks.rest_in(name, status)
        listen(_event(status=status))
        return Ending(status, succeeded=True)


def _name(stack: str) -> str:
    return stack.split("/")[1] if stack.startswith("arn:stack/") else stack


def _event(*path: str, status: str) -> StackEvent:
    return StackEvent("-".join([*path, status]), WHEN, "s", path, STACK, status, "", "-".join(path))
