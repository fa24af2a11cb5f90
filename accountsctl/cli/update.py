"""`update`: change the settings of a resource."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import click

from accountsctl.bootstrap import Application
from accountsctl.cli import LazyGroup
from accountsctl.cli.completion import functions, runtimes_
from accountsctl.cli.numbers import WholeNumber
from accountsctl.cli.options import grouped, on_environment
from accountsctl.commands.functions.choose import chosen_function
from accountsctl.commands.functions.update import FunctionSettings, update_function
from accountsctl.model.reports import EditResult
from accountsctl.ui.screen import Screen


@click.group(
    cls=LazyGroup,
    table={
        "function": ("update", "function", "Change memory, time, runtime and other settings of a function.")
    },
)
def update() -> None:
    """Change the settings of a resource.

    \b
    Example:
      accountsctl update function accountsAPI --memory 1024
    """


@dataclass(frozen=True)
class UpdateOptions(FunctionSettings):
    """What the command line states."""

    name: str | None = None
    only_here: bool = False


@click.command()
@click.argument("name", metavar="[FUNCTION]", required=False, shell_complete=functions)
@click.option(
    "--memory", type=WholeNumber(), metavar="MB", help="128 to 10240; a larger function also gets more CPU."
)
@click.option(
    "--timeout", type=WholeNumber(), metavar="SECONDS", help="1 to 900; API Gateway waits 29 at most."
)
@click.option(
    "--runtime",
    metavar="RUNTIME",
    help="A Lambda runtime, for example python3.14 or nodejs24.x.",
    shell_complete=runtimes_,
)
@click.option("--architecture", metavar="NAME", help="arm64 or x86_64.")
@click.option("--handler", metavar="FILE.FUNCTION", help="The function in src/ that Lambda calls.")
@click.option("--log-level", metavar="LEVEL", help="TRACE, DEBUG, INFO, WARN, ERROR or FATAL.")
@click.option("--log-retention", type=WholeNumber(), metavar="DAYS", help="How long logs are kept.")
@click.option(
    "--concurrency", type=WholeNumber(), metavar="NUMBER", help="How many invocations can run at a time."
)
@click.option(
    "--only-here", is_flag=True, help="In the environment only (--env, or the checked-out one), not in all."
)
@on_environment
@grouped(UpdateOptions)
def function(app: Application, _screen: Screen, options: UpdateOptions) -> EditResult:
    """Change the settings of a function; the next push deploys them.

    They are written into the function's parameters.json, and with --only-here into the environment's file.

    \b
    Examples:
      accountsctl update function --timeout 10
      accountsctl update function accountsAPI --memory 1024 --only-here -e prod
    """
    editor = app.editor
    chosen = chosen_function(editor, options.name, "its name")
    return update_function(editor, chosen, options, date.today(), only_here=options.only_here)
