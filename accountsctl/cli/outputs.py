"""`outputs`: the outputs of the deployed stacks."""

from __future__ import annotations

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.completion import attributes, resources
from accountsctl.cli.options import on_environment
from accountsctl.ui import show
from accountsctl.ui.screen import Screen


@click.command()
@click.argument("resource", required=False, shell_complete=resources)
@click.argument("name", required=False, shell_complete=attributes)
@on_environment
def outputs(app: Application, screen: Screen, resource: str | None, name: str | None) -> None:
    """Show the outputs of the deployed stacks: URLs, ids, ARNs.

    With RESOURCE, only the outputs of that resource are shown; with NAME as well, only the value is printed.

    \b
    Examples:
      accountsctl outputs
      accountsctl outputs api/accountsAPI RootUrl
    """
    from accountsctl.commands.stacks.outputs import pick

    found = app.deployed_outputs
    picked = pick(found, resource, name) if resource else None
    if isinstance(picked, str) and not screen.as_json:
        screen.line(picked)
    elif screen.as_json:
        screen.data(found if picked is None else picked)
    else:
        show.outputs(screen, found if picked is None or isinstance(picked, str) else {str(resource): picked})
