"""`remove`: take a resource out of the backend."""

from __future__ import annotations

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.completion import resources
from accountsctl.cli.options import confirm_name, on_environment
from accountsctl.commands.project import remove as removing
from accountsctl.model.reports import EditResult
from accountsctl.ui.screen import Screen


@click.command()
@click.argument("resource", metavar="CATEGORY/NAME", shell_complete=resources)
@click.option(
    "--confirm",
    metavar="NAME",
    help="The resource's name, to confirm without a prompt that its data is lost.",
)
@on_environment
def remove(app: Application, screen: Screen, resource: str, confirm: str | None) -> EditResult:
    """Remove a resource that no other resource depends on from the backend.

    The next push deletes its stack and shows which data is kept. An imported resource itself is not changed.
    The resource's files are moved to amplify/.removed.

    \b
    Example:
      accountsctl remove api/accountsAPI
    """
    removal = removing.plan_removal(app.editor, resource)
    if removal.data:
        for sentence in removal.data:
            screen.say(sentence)
        confirm_name(removal.id.name, confirm, f"remove {removal.id}")
    return removing.remove(app.editor, removal)
