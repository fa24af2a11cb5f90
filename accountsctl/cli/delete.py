"""`delete`: delete an environment's stacks."""

from __future__ import annotations

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.following import following
from accountsctl.cli.options import YES, confirm_name, on_environment, watched, with_role
from accountsctl.model.events import Event, Note
from accountsctl.ui.results.stacks import StacksDeleted
from accountsctl.ui.screen import Screen

CONFIRM = click.option(
    "--confirm", metavar="NAME", help="The environment's name, to confirm without a prompt."
)


@click.command()
@YES
@CONFIRM
@on_environment
@with_role
@watched
def delete(app: Application, screen: Screen, yes: bool, confirm: str | None) -> StacksDeleted:
    """Delete the environment's stacks and everything in them; final database snapshots and the project's files stay.

    You are asked for the environment's name. Without a terminal, pass --yes --confirm NAME.

    \b
    Examples:
      accountsctl delete -e staging
      accountsctl delete -e staging --yes --confirm staging
    """
    deleted = delete_stacks(app, screen, confirm if yes else None)
    return StacksDeleted(app.environment.name, app.environment.stack_name, deleted)


def delete_stacks(app: Application, screen: Screen, confirm: str | None) -> bool:
    """Delete the stacks of the environment after a typed confirmation; False if there are none."""
    from accountsctl.commands.stacks.delete import Teardown

    environment = app.environment
    teardown = Teardown(app.stacks, app.repairs, app.artifacts, app.session)
    target = teardown.target(environment, lambda event: _note(screen, event))
    if target is None:
        return False
    screen.say(
        f"This deletes the stack {environment.stack_name} with all that it holds; final snapshots of databases stay."
    )
    for resource in target.data:
        screen.say(f"  {resource}")
    for orphan in target.orphans:
        screen.say(f"  {orphan.name}, which an earlier failure left behind")
    action = f"delete the environment {environment.name} (stack {environment.stack_name})"
    confirm_name(environment.name, confirm, action, flags="--yes --confirm")
    with following(app, screen) as listen:
        teardown.run(target, listen)
    return True


def _note(screen: Screen, event: Event) -> None:
    """Before the confirmation only steps are shown: what happens to resources is another operation's work."""
    if isinstance(event, Note):
        screen.say(event.text)
