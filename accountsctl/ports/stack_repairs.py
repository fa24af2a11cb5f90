"""What CloudFormation offers for a stack that does not rest in a good state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from accountsctl.model.events import Listener
from accountsctl.ports.stacks import Ending


@dataclass(frozen=True)
class StackSummary:
    """A stack without its template: what a check needs first. `id` is its ARN."""

    id: str
    name: str
    status: str
    tags: Mapping[str, str]
    termination_protected: bool = False


@dataclass(frozen=True)
class ResourceSummary:
    """One resource that a stack has now, with the status of its last change."""

    logical_id: str
    type: str
    physical_id: str
    status: str
    reason: str = ""


@dataclass(frozen=True)
class NestedStack:
    """A nested stack of a root, found by the root's name in its ``RootId``; also if the root forgot it, or is gone."""

    id: str
    name: str
    status: str


class StackRepairs(Protocol):
    """States of stacks, and the ways out of them (adapter: `adapters.aws.stack_repairs`)."""

    def summary(self, name: str) -> StackSummary | None:
        """A root stack in any state, REVIEW_IN_PROGRESS too; None if there is none."""

    def resources(self, stack: str) -> Sequence[ResourceSummary]:
        """The resources that a stack still has; empty if there is no such stack."""

    def nested(self, root: str, statuses: Sequence[str] = ()) -> Sequence[NestedStack]:
        """The nested stacks, direct children only, of every root of this name; in these statuses, or in any."""

    def follow(self, name: str, listen: Listener) -> Ending:
        """Follow the operation in progress to its end; the state as it is if there is no such operation."""

    def continue_rollback(self, name: str, skip: Sequence[str], listen: Listener) -> Ending:
        """Continue an update's rollback; `skip` are resources to leave as they are (``STACK.LogicalId`` if nested)."""

    def roll_back(self, name: str, listen: Listener) -> Ending:
        """Roll a stack in CREATE_FAILED or UPDATE_FAILED back to what it was before."""

    def delete(self, stack: str, retain: Sequence[str], listen: Listener) -> Ending:
        """Delete a stack, root or nested, and keep the resources `retain` (only for one in DELETE_FAILED)."""

    def clear_change_sets(self, name: str) -> int:
        """Delete accountsctl's change sets that were never executed; returns how many there were."""

    def open_change_sets(self, name: str) -> int:
        """How many change sets of a stack, whoever made them, are being made or executed, or could be executed."""

    def protect(self, name: str) -> None:
        """Switch a root stack's termination protection on."""

    def is_deletion_protected(self, type_: str, physical_id: str) -> bool | None:
        """Whether the resource refuses to be deleted now; None if that cannot be read for this type."""

    def tagged(self, tags: Mapping[str, str]) -> Sequence[str]:
        """The names of the root stacks that have all these tags."""
