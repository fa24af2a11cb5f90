"""`remove`: take a resource, or a dependency of one, out of the backend."""

from __future__ import annotations

import click

from accountsctl.bootstrap import Application
from accountsctl.cli import LazyGroup
from accountsctl.cli.completion import attributes, resources
from accountsctl.cli.options import confirm_name, on_environment
from accountsctl.commands.project import remove as removing
from accountsctl.commands.project.dependencies import remove_dependency
from accountsctl.model.reports import EditResult
from accountsctl.ui.screen import Screen

RESOURCE = "resource"


@click.group(
    cls=LazyGroup,
    default=RESOURCE,
    table={
        RESOURCE: ("remove", "resource", "Remove a resource; the word can be left out."),
        "dependency": ("remove", "dependency", "Remove a dependency of one resource on another."),
        "trigger": ("trigger", "remove_trigger", "Remove what calls a function."),
    },
)
def remove() -> None:
    """Remove a resource from the backend, or what it depends on.

    \b
    Examples:
      accountsctl remove api/accountsAPI
      accountsctl remove dependency function/mailer queues/outbox
    """


@click.command()
@click.argument("consumer", metavar="FROM", shell_complete=resources)
@click.argument("on", metavar="ON", shell_complete=resources)
@click.argument("outputs", metavar="[ATTR]...", nargs=-1, shell_complete=attributes)
@on_environment
def dependency(
    app: Application, _screen: Screen, consumer: str, on: str, outputs: tuple[str, ...]
) -> EditResult:
    """Let the resource FROM no longer depend on ON, or no longer get its outputs ATTR...

    A function loses the rights that it had by them. The variables of the outputs are gone with the next push.

    \b
    Example:
      accountsctl remove dependency function/mailer queues/outbox
    """
    return remove_dependency(app.editor, consumer, on, outputs)


@click.command()
@click.argument("text", metavar="RESOURCE", shell_complete=resources)
@click.option(
    "--confirm",
    metavar="NAME",
    help="The resource's name, to confirm without a prompt that its data is lost.",
)
@on_environment
def resource(app: Application, screen: Screen, text: str, confirm: str | None) -> EditResult:
    """Remove a resource that no other resource depends on from the backend.

    The next push deletes its stack and shows which data is kept. An imported resource itself is not changed.
    The resource's files are moved to amplify/.removed.

    \b
    Example:
      accountsctl remove api/accountsAPI
    """
    removal = removing.plan_removal(app.editor, text, new_cloud=app.cloud_is_new)
    if removal.data:
        if confirm is None:
            for sentence in removal.data:
                screen.say(sentence)
        confirm_name(removal.id.name, confirm, f"remove {removal.id}", also=str(removal.id))
    return removing.remove(app.editor, removal)
