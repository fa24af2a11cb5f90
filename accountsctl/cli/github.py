"""In GitHub Actions, errors are also annotations, and results also stand in the summary of the job.

It costs nothing elsewhere: nothing is imported before the variables of the runner are seen.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from accountsctl.model.errors import AccountsctlError


def report_error(error: AccountsctlError, project: str) -> None:
    """Annotate an error of a command about the project in this folder, and add it to the summary."""
    if not _in_actions():
        return
    from accountsctl.ui.github import error_annotations, error_summary

    _write(error_annotations(error, lambda file: _placed(file, project)))
    _summarize(error_summary(error))


def report_result(result: object) -> None:
    """Annotate what a result found, and add it to the summary."""
    if not _in_actions():
        return
    from accountsctl.ui.github import result_annotations, summary

    _write(result_annotations(result, lambda file: _placed(file, _current_project())))
    _summarize(summary(result))


def _in_actions() -> bool:
    """https://docs.github.com/en/actions/reference/workflows-and-actions/variables"""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def _write(lines: Iterable[str]) -> None:
    # The runner reads commands from stderr too; stdout is the data of whoever pipes this command.
    for line in lines:
        sys.stderr.write(f"{line}\n")


def _summarize(text: str) -> None:
    file = os.environ.get("GITHUB_STEP_SUMMARY")
    if not file or not text:
        return
    try:
        with Path(file).open("a", encoding="utf-8") as summary:
            summary.write(text)
    except OSError as error:
        sys.stderr.write(f"The summary of the job cannot be written: {error}\n")


def _current_project() -> str:
    """The project's folder as the command that runs took it."""
    import click

    context = click.get_current_context(silent=True)
    return str((context and context.params.get("project")) or ".")


def _placed(file: str, project: str) -> str:
    """A file of the project relative to the repository, as an annotation names it."""
    from accountsctl.adapters.project_files.store import find_root

    try:
        root = find_root(Path(project))
    except AccountsctlError:
        root = Path(project).absolute()
    return os.path.relpath(root / file, os.environ.get("GITHUB_WORKSPACE") or Path.cwd())
