"""The results of the commands that edit and check a project."""

from __future__ import annotations

from collections.abc import Iterable

from accountsctl.model.errors import Fault
from accountsctl.model.reports import EditResult, RenderResult, ValidationResult
from accountsctl.ui.errors import fault_json, fault_text
from accountsctl.ui.rendering import JsonObject, to_json, to_text
from accountsctl.ui.screen import GREEN, RED, YELLOW, Screen


@to_text.register
def edit_text(result: EditResult, screen: Screen) -> None:
    """What an edit changed."""
    screen.say(result.summary)
    for note in result.notes:
        screen.say(f"  {note}")


@to_json.register
def edit_json(result: EditResult) -> JsonObject:
    """What an edit changed."""
    return {"done": result.summary, "notes": list(result.notes)}


@to_text.register
def validation_text(result: ValidationResult, screen: Screen) -> None:
    """Each fault with its hint, as data; the count as a message."""
    for fault in result.faults:
        fault_text(screen, fault)
    count = len(result.faults)
    if count:
        screen.say(f"{count} fault{'s' if count != 1 else ''} in {result.environment}.", RED)
    else:
        screen.say(f"{result.environment} is valid.", GREEN)


@to_json.register
def validation_json(result: ValidationResult) -> JsonObject:
    """What `validate` found. Warnings do not count."""
    return {"valid": not result.faults, "faults": [fault_json(fault) for fault in result.faults]}


def show_warnings(screen: Screen, warnings: Iterable[Fault]) -> None:
    """What the linter advises."""
    for fault in warnings:
        screen.say(f"Warning: {fault}", YELLOW)


@to_text.register
def render_text(result: RenderResult, screen: Screen) -> None:
    """The files that were written."""
    for file in result.files:
        screen.line(file)


@to_json.register
def render_json(result: RenderResult) -> JsonObject:
    """What `render` wrote."""
    return {
        "environment": result.environment,
        "files": list(result.files),
        "digests": dict(result.digests),
    }
