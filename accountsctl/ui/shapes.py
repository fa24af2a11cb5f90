"""The JSON that commands print: model values to plain ones. These keys are a contract."""

from __future__ import annotations

from typing import Any

from accountsctl.model.errors import AccountsctlError, ProjectError, StackFailed
from accountsctl.model.events import PushResult
from accountsctl.model.plan import Change, Plan
from accountsctl.model.reports import EnvironmentRow, RenderResult, ResourceStatus, Status


def of_change(change: Change) -> dict[str, Any]:
    """`replaces` and `loses` are logical ids within the resource's stack."""
    return {
        "resource": str(change.id),
        "action": change.action.value,
        "replaces": [each.logical_id for each in change.replaces],
        "loses": list(change.loses),
        "reasons": list(change.reasons),
    }


def of_plan(plan: Plan) -> dict[str, Any]:
    """A dry run: what a push would print, as far as it is known beforehand."""
    environment = plan.assembly.environment
    return {
        "environment": environment.name,
        "cloud": environment.cloud.value,
        "stackName": environment.stack_name,
        "changed": not plan.empty,
        "changes": [of_change(change) for change in plan.changes],
        "dryRun": True,
    }


def of_push(result: PushResult) -> dict[str, Any]:
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


def of_status(status: Status) -> dict[str, Any]:
    """An environment's status."""
    return {
        "environment": status.environment,
        "cloud": status.cloud,
        "stackName": status.stack_name,
        "stackStatus": status.stack_status,
        "resources": [_of_resource(each) for each in status.resources],
        **({"note": status.note} if status.note else {}),
    }


def _of_resource(each: ResourceStatus) -> dict[str, Any]:
    return {
        "resource": each.resource,
        "service": each.service,
        "action": each.action.value if each.action else None,
        "logicalId": each.logical_id,
        "dependsOn": list(each.depends_on),
        "reasons": list(each.reasons),
    }


def of_environment(row: EnvironmentRow) -> dict[str, Any]:
    """One environment."""
    return {
        "name": row.name,
        "cloud": row.cloud,
        "region": row.region,
        "stackName": row.stack_name,
        "checkedOut": row.checked_out,
    }


def of_rendered(rendered: RenderResult) -> dict[str, Any]:
    """What `render` wrote."""
    return {
        "environment": rendered.environment,
        "files": list(rendered.files),
        "digests": dict(rendered.digests),
    }


def of_error(error: AccountsctlError) -> dict[str, Any]:
    """An error, under the key ``error``."""
    shape: dict[str, Any] = {"what": error.what, "why": error.why, "hint": error.hint}
    if isinstance(error, StackFailed):
        shape |= {"resource": error.resource, "logicalId": error.logical_id, "reason": error.reason}
    if isinstance(error, ProjectError):
        shape["faults"] = [
            {"file": each.file, "line": each.line, "what": each.what, "hint": each.hint}
            for each in error.faults
        ]
    return {"error": shape}
