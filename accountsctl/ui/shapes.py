"""The JSON that commands print: model values to plain ones. These keys are a contract."""

from __future__ import annotations

from functools import singledispatch

from accountsctl.model.drift import EnvironmentDrift, ResourceDrift
from accountsctl.model.errors import AccountsctlError, ChangeSetRefused, Fault, ProjectError, StackFailed
from accountsctl.model.events import PushResult
from accountsctl.model.plan import Change, Plan, PropertyPreview
from accountsctl.model.reports import (
    EditResult,
    EnvironmentRow,
    RenderResult,
    ResourceStatus,
    Status,
    ValidationResult,
)

JsonObject = dict[str, object]


@singledispatch
def to_json(result: object) -> object:
    """A command's result as a JSON value; each kind of result registers its own way below."""
    raise TypeError(f"{type(result).__name__} has no JSON")


@to_json.register
def of_edit(result: EditResult) -> JsonObject:
    """What an edit changed."""
    return {"done": result.summary, "notes": list(result.notes)}


@to_json.register
def of_validation(result: ValidationResult) -> JsonObject:
    """What `validate` found. Warnings do not count."""
    return {"valid": not result.faults, "faults": [_of_fault(fault) for fault in result.faults]}


def _of_fault(fault: Fault) -> JsonObject:
    """`path` leads to the fault within the file or template, its keys joined by dots; empty for a complete file."""
    return {
        "file": fault.file,
        "line": fault.line,
        "resource": fault.resource,
        "path": fault.path,
        "what": fault.what,
        "hint": fault.hint,
    }


def of_change(change: Change) -> JsonObject:
    """`replaces` and `loses` are logical ids within the resource's stack, `loses` those whose data goes or may go.

    `holdsData` is whether what is deployed of it holds data. A property's `path` is below ``Properties``, and its
    `replacement` is ``always``, ``conditional`` or ``never``.
    """
    return {
        "resource": str(change.id),
        "action": change.action.value,
        "replaces": [each.logical_id for each in change.replaces],
        "loses": list(change.loses),
        "holdsData": change.holds_data,
        "properties": [_of_property(each) for each in change.properties],
        "weakens": list(change.weakens),
        "reasons": list(change.reasons),
    }


def _of_property(change: PropertyPreview) -> JsonObject:
    return {
        "logicalId": change.logical_id,
        "path": change.path,
        "before": change.before,
        "after": change.after,
        "replacement": change.replacement.value,
        "why": change.why,
    }


def of_plan(plan: Plan) -> JsonObject:
    """A dry run: what a push would print, as far as it is known beforehand."""
    environment = plan.assembly.environment
    return {
        "environment": environment.name,
        "cloud": environment.cloud.value,
        "stackName": environment.stack_name,
        "changed": not plan.empty,
        "loses": [str(change.id) for change in plan.losses],
        "changes": [of_change(change) for change in plan.changes],
        "dryRun": True,
    }


def of_push(result: PushResult) -> JsonObject:
    """What a push did."""
    return {
        "environment": result.environment,
        "cloud": result.cloud,
        "stackName": result.stack_name,
        "changed": result.changed,
        "changes": [of_change(change) for change in result.changes],
        "outputs": result.outputs,
        "seconds": round(result.seconds, 3),
    }


def of_status(status: Status) -> JsonObject:
    """An environment's status."""
    return {
        "environment": status.environment,
        "cloud": status.cloud,
        "stackName": status.stack_name,
        "stackStatus": status.stack_status,
        "resources": [_of_resource(each) for each in status.resources],
        **({"note": status.note} if status.note else {}),
    }


def _of_resource(each: ResourceStatus) -> JsonObject:
    return {
        "resource": each.resource,
        "service": each.service,
        "action": each.action.value if each.action else None,
        "logicalId": each.logical_id,
        "dependsOn": list(each.depends_on),
        "reasons": list(each.reasons),
    }


@to_json.register
def of_drift(drift: EnvironmentDrift) -> JsonObject:
    """The drift of an environment. `resource` is ``root`` in the root stack; `status` is inSync, modified, deleted or
    notChecked; values are texts, as CloudFormation reports them, and null if they are not set."""
    return {
        "environment": drift.environment,
        "stackName": drift.stack_name,
        "drifted": bool(drift.drifted),
        "resources": [_of_resource_drift(each) for each in drift.resources],
        "failures": list(drift.failures),
    }


def _of_resource_drift(each: ResourceDrift) -> JsonObject:
    return {
        "resource": each.resource,
        "logicalId": each.logical_id,
        "type": each.type,
        "physicalId": each.physical_id,
        "status": each.status.value,
        "reason": each.reason,
        "differences": [
            {"path": one.path, "expected": one.expected, "actual": one.actual} for one in each.differences
        ],
    }


def of_environment(row: EnvironmentRow) -> JsonObject:
    """One environment."""
    return {
        "name": row.name,
        "cloud": row.cloud,
        "region": row.region,
        "stackName": row.stack_name,
        "checkedOut": row.checked_out,
    }


def of_rendered(rendered: RenderResult) -> JsonObject:
    """What `render` wrote."""
    return {
        "environment": rendered.environment,
        "files": list(rendered.files),
        "digests": dict(rendered.digests),
    }


def of_error(error: AccountsctlError) -> JsonObject:
    """An error, under the key ``error``."""
    shape: JsonObject = {"what": error.what, "why": error.why, "hint": error.hint}
    if isinstance(error, StackFailed):
        shape |= {"resource": error.resource, "logicalId": error.logical_id, "reason": error.reason}
    if isinstance(error, ChangeSetRefused):
        shape["refusals"] = [
            {
                "resource": error.resources.get(each.path[0], each.path[0]) if each.path else "",
                "path": list(each.path),
                "type": each.type,
                "property": each.property,
                "message": each.message,
            }
            for each in error.refusals
        ]
    if isinstance(error, ProjectError):
        shape["faults"] = [_of_fault(fault) for fault in error.faults]
    return {"error": shape}
