"""Change sets: a plan that is kept, shown, and executed as the update or creation that it was made from.

With IncludeNestedStacks each nested stack that would change has a change set of its own, to which its
parent's ResourceChange points; only the root's is executed.

A change set is made from the stack as it is then. Once the stack is updated in another way the change set is
obsolete: it is still shown, but it can no longer be executed, and its name is free again. Its plan is kept
in memory for the execution, and not saved: a change set from before a restart is planned once more.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from accountsctl.localcloud.cloudformation.api.change_set_creation import ChangeSetCreation
from accountsctl.localcloud.cloudformation.errors import CloudFormationError, TransformError
from accountsctl.localcloud.cloudformation.execution.engine import Engine, Options
from accountsctl.localcloud.cloudformation.planning.planner import StackPlan
from accountsctl.localcloud.cloudformation.planning.preparation import Submission, check_capabilities, prepare
from accountsctl.localcloud.cloudformation.runtime.state import ChangeSet, Stack, now


class ChangeSets:
    """Creates, executes and forgets change sets over an engine's stacks.

    `pause` runs when a root has failed and others of its nested change sets are still being created.
    """

    def __init__(self, engine: Engine, pause: Callable[[], None] = lambda: None) -> None:
        self._engine = engine
        self._creation = ChangeSetCreation(engine, pause)
        self._store = engine.store
        self._plans: dict[str, StackPlan] = {}

    def create(self, stack: Stack, change_set: ChangeSet, submission: Submission) -> None:
        """Begin to work out a change set; its status tells how it went."""
        check_capabilities(submission.template, submission.granted)
        if change_set.type == "CREATE":
            # What can be known at once is an error of the call, as on AWS; nothing exists to compare with.
            with suppress(TransformError):  # the change set fails with it, and not the call
                prepare(self._engine.runtime, stack, submission, planning=True)
        with self._store.lock:
            self._store.change_sets[change_set.id] = change_set
        self._store.changed()
        self._engine.threads.start(change_set.id, lambda: self._work_out(stack, change_set, submission))

    def execute(self, change_set: ChangeSet, options: Options) -> None:
        """Run the operation that the change set describes."""
        if change_set.status == "FAILED":
            raise CloudFormationError(
                f"ChangeSet [{change_set.id}] cannot be executed in its current status of [FAILED]",
                "InvalidChangeSetStatus",
            )
        if change_set.execution_status != "AVAILABLE":
            raise CloudFormationError(
                f"ChangeSet [{change_set.id}] cannot be executed in its current execution status of "
                f"[{change_set.execution_status}]",
                "InvalidChangeSetStatus",
            )
        if change_set.parent_id:
            raise CloudFormationError("Nested change sets are executed by their root change set")
        stack = self._store.stacks[change_set.stack_id]
        plan = self._plans.get(change_set.id)
        submission = plan.submission if plan else None
        if submission is None:
            assert change_set.request is not None, "only a nested change set may have no template"
            submission = Submission.parse(change_set.request)
        if change_set.type == "CREATE":
            self._engine.create(stack, submission, options, plan)
            stack.updated = now()
        else:
            self._engine.update(stack, submission, options, plan)
        with self._store.lock:
            self._forget_ended(change_set)
            for member in self._family(change_set):
                member.execution_status = "EXECUTE_COMPLETE"
            self.make_obsolete(stack)

    def make_obsolete(self, stack: Stack) -> None:
        """The stack is being updated: no change set that was made before can be executed any more."""
        with self._store.lock:
            for change_set in self._store.change_sets.values():
                owner = self._store.stacks.get(change_set.stack_id)
                # A plan of the root also holds what it found in the stacks that are nested in it.
                same_root = owner is not None and _root(owner) == _root(stack)
                if same_root and change_set.execution_status != "EXECUTE_COMPLETE":
                    for member in self._family(change_set):
                        member.execution_status = "OBSOLETE"

    def delete(self, change_set: ChangeSet) -> None:
        with self._store.lock:
            if change_set.parent_id:
                raise CloudFormationError("Nested change sets are deleted with their root change set")
            family = self._family(change_set)
            busy = next((member for member in family if member.status == "CREATE_IN_PROGRESS"), None)
            if busy:
                raise CloudFormationError(
                    f"ChangeSet [{busy.id}] cannot be deleted in status CREATE_IN_PROGRESS",
                    "InvalidChangeSetStatus",
                )
            for mine in family:
                del self._store.change_sets[mine.id]
        self._store.changed()

    def _work_out(self, stack: Stack, change_set: ChangeSet, submission: Submission) -> None:
        plan = self._creation.work_out(stack, change_set, submission)
        if plan is not None:
            with self._store.lock:
                self._keep(change_set, plan)
        self._store.changed()

    def _keep(self, change_set: ChangeSet, plan: StackPlan) -> None:
        """Keep the plan for the execution, and drop those of change sets that can no longer be executed."""
        self._plans[change_set.id] = plan
        for change_set_id in list(self._plans):
            other = self._store.change_sets.get(change_set_id)
            if other is None or other.execution_status != "AVAILABLE":
                del self._plans[change_set_id]

    def _family(self, change_set: ChangeSet) -> list[ChangeSet]:
        found = self._store.change_sets.values()
        return [member for member in found if change_set.id in (member.id, member.root_id)]

    def _forget_ended(self, executed: ChangeSet) -> None:
        """Drop the stack's change sets that were executed before `executed`, or that failed."""
        for change_set in list(self._store.change_sets.values()):
            ended = change_set.execution_status == "EXECUTE_COMPLETE" or change_set.status == "FAILED"
            if change_set.stack_id == executed.stack_id and change_set is not executed and ended:
                for member in self._family(change_set):
                    self._store.change_sets.pop(member.id, None)


def _root(stack: Stack) -> str:
    return stack.root_id or stack.id
