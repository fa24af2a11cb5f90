"""The only place that catches: an error becomes three lines and an exit code, a bug stays a traceback."""

from __future__ import annotations

import errno
import os
import re
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import TYPE_CHECKING

import click

from accountsctl.cli.github import report_error
from accountsctl.model.errors import AccountsctlError, CloudError, Terminated, UsageError

if TYPE_CHECKING:
    from accountsctl.ui.screen import Screen

INTERRUPTED = 130
CHECK_CLOUD = "Try again; for the embedded cloud, `accountsctl local status` and `accountsctl local logs`."
REMEDIES = {
    errno.ENOSPC: "Free some space and try again; nothing that was acknowledged is lost.",
    errno.EDQUOT: "Free some space and try again; nothing that was acknowledged is lost.",
    errno.EACCES: "Give yourself the right to use it, or run as the user who owns it.",
    errno.EPERM: "Give yourself the right to use it, or run as the user who owns it.",
    errno.EROFS: "Make the file system writable, or use the project in another folder.",
    errno.EISDIR: "Remove the folder of that name: a file belongs there.",
    errno.ENOTDIR: "Remove the file of that name: a folder belongs there.",
    errno.ENOENT: "Restore the file, or check the path.",
    errno.EMFILE: "Raise the limit of open files (ulimit -n).",
}
"""What to do, by the system's error."""


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
    except click.exceptions.NoArgsIsHelpError as error:
        return _help(error, words)
    except click.ClickException as error:
        _tell(usage_error(error), words)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("\nInterrupted.", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        _discard_stdout()  # The reader has gone (`| head`).
        return 0
    except Exception as error:
        known = unexpected(error)
        if known is None:
            raise
        _tell(known, words)
        return known.exit_code


def _help(error: click.exceptions.NoArgsIsHelpError, words: Sequence[str]) -> int:
    """What a group without a subcommand is answered with: its help, which names them; with --json an error."""
    if _screen(words).as_json:
        _tell(
            UsageError(
                "Missing command.",
                why="This name stands for a group of commands.",
                hint=f"`{error.ctx.command_path} --help` explains them.",
            ),
            words,
        )
    else:
        click.echo(error.format_message(), err=True)
    return error.exit_code


def usage_error(error: click.ClickException) -> UsageError:
    """What click found wrong with the command line, as an error of ours: it names the option, and the nearest one."""
    from accountsctl.model.suggestions import did_you_mean

    context = error.ctx if isinstance(error, click.UsageError) else None
    usage = " ".join(context.get_usage().split()) if context else ""
    more = f"`{context.command_path} --help` explains them." if context else ""
    match error:
        case click.NoSuchOption():
            what, given = f"There is no option {error.option_name}.", error.option_name.lstrip("-")
            # Compared without the dashes, which all options have in common.
            near = did_you_mean(given, (name.lstrip("-") for name in error.possibilities or ()))
            more = " ".join(filter(None, (near.replace('"', '"--', 1), more)))
        case click.MissingParameter(param=click.Argument() as argument) if context:
            what = f"{argument.make_metavar(context)} is missing."
        case click.MissingParameter(param=click.Option() as option):
            what = f"{option.opts[-1]} is missing."
        case _:
            what = error.format_message()
    return UsageError(what, why=usage, hint=more or "Correct the command line.")


def unexpected(error: Exception) -> AccountsctlError | None:
    """What this machine, or a file, did to a command: the disk is full, a file is a folder, memory ran out.

    None for an error that is a bug.
    """
    match error:
        case OSError(filename=name) if name:
            why, hint = (
                f"{error.strerror}: {name}",
                REMEDIES.get(error.errno or 0, "Check the file and its permissions."),
            )
            return UsageError("A file could not be used.", why=why, hint=hint)
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            hint = "Free some space, or send the output elsewhere."
            return UsageError("The output could not be written.", why=f"{error.strerror}.", hint=hint)
        case OSError():
            hint = REMEDIES.get(error.errno or 0, CHECK_CLOUD)
            return CloudError("A connection or a file failed.", why=str(error), hint=hint)
        case _ if _is_http(error):
            why = f"The response was cut off ({type(error).__name__})."
            return CloudError("The server ended in the middle of a response.", why=why, hint=CHECK_CLOUD)
        case MemoryError():
            return UsageError(
                "The memory of this machine is used up.",
                why="A file or a template of the project needs more than there is.",
                hint="Look for a very large file or value in the project.",
            )
        case RecursionError():
            return UsageError(
                "Something in the project nests too deeply.",
                why="A file or a template refers to itself, or has thousands of levels.",
                hint="Look for the last file that was changed.",
            )
        case ValueError():
            return UsageError(
                "A value could not be read.",
                why=f"{error} ({place_of(error)})",
                hint="Check the file or flag that has it. If they are right, this is a bug: report this message.",
            )
    return None


def _is_http(error: Exception) -> bool:
    """Whether it is an `http.client.HTTPException`, without the import: that module is slow to load."""
    http = sys.modules.get("http.client")
    return http is not None and isinstance(error, http.HTTPException)


def place_of(error: Exception) -> str:
    """The line of ours that an error passed through last, as file and line: what a report of a bug needs."""
    import traceback
    from pathlib import Path

    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if f"{os.sep}accountsctl{os.sep}" in frame.filename]
    frame = (ours or frames)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"


def leave_on_sigterm() -> None:
    """SIGTERM ends a command as Ctrl-C does, so that a push says that it goes on. For the main thread only."""
    signal.signal(signal.SIGTERM, _terminate)


def _terminate(_signal: int, _frame: FrameType | None) -> None:
    raise Terminated


def _tell(error: AccountsctlError, words: Sequence[str]) -> None:
    from accountsctl.ui.errors import error_json, error_text

    screen = _screen(words)
    if screen.debug:
        import traceback

        screen.say("".join(traceback.format_exception(error)))
    if not (screen.as_json and _written(screen, error_json(error))):
        error_text(screen, error)
    report_error(error, _project(words))


def _written(screen: Screen, value: object) -> bool:
    """Write a value to stdout; False if its disk is full; a reader that has gone needs none."""
    try:
        screen.data(value)
        sys.stdout.flush()
    except OSError as error:
        _discard_stdout()
        return isinstance(error, BrokenPipeError)
    return True


def _discard_stdout() -> None:
    """Send the rest of the output nowhere: Python flushes at exit, and would complain once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def fill_closed_streams() -> None:
    """Give a command that was started without stdout or stderr (`>&-`) one that discards; Python has None there.

    Also for the descriptors: the next file that is opened would become number 1, and a child process writes to that.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w"))


def _screen(words: Sequence[str]) -> Screen:
    """The screen that the words state, though parsing may not have got that far; a value may be none of the choices."""
    from accountsctl.cli.shared import OutputForm
    from accountsctl.ui.screen import ColorMode, standard

    outputs = [*_values(words, "--output"), *_values(words, "-o")]
    outputs += [word[2:] for word in words if re.fullmatch("-o[a-z]+", word)]
    form = OutputForm.JSON if "--json" in words else outputs[0] if outputs else OutputForm.TABLE
    color = next((mode for mode in ColorMode if mode in _values(words, "--color")[:1]), ColorMode.AUTO)
    return standard(
        ColorMode.NEVER if "--no-color" in words else color,
        as_json=form in (OutputForm.JSON, OutputForm.YAML),
        as_yaml=form == OutputForm.YAML,
        debug="--debug" in words,
    )


def _project(words: Sequence[str]) -> str:
    """The project's folder that the words or the variable name, though parsing may not have got that far."""
    stated = [*_values(words, "-C"), *_values(words, "--project")]
    return stated[0] if stated else os.environ.get("ACCOUNTSCTL_PROJECT") or "."


def _values(words: Sequence[str], flag: str) -> list[str]:
    """The values of an option among the words."""
    return [
        following if word == flag else word.removeprefix(f"{flag}=")
        for word, following in zip(words, [*words, ""][1:], strict=True)
        if word == flag or word.startswith(f"{flag}=")
    ]
