"""The backward half of an operation: rollback, clean-up, deletion. Driven by the journal, never by memory.

Every function here may be begun again after it was cut off: a step leaves the journal only once it is
undone or final.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection
from graphlib import TopologicalSorter

from accountsctl.localcloud.cloudformation.execution.finalize import FORCE_DELETE
from accountsctl.localcloud.cloudformation.execution.handlers import ResourceHandler, explain
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import StackRuntime
from accountsctl.localcloud.cloudformation.runtime.state import WAIT_HANDLE, Record, Stack, Step, StepKind

SNAPSHOT_BY_DEFAULT = ("AWS::RDS::DBCluster", "AWS::RDS::DBInstance")
Handlers = Callable[[str], ResourceHandler]


class Undo:
    """Takes things away, or back."""

    def __init__(self, runtime: StackRuntime, handlers: Handlers) -> None:
        self._store = runtime.store
        self._delays = runtime.delays
        self._signals = runtime.signals
        self._handlers = handlers

    def revert(self, stack: Stack, skip: Collection[str] = ()) -> list[str]:
        """Bring updated and replaced resources back; returns those that could not be.

        What the update created stays in the journal, for `discard`.
        """
        failed = []
        for step in reversed(list(stack.journal)):
            if step.action in (StepKind.CREATE, StepKind.DISCARD):
                continue
            if step.logical_id in skip:
                self._store.resource_status(
                    stack, stack.resources[step.logical_id], "UPDATE_COMPLETE", "Resource update skipped"
                )
                stack.journal.remove(step)
            elif not self._revert_step(stack, step):
                failed.append(step.logical_id)
        return failed

    def _revert_step(self, stack: Stack, step: Step) -> bool:
        record = stack.resources[step.logical_id]
        before = copy.deepcopy(step.before)
        assert before is not None
        if step.action is StepKind.UPDATE:
            try:
                self._store.resource_status(stack, record, "UPDATE_IN_PROGRESS")
                made = self._handlers(record.type).revert(stack, record, step.wanted, before)
            except Exception as error:  # noqa: BLE001 - every refusal is a reason in the event
                self._store.resource_status(stack, record, "UPDATE_FAILED", explain(error, record.type))
                return False
            before.physical_id, before.attributes = made.physical_id, dict(made.attributes)
        with self._store.lock:
            stack.resources[step.logical_id] = before
            if step.action is StepKind.REPLACE and record.physical_id != before.physical_id:
                step.action, step.before = StepKind.DISCARD, record
            else:
                stack.journal.remove(step)
            if step.action is not StepKind.KEEP:
                self._store.resource_status(stack, before, "UPDATE_COMPLETE")
        return True

    def discard(self, stack: Stack) -> list[str]:
        """Delete what a rolled-back update had made; returns what could not be deleted."""
        failed = []
        for step in reversed(list(stack.journal)):
            record = stack.resources[step.logical_id] if step.action is StepKind.CREATE else step.before
            assert record is not None
            if not self._take_away(stack, record, _on_rollback(stack, record), shown=False):
                failed.append(step.logical_id)
            with self._store.lock:
                if step.action is StepKind.CREATE:
                    del stack.resources[step.logical_id]
                stack.journal.remove(step)
        return failed

    def clean_up(self, stack: Stack) -> list[str]:
        """After a successful update: delete what was replaced or is gone from the template."""
        failed = []
        for step in reversed(list(stack.journal)):
            record = stack.resources[step.logical_id]
            if (
                step.action is StepKind.REPLACE
                and step.before
                and step.before.physical_id != record.physical_id
            ):
                policy = step.before.update_replace_policy or "Delete"
                if not self._take_away(stack, step.before, policy, shown=False):
                    failed.append(step.logical_id)
            elif step.action is StepKind.UPDATE:
                self._handlers(record.type).commit(stack, record)
            with self._store.lock:
                stack.journal.remove(step)
        failed += self.delete(stack, stack.pending_delete, shown=False)
        with self._store.lock:
            for name in stack.pending_delete:
                if not stack.resources[name].exists:
                    del stack.resources[name]
            stack.pending_delete.clear()
        return failed

    def abandon(self, stack: Stack) -> list[str]:
        """The stack is to go: delete what an update that was never finished kept for its rollback."""
        failed = []
        for step in reversed(list(stack.journal)):
            current = stack.resources.get(step.logical_id)
            aside = step.before if step.action in (StepKind.REPLACE, StepKind.DISCARD) else None
            is_apart = aside and (current is None or aside.physical_id != current.physical_id)
            if aside and is_apart and not self._take_away(stack, aside, _policy(aside)):
                failed.append(step.logical_id)
                continue
            with self._store.lock:
                stack.journal.remove(step)
        return failed

    def delete(
        self, stack: Stack, names: Collection[str], *, rollback: bool = False, shown: bool = True
    ) -> list[str]:
        """Delete resources, those that need others first; returns the ones that stayed.

        The events show their properties unless an update leaves them behind.
        """
        failed: list[str] = []
        for name in backwards(stack, names):
            record = stack.resources[name]
            if any(name in stack.resources[other].depends_on for other in failed):
                continue
            policy = _on_rollback(stack, record) if rollback else _policy(record)
            if name in stack.retained:
                policy = "Retain"
            if not self._take_away(stack, record, policy, shown=shown):
                failed.append(name)
        return failed

    def _take_away(self, stack: Stack, record: Record, policy: str, *, shown: bool = True) -> bool:
        if record.physical_id is None:
            record.status = "DELETE_COMPLETE"
            return True
        if policy in ("Retain", "RetainExceptOnCreate"):
            self._store.resource_status(stack, record, "DELETE_SKIPPED", shown=shown)
            return True
        handler = self._handlers(record.type)
        self._store.resource_status(stack, record, "DELETE_IN_PROGRESS", shown=shown)
        try:
            if policy == "Snapshot":
                handler.snapshot(stack, record)
            handler.delete(stack, record)
            self._delays.wait(record.type)
        except Exception as error:  # noqa: BLE001 - every refusal is a reason in the event
            reason = explain(error, record.type)
            self._store.resource_status(stack, record, "DELETE_FAILED", reason, shown=shown)
            if stack.deletion_mode != FORCE_DELETE:
                return False
            self._store.resource_status(stack, record, "DELETE_SKIPPED", shown=shown)
            return True
        if record.type == WAIT_HANDLE:
            self._signals.forget(record.physical_id)
        self._store.resource_status(stack, record, "DELETE_COMPLETE", shown=shown)
        return True


def backwards(stack: Stack, names: Collection[str]) -> list[str]:
    """The existing resources among `names`, each before those that it depends on."""
    present = [
        name
        for name in stack.resources
        if name in names and stack.resources[name].status not in ("DELETE_COMPLETE", "DELETE_SKIPPED")
    ]
    edges = {
        name: [dependency for dependency in stack.resources[name].depends_on if dependency in present]
        for name in present
    }
    return list(reversed(list(TopologicalSorter(edges).static_order())))


def _policy(record: Record) -> str:
    """The DeletionPolicy in force; without one a snapshot of a database is taken."""
    if record.deletion_policy:
        return record.deletion_policy
    in_cluster = record.type == "AWS::RDS::DBInstance" and "DBClusterIdentifier" in record.properties
    return "Snapshot" if record.type in SNAPSHOT_BY_DEFAULT and not in_cluster else "Delete"


def _on_rollback(stack: Stack, record: Record) -> str:
    """What becomes of a resource whose own creation is taken back.

    As on AWS, a snapshot is taken if the template asks for one and the creation was complete: each failed
    first push leaves a snapshot that is billed. An imported resource was there before, and stays.
    """
    if record.imported or (record.deletion_policy == "Retain" and not stack.retain_except_on_create):
        return "Retain"
    complete = record.status == "CREATE_COMPLETE"
    return "Snapshot" if record.deletion_policy == "Snapshot" and complete else "Delete"
