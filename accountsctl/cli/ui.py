"""`ui`: the accounts tree in a browser."""

from __future__ import annotations

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.finish import finish
from accountsctl.cli.options import on_environment
from accountsctl.cli.page import PORT, prepared_page
from accountsctl.ui.results.users import PageServed
from accountsctl.ui.screen import YELLOW, Screen


@click.command()
@PORT
@click.option(
    "--open/--no-open", "opened", default=True, show_default=True, help="Open the page in the browser."
)
@on_environment
def ui(app: Application, screen: Screen, port: int | None, opened: bool) -> None:
    """Open the accounts page in a browser: sign in, and list, add, edit and delete accounts.

    The page is only served on this machine. Its origin differs from the API's, so the browser applies CORS as in
    production. The URL is printed; press Ctrl-C to stop.

    \b
    Examples:
      accountsctl ui
      accountsctl ui --port 0 --no-open
    """
    show_page(app, screen, port, opened=opened)


def show_page(app: Application, screen: Screen, port: int | None, *, opened: bool) -> None:
    """Serve the page and finish with its URL; goes on until it is interrupted. `opened`: in the browser too."""
    from accountsctl.adapters.page_server import LoopbackServer
    from accountsctl.commands.users.page import how_to_sign_in, serve

    page = prepared_page(app, port)
    for note in page.notes:
        screen.say(note, YELLOW)

    def ready(url: str) -> None:
        messages = (*how_to_sign_in(app.environment, app.cloud), "Ctrl-C ends it.")
        # The command goes on after its result, until it is interrupted.
        finish(screen, PageServed(url, app.environment.name, messages))
        if opened and click.launch(url) != 0:
            screen.say("No browser could be opened here; open the address above.")

    serve(page, LoopbackServer(), ready)
