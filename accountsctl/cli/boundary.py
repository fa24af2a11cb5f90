"""The only place that catches: an error becomes three lines and an exit code, a bug stays a traceback."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

import click

from accountsctl.model.errors import AccountsctlError, Terminated

INTERRUPTED = 130


def run(command: click.Command, arguments: Sequence[str] | None = None) -> int:
    """Run a command and give its exit code. `arguments` are without the program's name."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = command.main(words, prog_name="accountsctl", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except AccountsctlError as error:
        _tell(error, words)
        return error.exit_code
    except click.exceptions.Exit as asked:
        return asked.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("\nInterrupted.", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone (`| head`); Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INTERRUPTED


def leave_on_sigterm() -> None:
    """SIGTERM ends a command as Ctrl-C does, so that a push says that it goes on. For the main thread only."""
    signal.signal(signal.SIGTERM, _terminate)


def _terminate(_signal: int, _frame: FrameType | None) -> None:
    raise Terminated


def _tell(error: AccountsctlError, words: Sequence[str]) -> None:
    from accountsctl.ui import shapes, show
    from accountsctl.ui.screen import standard

    screen = standard(_color(words))
    if "--json" in words:
        screen.data(shapes.of_error(error))
    else:
        show.error(screen, error)


def _color(words: Sequence[str]) -> str:
    """The answer to ``--color``, though parsing may not have got that far."""
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word == "--color":
            return following
        if word.startswith("--color="):
            return word.partition("=")[2]
    return "auto"
