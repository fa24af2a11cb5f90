"""The options that all commands share: which environment, and how a result is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING

import click

from accountsctl.model.errors import UsageError
from accountsctl.ui.screen import ColorMode, Screen, standard

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Command = Callable[..., object]
Decorator = Callable[[Command], Command]


class OutputForm(StrEnum):
    """The form of a result on stdout. TABLE: text for people."""

    TABLE = "table"
    JSON = "json"
    YAML = "yaml"


def _completed(kind: str) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
    """The completer of a name in `cli.completion`."""

    def complete(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
        from accountsctl.cli import completion  # here: no help needs what reads projects

        found: list[CompletionItem] = getattr(completion, kind)(context, parameter, begun)
        return found

    return complete


def _environment(*flags: str) -> Decorator:
    return click.option(
        *flags,
        "environment",
        metavar="NAME",
        envvar="ACCOUNTSCTL_ENV",
        help="The environment [$ACCOUNTSCTL_ENV, or the checked-out one].",
        shell_complete=_completed("environments"),
    )


ENVIRONMENT = _environment("-e", "--env")
ENVIRONMENT_BY_NAME = _environment("--env")
PROJECT = click.option(
    "-C",
    "--project",
    metavar="DIR",
    envvar="ACCOUNTSCTL_PROJECT",
    help="The project's folder [$ACCOUNTSCTL_PROJECT, or this folder or the nearest one above].",
)
PROFILE = click.option(
    "--profile",
    metavar="NAME",
    help="The AWS profile [the environment's].",
    shell_complete=_completed("profiles"),
)
REGION = click.option(
    "--region",
    metavar="REGION",
    help="The AWS region [the environment's].",
    shell_complete=_completed("regions"),
)
YES = click.option("--yes", "-y", is_flag=True, help="Skip the confirmation prompt.")
OUTPUT = click.option(
    "-o",
    "--output",
    type=click.Choice([form.value for form in OutputForm]),
    help="The form of the result  [default: table]",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON value: -o json.")
COLOR = click.option(
    "--color",
    type=click.Choice([mode.value for mode in ColorMode]),
    default="auto",
    show_default=True,
    help="When to color the output.",
)
NO_COLOR = click.option("--no-color", is_flag=True, help="The same as --color never.")
QUIET = click.option("-q", "--quiet", is_flag=True, help="Print the result and errors only.")
VERBOSE = click.option(
    "-v", "--verbose", is_flag=True, help="Print more: warnings, every event of CloudFormation."
)
DEBUG = click.option("--debug", is_flag=True, help="Print each call to AWS, and where an error was raised.")

SHOWING = (OUTPUT, JSON, COLOR, NO_COLOR, QUIET, VERBOSE, DEBUG)
SHARED_FLAGS = frozenset(
    f"--{name}"
    for name in "env project profile region yes output json color no-color quiet verbose debug".split()  # noqa: SIM905
)


def showing(function: Command) -> Command:
    """Give a command the options of `Showing`."""
    for decorate in reversed(SHOWING):
        function = decorate(function)
    return function


def leading_options() -> list[click.Option]:
    """New options that a group takes before its subcommand. The variables are the subcommand's to read."""

    def nothing() -> None:
        """A function to hang the options on."""

    function = showing(nothing)
    for decorate in (YES, REGION, PROFILE, PROJECT, ENVIRONMENT):
        function = decorate(function)
    options = [option for option in click.command()(function).params if isinstance(option, click.Option)]
    for option in options:
        option.envvar = None
    return options


@dataclass(frozen=True)
class Showing:
    """How the command line states that a result is shown."""

    output: str | None
    as_json: bool
    color: str
    no_color: bool
    quiet: bool
    verbose: bool
    debug: bool

    def screen(self) -> Screen:
        """This process's screen; UsageError if two options contradict each other."""
        if self.quiet and self.verbose:
            raise UsageError(
                "-q and -v exclude each other.",
                why="One shows less of what happens, the other more.",
                hint="Pass one of them.",
            )
        if self.as_json and self.output not in (None, OutputForm.JSON):
            raise UsageError(
                f"--json and -o {self.output} exclude each other.",
                why="--json is the same as -o json, and there is one output.",
                hint="Pass one of them.",
            )
        form = OutputForm.JSON if self.as_json else OutputForm(self.output or OutputForm.TABLE)
        color = ColorMode.NEVER if self.no_color else ColorMode(self.color)
        return standard(
            color,
            as_json=form is not OutputForm.TABLE,
            as_yaml=form is OutputForm.YAML,
            quiet=self.quiet,
            verbose=self.verbose,
            debug=self.debug,
        )


def screen_of(values: dict[str, object]) -> Screen:
    """The screen that the options of `showing` state; they are taken out of `values`."""
    return Showing(**{field.name: values.pop(field.name) for field in fields(Showing)}).screen()  # type: ignore[arg-type]
