"""`restore`: undo `remove`."""

from __future__ import annotations

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.completion import removed
from accountsctl.cli.options import on_environment
from accountsctl.commands.project import restore as restoring
from accountsctl.model.reports import EditResult
from accountsctl.ui.screen import Screen


@click.command()
@click.argument("text", metavar="RESOURCE", shell_complete=removed)
@on_environment
def restore(app: Application, _screen: Screen, text: str) -> EditResult:
    """Bring back a resource that was removed, as it was: its files, and what each environment stated of it.

    This is about the project's files. The data of a deleted database comes back by `accountsctl db restore`.

    \b
    Example:
      accountsctl restore rds/db
    """
    return restoring.restore(app.editor, text)
