"""An error, and the faults of a project, as text and as JSON."""

from __future__ import annotations

from accountsctl.model.errors import (
    AccountsctlError,
    ChangeSetRefused,
    Declined,
    Fault,
    ProjectError,
    StackFailed,
)
from accountsctl.ui.rendering import JsonObject
from accountsctl.ui.screen import RED, Screen


def error_text(screen: Screen, problem: AccountsctlError) -> None:
    """What, why, what next."""
    if isinstance(problem, Declined):
        # Who says no gets what was asked for: that is not an error.
        screen.say(problem.what)
    else:
        screen.say(f"Error: {problem.what}", RED)
    for text in problem.why.splitlines():
        screen.say(f"  {text}")
    for text in _hints(problem):
        screen.say(f"  -> {text}")


def _hints(problem: AccountsctlError) -> list[str]:
    if isinstance(problem, ProjectError):
        return list(dict.fromkeys(fault.hint for fault in problem.faults if fault.hint)) or [problem.hint]
    return [problem.hint] if problem.hint else []


def error_json(error: AccountsctlError) -> JsonObject:
    """An error, under the key ``error``."""
    shape: JsonObject = {"what": error.what, "why": error.why, "hint": error.hint}
    if isinstance(error, StackFailed):
        shape |= {"resource": error.resource, "logicalId": error.logical_id, "reason": error.reason}
    if isinstance(error, ChangeSetRefused):
        shape["refusals"] = [
            {
                "resource": error.resources.get(refusal.path[0], refusal.path[0]) if refusal.path else "",
                "path": list(refusal.path),
                "type": refusal.type,
                "property": refusal.property,
                "message": refusal.message,
            }
            for refusal in error.refusals
        ]
    if isinstance(error, ProjectError):
        shape["faults"] = [fault_json(fault) for fault in error.faults]
    return {"error": shape}


def fault_text(screen: Screen, fault: Fault) -> None:
    """A fault with its hint, as data."""
    screen.line(str(fault))
    if fault.hint:
        screen.line(f"  -> {fault.hint}")


def fault_json(fault: Fault) -> JsonObject:
    """`path` leads to the fault within the file or template, its keys joined by dots; empty for a complete file."""
    return {
        "file": fault.file,
        "line": fault.line,
        "resource": fault.resource,
        "path": fault.path,
        "what": fault.what,
        "hint": fault.hint,
    }
