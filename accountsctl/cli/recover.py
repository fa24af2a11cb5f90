"""`recover`: bring a stack out of a state in which it cannot be pushed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.following import following
from accountsctl.cli.options import YES, ask, on_environment, watched, with_role
from accountsctl.ui.results.stacks import OrphansRemoved, Recovered
from accountsctl.ui.screen import Screen

if TYPE_CHECKING:
    from accountsctl.commands.stacks.recover import Recover


@click.command()
@click.option(
    "--skip",
    multiple=True,
    metavar="LOGICAL_ID",
    help="Leave this resource as it is when a rollback continues; nested: category/name.LogicalId. Repeatable.",
)
@click.option(
    "--orphans", is_flag=True, help="List and delete nested stacks that earlier failures left behind."
)
@YES
@on_environment
@with_role
@watched
def recover(
    app: Application, screen: Screen, skip: tuple[str, ...], orphans: bool, yes: bool
) -> Recovered | OrphansRemoved:
    """Bring a stack that failed back to a state in which it can be pushed to.

    Follows an operation in progress; continues a failed rollback; rolls a failed creation or update back; finishes
    a failed deletion, and keeps what refuses to be deleted if you agree; deletes change sets that were never executed.

    \b
    Examples:
      accountsctl recover -e prod
      accountsctl recover -e prod --skip function/accountsAPI.LambdaFunction
      accountsctl recover -e prod --orphans
    """
    from accountsctl.commands.stacks.recover import Recover

    workflow = Recover(app.repairs, app.artifacts, app.session)
    if orphans:
        return _remove_orphans(app, screen, workflow, yes=yes)

    def agree(question: str) -> None:
        if yes:
            screen.say(question)
        else:
            ask(question)

    with following(app, screen) as listen:
        status = workflow.run(app.environment, skip, agree, listen)
    return Recovered(app.environment.name, app.environment.stack_name, status)


def _remove_orphans(app: Application, screen: Screen, workflow: Recover, *, yes: bool) -> OrphansRemoved:
    """List what earlier failures left behind, and delete it after a confirmation."""

    found = workflow.orphans(app.environment)
    for orphan in found:
        screen.say(f"{orphan.name}  {orphan.status}")
    if found and not yes:
        ask("Delete these stacks and everything in them?")
    with following(app, screen) as listen:
        workflow.remove(found, listen)
    return OrphansRemoved(app.environment.name, tuple(orphan.name for orphan in found))
