"""The accounts page, for the commands that serve it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.numbers import WholeNumber

if TYPE_CHECKING:
    from accountsctl.commands.users.page import Page

PORT = click.option(
    "--port",
    type=WholeNumber(0, 65535),
    metavar="PORT",
    help="The port of the page; 0 chooses a free port [4200, or one that the API allows].",
)


def prepared_page(app: Application, port: int | None) -> Page:
    """The environment's page, ready to be served; UsageError if there is none to serve."""
    from accountsctl.adapters.page_server import built_page
    from accountsctl.commands.users.page import first_api_origins, page_environment, prepare

    deployed = app.read_deployed().run()
    shown = page_environment(app.environment, app.cloud)
    return prepare(deployed, built_page(), first_api_origins(app.reading.project), shown, port)
