"""The engine: stacks are created, updated, rolled back and deleted here, each operation in a thread.

A request runs through these stages, and none may do another's work:

1. *prepare* (`preparation`) checks everything that can be known beforehand: syntax, parameters,
   references, types, capabilities. It touches nothing; its refusals are the API's synchronous errors.
2. *deploy* (`deployment`) walks the dependency graph and calls handlers (`handlers`, `nested`). It only
   goes forward. Every step is journalled before it is taken.
3. *settle* works out the outputs and exports. From here on the operation has succeeded or not.
4. *commit* deletes what was replaced or dropped; or *undo* (`undo`) takes the journal back.

Everything that stages 2 to 4 know stands in `state`, so a process that was killed resumes with stage 4.
The engine knows resource types only by their handlers, and AWS's wording of failures only from them.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.execution import finalize as settlement
from accountsctl.localcloud.cloudformation.execution.deployment import Deployment
from accountsctl.localcloud.cloudformation.execution.handlers import ProviderHandler, ResourceHandler
from accountsctl.localcloud.cloudformation.execution.nested import NestedHandler
from accountsctl.localcloud.cloudformation.execution.undo import Undo
from accountsctl.localcloud.cloudformation.planning.planner import Planner, StackPlan, changes_nothing
from accountsctl.localcloud.cloudformation.planning.preparation import Prepared, Submission, prepare
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import StackRuntime
from accountsctl.localcloud.cloudformation.runtime.state import STACK_TYPE, Stack, new_id, now

log = logging.getLogger(__name__)

UPDATABLE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")
INITIATED = "User Initiated"


@dataclass(frozen=True)
class Options:
    """How an operation is to be run, beside what the stack is to be."""

    on_failure: str = "ROLLBACK"
    retain_except_on_create: bool = False
    token: str | None = None
    change_set_id: str | None = None


class Engine:
    """The operations on stacks. Public methods return at once unless their name ends in `in_place`."""

    def __init__(self, runtime: StackRuntime) -> None:
        self.runtime = runtime
        self.store = runtime.store
        self.planner = Planner(runtime)
        self._provided = ProviderHandler(runtime)
        self._nested = NestedHandler(runtime, self)
        self._undo = Undo(runtime, self.handler)
        self._threads: dict[str, threading.Thread] = {}

    def handler(self, resource_type: str) -> ResourceHandler:
        return self._nested if resource_type == STACK_TYPE else self._provided

    def new_stack(self, name: str, region: str, parent: Stack | None = None) -> Stack:
        """A stack that exists by name only."""
        stack = settlement.blank_stack(name, region, parent)
        self.store.stacks[stack.id] = stack
        return stack

    def create(
        self, stack: Stack, submission: Submission, options: Options, plan: StackPlan | None = None
    ) -> None:
        """Begin to create a stack that `new_stack` made."""
        prepared = prepare(self.runtime, stack, submission)
        self._begin(stack, "CREATE_STACK", options)
        self._announce_create(stack, prepared)
        self._start(stack, lambda: self._run_create(stack, prepared, plan))

    def create_in_place(self, stack: Stack, prepared: Prepared, plan: StackPlan | None) -> None:
        self._announce_create(stack, prepared)
        self._run_create(stack, prepared, plan)

    def update(
        self, stack: Stack, submission: Submission, options: Options, plan: StackPlan | None = None
    ) -> None:
        """Begin an update, by the plan of a change set if there is one; raises if there is nothing to update."""
        if stack.status not in UPDATABLE:
            raise CloudFormationError(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")
        prepared = prepare(self.runtime, stack, submission)
        settlement.refuse_type_changes(stack, prepared)
        planned = plan or self.planner.plan(stack, submission)
        if plan is None and changes_nothing(stack, planned):
            raise CloudFormationError("No updates are to be performed.")
        with self.store.lock:
            self._begin(stack, "UPDATE_STACK", options)
            self._announce_update(stack, prepared)

        def run() -> None:
            if self._apply(stack, prepared, planned) is None:
                self.commit(stack)

        self._start(stack, run)

    def update_in_place(self, stack: Stack, prepared: Prepared, plan: StackPlan | None) -> str | None:
        """A nested update; the reason where it failed (and was rolled back), None where it awaits `commit`."""
        settlement.refuse_type_changes(stack, prepared)
        self._announce_update(stack, prepared)
        return self._apply(stack, prepared, plan)

    def delete(self, stack: Stack, options: Options, retained: list[str]) -> None:
        """Begin to delete; a creation that is under way is stopped first."""
        if stack.status == "DELETE_IN_PROGRESS":
            return
        if stack.busy and stack.status != "CREATE_IN_PROGRESS":
            raise CloudFormationError(f"Stack:{stack.id} is in {stack.status} state and can not be deleted.")
        if retained and stack.status != "DELETE_FAILED":
            raise CloudFormationError(
                "Invalid operation on stack: RetainResources can only be given for a stack in DELETE_FAILED"
            )
        running = self._threads.get(stack.id) if stack.busy else None
        self._begin(stack, "DELETE_STACK", options)
        stack.retained = retained
        if running:
            self.runtime.cancelled.add(stack.id)
        self.store.stack_status(stack, "DELETE_IN_PROGRESS", INITIATED)

        def run() -> None:
            if running:
                running.join()
                self.runtime.cancelled.discard(stack.id)
            self._run_delete(stack)

        self._start(stack, run)

    def delete_in_place(self, stack: Stack) -> None:
        self.store.stack_status(stack, "DELETE_IN_PROGRESS")
        self._run_delete(stack)

    def cancel_update(self, stack: Stack) -> None:
        """Stop an update that is under way and roll it back."""
        if stack.status != "UPDATE_IN_PROGRESS":
            raise CloudFormationError(
                f"CancelUpdateStack cannot be called from current stack status ({stack.status})"
            )
        self.runtime.cancelled.add(stack.id)

    def continue_rollback(self, stack: Stack, options: Options, skip: list[str]) -> None:
        """Take up a rollback that failed, leaving the resources in `skip` as they are."""
        if stack.status != "UPDATE_ROLLBACK_FAILED":
            raise CloudFormationError(
                f"Stack:{stack.id} is in {stack.status} state and can not continue update rollback."
            )
        if stack.parent_id:
            raise CloudFormationError("ContinueUpdateRollback can only be called on a root stack")
        settlement.skip_nested(self.store, stack, skip)
        self._begin(stack, "CONTINUE_ROLLBACK", options)
        own = [name for name in skip if "." not in name]
        self.store.stack_status(stack, "UPDATE_ROLLBACK_IN_PROGRESS", INITIATED)
        self._start(stack, lambda: self.rollback_update(stack, INITIATED, own))

    def rollback(self, stack: Stack, options: Options) -> None:
        """Roll back a stack whose failed operation was told to leave things as they were."""
        creating = stack.status == "CREATE_FAILED"
        if not creating and stack.status != "UPDATE_FAILED":
            raise CloudFormationError(
                f"Stack:{stack.id} is in {stack.status} state and can not be rolled back."
            )
        self._begin(stack, "ROLLBACK", replace(options, on_failure="ROLLBACK"))
        if creating:
            self.store.stack_status(stack, "ROLLBACK_IN_PROGRESS", INITIATED)
            self._start(stack, lambda: self._roll_creation_back(stack, INITIATED))
        else:
            self.store.stack_status(stack, "UPDATE_ROLLBACK_IN_PROGRESS", INITIATED)
            self._start(stack, lambda: self.rollback_update(stack, INITIATED))

    def resume(self, stack: Stack, why: str) -> None:
        """Bring an operation that was cut off to its end: forward where it had succeeded, else back."""
        match stack.status:
            case "CREATE_IN_PROGRESS" | "ROLLBACK_IN_PROGRESS":
                settlement.mark_cut_off(self.store, stack, why)
                self._start(stack, lambda: self._roll_creation_back(stack, why))
            case "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS":
                self._start(stack, lambda: self.commit(stack))
            case "DELETE_IN_PROGRESS":
                self._start(stack, lambda: self._run_delete(stack))
            case "REVIEW_IN_PROGRESS":
                return
            case status if status.endswith("_IN_PROGRESS"):
                settlement.mark_cut_off(self.store, stack, why)
                self._start(stack, lambda: self.rollback_update(stack, why))

    def commit(self, stack: Stack) -> None:
        """The update stands: delete what it left behind."""
        if stack.status != "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS":
            self.store.stack_status(stack, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
        failed = self._undo.clean_up(stack)
        with self.store.lock:
            stack.previous = None
            reason = "Update successful. One or more resources could not be deleted." if failed else None
            self.store.stack_status(stack, "UPDATE_COMPLETE", reason)

    def rollback_update(self, stack: Stack, why: str, skip: list[str] | None = None) -> None:
        """Take an update back by its journal; ends in UPDATE_ROLLBACK_COMPLETE or _FAILED."""
        if stack.status != "UPDATE_ROLLBACK_IN_PROGRESS":
            self.store.stack_status(stack, "UPDATE_ROLLBACK_IN_PROGRESS", why)
        with self.store.lock:
            stack.definition = stack.previous or stack.definition
        failed = self._undo.revert(stack, skip or [])
        if failed:
            reason = f"The following resource(s) failed to update: [{', '.join(sorted(failed))}]. "
            self.store.stack_status(stack, "UPDATE_ROLLBACK_FAILED", reason)
            return
        self.store.stack_status(stack, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
        self._undo.discard(stack)
        with self.store.lock:
            stack.doomed.clear()
            stack.previous = None
            self.store.stack_status(stack, "UPDATE_ROLLBACK_COMPLETE")

    def wait(self, patience: float | None = None) -> None:
        """Until no operation is running, or for `patience` seconds."""
        end = None if patience is None else time.monotonic() + patience
        while end is None or time.monotonic() < end:
            with self.store.lock:
                running = [it for it in self._threads.values() if it.is_alive()]
            if not running:
                return
            for thread in running:
                thread.join(None if end is None else max(0.0, end - time.monotonic()))

    def background(self, key: str, work: Callable[[], None]) -> None:
        """Run `work` in a thread that `wait` waits for."""
        thread = threading.Thread(target=work, name=f"cloudformation {key}")
        with self.store.lock:
            self._threads = {name: it for name, it in self._threads.items() if it.is_alive()}
            self._threads[key] = thread
            thread.start()

    def _run_create(self, stack: Stack, prepared: Prepared, plan: StackPlan | None) -> None:
        why = self._deploy(stack, prepared, plan)
        if stack.status != "CREATE_IN_PROGRESS":
            return  # it is being deleted, by the thread that waits for this one
        if why is None:
            self.store.stack_status(stack, "CREATE_COMPLETE")
        elif stack.on_failure == "DO_NOTHING":
            self.store.stack_status(stack, "CREATE_FAILED", why)
        elif stack.on_failure == "DELETE" and stack.parent_id is None:
            self.store.stack_status(stack, "DELETE_IN_PROGRESS", f"{why}Delete requested by user.")
            self._run_delete(stack, rollback=True)
        else:
            self._roll_creation_back(stack, f"{why}Rollback requested by user.")

    def _roll_creation_back(self, stack: Stack, why: str) -> None:
        if stack.status != "ROLLBACK_IN_PROGRESS":
            self.store.stack_status(stack, "ROLLBACK_IN_PROGRESS", why)
        failed = self._undo.delete(stack, list(stack.resources), rollback=True)
        if failed:
            reason = f"The following resource(s) failed to delete: [{', '.join(sorted(failed))}]. "
            self.store.stack_status(stack, "ROLLBACK_FAILED", reason)
        else:
            self.store.stack_status(stack, "ROLLBACK_COMPLETE")

    def _run_delete(self, stack: Stack, *, rollback: bool = False) -> None:
        try:
            settlement.refuse_used_exports(self.store, stack, {}, "deleted")
        except CloudFormationError as error:
            self.store.stack_status(stack, "DELETE_FAILED", str(error))
            return
        failed = self._undo.abandon(stack)
        failed += self._undo.delete(stack, list(stack.resources), rollback=rollback)
        if failed:
            reason = f"The following resource(s) failed to delete: [{', '.join(sorted(failed))}]. "
            self.store.stack_status(stack, "DELETE_FAILED", reason)
            return
        with self.store.lock:
            stack.deleted = now()
            settlement.forget_change_sets(self.store, stack)
            self.store.stack_status(stack, "DELETE_COMPLETE")

    def _apply(self, stack: Stack, prepared: Prepared, plan: StackPlan | None) -> str | None:
        """Deploy an update; where it fails, roll it back (or leave it) and return why."""
        why = self._deploy(stack, prepared, plan)
        self.runtime.cancelled.discard(stack.id)
        if why is None:
            self.store.stack_status(stack, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
        elif stack.on_failure == "DO_NOTHING":
            self.store.stack_status(stack, "UPDATE_FAILED", why)
        else:
            self.rollback_update(stack, why)
        return why

    def _deploy(self, stack: Stack, prepared: Prepared, plan: StackPlan | None) -> str | None:
        failures = Deployment(self.runtime, self.handler, stack, prepared, plan).run()
        if failures:
            return settlement.failure_reason(stack, failures)
        if (stack.root_id or stack.id) in self.runtime.cancelled:
            return INITIATED
        try:
            settlement.settle(self.store, stack, prepared)
        except CloudFormationError as error:
            return f"{str(error).rstrip('.')}. "
        return None

    def _announce_create(self, stack: Stack, prepared: Prepared) -> None:
        with self.store.lock:
            stack.definition = prepared.definition
            self.store.stack_status(stack, "CREATE_IN_PROGRESS", INITIATED)

    def _announce_update(self, stack: Stack, prepared: Prepared) -> None:
        with self.store.lock:
            stack.previous = stack.definition
            stack.definition = replace(
                prepared.definition,
                outputs=stack.previous.outputs,
                imports=sorted({*stack.previous.imports, *prepared.evaluator.imports}),
            )
            stack.journal.clear()
            stack.doomed.clear()
            stack.updated = now()
            self.store.stack_status(stack, "UPDATE_IN_PROGRESS", INITIATED)

    def _begin(self, stack: Stack, kind: str, options: Options) -> None:
        with self.store.lock:
            if stack.status.endswith("_IN_PROGRESS") and kind not in ("CREATE_STACK", "DELETE_STACK"):
                raise CloudFormationError(
                    f"Stack:{stack.id} is in {stack.status} state and can not be updated."
                )
            stack.operation_id, stack.operation_type = new_id(), kind
            stack.token = options.token
            stack.change_set_id = options.change_set_id or stack.change_set_id
            stack.on_failure = options.on_failure
            stack.retain_except_on_create = options.retain_except_on_create

    def _start(self, stack: Stack, work: Callable[[], None]) -> None:
        def guarded() -> None:
            try:
                work()
            except Exception:
                log.exception("an operation on %s broke off", stack.name)
                status = stack.status.removesuffix("_IN_PROGRESS").removesuffix("_COMPLETE_CLEANUP")
                self.store.stack_status(stack, f"{status}_FAILED", "Internal Failure")
            finally:
                self.store.changed()

        self.background(stack.id, guarded)
