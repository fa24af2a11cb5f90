"""An error, and the faults of a project, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable

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
    for why, hint in _reasons(problem):
        for text in why:
            screen.say(f"  {text}")
        if hint:
            screen.say(f"  -> {hint}")


def _reasons(problem: AccountsctlError) -> Iterable[tuple[list[str], str]]:
    """What is said of the causes, each with what to do about it: faults that need the same stand together."""
    if not isinstance(problem, ProjectError) or not any(fault.hint for fault in problem.faults):
        return [(problem.why.splitlines(), problem.hint)]
    by_hint: dict[str, list[str]] = {}
    for fault in problem.faults:
        by_hint.setdefault(fault.hint, []).extend(str(fault).splitlines())
    # Those that say what to do themselves come last, where they do not read as part of a group.
    return [(texts, hint) for hint, texts in sorted(by_hint.items(), key=lambda group: not group[0])]


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
