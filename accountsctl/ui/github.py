"""What GitHub Actions shows of a run: errors at their lines of a pull request, and a summary of the job.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from functools import singledispatch

from accountsctl.model.errors import AccountsctlError, Fault, ProjectError
from accountsctl.model.events import PushResult
from accountsctl.model.reports import ValidationResult
from accountsctl.ui.plan import show_plan
from accountsctl.ui.results.stacks import DryRun
from accountsctl.ui.screen import ColorMode, Screen

Placed = Callable[[str], str]
"""From a file relative to the project to the same file relative to the repository."""


def error_annotations(error: AccountsctlError, placed: Placed) -> list[str]:
    """An error as annotations: one for each fault of a project, at its line."""
    if isinstance(error, ProjectError):
        return fault_annotations(error.faults, placed)
    return [_annotation("error", " ".join(filter(None, (error.what, error.why, error.hint))))]


def fault_annotations(faults: Iterable[Fault], placed: Placed, level: str = "error") -> list[str]:
    """Faults as annotations at their lines."""
    return [
        _annotation(level, f"{fault.what} {fault.hint}".strip(), file=placed(fault.file), line=fault.line)
        for fault in faults
    ]


def _annotation(level: str, message: str, *, file: str = "", line: int = 0) -> str:
    properties = {"file": file, "line": str(line) if line else ""}
    stated = ",".join(f"{key}={_property(value)}" for key, value in properties.items() if value)
    return f"::{level}{' ' if stated else ''}{stated}::{_escaped(message)}"


def _escaped(text: str) -> str:
    """As the runner reads it back: ``toCommandValue`` of its toolkit."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


@singledispatch
def result_annotations(result: object, placed: Placed) -> list[str]:
    """What a result has to say at lines of the project."""
    del result, placed
    return []


@result_annotations.register
def _of_validation(result: ValidationResult, placed: Placed) -> list[str]:
    warnings = fault_annotations(result.warnings, placed, "warning")
    return [*fault_annotations(result.faults, placed), *warnings]


@singledispatch
def summary(result: object) -> str:
    """A result as Markdown for the summary of a job; empty for one that does not belong there."""
    del result
    return ""


@summary.register
def _dry_run(result: DryRun) -> str:
    loss = "\n\n**Data would be lost.**" if result.plan.losses else ""
    title = f"Plan for `{result.plan.assembly.environment.name}`"
    return _section(title, _shown(lambda screen: show_plan(screen, result.plan)), loss)


@summary.register
def _pushed(result: PushResult) -> str:
    urls = [f"{name}  {values['RootUrl']}" for name, values in result.outputs.items() if "RootUrl" in values]
    changes = [
        f"{change.action.value:<7}{change.id}" for change in result.changes if change.action.value != "none"
    ]
    done = "Pushed" if result.changed else "Nothing to push to"
    title = f"{done} `{result.environment}` in {result.seconds:.0f} s"
    return _section(title, "\n".join([*changes, *urls]))


@summary.register
def _validated(result: ValidationResult) -> str:
    if not result.faults:
        return f"### `{result.environment}` is valid\n"
    return _section(f"`{result.environment}` has faults", "\n".join(map(str, result.faults)))


def error_summary(error: AccountsctlError) -> str:
    """An error as Markdown."""
    return _section("The command failed", "\n".join(filter(None, (error.what, error.why, error.hint))))


def _section(title: str, text: str, more: str = "") -> str:
    body = f"\n```text\n{text.replace('```', '` ` `')}\n```" if text else ""
    return f"### {title}\n{body}{more}\n"


def _shown(show: Callable[[Screen], None]) -> str:
    out = io.StringIO()
    show(Screen(io.StringIO(), out, ColorMode.NEVER))
    return out.getvalue().rstrip("\n")
