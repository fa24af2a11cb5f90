"""`recover`: finish a rollback that failed."""

from __future__ import annotations

import click

from accountsctl.bootstrap import Wiring
from accountsctl.cli.options import on_environment
from accountsctl.ui.screen import Screen


@click.command()
@on_environment
def recover(wiring: Wiring, screen: Screen) -> None:
    """Finish a rollback that failed (stack status UPDATE_ROLLBACK_FAILED)."""
    from accountsctl.ui.progress import progress

    with progress(screen) as listen:
        ending = wiring.teardown().recover(wiring.environment, listen)
    if screen.as_json:
        screen.data({"environment": wiring.environment.name, "stackStatus": ending.status})
    else:
        screen.say(f"{wiring.environment.stack_name} is {ending.status}; push again.")
