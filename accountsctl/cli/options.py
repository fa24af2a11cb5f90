"""The options that stand on every command that can use them."""

from __future__ import annotations

import functools
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from accountsctl.adapters.invocation import Settings
from accountsctl.bootstrap import Application
from accountsctl.cli.completion import environments
from accountsctl.model.errors import Declined, UsageError
from accountsctl.model.plan import Plan
from accountsctl.ui.screen import Screen, standard
from accountsctl.ui.waiting import waiting

if TYPE_CHECKING:
    from accountsctl.commands.project.rehearse import Edited

NAME = "accountsctl"
Command = Callable[..., None]

ENVIRONMENT = click.option(
    "-e",
    "--env",
    "environment",
    metavar="NAME",
    help="The environment [the checked-out one].",
    shell_complete=environments,
)
PROJECT = click.option(
    "-C", "--project", metavar="DIR", help="The project's folder [this folder or the nearest one above]."
)
PROFILE = click.option("--profile", metavar="NAME", help="The AWS profile [the environment's].")
REGION = click.option("--region", metavar="REGION", help="The AWS region [the environment's].")
COLOR = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="When to color the output.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON value.")
YES = click.option("--yes", "-y", is_flag=True, help="Skip the confirmation prompt.")


def on_environment(function: Command) -> Command:
    """For a command about one environment: it gets the application and the screen first."""

    @ENVIRONMENT
    @PROJECT
    @PROFILE
    @REGION
    @COLOR
    @JSON
    @functools.wraps(function)
    def command(
        environment: str | None,
        project: str | None,
        profile: str | None,
        region: str | None,
        color: str,
        as_json: bool,
        **rest: Any,
    ) -> None:
        screen = standard(color, as_json=as_json)
        wait = functools.partial(waiting, screen)
        settings = Settings(Path(project or "."), environment, profile, region, screen.say, wait)
        function(Application(settings), screen, **rest)

    return command


def grouped(kind: Callable[..., object]) -> Callable[[Command], Command]:
    """For a command with many options: it gets them as one frozen value of `kind`, whose fields have their names."""

    def decorate(function: Command) -> Command:
        @functools.wraps(function)
        def command(app: Application, screen: Screen, **values: object) -> None:
            function(app, screen, kind(**values))

        return command

    return decorate


def on_project(function: Command) -> Command:
    """For a command about the project as a whole."""

    @PROJECT
    @COLOR
    @JSON
    @functools.wraps(function)
    def command(project: str | None, color: str, as_json: bool, **rest: Any) -> None:
        screen = standard(color, as_json=as_json)
        settings = Settings(Path(project or "."), tell=screen.say)
        function(Application(settings), screen, **rest)

    return command


def program() -> str:
    """How this program can be called here: by its name where the path finds it, else as it was called now."""
    return NAME if shutil.which(NAME) else os.path.relpath(sys.argv[0])


def ask(question: str, flag: str = "--yes") -> None:
    """Ask on a terminal; without one, a missing answer is an error that names the flag."""
    if not sys.stdin.isatty():
        raise UsageError(
            "This needs an answer, and there is no terminal to give it.",
            why=question,
            hint=f"Pass {flag} to agree.",
        )
    if not click.confirm(question, err=True):
        raise Declined("Nothing was changed.", why="You said no.")


def answered(
    question: str, flag: str, *, default: str | None = None, type: Any = str, listed: bool = True
) -> Any:
    """Ask for a value on a terminal; without one, or with nothing to choose from, the missing flag is the error."""
    if not listed or not sys.stdin.isatty():
        raise UsageError(
            f"{flag} is missing.",
            why="There is nothing to choose from." if not listed else "There is no terminal to ask at.",
            hint=f"Pass {flag}.",
        )
    return click.prompt(question, default=default, type=type, err=True)


def confirm_name(name: str, given: str | None, action: str, flags: str = "--confirm") -> None:
    """Have `name` typed before something goes for good; without a terminal, the flags must have said it."""
    if given is None and sys.stdin.isatty():
        given = click.prompt(f"Type {name} to {action}", default="", show_default=False, err=True)
        if given != name:
            raise Declined("Nothing was changed.", why=f"That was not {name}.")
    if given != name:
        raise UsageError(
            f"To {action} needs its name as an answer, and there is no terminal to give it.",
            hint=f"Pass {flags} {name}.",
        )


def show_edit(screen: Screen, done: Edited) -> None:
    """What an edit did."""
    if screen.as_json:
        screen.data({"done": done.what, "notes": list(done.notes)})
        return
    screen.say(done.what)
    for note in done.notes:
        screen.say(f"  {note}")


def question_for(plan: Plan) -> str | None:
    """What a push must be asked; None where it needs no answer.

    On the embedded cloud a push that only adds and changes goes ahead: nothing of anyone's is at stake.
    """
    name = plan.assembly.environment.stack_name
    if plan.dangerous:
        return f"This replaces or deletes what holds data in {name}. Push all the same?"
    local = plan.assembly.environment.cloud.value == "local"
    return None if local or plan.empty else f"Push to {name}?"
