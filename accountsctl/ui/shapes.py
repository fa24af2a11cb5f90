"""The JSON that commands print: model values to plain ones. These keys are a contract."""

from __future__ import annotations

from functools import singledispatch

from accountsctl.model.errors import AccountsctlError, ChangeSetRefused, ProjectError, StackFailed
from accountsctl.model.events import PushResult
from accountsctl.model.plan import Change, Plan, PropertyPreview
from accountsctl.model.reports import EditResult, EnvironmentRow, RenderResult, ResourceStatus, Status

JsonObject = dict[str, object]


@singledispatch
def to_json(result: object) -> object:
    """A command's result as a JSON value; each kind of result registers its own way below."""
    raise TypeError(f"{type(result).__name__} has no JSON")


@to_json.register
def of_edit(result: EditResult) -> JsonObject:
    """What an edit changed."""
    return {"done": result.summary, "notes": list(result.notes)}


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
        shape["faults"] = [
            {"file": each.file, "line": each.line, "what": each.what, "hint": each.hint}
            for each in error.faults
        ]
    return {"error": shape}
