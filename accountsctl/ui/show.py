"""Model values as text for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import singledispatch

from accountsctl.formats.text_table import aligned
from accountsctl.model.drift import EnvironmentDrift
from accountsctl.model.errors import AccountsctlError, Fault, ProjectError
from accountsctl.model.events import PushResult
from accountsctl.model.reports import (
    EditResult,
    EnvironmentRow,
    RenderResult,
    Status,
    ValidationResult,
)
from accountsctl.ui.drift import show_drift
from accountsctl.ui.screen import BOLD, GREEN, RED, YELLOW, Screen


@singledispatch
def to_text(result: object, _screen: Screen) -> None:
    """Show a command's result to a person; each kind of result registers its own way below."""
    raise TypeError(f"{type(result).__name__} has no text")


@to_text.register
def edit(result: EditResult, screen: Screen) -> None:
    """What an edit changed."""
    screen.say(result.summary)
    for note in result.notes:
        screen.say(f"  {note}")


@to_text.register
def validation(result: ValidationResult, screen: Screen) -> None:
    """Each fault with its hint, as data; the count as a message."""
    for fault in result.faults:
        _fault(screen, fault)
    count = len(result.faults)
    if count:
        screen.say(f"{count} fault{'s' if count != 1 else ''} in {result.environment}.", RED)
    else:
        screen.say(f"{result.environment} is valid.", GREEN)


@to_text.register
def environment_drift(result: EnvironmentDrift, screen: Screen) -> None:
    """What was changed without a push."""
    show_drift(screen, result)


def validation_warnings(screen: Screen, warnings: Iterable[Fault]) -> None:
    """What the linter advises."""
    for fault in warnings:
        screen.say(f"Warning: {fault}", YELLOW)


def _fault(screen: Screen, fault: Fault) -> None:
    screen.line(str(fault))
    if fault.hint:
        screen.line(f"  -> {fault.hint}")


def error(screen: Screen, problem: AccountsctlError) -> None:
    """What, why, what next."""
    screen.say(f"Error: {problem.what}", RED)
    for text in problem.why.splitlines():
        screen.say(f"  {text}")
    hints = _hints(problem)
    for text in hints:
        screen.say(f"  -> {text}")


def _hints(problem: AccountsctlError) -> list[str]:
    if isinstance(problem, ProjectError):
        return list(dict.fromkeys(each.hint for each in problem.faults if each.hint)) or [problem.hint]
    return [problem.hint] if problem.hint else []


def push(screen: Screen, result: PushResult, next_steps: Iterable[str]) -> None:
    """The end of a push: what it did, where it answers, and the next three commands, as they can be typed here."""
    done = "Pushed" if result.changed else "Nothing to push"
    screen.say(f"{done}: {result.stack_name} in {result.seconds:.1f} s.", GREEN)
    urls = {name: each["RootUrl"] for name, each in result.outputs.items() if "RootUrl" in each}
    for name, url in urls.items():
        screen.line(f"{name}  {url}")
    if result.changed and urls:
        _next(screen, list(next_steps))


def _next(screen: Screen, commands: list[str]) -> None:
    """A command in each line on a terminal, where they are copied from; all in one line elsewhere."""
    if not screen.live:
        screen.say(f"Next: {'; '.join(commands)}")
        return
    screen.say("Next:")
    for command in commands:
        screen.say(f"  {command}")


def status(screen: Screen, found: Status) -> None:
    """An environment and its resources."""
    deployed = f", {found.stack_status}" if found.stack_status else ""
    screen.say(f"{found.environment}: stack {found.stack_name} ({found.cloud}{deployed})", BOLD)
    rows = [
        (each.resource, each.service, each.action.value if each.action else "?", ", ".join(each.depends_on))
        for each in found.resources
    ]
    screen.table(("resource", "service", "action", "depends on"), rows)
    if found.note:
        screen.say(found.note)


def environments(screen: Screen, rows: Iterable[EnvironmentRow]) -> None:
    """All environments; a star marks the checked-out one."""
    cells = [("*" if e.checked_out else "", e.name, e.cloud, e.region, e.stack_name) for e in rows]
    screen.table(("", "environment", "cloud", "region", "stack"), cells)


def rendered(screen: Screen, result: RenderResult) -> None:
    """The files that were written."""
    for file in result.files:
        screen.line(file)


def outputs(screen: Screen, found: Mapping[str, Mapping[str, str]]) -> None:
    """Outputs by resource."""
    rows = [(resource, key, value) for resource, each in found.items() for key, value in each.items()]
    screen.table(("resource", "output", "value"), rows)


def rows(screen: Screen, columns: tuple[str, ...], found: Iterable[tuple[object, ...]]) -> None:
    """A query's rows; NULL is shown as such."""
    cells = [["NULL" if cell is None else cell for cell in row] for row in found]
    for text in aligned(columns, cells):
        screen.line(text)
    screen.say(f"({len(cells)} row{'s' if len(cells) != 1 else ''})")
