"""`logs`: what the functions logged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.completion import resources
from accountsctl.cli.options import grouped, on_environment
from accountsctl.model.environment import Cloud
from accountsctl.ui.rendering import FormattedText
from accountsctl.ui.results.functions import LogLines
from accountsctl.ui.screen import Screen

if TYPE_CHECKING:
    from accountsctl.commands.functions.logs import FunctionLog
    from accountsctl.model.logs import LogLine

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
    from accountsctl.commands.functions.choose import find_function
    from accountsctl.commands.functions.logs import function_log, parse_since

    since = parse_since(options.since, datetime.now(UTC))
    if options.function:
        find_function(app.reading.project.backend, options.function)
    log = function_log(app.deployed_outputs, app.logs, options.function)
    if options.follow:
        return followed_log(app, screen, log, since, options.containing)
    lines = tuple(log.lines(since, options.containing))
    messages = _causes(app, log, lines) if lines else (_nothing(options.since, options.containing),)
    return LogLines(lines, log.several, messages)


def _causes(app: Application, log: FunctionLog, lines: tuple[LogLine, ...]) -> tuple[str, ...]:
    """For each function whose last failure is understood: where it is in the project, and what to type."""
    from accountsctl.commands.functions.code import function_code
    from accountsctl.commands.functions.last_failure import last_failure

    project = app.reading.project
    failures = (last_failure(function_code(project, name), lines) for name in log.functions)
    return tuple(
        f"{failure.function}: {sentence}"
        for failure in failures
        if failure and (sentence := failure.sentence())
    )


def followed_log(
    app: Application, screen: Screen, log: FunctionLog, since: datetime, containing: str = ""
) -> FormattedText:
    """The lines of a log since then, and then those that come, until Ctrl-C."""
    import time

    from accountsctl.ui.results.functions import followed

    seconds = SECONDS[app.environment.cloud]
    coming = log.follow(since, containing, lambda: time.sleep(seconds), lambda: datetime.now(UTC))
    return followed(coming, screen, named=lambda: log.several)


def _nothing(since: str, containing: str) -> str:
    what = f'Nothing that contains "{containing}"' if containing else "Nothing"
    when = f"in the last {since}" if since[-1].isalpha() and since[:-1].isdigit() else f"since {since}"
    return f"{what} was logged {when}. Look further back: --since 1d"
