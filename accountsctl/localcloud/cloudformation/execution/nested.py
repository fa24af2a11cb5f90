"""AWS::CloudFormation::Stack: a stack as a resource of another.

A child never finishes an update by itself: it waits in UPDATE_COMPLETE_CLEANUP_IN_PROGRESS with its
journal until the root succeeded (`commit`) or failed (`revert`), so nothing that a rollback would
need is deleted too early.
"""

# ruff: noqa: ARG002 - one signature for every handler and provider

from __future__ import annotations

from typing import Protocol

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.execution.finalize import new_stack
from accountsctl.localcloud.cloudformation.execution.timeouts import within
from accountsctl.localcloud.cloudformation.planning.planner import StackPlan, child_submission
from accountsctl.localcloud.cloudformation.planning.preparation import Prepared, Submission, prepare
from accountsctl.localcloud.cloudformation.providers.base import ProvidedResource
from accountsctl.localcloud.cloudformation.runtime.shapes import Properties
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import StackRuntime
from accountsctl.localcloud.cloudformation.runtime.state import Record, Stack

UPDATABLE = (
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_FAILED",
    "UPDATE_ROLLBACK_COMPLETE",
)
"""In CLEANUP_IN_PROGRESS a child waits for its root, whose update has failed and is taken up again."""


class Operations(Protocol):
    """What a nested stack needs of the runner; each runs in the caller's thread."""

    def create_nested(self, stack: Stack, prepared: Prepared, plan: StackPlan | None) -> None: ...

    def update_nested(self, stack: Stack, prepared: Prepared, plan: StackPlan | None) -> str | None: ...

    def commit(self, stack: Stack) -> None: ...

    def rollback_update(self, stack: Stack, why: str) -> None: ...

    def delete_nested(self, stack: Stack) -> None: ...


class NestedHandler:
    """The handler of nested stacks; recursion goes through the runner."""

    def __init__(self, runtime: StackRuntime, operations: Operations) -> None:
        self._runtime = runtime
        self._operations = operations

    def create(
        self, stack: Stack, record: Record, properties: Properties, plan: StackPlan | None = None
    ) -> ProvidedResource:
        submission = self._submission(stack, properties, plan)
        name = f"{stack.name[: 127 - len(record.logical_id) - 13]}-{record.logical_id}-{record.token}"
        with self._runtime.store.lock:
            child = new_stack(self._runtime.store, name, stack.region, stack)
            if properties.get("TimeoutInMinutes"):
                child.timeout_minutes = int(properties["TimeoutInMinutes"])
        try:
            prepared = prepare(self._runtime, child, submission)
        except CloudFormationError:
            with self._runtime.store.lock:
                del self._runtime.store.stacks[child.id]
            raise
        with self._runtime.store.lock:
            record.physical_id, record.initiated = child.id, True
            self._runtime.store.resource_status(
                stack, record, "CREATE_IN_PROGRESS", "Resource creation Initiated"
            )
        with within(self._runtime, child):
            self._operations.create_nested(child, prepared, plan)
        if child.status != "CREATE_COMPLETE":
            why = first_reason(child, ("ROLLBACK_IN_PROGRESS", "CREATE_FAILED"))
            raise CloudFormationError(f"Embedded stack {child.id} was not successfully created: {why}")
        return self._provided(child)

    def update(
        self,
        stack: Stack,
        record: Record,
        old: Properties,
        new: Properties,
        plan: StackPlan | None = None,
    ) -> ProvidedResource:
        child = self._child(record)
        if child.status not in UPDATABLE:
            raise CloudFormationError(f"Stack:{child.id} is in {child.status} state and can not be updated.")
        prepared = prepare(self._runtime, child, self._submission(stack, new, plan))
        with self._runtime.store.lock:
            child.on_failure = stack.on_failure
            child.operation_id, child.operation_type = stack.operation_id, stack.operation_type
        why = self._operations.update_nested(child, prepared, plan)
        if why is not None:
            raise CloudFormationError(
                f"Embedded stack {child.id} was not successfully updated. Currently in "
                f"UPDATE_ROLLBACK_IN_PROGRESS with reason: {why.strip()}"
            )
        return self._provided(child)

    def revert(self, stack: Stack, record: Record, attempted: Properties, before: Record) -> ProvidedResource:
        child = self._child(record)
        # Without `previous` the child never began, or has rolled back by itself.
        if child.previous is not None:
            self._operations.rollback_update(child, "Rollback requested by parent stack.")
        if child.previous is not None:
            raise CloudFormationError(
                f"Embedded stack {child.id} was not successfully updated: {(child.reason or '').strip()}"
            )
        return self._provided(child)

    def commit(self, stack: Stack, record: Record) -> None:
        child = self._child(record)
        if child.previous is not None:
            self._operations.commit(child)

    def delete(self, stack: Stack, record: Record) -> None:
        child = self._runtime.store.stacks.get(record.physical_id or "")
        if child is None or child.status == "DELETE_COMPLETE":
            return
        with self._runtime.store.lock:
            child.operation_id, child.operation_type = stack.operation_id, stack.operation_type
            child.retain_except_on_create = stack.retain_except_on_create
            child.deletion_mode = stack.deletion_mode
        self._operations.delete_nested(child)
        if child.status != "DELETE_COMPLETE":
            raise CloudFormationError(
                f"Embedded stack {child.id} was not successfully deleted: {(child.reason or '').strip()}"
            )

    def snapshot(self, stack: Stack, record: Record) -> None:
        raise CloudFormationError(
            "Resource type AWS::CloudFormation::Stack does not support the Snapshot policy"
        )

    def _submission(self, stack: Stack, properties: Properties, plan: StackPlan | None) -> Submission:
        if "TemplateURL" not in properties:
            raise CloudFormationError(
                "Properties validation failed: [#: required key [TemplateURL] not found]"
            )
        resolved = self._runtime.resolve(dict(properties), stack.region)
        template = plan.submission.template if plan and plan.submission else None
        return child_submission(self._runtime, stack.definition, stack.region, resolved, template)

    def _child(self, record: Record) -> Stack:
        return self._runtime.store.stacks[record.physical_id or ""]

    def _provided(self, child: Stack) -> ProvidedResource:
        attributes = {
            f"Outputs.{output['OutputKey']}": output["OutputValue"] for output in child.definition.outputs
        }
        return ProvidedResource(child.id, attributes)


def first_reason(stack: Stack, statuses: tuple[str, ...]) -> str:
    """Why the stack's current operation turned back: the reason of its first event in `statuses`."""
    for event in stack.events:
        mine = event["PhysicalResourceId"] == stack.id and event["OperationId"] == stack.operation_id
        if mine and event["ResourceStatus"] in statuses:
            reason = str(event.get("ResourceStatusReason", ""))
            return reason.removesuffix("Rollback requested by user.").strip()
    return stack.reason or ""
