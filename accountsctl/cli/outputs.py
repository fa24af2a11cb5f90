"""`outputs`: the outputs of the deployed stacks."""

from __future__ import annotations

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.completion import attributes, resources
from accountsctl.cli.options import on_environment
from accountsctl.ui.results.stacks import OutputsFound
from accountsctl.ui.screen import Screen


@click.command()
@click.argument("resource", required=False, shell_complete=resources)
@click.argument("name", required=False, shell_complete=attributes)
@on_environment
def outputs(app: Application, _screen: Screen, resource: str | None, name: str | None) -> OutputsFound:
    """Show the outputs of the deployed stacks: URLs, ids, ARNs.

    With RESOURCE, whose category may be left out, only its outputs are shown; with NAME as well, only the value is
    printed. A secret, as an app client's, is shown as **** unless it is named.

    \b
    Examples:
      accountsctl outputs
      accountsctl outputs api/accountsAPI RootUrl
    """
    from accountsctl.commands.stacks.outputs import named_resource, pick

    if not resource:
        return OutputsFound(app.deployed_outputs)
    resource = named_resource(app.reading.project, resource, lambda: app.deployed_outputs)
    found = app.deployed_outputs
    return OutputsFound(found, resource, pick(found, resource, name))
