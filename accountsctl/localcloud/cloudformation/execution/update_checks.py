"""What the update of a resource changes, and whether it is allowed."""

from __future__ import annotations

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.planning import policy
from accountsctl.localcloud.cloudformation.planning.diff import PropertyChange, property_changes
from accountsctl.localcloud.cloudformation.providers.fixed_properties import replacing
from accountsctl.localcloud.cloudformation.runtime.shapes import Properties
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import StackRuntime
from accountsctl.localcloud.cloudformation.runtime.state import STACK_TYPE, Record, Stack, is_custom


def changed_properties(runtime: StackRuntime, record: Record, wanted: Properties) -> list[PropertyChange]:
    """The properties that differ from what exists, each with whether its change replaces the resource."""
    schema = runtime.schema(record.type) if record.type != STACK_TYPE else None
    create_only = schema.create_only | replacing(record.type, wanted) if schema else frozenset()
    if is_custom(record.type):
        create_only = frozenset()  # its provider refuses another ServiceToken
    return property_changes(record.properties, wanted, create_only)


def refuse_denied(stack: Stack, record: Record, action: str) -> None:
    """Raise CloudFormationError if the stack policy denies an action on a resource."""
    denial = policy.denial(stack.policy_during_update or stack.policy, record, action)
    if denial is not None:
        raise CloudFormationError(
            f"Action denied by stack policy: {denial} [{action}] for resource "
            f"[LogicalResourceId/{record.logical_id}]"
        )


def denied_deletions(stack: Stack) -> dict[str, CloudFormationError]:
    """The resources that an update is to delete and that the stack policy protects, with the refusal of each."""
    denied: dict[str, CloudFormationError] = {}
    for name in stack.pending_delete:
        try:
            refuse_denied(stack, stack.resources[name], "Update:Delete")
        except CloudFormationError as error:
            denied[name] = error
    return denied


def refuse_custom_name(runtime: StackRuntime, record: Record, wanted: Properties) -> None:
    """Raise CloudFormationError if a replacement would have the name that the old resource still has."""
    schema = runtime.schema(record.type)
    if schema is None:
        return
    names = [path for path in schema.primary_identifier if path not in schema.read_only]
    if len(names) != 1 or len(schema.primary_identifier) != 1:
        return
    name = wanted.get(names[0])
    if name is not None and name == record.properties.get(names[0]):
        raise CloudFormationError(
            "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
            f"Rename {name} and update the stack again."
        )
