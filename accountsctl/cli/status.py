"""`status`: the resources, and what a push would change."""

from __future__ import annotations

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.options import on_environment
from accountsctl.model.reports import Status
from accountsctl.ui.screen import Screen


@click.command()
@on_environment
def status(app: Application, _screen: Screen) -> Status:
    """Show the environment's resources, and what a push would change.

    If the cloud cannot be reached, the resources on disk are shown with a note that says why.

    \b
    Examples:
      accountsctl status
      accountsctl status -e prod --json
    """
    from accountsctl.commands.stacks.states import StackCheck
    from accountsctl.commands.stacks.status import ReadStatus, unless_asleep

    cloud = unless_asleep(
        app.environment, app.cloud, lambda: (app.stacks, StackCheck(app.session, app.repairs))
    )
    return ReadStatus(cloud).run(app.assembly())
