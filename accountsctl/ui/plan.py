"""The preview of a push as text: one line for each property that changes, and each replacement stated once."""

from __future__ import annotations

import json
from collections.abc import Iterator

from accountsctl.model.plan import (
    Action,
    Change,
    Deletion,
    Plan,
    PropertyPreview,
    Replacement,
    ReplacementKind,
    other_stack_stays,
)
from accountsctl.ui.screen import BOLD, DIM, GREEN, RED, YELLOW, Screen

MARKS = {Action.CREATE: "+", Action.UPDATE: "~", Action.DELETE: "-", Action.IMPORT: ">", Action.NONE: " "}
STYLES = {
    Action.CREATE: GREEN,
    Action.UPDATE: YELLOW,
    Action.DELETE: RED,
    Action.IMPORT: GREEN,
    Action.NONE: DIM,
}
LONGEST = 60
Line = tuple[str, str]
"""A line's text and its style."""


def show_plan(screen: Screen, intended: Plan) -> None:
    """The preview of a push, as talk; what stays as it is is left out."""
    environment = intended.assembly.environment
    where = f"{environment.cloud.value}, {environment.region}"
    if intended.empty:
        screen.say(f"{environment.stack_name} ({where}) is up to date.")
        _show_left_out(screen, intended)
        return
    screen.say(f"Push to {environment.stack_name} ({where}):", BOLD)
    changes = [change for change in intended.changes if change.action is not Action.NONE]
    for change in changes:
        for text, style in _lines(change):
            screen.say(text, style)
    if not intended.changes_resources:
        screen.say("    No resource changes: the adopted templates get addresses of their own.", DIM)
    elif not changes:
        screen.say("  ~ the root stack itself", YELLOW)
    if unchanged := len(intended.changes) - len(changes):
        screen.say(f"    {unchanged} unchanged", DIM)
    _show_left_out(screen, intended)
    for name in intended.stays:
        screen.say(f"  ! {other_stack_stays(name)}", RED)


def _show_left_out(screen: Screen, intended: Plan) -> None:
    if intended.left_out:
        names = ", ".join(map(str, intended.left_out))
        screen.say(f"    left out, since it is not named: {names}", YELLOW)


def _lines(change: Change) -> Iterator[Line]:
    service = f"  {change.service}" if change.service else ""
    yield f"  {MARKS[change.action]} {change.action.value:<7}{change.id}{service}", STYLES[change.action]
    if change.action not in (Action.UPDATE, Action.DELETE):
        return
    for note in change.notes:
        yield f"      {note}", ""
    for property_ in change.properties:
        yield f"      {_property(property_)}", ""
    for replacement in change.replaces:
        yield from _replacement(replacement)
    for deletion in change.deletes:
        if deletion.holds_data or change.action is Action.UPDATE:
            yield _deletion(deletion)
    for sentence in change.weakens:
        yield f"      ! weaker protection of data: {sentence}", RED


def _property(change: PropertyPreview) -> str:
    name = f"{change.logical_id}.{change.path}"
    before, after = _value(change.before), _value(change.after)
    if before == after:  # only what it refers to becomes another one
        return f"{name}: {after}  ({change.why or 'what it refers to changes'})"
    values = f"{before} -> {after}"
    decides = f"  ({change.why})" if change.replacement is ReplacementKind.CONDITIONAL else ""
    return f"{name}: {values}{decides}"


def _value(value: object) -> str:
    if value is None:
        return "(not set)"
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def _replacement(replacement: Replacement) -> Iterator[Line]:
    because = f", because of {', '.join(replacement.properties)}" if replacement.properties else ""
    by = f" by {replacement.by}" if replacement.holds_data else ""
    remains = f"; {replacement.remains}" if replacement.holds_data else ""
    verb = "is" if replacement.certain else "may be"
    name = f"{replacement.logical_id} ({replacement.type})"
    yield f"      ! {name} {verb} replaced{by}{because}{remains}", RED if replacement.holds_data else YELLOW
    if replacement.custom_named:
        yield "        AWS refuses to replace it while its own name stays the same: change that too", RED


def _deletion(deletion: Deletion) -> Line:
    verb = "is" if deletion.certain else "may be"
    name = f"{deletion.logical_id} ({deletion.type})"
    if not deletion.holds_data:
        return f"      - {name} {verb} deleted", YELLOW
    return f"      ! {name} {verb} deleted with its data; {deletion.remains}", RED
