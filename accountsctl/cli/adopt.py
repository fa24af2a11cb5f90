"""`adopt`: take over a backend that Amplify deployed."""

from __future__ import annotations

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.options import on_environment
from accountsctl.model.reports import EditResult
from accountsctl.ui.screen import Screen


@click.command()
@click.option("--undo", is_flag=True, help="Forget the adoption; the stack stays as it is.")
@on_environment
def adopt(app: Application, _: Screen, undo: bool) -> EditResult:
    """Take over a backend that Amplify deployed, as it is.

    Reads the templates of the environment's stack and keeps them in amplify/adopted, to be committed. A push then
    deploys these templates: nothing changes but what you change. Nothing is sent to AWS, and no file of Amplify's is
    touched.

    \b
    Examples:
      accountsctl adopt -e dev
      accountsctl push -e dev --dry-run
      accountsctl adopt -e dev --undo
    """
    command = app.adopt()
    return command.undo(app.environment) if undo else command.run(app.reading.project)
