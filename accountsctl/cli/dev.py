"""`dev`: push, and then everything that is looked at while a backend is written."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.debugging import DEBUG_PORT, debugged
from accountsctl.cli.finish import finish, require_text
from accountsctl.cli.logs import followed_log
from accountsctl.cli.options import YES, on_environment
from accountsctl.cli.page import PORT, prepared_page
from accountsctl.cli.push_once import PushOptions, push_once
from accountsctl.cli.watch import check_watchable, project_changes, repeated, watch
from accountsctl.model.errors import AccountsctlError
from accountsctl.model.events import PushResult
from accountsctl.ui.errors import error_text
from accountsctl.ui.screen import Screen


@click.command()
@PORT
@click.option("--page/--no-page", default=True, show_default=True, help="Serve the accounts page.")
@DEBUG_PORT
@YES
@on_environment
def dev(
    app: Application,
    screen: Screen,
    port: int | None,
    page: bool,
    debug_ports: tuple[str, ...],
    yes: bool,
) -> None:
    """Push, then push every change as it is saved, show what the functions log, and serve the page, until Ctrl-C.

    The log goes to stdout, all else to stderr. Protected environments are refused. With --debug-port, breakpoints
    stop a function: by debugpy in Python, by the inspector in Node.js.

    \b
    Examples:
      accountsctl dev
      accountsctl dev --no-page --yes
      accountsctl dev --debug-port 5678
      accountsctl dev --debug-port orders=5678 --debug-port mailer=9229
    """
    from accountsctl.commands.stacks.outputs import function_names

    require_text(screen, "dev", "Use push --json and logs -f --json.")
    flags = PushOptions(yes=yes, watch=True, debug_ports=debug_ports)
    check_watchable(app, flags)
    # From before the first push, so that what is saved during it is not missed.
    changes, started = project_changes(app.root), datetime.now(UTC)
    first = push_once(app, screen, flags)
    finish(screen, first)
    functions = _functions(first)
    _in_background(screen, "The log", lambda: _follow(Application(app.settings), screen, functions, started))
    if page:
        _in_background(screen, "The page", lambda: _serve(Application(app.settings), screen, port))
    push = _following(repeated(app, screen, flags), functions)
    with debugged(app, screen, debug_ports, function_names(first.outputs)):
        screen.say(f"Watching {app.root} for changes; Ctrl-C ends it.")
        watch(screen, push, changes)


def _following(push: Callable[[], PushResult], functions: dict[str, str]) -> Callable[[], PushResult]:
    """The push, which adds the functions that are new to those whose log is followed."""

    def push_and_follow() -> PushResult:
        result = push()
        functions.update(_functions(result))
        return result

    return push_and_follow


def _in_background(screen: Screen, what: str, work: Callable[[], None]) -> None:
    """Work in a thread of its own; without it the rest goes on."""

    def run() -> None:
        try:
            work()
        except AccountsctlError as error:
            screen.say(f"{what} is not shown:")
            error_text(screen, error)

    threading.Thread(target=run, name=what, daemon=True).start()


def _functions(result: PushResult) -> dict[str, str]:
    """The names in Lambda of the functions that are deployed, by the names of their resources."""
    from accountsctl.commands.functions.logs import chosen
    from accountsctl.commands.stacks.outputs import function_names

    return chosen(function_names(result.outputs), None)


def _follow(app: Application, screen: Screen, functions: Mapping[str, str], since: datetime) -> None:
    from accountsctl.commands.functions.logs import FunctionLog

    finish(screen, followed_log(app, screen, FunctionLog(functions, app.logs), since))


def _serve(app: Application, screen: Screen, port: int | None) -> None:
    from accountsctl.adapters.page_server import LoopbackServer
    from accountsctl.commands.users.page import how_to_sign_in, serve

    page = prepared_page(app, port)

    def ready(url: str) -> None:
        for message in (f"The page: {url}", *page.notes, *how_to_sign_in(app.environment, app.cloud)):
            screen.say(message)

    serve(page, LoopbackServer(), ready)
