"""How an operation begins and ends: a new stack, announcements, checks, outputs, reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.planning.hidden_outputs import for_outputs
from accountsctl.localcloud.cloudformation.planning.preparation import Prepared, Submission
from accountsctl.localcloud.cloudformation.runtime.shapes import StackOutput
from accountsctl.localcloud.cloudformation.runtime.state import STACK_TYPE, Definition, Stack, new_id, now
from accountsctl.localcloud.cloudformation.runtime.store import Store
from accountsctl.localcloud.cloudformation.template.functions import scalar
from accountsctl.localcloud.cloudformation.template.intrinsics import Evaluator
from accountsctl.localcloud.cloudformation.template.scope import NO_VALUE
from accountsctl.localcloud.contracts.lookups import ACCOUNT, PARTITION

INITIATED = "User Initiated"
FORCE_DELETE = "FORCE_DELETE_STACK"
TIMED_OUT = "Stack creation time exceeded the specified timeout. "


def new_stack(store: Store, name: str, region: str, parent: Stack | None = None) -> Stack:
    """A stack with an id and nothing else; a child takes over how its parent's operation is run."""
    stack_id = f"arn:{PARTITION}:cloudformation:{region}:{ACCOUNT}:stack/{name}/{new_id()}"
    stack = Stack(id=stack_id, name=name, region=region, created=now())
    if parent:
        stack.parent_id, stack.root_id = parent.id, parent.root_id or parent.id
        stack.on_failure = parent.on_failure
        stack.retain_except_on_create = parent.retain_except_on_create
        stack.operation_id, stack.operation_type = parent.operation_id, parent.operation_type
        stack.notification_arns = list(parent.notification_arns)
    store.stacks[stack.id] = stack
    return stack


def announce_creation(store: Store, stack: Stack, prepared: Prepared) -> None:
    """Give a new stack its definition, and write the event that its creation begins."""
    with store.lock:
        stack.definition = prepared.definition
        _take_settings(stack, prepared)
        store.stack_status(stack, "CREATE_IN_PROGRESS", INITIATED)


def announce_unprepared(store: Store, stack: Stack, submission: Submission) -> None:
    """Write the event that a creation begins of which nothing but the text of its template is known."""
    with store.lock:
        stack.definition = Definition(
            text=submission.template.text,
            tags=dict(submission.tags),
            capabilities=list(submission.capabilities),
        )
        store.stack_status(stack, "CREATE_IN_PROGRESS", INITIATED)


def announce_update(store: Store, stack: Stack, prepared: Prepared) -> None:
    """Put the old definition aside for a rollback, and write the event that the update begins.

    An update that takes up one which failed keeps what that one would be rolled back to, and its journal.
    """
    with store.lock:
        if stack.previous is None:
            stack.previous = stack.definition
            stack.journal.clear()
        stack.definition = replace(
            prepared.definition,
            outputs=stack.previous.outputs,
            imports=sorted({*stack.previous.imports, *prepared.evaluator.imports}),
        )
        _take_settings(stack, prepared)
        stack.pending_delete.clear()
        stack.updated = now()
        store.stack_status(stack, "UPDATE_IN_PROGRESS", INITIATED)


def _take_settings(stack: Stack, prepared: Prepared) -> None:
    """What an operation sets of the stack besides its template; what it does not state stays."""
    if prepared.submission.notifications is not None:
        stack.notification_arns = list(prepared.submission.notifications)
    if prepared.submission.rollback is not None:
        stack.rollback = prepared.submission.rollback


def set_outputs(store: Store, stack: Stack, prepared: Prepared) -> None:
    """Give the stack its outputs; raises CloudFormationError if an export is taken, or one in use would change."""
    values = outputs(for_outputs(prepared.evaluator, stack))
    with store.lock:
        exported = {
            output["ExportName"]: output["OutputValue"] for output in values if "ExportName" in output
        }
        for other, output in store.exports(stack.region):
            if output["ExportName"] in exported and other.id != stack.id:
                raise CloudFormationError(
                    f"Export with name {output['ExportName']} is already exported by stack {other.name}"
                )
        _refuse_used_exports(store, stack, exported)
        stack.definition.outputs = values
        stack.definition.imports = sorted(prepared.evaluator.imports)


def outputs(evaluator: Evaluator) -> list[StackOutput]:
    """The stack's outputs, in the template's order."""
    values: list[StackOutput] = []
    for name, output in evaluator.template.outputs.items():
        if "Condition" in output and not evaluator.holds(output["Condition"]):
            continue
        value = evaluator.value(output["Value"])
        if value is NO_VALUE or isinstance(value, list | dict):
            raise CloudFormationError(
                "Template format error: The Value field of every Outputs member must evaluate to a String."
            )
        entry: StackOutput = {"OutputKey": name, "OutputValue": scalar(value)}
        if "Description" in output:
            entry["Description"] = str(output["Description"])
        if "Export" in output:
            entry["ExportName"] = scalar(evaluator.value(output["Export"]["Name"]))
        values.append(entry)
    return values


def _refuse_used_exports(store: Store, stack: Stack, exported: Mapping[str, str]) -> None:
    """Raise CloudFormationError if an export that other stacks use would go, or change its value."""
    for name, users in _used_exports(store, stack, exported).items():
        done = "updated" if name in exported else "deleted"
        raise CloudFormationError(f"Export {name} cannot be {done} as it is in use by {', '.join(users)}")


def why_not_deleted(store: Store, stack: Stack) -> str | None:
    """Why a stack cannot be deleted, because others use what it exports; None if it can.

    CloudFormation then leaves the stack as it was, and says so in its status's reason.
    """
    for name, users in _used_exports(store, stack, {}).items():
        return f"Delete canceled. Cannot delete export {name} as it is in use by {', '.join(users)}."
    return None


def _used_exports(store: Store, stack: Stack, exported: Mapping[str, str]) -> dict[str, list[str]]:
    """The exports of a stack that other stacks use and that are not so in `exported`, with the users' names."""
    names = [
        output["ExportName"]
        for output in stack.definition.outputs
        if "ExportName" in output and exported.get(output["ExportName"]) != output["OutputValue"]
    ]
    users = {name: store.importers(name, stack.region) for name in names}
    others = {name: [user for user in found if user != stack.name] for name, found in users.items()}
    return {name: found for name, found in others.items() if found}


def refuse_type_changes(stack: Stack, prepared: Prepared) -> None:
    """A logical id keeps its type for life."""
    changed = [
        name
        for name, definition in prepared.graph.resources.items()
        if name in stack.resources
        and stack.resources[name].exists
        and stack.resources[name].type != definition["Type"]
    ]
    if changed:
        raise CloudFormationError(
            "Update of resource type is not permitted. The new template modifies resource type of the "
            f"following resources: [{', '.join(changed)}]"
        )


def refuse_leaving(stack: Stack, retained: list[str], mode: str | None) -> None:
    """Raise CloudFormationError for a deletion that leaves resources of a stack that could be deleted with them."""
    if stack.status == "DELETE_FAILED":
        return
    what = "which resources to retain" if retained else f"the DeletionMode {FORCE_DELETE}"
    if retained or mode == FORCE_DELETE:
        raise CloudFormationError(
            f"Invalid operation on stack [{stack.id}]. When you delete a stack, specify {what} only when the stack "
            "is in the DELETE_FAILED state."
        )


def failure_reason(stack: Stack, failures: Mapping[str, Exception]) -> str:
    """ "The following resource(s) failed to create: [A]. The following resource(s) failed to update: [B]. "."""
    parts = []
    for verb in ("create", "update"):
        status = f"{verb.upper()}_FAILED"
        names = [name for name in failures if stack.resources[name].status == status]
        if names:
            parts.append(f"The following resource(s) failed to {verb}: [{', '.join(sorted(names))}]. ")
    return "".join(parts)


def mark_cut_off(store: Store, stack: Stack, why: str) -> None:
    """Resources that were under way when the process ended have failed, with a reason that says so."""
    for record in stack.resources.values():
        if record.status in ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"):
            status = record.status.replace("IN_PROGRESS", "FAILED")
            store.resource_status(stack, record, status, why)
            child = store.stacks.get(record.physical_id or "") if record.type == STACK_TYPE else None
            if child:
                mark_cut_off(store, child, why)
                left_as_it_is = child.on_failure == "DO_NOTHING"
                if left_as_it_is and child.status == record.status.replace("FAILED", "IN_PROGRESS"):
                    store.stack_status(child, record.status, why)


def skip_nested(store: Store, stack: Stack, skip: list[str]) -> None:
    """Drop ``NestedStackName.LogicalId`` entries from the journals of the stacks that they name."""
    nested = {child.name: child for child in store.stacks.values() if child.root_id == stack.id}
    for entry in skip:
        name, dot, logical_id = entry.rpartition(".")
        owner = nested.get(name) if dot else stack
        if owner is None or not any(step.logical_id == logical_id for step in owner.journal):
            raise CloudFormationError(
                f"Resources [{entry}] in the ResourcesToSkip list do not exist, or have nothing to roll back"
            )
        if dot:
            for step in list(owner.journal):
                if step.logical_id == logical_id:
                    owner.journal.remove(step)
            store.resource_status(
                owner, owner.resources[logical_id], "UPDATE_COMPLETE", "Resource update skipped"
            )


def forget_change_sets(store: Store, stack: Stack) -> None:
    """A deleted stack has no change sets but those that were executed, which their ARNs still show."""
    for change_set in list(store.change_sets.values()):
        if change_set.stack_id == stack.id and change_set.execution_status != "EXECUTE_COMPLETE":
            del store.change_sets[change_set.id]
