"""`recover`: finish a rollback that failed."""

from __future__ import annotations

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.options import on_environment, watched
from accountsctl.ui.screen import Screen


@click.command()
@on_environment
@watched
def recover(app: Application, screen: Screen) -> None:
    """Finish a rollback that failed (stack status UPDATE_ROLLBACK_FAILED).

    \b
    Example:
      accountsctl recover -e prod
    """
    from accountsctl.commands.stacks.delete import Teardown
    from accountsctl.ui.progress import progress

    teardown = Teardown(app.stacks, app.artifacts, app.session)
    with progress(screen) as listen:
        ending = teardown.recover(app.environment, listen)
    if screen.as_json:
        screen.data({"environment": app.environment.name, "stackStatus": ending.status})
    else:
        screen.say(f"{app.environment.stack_name} is {ending.status}; push again.")
