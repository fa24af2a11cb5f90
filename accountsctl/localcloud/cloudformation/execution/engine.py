"""The engine: stacks are created, updated, rolled back and deleted here, each operation in a thread.

`Engine` checks that an operation may begin and starts it in a thread (`threads`); `runner` carries it out.

A request runs through these stages, and none may do another's work:

1. *prepare* (`preparation`) checks everything that can be known beforehand: syntax, parameters,
   references, types, capabilities. It touches nothing; its refusals are the API's synchronous errors.
2. *deploy* (`deployment`) walks the dependency graph and calls handlers (`handlers`, `nested`). It only
   goes forward. Every step is journalled before it is taken.
3. *finalize* (`finalize`) works out the outputs and exports. From here on the operation has succeeded or not.
4. *commit* deletes what was replaced or dropped; or *undo* (`undo`) takes the journal back.

Everything that stages 2 to 4 know stands in `state`, so a process that was killed resumes with stage 4.
The engine knows resource types only by their handlers, and AWS's wording of failures only from them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from accountsctl.localcloud.cloudformation.errors import CloudFormationError, TransformError
from accountsctl.localcloud.cloudformation.execution import finalize
from accountsctl.localcloud.cloudformation.execution.finalize import INITIATED
from accountsctl.localcloud.cloudformation.execution.runner import OperationRunner, give_up
from accountsctl.localcloud.cloudformation.execution.threads import OperationThreads
from accountsctl.localcloud.cloudformation.execution.timeouts import within
from accountsctl.localcloud.cloudformation.planning.no_changes import changes_nothing
from accountsctl.localcloud.cloudformation.planning.planner import Planner, StackPlan
from accountsctl.localcloud.cloudformation.planning.preparation import Submission, prepare
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import StackRuntime
from accountsctl.localcloud.cloudformation.runtime.state import Stack, new_id

UNFINISHED = ("CREATE_FAILED", "UPDATE_FAILED")
"""Where an operation that must not be rolled back has stopped; an update takes it up again."""
UPDATABLE = ("CREATE_COMPLETE", *UNFINISHED, "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")


@dataclass(frozen=True)
class Options:
    """How an operation is run; what the stack is to become is the submission."""

    on_failure: str = "ROLLBACK"
    retain_except_on_create: bool = False
    token: str | None = None
    change_set_id: str | None = None
    role: str | None = None
    deletion_mode: str | None = None
    policy_during_update: str | None = None
    """A stack policy that holds in place of the stack's own, for this operation."""


class Engine:
    """Begins the operations on stacks. Every method returns at once; `threads.wait` waits for the end."""

    def __init__(self, runtime: StackRuntime) -> None:
        self.runtime = runtime
        self.store = runtime.store
        self.planner = Planner(runtime)
        self.threads = OperationThreads(self.store)
        self._runner = OperationRunner(runtime)

    def new_stack(self, name: str, region: str) -> Stack:
        """A stack that exists by name only."""
        return finalize.new_stack(self.store, name, region)

    def create(
        self, stack: Stack, submission: Submission, options: Options, plan: StackPlan | None = None
    ) -> None:
        """Begin to create a stack that `new_stack` made; one whose transform fails is rolled back at once."""
        try:
            prepared = prepare(self.runtime, stack, submission)
        except TransformError as error:
            why = f"{error}. "
            self._begin(stack, "CREATE_STACK", options)
            finalize.announce_unprepared(self.store, stack, submission)
            self.threads.operate(stack, lambda: give_up(self._runner, self.store, stack, why))
            return
        self._begin(stack, "CREATE_STACK", options)
        finalize.announce_creation(self.store, stack, prepared)

        def run() -> None:
            with within(self.runtime, stack):
                self._runner.create(stack, prepared, plan)

        self.threads.operate(stack, run)

    def update(
        self, stack: Stack, submission: Submission, options: Options, plan: StackPlan | None = None
    ) -> None:
        """Begin an update, by the plan of a change set if there is one.

        Raises CloudFormationError if nothing would change.
        """
        if stack.status not in UPDATABLE:
            raise CloudFormationError(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")
        prepared = prepare(self.runtime, stack, submission)
        finalize.refuse_type_changes(stack, prepared)
        planned = plan or self.planner.plan(stack, submission)
        unfinished = stack.status in UNFINISHED
        if plan is None and not unfinished and changes_nothing(stack, planned):
            raise CloudFormationError("No updates are to be performed.")
        with self.store.lock:
            self._begin(stack, "UPDATE_STACK", options)
            finalize.announce_update(self.store, stack, prepared)

        def run() -> None:
            if self._runner.update(stack, prepared, planned) is None:
                self._runner.commit(stack)

        self.threads.operate(stack, run)

    def delete(self, stack: Stack, options: Options, retained: list[str]) -> None:
        """Begin to delete; a creation that is under way is stopped first."""
        if stack.status == "DELETE_IN_PROGRESS":
            return
        if stack.busy and stack.status != "CREATE_IN_PROGRESS":
            raise CloudFormationError(f"Stack:{stack.id} is in {stack.status} state and can not be deleted.")
        finalize.refuse_leaving(stack, retained, options.deletion_mode)
        running = self.threads.of(stack.id) if stack.busy else None
        before = "DELETE_FAILED" if running else stack.status
        self._begin(stack, "DELETE_STACK", options)
        stack.retained, stack.deletion_mode = retained, options.deletion_mode
        if running:
            self.runtime.cancelled.add(stack.id)
        self.store.stack_status(stack, "DELETE_IN_PROGRESS", INITIATED)

        def run() -> None:
            if running:
                running.join()
                self.runtime.cancelled.discard(stack.id)
            self._runner.delete(stack, before)

        self.threads.operate(stack, run)

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
        finalize.skip_nested(self.store, stack, skip)
        self._begin(stack, "CONTINUE_ROLLBACK", options)
        stack.skipped = [name for name in skip if "." not in name]
        self.store.stack_status(stack, "UPDATE_ROLLBACK_IN_PROGRESS", INITIATED)
        self.threads.operate(stack, lambda: self._runner.rollback_update(stack, INITIATED))

    def rollback(self, stack: Stack, options: Options) -> None:
        """Roll back a stack whose failed operation left things as they were (DO_NOTHING)."""
        creating = stack.status == "CREATE_FAILED"
        if not creating and stack.status != "UPDATE_FAILED":
            raise CloudFormationError(
                f"Stack:{stack.id} is in {stack.status} state and can not be rolled back."
            )
        self._begin(stack, "ROLLBACK", replace(options, on_failure="ROLLBACK"))
        if creating:
            self.store.stack_status(stack, "ROLLBACK_IN_PROGRESS", INITIATED)
            self.threads.operate(stack, lambda: self._runner.rollback_creation(stack, INITIATED))
        else:
            self.store.stack_status(stack, "UPDATE_ROLLBACK_IN_PROGRESS", INITIATED)
            self.threads.operate(stack, lambda: self._runner.rollback_update(stack, INITIATED))

    def resume(self, stack: Stack, why: str) -> None:
        """Bring an operation that was cut off to its end, as it was begun: forward if it had succeeded, else back."""
        match stack.status:
            case "CREATE_IN_PROGRESS" | "UPDATE_IN_PROGRESS":
                finalize.mark_cut_off(self.store, stack, why)
                self.threads.operate(stack, lambda: give_up(self._runner, self.store, stack, why))
            case "ROLLBACK_IN_PROGRESS":
                finalize.mark_cut_off(self.store, stack, why)
                self.threads.operate(stack, lambda: self._runner.rollback_creation(stack, why))
            case "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS":
                self.threads.operate(stack, lambda: self._runner.commit(stack))
            case "DELETE_IN_PROGRESS":
                created = (
                    stack.operation_type == "CREATE_STACK"
                )  # a failed creation deletes its stack by itself
                self.threads.operate(stack, lambda: self._runner.delete(stack, rollback=created))
            case "REVIEW_IN_PROGRESS":
                return
            case status if status.endswith("_IN_PROGRESS"):
                finalize.mark_cut_off(self.store, stack, why)
                self.threads.operate(stack, lambda: self._runner.rollback_update(stack, why))

    def _begin(self, stack: Stack, kind: str, options: Options) -> None:
        with self.store.lock:
            if stack.status.endswith("_IN_PROGRESS") and kind not in ("CREATE_STACK", "DELETE_STACK"):
                raise CloudFormationError(
                    f"Stack:{stack.id} is in {stack.status} state and can not be updated."
                )
            stack.operation_id, stack.operation_type = new_id(), kind
            stack.token = options.token
            stack.change_set_id = options.change_set_id or stack.change_set_id
            stack.role = options.role or stack.role
            stack.policy_during_update = options.policy_during_update
            stack.on_failure = options.on_failure
            stack.retain_except_on_create = options.retain_except_on_create
            stack.skipped = []
