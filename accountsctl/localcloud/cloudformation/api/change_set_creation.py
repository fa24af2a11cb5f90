"""From a submission to a change set that can be executed, or that failed, with those of nested stacks.

Each nested stack has a change set of its own with its own result. The root only reports that one failed, and fails
while others are still being created (https://github.com/aws-amplify/amplify-cli/pull/14764 has the findings).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from accountsctl.localcloud.cloudformation.execution.engine import Engine
from accountsctl.localcloud.cloudformation.execution.handlers import explain
from accountsctl.localcloud.cloudformation.planning.early_validation import (
    ValidationFault,
    events,
    validate,
)
from accountsctl.localcloud.cloudformation.planning.early_validation import reason as validation_reason
from accountsctl.localcloud.cloudformation.planning.no_changes import changes_nothing
from accountsctl.localcloud.cloudformation.planning.planner import Planner, StackPlan
from accountsctl.localcloud.cloudformation.planning.preparation import Submission
from accountsctl.localcloud.cloudformation.runtime.state import ChangeSet, Stack, new_id, now
from accountsctl.localcloud.cloudformation.template.functions import UNKNOWN, unknown_within
from accountsctl.localcloud.contracts.lookups import ACCOUNT, PARTITION

NO_CHANGES = (
    "The submitted information didn't contain changes. Submit different information to create a change set."
)


NESTED = "Only executable from the root change set."
CHILD_FAILED = "Nested change set {} was not successfully created: Currently in FAILED."


@dataclass(frozen=True)
class Review:
    """A planned change set, and what early validation found in it."""

    change_set: ChangeSet
    faults: Sequence[ValidationFault]
    failure: str

    @property
    def reason(self) -> str:
        """Why it fails by itself; empty if it does not."""
        return self.failure or (validation_reason(self.faults) if self.faults else "")


class ChangeSetCreation:
    """Plans and validates change sets.

    `pause` runs when a root has failed and others of its nested change sets are still being created.
    """

    def __init__(self, engine: Engine, pause: Callable[[], None]) -> None:
        self._engine = engine
        self._store = engine.store
        self._planner = Planner(engine.runtime, change_sets=True)
        self._pause = pause

    def work_out(self, stack: Stack, change_set: ChangeSet, submission: Submission) -> StackPlan | None:
        """Bring a change set to its end; the plan by which it can be executed, None if it failed."""
        planner = self._planner if change_set.include_nested else self._engine.planner
        try:
            plan = planner.plan(stack, submission)
            empty = change_set.type == "UPDATE" and changes_nothing(stack, plan)
        except Exception as error:  # noqa: BLE001 - the reason is the change set's answer
            plan, empty = None, False
            with self._store.lock:
                change_set.status, change_set.status_reason = "FAILED", explain(error)
        if plan is not None and empty:
            with self._store.lock:
                change_set.status, change_set.status_reason = "FAILED", NO_CHANGES
        elif plan is not None:
            return plan if self._finish(stack, change_set, plan) else None
        return None

    def _finish(self, stack: Stack, change_set: ChangeSet, plan: StackPlan) -> bool:
        """Validate what was planned, and bring the change set with its nested ones to their ends.

        Returns whether it can be executed.
        """
        with self._store.lock:
            tree = list(self._tree(stack, change_set, plan))
        runtime = self._engine.runtime
        reviews = [Review(member, validate(runtime, stack.region, its), its.failure) for member, its in tree]
        failed = [review for review in reviews if review.reason]
        with self._store.lock:
            if failed:
                self._fail(failed[0])
            else:
                for review in reviews:
                    self._complete(review.change_set)
        if failed:
            # AWS ends the root as soon as one nested change set has failed; the others go on.
            self._store.changed()
            self._pause()
            with self._store.lock:
                for review in reviews:
                    if review.reason:
                        self._fail(review)
                for review in reviews:
                    if review.change_set.status == "CREATE_IN_PROGRESS":
                        self._complete(review.change_set)
        return not failed

    def _fail(self, review: Review) -> None:
        """End a change set with its own reason, and the ones above it with AWS's sentence about it."""
        change_set = review.change_set
        change_set.status, change_set.status_reason = "FAILED", review.reason
        change_set.events = events(change_set, review.faults)
        while change_set.parent_id:
            failed, change_set = change_set, self._store.change_sets[change_set.parent_id]
            if change_set.status == "CREATE_IN_PROGRESS":
                change_set.status, change_set.status_reason = "FAILED", CHILD_FAILED.format(failed.id)

    def _complete(self, change_set: ChangeSet) -> None:
        change_set.status = "CREATE_COMPLETE"
        if change_set.parent_id:
            change_set.status_reason = NESTED
        elif change_set.execution_status != "OBSOLETE":
            change_set.execution_status = "AVAILABLE"

    def _tree(
        self, stack: Stack, change_set: ChangeSet, plan: StackPlan
    ) -> Iterator[tuple[ChangeSet, StackPlan]]:
        """The change set with those of its nested stacks, which are made here; each after its own nested ones."""
        change_set.changes = [*plan.changes, *plan.potential]
        change_set.parameters = {
            name: repr(UNKNOWN) if unknown_within(value) else value for name, value in plan.parameters.items()
        }
        for change in plan.changes if change_set.include_nested else ():
            nested = plan.children.get(change["LogicalResourceId"])
            if nested is not None and change["Action"] in ("Add", "Modify"):
                existing = self._store.stacks.get(change.get("PhysicalResourceId") or "")
                child = self._child(existing, change_set, change["LogicalResourceId"], nested)
                change["ChangeSetId"] = child.id
                yield from self._tree(existing or stack, child, nested)
        yield change_set, plan

    def _child(
        self, existing: Stack | None, parent: ChangeSet, logical_id: str, plan: StackPlan
    ) -> ChangeSet:
        region = parent.id.split(":")[3]
        name = f"{parent.name[: 127 - len(logical_id) - 9]}-{logical_id}-{new_id()[:8]}"
        child = ChangeSet(
            id=change_set_arn(region, name),
            name=name,
            stack_id=existing.id if existing else "",
            stack_name=existing.name if existing else f"{parent.stack_name}-{logical_id}",
            created=now(),
            type="UPDATE" if existing else "CREATE",
            request=plan.submission.dump() if plan.submission else None,
            include_nested=True,
            on_stack_failure=parent.on_stack_failure,
            parent_id=parent.id,
            root_id=parent.root_id or parent.id,
        )
        self._store.change_sets[child.id] = child
        return child


def change_set_arn(region: str, name: str) -> str:
    return f"arn:{PARTITION}:cloudformation:{region}:{ACCOUNT}:changeSet/{name}/{new_id()}"
