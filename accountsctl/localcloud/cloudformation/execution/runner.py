"""Running the operations on stacks in the caller's thread: forward, and back if that fails.

`engine` starts these in threads of their own for the stacks that a caller names; a nested stack
(`nested`) runs them in the thread of its parent.
"""

from __future__ import annotations

from functools import partial

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.execution import finalize
from accountsctl.localcloud.cloudformation.execution.deployment import Deployment
from accountsctl.localcloud.cloudformation.execution.handlers import ProviderHandler, ResourceHandler
from accountsctl.localcloud.cloudformation.execution.nested import NestedHandler
from accountsctl.localcloud.cloudformation.execution.rollback_triggers import watch
from accountsctl.localcloud.cloudformation.execution.undo import Undo
from accountsctl.localcloud.cloudformation.planning.planner import StackPlan
from accountsctl.localcloud.cloudformation.planning.preparation import Prepared, readable
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import StackRuntime
from accountsctl.localcloud.cloudformation.runtime.state import STACK_TYPE, Stack, now
from accountsctl.localcloud.cloudformation.runtime.store import Store
from accountsctl.localcloud.cloudformation.template.graph import unreadable_output


class OperationRunner:
    """Carries operations out. Each method returns when its operation has ended."""

    def __init__(self, runtime: StackRuntime) -> None:
        self._runtime = runtime
        self._store = runtime.store
        self._provided = ProviderHandler(runtime)
        self._nested = NestedHandler(runtime, self)
        self._undo = Undo(runtime, self.handler)

    def handler(self, resource_type: str) -> ResourceHandler:
        return self._nested if resource_type == STACK_TYPE else self._provided

    def create_nested(self, stack: Stack, prepared: Prepared, plan: StackPlan | None) -> None:
        """Create a nested stack."""
        finalize.announce_creation(self._store, stack, prepared)
        self.create(stack, prepared, plan)

    def create(self, stack: Stack, prepared: Prepared, plan: StackPlan | None) -> None:
        """Create the resources of a stack that was announced; if that fails, do what `on_failure` says."""
        why = self._deploy(stack, prepared, plan)
        if stack.status != "CREATE_IN_PROGRESS":
            return  # it is being deleted, by the thread that waits for this one
        self._runtime.deadlines.pop(stack.id, None)
        if why is None:
            self._store.stack_status(stack, "CREATE_COMPLETE")
        else:
            give_up(self, self._store, stack, why)

    def rollback_creation(self, stack: Stack, why: str) -> None:
        """Delete what a creation made; ends in ROLLBACK_COMPLETE or _FAILED."""
        stack.deleted = now()
        if stack.status != "ROLLBACK_IN_PROGRESS":
            self._store.stack_status(stack, "ROLLBACK_IN_PROGRESS", why)
        failed = self._undo.delete(stack, list(stack.resources), rollback=True)
        if failed:
            reason = f"The following resource(s) failed to delete: [{', '.join(sorted(failed))}]. "
            self._store.stack_status(stack, "ROLLBACK_FAILED", reason)
        else:
            self._store.stack_status(stack, "ROLLBACK_COMPLETE")

    def update_nested(self, stack: Stack, prepared: Prepared, plan: StackPlan | None) -> str | None:
        """Update a nested stack; the reason if that failed (and was rolled back), None if it awaits `commit`."""
        finalize.refuse_type_changes(stack, prepared)
        finalize.announce_update(self._store, stack, prepared)
        return self.update(stack, prepared, plan)

    def update(self, stack: Stack, prepared: Prepared, plan: StackPlan | None) -> str | None:
        """Deploy an update; if that fails, roll it back (or leave it) and return the reason."""
        why = self._deploy(stack, prepared, plan)
        self._runtime.cancelled.discard(stack.id)
        if why is None:
            self._store.stack_status(stack, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
        else:
            give_up(self, self._store, stack, why)
        return why

    def delete_nested(self, stack: Stack) -> None:
        """Delete a nested stack."""
        before = stack.status
        self._store.stack_status(stack, "DELETE_IN_PROGRESS")
        self.delete(stack, before)

    def delete(self, stack: Stack, before: str = "DELETE_FAILED", *, rollback: bool = False) -> None:
        """Delete a stack; ends in DELETE_COMPLETE or _FAILED, or in the status `before` if its exports are in use."""
        stack.deleted = now()
        why = finalize.why_not_deleted(self._store, stack)
        if why is not None:
            self._store.stack_status(stack, before, why)
            return
        failed = self._undo.abandon(stack)
        failed += self._undo.delete(stack, list(stack.resources), rollback=rollback)
        if failed:
            reason = f"The following resource(s) failed to delete: [{', '.join(sorted(failed))}]. "
            self._store.stack_status(stack, "DELETE_FAILED", reason)
            return
        with self._store.lock:
            stack.deleted = now()
            finalize.forget_change_sets(self._store, stack)
            self._store.stack_status(stack, "DELETE_COMPLETE")

    def commit(self, stack: Stack) -> None:
        """The update stands: delete what it left behind."""
        if stack.status != "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS":
            self._store.stack_status(stack, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
        failed = self._undo.clean_up(stack)
        with self._store.lock:
            stack.previous = None
            reason = "Update successful. One or more resources could not be deleted." if failed else None
            self._store.stack_status(stack, "UPDATE_COMPLETE", reason)

    def rollback_update(self, stack: Stack, why: str) -> None:
        """Take an update back by its journal, without `skipped`; ends in UPDATE_ROLLBACK_COMPLETE or _FAILED."""
        if stack.status != "UPDATE_ROLLBACK_IN_PROGRESS":
            self._store.stack_status(stack, "UPDATE_ROLLBACK_IN_PROGRESS", why)
        with self._store.lock:
            stack.definition = stack.previous or stack.definition
        failed = self._undo.revert(stack, stack.skipped)
        if failed:
            reason = f"The following resource(s) failed to update: [{', '.join(sorted(failed))}]. "
            self._store.stack_status(stack, "UPDATE_ROLLBACK_FAILED", reason)
            return
        self._store.stack_status(stack, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
        self._undo.discard(stack)
        with self._store.lock:
            stack.pending_delete.clear()
            stack.previous = None
            self._store.stack_status(stack, "UPDATE_ROLLBACK_COMPLETE")

    def _deploy(self, stack: Stack, prepared: Prepared, plan: StackPlan | None) -> str | None:
        """Stages 2 and 3 of the engine: deploy and finalize; returns why that failed, None if it did not."""
        unreadable = unreadable_output(prepared.template, partial(readable, self._runtime))
        if unreadable:
            return f"{unreadable}. "
        failures = Deployment(self._runtime, self.handler, stack, prepared, plan).run()
        if failures and not self._runtime.is_expired(stack):
            return finalize.failure_reason(stack, failures)
        why = (
            _interruption(self._runtime, stack)
            or watch(self._runtime, stack)
            or _interruption(self._runtime, stack)
        )
        if why:
            return why
        try:
            finalize.set_outputs(self._store, stack, prepared)
        except CloudFormationError as error:
            return f"{str(error).rstrip('.')}. "
        return None


def _interruption(runtime: StackRuntime, stack: Stack) -> str | None:
    """Why an operation is given up although nothing failed; None if it is not."""
    if runtime.is_expired(stack):
        return finalize.TIMED_OUT
    return finalize.INITIATED if runtime.is_given_up(stack) else None


def give_up(runner: OperationRunner, store: Store, stack: Stack, why: str) -> None:
    """A creation or an update has failed: do what its `on_failure` says of the stack."""
    creating = stack.status == "CREATE_IN_PROGRESS"
    if stack.on_failure == "DO_NOTHING":
        store.stack_status(stack, "CREATE_FAILED" if creating else "UPDATE_FAILED", why)
    elif not creating:
        runner.rollback_update(stack, why)
    elif stack.on_failure == "DELETE" and stack.parent_id is None:
        store.stack_status(stack, "DELETE_IN_PROGRESS", f"{why.rstrip()} Delete requested by user.")
        runner.delete(stack, rollback=True)
    else:
        runner.rollback_creation(stack, f"{why}Rollback requested by user.")
