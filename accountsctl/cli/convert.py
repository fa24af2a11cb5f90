"""`convert`: render an adopted resource from the project's files again."""

from __future__ import annotations

from datetime import date

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.completion import resources
from accountsctl.cli.options import on_environment
from accountsctl.model.errors import UsageError
from accountsctl.model.reports import EditResult
from accountsctl.ui.screen import Screen


@click.command()
@click.argument("resource", metavar="RESOURCE", shell_complete=resources)
@click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar="RENDERED=ADOPTED",
    help="Which deployed logical id a rendered one becomes. Can be repeated.",
)
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
@click.option("--undo", is_flag=True, help="Go back to the template that it was adopted with.")
@on_environment
def convert(
    app: Application, _: Screen, resource: str, pairs: tuple[str, ...], dry_run: bool, undo: bool
) -> EditResult:
    """Render an adopted resource from the project's files again, in place.

    Shows which deployed resource each rendered one becomes, and what a push would replace. Nothing is sent to AWS, and
    no file of Amplify's is touched.

    \b
    Examples:
      accountsctl convert function/orders -e dev --dry-run
      accountsctl convert function/orders -e dev
      accountsctl convert function/orders -e dev --undo
    """
    from accountsctl.commands.stacks.convert import Convert

    command = Convert(app.projects, app.stacks, app.repairs, app.cache, date.today())
    if undo:
        return command.undo(app.reading, resource)
    return command.run(app.reading, resource, dict(_pair(text) for text in pairs), dry_run=dry_run)


def _pair(text: str) -> tuple[str, str]:
    rendered, equals, adopted = text.partition("=")
    if not (rendered and equals and adopted):
        raise UsageError(
            f"{text} is not of the form RENDERED=ADOPTED.",
            why="It maps a resource of the rendered template to the adopted one that it replaces.",
            hint="For example: --map Table=OrdersTable",
        )
    return rendered, adopted
