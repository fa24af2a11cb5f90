"""`logs`: what the functions logged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.completion import resources
from accountsctl.cli.options import grouped, on_environment
from accountsctl.model.environment import Cloud
from accountsctl.ui.rendering import FormattedText
from accountsctl.ui.results.functions import LogLines
from accountsctl.ui.screen import Screen

SECONDS = {Cloud.LOCAL: 0.3, Cloud.AWS: 2.0}
"""Between two looks of ``--follow``. FilterLogEvents has a quota of five calls a second for an account and region."""


@dataclass(frozen=True)
class LogOptions:
    """The flags of `logs`."""

    function: str | None
    follow: bool
    since: str
    containing: str


@click.command()
@click.argument("function", required=False, shell_complete=resources)
@click.option("-f", "--follow", is_flag=True, help="Go on with what comes, until Ctrl-C.")
@click.option(
    "--since",
    default="10m",
    show_default=True,
    metavar="TIME",
    help="How far back: 30s, 10m, 2h, 1d, or a time such as 2026-11-28T12:00.",
)
@click.option("--filter", "containing", default="", metavar="TEXT", help="Only what contains this text.")
@on_environment
@grouped(LogOptions)
def logs(app: Application, screen: Screen, options: LogOptions) -> LogLines | FormattedText:
    """Show what the functions logged, errors with their traces in the project's own files.

    With --follow and --json, one JSON object is printed for each event.

    \b
    Examples:
      accountsctl logs
      accountsctl logs accountsAPI -f --filter ERROR
    """
    import time

    from accountsctl.commands.functions.logs import FunctionLog, chosen, parse_since
    from accountsctl.commands.stacks.outputs import function_names
    from accountsctl.ui.results.functions import followed

    now = datetime.now(UTC)
    since = parse_since(options.since, now)
    log = FunctionLog(chosen(function_names(app.deployed_outputs), options.function), app.logs)
    named = len(log.functions) > 1
    if options.follow:
        seconds = SECONDS[app.environment.cloud]
        coming = log.follow(since, options.containing, lambda: time.sleep(seconds), lambda: datetime.now(UTC))
        return followed(coming, screen, named=named)
    lines = tuple(log.lines(since, options.containing))
    nothing = () if lines else (_nothing(options.since, options.containing),)
    return LogLines(lines, named, nothing)


def _nothing(since: str, containing: str) -> str:
    what = f'Nothing that contains "{containing}"' if containing else "Nothing"
    return f"{what} was logged since {since}. Look further back: --since 1d"
