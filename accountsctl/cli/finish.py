"""How every command ends: its result is shown as text or as JSON, and its exit code follows from it."""

from __future__ import annotations

import json
import os
import sys
from contextlib import nullcontext, suppress
from typing import Protocol, runtime_checkable

import click

from accountsctl.cli.github import report_result
from accountsctl.model.errors import UsageError
from accountsctl.ui.rendering import FormattedText, to_json, to_text
from accountsctl.ui.screen import Screen


@runtime_checkable
class HasExitCode(Protocol):
    """A result that decides the exit code: 0 unless something was found."""

    @property
    def exit_code(self) -> int:
        """The exit code of the command."""


@runtime_checkable
class HasMessages(Protocol):
    """A result after which something is to be said, whichever its rendering."""

    @property
    def messages(self) -> tuple[str, ...]:
        """Sentences for stderr."""


def require_text(screen: Screen, command: str, hint: str) -> None:
    """For a command that goes on and has no one result; UsageError with ``--json``."""
    if screen.as_json:
        raise UsageError(
            f"{command} has no result that could be JSON.",
            why="It goes on until you end it, and shows text as it comes.",
            hint=hint,
        )


def _write(screen: Screen, result: FormattedText) -> None:
    if screen.as_json and not result.is_value:
        text = "".join(result.texts)
        if _is_json(text) and not screen.as_yaml:
            screen.out.write(text)  # as it is: a number keeps every digit
        else:
            screen.data(json.loads(text) if _is_json(text) else {"text": text})
        return
    for text in result.texts:
        screen.write(text)
        if result.live:
            screen.out.flush()


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def finish(screen: Screen, result: object) -> None:
    """Show a command's result, as JSON or as text, and exit with its code. None: a part of it has finished already.

    A reader that has seen enough (`| head`) ends the command with 0.
    """
    try:
        _finish(screen, result)
    except BrokenPipeError:
        # Before click sees it, which would exit with 1, the code of a finding; Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise click.exceptions.Exit(0) from None


def _finish(screen: Screen, result: object) -> None:
    if result is None:
        return
    if to_text.dispatch(type(result)) is to_text.dispatch(object):
        from accountsctl.ui.results import registered as registered
    if isinstance(result, FormattedText):
        # Ctrl-C is how a live text ends, so it is not a failure.
        with suppress(KeyboardInterrupt) if result.live else nullcontext():
            _write(screen, result)
    elif screen.as_json:
        screen.data(to_json(result))
    else:
        to_text(result, screen)
    # A command may go on after its result (`ui` serves), so the result must not wait in a buffer.
    screen.out.flush()
    report_result(result)
    for message in result.messages if isinstance(result, HasMessages) else ():
        screen.say(message)
    if isinstance(result, HasExitCode) and result.exit_code:
        raise click.exceptions.Exit(result.exit_code)
