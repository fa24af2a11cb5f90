"""`status`: the resources, and what a push would change."""

from __future__ import annotations

from dataclasses import replace

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.options import on_environment
from accountsctl.model.reports import Status
from accountsctl.ui.screen import Screen


@click.command()
@click.option(
    "--drift",
    "with_drift",
    is_flag=True,
    help="Also compare what runs with what was pushed; 1 if it drifted.",
)
@on_environment
def status(app: Application, _screen: Screen, with_drift: bool) -> Status:
    """Show the environment's resources, and what a push would change.

    If the cloud cannot be reached, the resources on disk are shown with a note that says why.

    \b
    Examples:
      accountsctl status
      accountsctl status -e prod --json
      accountsctl status --drift
    """
    from accountsctl.commands.stacks.states import StackCheck
    from accountsctl.commands.stacks.status import NOT_DEPLOYED, ReadStatus, unless_asleep

    cloud = unless_asleep(
        app.environment, app.cloud, lambda: (app.stacks, StackCheck(app.session, app.repairs))
    )
    found = ReadStatus(cloud, app.cloud_is_new).run(app.rendered.assembly())
    found = replace(found, unread=app.rendered.unread)
    if not with_drift or found.stack_status in (None, NOT_DEPLOYED):
        return found
    with app.settings.wait("comparing what runs with what was pushed"):
        return replace(found, drift=app.drift().run(app.environment, app.reading.project.backend))
