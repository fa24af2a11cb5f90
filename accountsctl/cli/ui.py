"""`ui`: the accounts tree in a browser."""

from __future__ import annotations

import click

from accountsctl.bootstrap import Wiring
from accountsctl.cli.options import on_environment
from accountsctl.ui.screen import Screen


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    help="The port to serve at; 0 takes a free one [4200, or one that the API allows].",
)
@click.option("--open/--no-open", "opened", default=True, show_default=True, help="Open the browser.")
@on_environment
def ui(wiring: Wiring, screen: Screen, port: int | None, opened: bool) -> None:
    """Show the accounts tree in a browser: sign in, look, add, rename, delete.

    The page is served on this machine only, on another origin than the API, so that CORS is really exercised.
    Its URL is printed; Ctrl-C ends it.
    """
    from accountsctl.commands.users.page import serve

    page = wiring.page(port)
    for note in page.notes:
        screen.say(note, "33")

    def ready(url: str) -> None:
        if screen.as_json:
            screen.data({"url": url, "environment": wiring.environment.name})
        else:
            screen.line(url)
        screen.out.flush()
        for line in wiring.how_to_sign_in():
            screen.say(line)
        screen.say("Ctrl-C ends it.")
        if opened and click.launch(url) != 0:
            screen.say("No browser could be opened here; open the address above.")

    serve(page, wiring.page_server(), ready)
