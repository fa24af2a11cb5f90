"""`dev`: push, and then everything that is looked at while a backend is written."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.finish import finish, require_text
from accountsctl.cli.logs import SECONDS
from accountsctl.cli.options import YES, grouped, on_environment
from accountsctl.cli.push_once import PushOptions, push_once
from accountsctl.cli.watch import check_watchable, project_changes, repeated, watch
from accountsctl.model.errors import AccountsctlError
from accountsctl.ui.errors import error_text
from accountsctl.ui.screen import Screen


@dataclass(frozen=True)
class DevOptions:
    """The flags of `dev`."""

    port: int | None
    page: bool
    yes: bool


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    help="The port of the page; 0 chooses a free port [4200, or one that the API allows].",
)
@click.option("--page/--no-page", default=True, show_default=True, help="Serve the accounts page.")
@YES
@on_environment
@grouped(DevOptions)
def dev(app: Application, screen: Screen, options: DevOptions) -> None:
    """Push, then push every change as it is saved, show what the functions log, and serve the page, until Ctrl-C.

    The log goes to stdout, all else to stderr. Protected environments are refused.

    \b
    Examples:
      accountsctl dev
      accountsctl dev --no-page --yes
    """
    require_text(screen, "dev", "Use push --json and logs -f --json.")
    flags = PushOptions(
        dry_run=False,
        exit_code=False,
        plan_file=None,
        allow_data_loss=(),
        run_scripts=False,
        omit=(),
        yes=options.yes,
    )
    check_watchable(app.environment, flags)
    # From before the first push, so that what is saved during it is not missed.
    changes, started = project_changes(app.root), datetime.now(UTC)
    finish(screen, push_once(app, screen, flags))
    _in_background(screen, "The log", lambda: _follow(Application(app.settings), screen, started))
    if options.page:
        _in_background(screen, "The page", lambda: _serve(Application(app.settings), screen, options.port))
    screen.say(f"Watching {app.root} for changes; Ctrl-C ends it.")
    watch(screen, repeated(app, screen, flags), changes)


def _in_background(screen: Screen, what: str, work: Callable[[], None]) -> None:
    """Work in a thread of its own; without it the rest goes on."""

    def run() -> None:
        try:
            work()
        except AccountsctlError as error:
            screen.say(f"{what} is not shown:")
            error_text(screen, error)

    threading.Thread(target=run, name=what, daemon=True).start()


def _follow(app: Application, screen: Screen, since: datetime) -> None:
    from accountsctl.commands.functions.logs import FunctionLog, chosen
    from accountsctl.commands.stacks.outputs import function_names
    from accountsctl.ui.results.functions import followed

    log = FunctionLog(chosen(function_names(app.deployed_outputs), None), app.logs)
    seconds = SECONDS[app.environment.cloud]
    lines = log.follow(since, "", lambda: time.sleep(seconds), lambda: datetime.now(UTC))
    finish(screen, followed(lines, screen, named=len(log.functions) > 1))


def _serve(app: Application, screen: Screen, port: int | None) -> None:
    from accountsctl.adapters.page_server import LoopbackServer, built_page
    from accountsctl.commands.users.page import first_api_origins, how_to_sign_in, prepare, serve

    page = prepare(app.read_deployed().run(), built_page(), first_api_origins(app.reading.project), port)

    def ready(url: str) -> None:
        for message in (f"The page: {url}", *page.notes, *how_to_sign_in(app.environment, app.cloud)):
            screen.say(message)

    serve(page, LoopbackServer(), ready)
