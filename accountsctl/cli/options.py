"""The options that commands share, how a command's result is shown, and what is asked at a terminal."""

from __future__ import annotations

import functools
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from accountsctl.adapters.invocation import Settings
from accountsctl.bootstrap import Application
from accountsctl.cli.finish import finish
from accountsctl.cli.numbers import WholeNumber
from accountsctl.cli.refused_edits import naming_flags
from accountsctl.cli.shared import (
    ENVIRONMENT,
    ENVIRONMENT_BY_NAME,
    PROJECT,
    Command,
    Decorator,
    screen_of,
    showing,
)
from accountsctl.cli.shared import PROFILE as PROFILE
from accountsctl.cli.shared import REGION as REGION
from accountsctl.cli.shared import YES as YES
from accountsctl.formats.environment_config import ROLE_ARN
from accountsctl.model.errors import Declined, UsageError, reason_of
from accountsctl.ui.screen import DIM, ProgressMode, Screen, visible
from accountsctl.ui.waiting import busy, waiting

if TYPE_CHECKING:
    from accountsctl.cli.answers import AnswerForm

NAME = "accountsctl"
PROGRESS = click.option(
    "--progress",
    type=click.Choice([mode.value for mode in ProgressMode]),
    help="A bar, every event, or failures only [a bar on a terminal, a line for each stack elsewhere].",
)
ROLE = click.option(
    "--role-arn",
    metavar="ARN",
    help="The role that CloudFormation takes on for what it does [the environment's roleArn].",
)


def on_environment(function: Command) -> Command:
    """For a command about one environment: it gets the application and the screen first, and returns its result."""
    return _on_environment(function, ENVIRONMENT)


def on_named_environment(function: Command) -> Command:
    """`on_environment` for a command whose ``-e`` has another meaning: the environment is ``--env`` alone."""
    return _on_environment(function, ENVIRONMENT_BY_NAME)


def _on_environment(function: Command, which: Decorator) -> Command:
    @which
    @PROJECT
    @PROFILE
    @REGION
    @showing
    @functools.wraps(function)
    def command(
        environment: str | None, project: str | None, profile: str | None, region: str | None, **rest: object
    ) -> None:
        screen = screen_of(rest)
        settings = Settings(
            Path(project or "."),
            environment,
            profile,
            region,
            screen.say,
            functools.partial(waiting, screen),
            functools.partial(busy, screen),
            trace=_trace(screen),
        )
        with naming_flags(click.get_current_context()):
            finish(screen, function(Application(settings), screen, **rest))

    return command


def _trace(screen: Screen) -> Callable[[str], None] | None:
    """Who hears of each call to AWS: no one, unless ``--debug`` was given."""
    return functools.partial(screen.say, style=DIM) if screen.debug else None


def with_role(function: Command) -> Command:
    """For a command by which CloudFormation changes something: ``--role-arn``. Directly below `on_environment`."""

    @ROLE
    @functools.wraps(function)
    def command(app: Application, screen: Screen, role_arn: str | None, **rest: object) -> object:
        if role_arn and not ROLE_ARN.fullmatch(role_arn):
            raise UsageError(
                f"{role_arn} is not the ARN of a role.",
                why="CloudFormation takes on the role, so it has to be named in full.",
                hint="Pass --role-arn arn:aws:iam::ACCOUNT:role/NAME.",
            )
        app.settings = replace(app.settings, role=role_arn)
        return function(app, screen, **rest)

    return command


def watched(function: Command) -> Command:
    """For a command that follows an operation: ``--progress``. Below `on_environment`."""

    @PROGRESS
    @functools.wraps(function)
    def command(app: Application, screen: Screen, progress: str | None, **rest: object) -> None:
        stated = (
            ProgressMode.NONE
            if screen.quiet
            else ProgressMode.EVENTS
            if screen.verbose
            else ProgressMode.AUTO
        )
        screen = replace(screen, progress=ProgressMode(progress or stated))
        finish(screen, function(app, screen, **rest))

    return command


def grouped(kind: Callable[..., object]) -> Callable[[Command], Command]:
    """For a command with many options: it gets them as one frozen value of `kind`, whose fields have their names.

    Below `on_environment` or `on_project`, so that only the command's own options are left.
    """

    def decorate(function: Command) -> Command:
        @functools.wraps(function)
        def command(app: Application, screen: Screen, **values: object) -> object:
            return function(app, screen, kind(**values))

        return command

    return decorate


def on_project(function: Command) -> Command:
    """For a command about the project as a whole."""

    @PROJECT
    @showing
    @functools.wraps(function)
    def command(project: str | None, **rest: object) -> None:
        screen = screen_of(rest)
        settings = Settings(Path(project or "."), tell=screen.say, trace=_trace(screen))
        finish(screen, function(Application(settings), screen, **rest))

    return command


def program() -> str:
    """How this program can be called here: by its name if it is on the PATH, otherwise as it was called now."""
    return NAME if shutil.which(NAME) else os.path.relpath(sys.argv[0])


def ask(question: str, flag: str = "--yes") -> None:
    """Ask for a confirmation; without a terminal, a missing one is an error that names the flag."""
    if not sys.stdin.isatty():
        raise UsageError(
            "This needs a confirmation, and there is no terminal to ask at.",
            why=question,
            hint=f"Pass {flag} to confirm.",
        )
    if not click.confirm(visible(question), err=True):
        raise Declined("Nothing was changed.", why="You said no.")


def prompt_for(question: str, flag: str, form: AnswerForm, *, default: str | None = None) -> str:
    """Ask for a value, and again if it has another form; without a terminal, the missing flag is an error."""
    _require_terminal(flag)

    def checked(text: str) -> str:
        if not form.pattern.fullmatch(text):
            raise click.BadParameter(f"Type {form.words}.")
        return text

    return str(click.prompt(visible(question), default=default, value_proc=checked, err=True))


def prompt_choice(question: str, flag: str, choices: Sequence[str], *, default: str | None = None) -> str:
    """Let the user choose one of `choices` by its number or its name, and ask again for anything else.

    Without a terminal, or with nothing to choose from, the missing flag is an error.
    """
    if not choices:
        raise UsageError(f"{flag} is missing.", why="There is nothing to choose from.", hint=f"Pass {flag}.")
    _require_terminal(flag)
    for number, choice in enumerate(choices, 1):
        click.echo(visible(f"  {number}  {choice}"), err=True)

    def chosen(text: str) -> str:
        if text in choices:
            return text
        if text.isdecimal() and 0 < int(text) <= len(choices):
            return choices[int(text) - 1]
        raise click.BadParameter(f"Type a number from 1 to {len(choices)}, or one of these names.")

    return str(click.prompt(visible(question), default=default, value_proc=chosen, err=True))


def choose_from(question: str, flag: str, choices: Sequence[tuple[str, str]]) -> str:
    """Let the user choose one of (id, label), and return its id.

    Without a terminal, or with nothing to choose from, the missing flag is an error.
    """
    for number, (id_, label) in enumerate(choices, 1):
        click.echo(visible(f"  {number}  {label}  {id_}"), err=True)
    if not choices:
        raise UsageError(f"{flag} is missing.", why="There is nothing to choose from.", hint=f"Pass {flag}.")
    _require_terminal(flag)
    number = click.prompt(visible(question), type=WholeNumber(1, len(choices)), err=True)
    return choices[int(number) - 1][0]


def _require_terminal(flag: str) -> None:
    if not sys.stdin.isatty():
        raise UsageError(f"{flag} is missing.", why="There is no terminal to ask at.", hint=f"Pass {flag}.")


def read_file(file: Path) -> bytes:
    """The content of a file that an option names; UsageError if it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{file} cannot be read.", why=reason_of(error), hint="Name an existing file."
        ) from error


def confirm_name(
    name: str, given: str | None, action: str, *, flags: str = "--confirm", also: str | None = None
) -> None:
    """Have `name` (or `also`, its longer form) typed before something is deleted for good; without a terminal, the
    flags must state it.
    """
    names = (name, also or name)
    if given is None and sys.stdin.isatty():
        given = click.prompt(visible(f"Type {name} to {action}"), default="", show_default=False, err=True)
        if given not in names:
            raise Declined("Nothing was changed.", why=f"That was not {name}.")
    if given not in names:
        why = "There is no terminal to ask at." if given is None else f'It was "{given}".'
        raise UsageError(
            f"To {action}, its name is needed as a confirmation.", why=why, hint=f"Pass {flags} {name}."
        )


class Terminal:
    """Asks whoever sits at the terminal."""

    def confirm(self, question: str) -> bool:
        """The answer to a yes-or-no question."""
        return click.confirm(visible(question), err=True)

    def text(self, question: str) -> str:
        """What is typed in answer to a question."""
        return str(click.prompt(visible(question), default="", show_default=False, err=True))


def terminal() -> Terminal | None:
    """The terminal, or None if the input is not one."""
    return Terminal() if sys.stdin.isatty() else None
