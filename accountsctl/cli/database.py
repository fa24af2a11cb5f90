"""`db`: the database behind the API, through the RDS Data API."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import click

from accountsctl.cli import LazyGroup
from accountsctl.cli.options import on_environment
from accountsctl.ui import show
from accountsctl.ui.screen import Screen
from accountsctl.wiring import Wiring

RESOURCE = click.option("--resource", metavar="NAME", help="The rds resource, where there are several.")


@click.group(
    cls=LazyGroup,
    table={
        "init": ("database", "init", "Apply schema/*.sql, each file once."),
        "query": ("database", "query", "Run one statement and print its rows."),
    },
)
def db() -> None:
    """The database behind the API, through the RDS Data API. No password is ever seen."""


@click.command()
@RESOURCE
@on_environment
def init(wiring: Wiring, screen: Screen, resource: str | None) -> None:
    """Apply the files of the resource's schema folder, in order, each once.

    What was applied is recorded in the table accountsctl_migrations, under a lock; a file that was edited
    after it was applied is refused. Running it again does nothing.
    """
    from accountsctl.workflows.database import initialise, migrations

    source = wiring.database_source(resource)
    result = initialise(wiring.database(resource), migrations(source), screen.say)
    if screen.as_json:
        screen.data({"applied": list(result.applied), "already": list(result.already)})
    elif result.applied:
        screen.say(f"Applied {len(result.applied)} of {len(result.applied) + len(result.already)} files.")
    else:
        screen.say(f"Nothing to apply: {len(result.already)} files are applied already.")


@click.command()
@click.argument("sql")
@click.option(
    "-p", "parameters", multiple=True, metavar="NAME=VALUE", help="Bind :NAME; NAME:TYPE=VALUE types it."
)
@RESOURCE
@on_environment
def query(
    wiring: Wiring, screen: Screen, sql: str, parameters: tuple[str, ...], resource: str | None
) -> None:
    """Run one statement and print its rows: a table, or with --json a list of objects.

    A number in JSON's spelling is bound as a number, true, false and null as themselves, anything else as
    text; `-p number:text=007` says otherwise.
    """
    from accountsctl.workflows.database import parse_parameters
    from accountsctl.workflows.database import query as run

    bound = parse_parameters(parameters)
    found = run(wiring.database(resource), sql, bound)
    if screen.as_json:
        screen.data([dict(zip(found.columns, map(_plain, row), strict=True)) for row in found.rows])
    elif found.columns:
        show.rows(screen, found.columns, found.rows)
    else:
        screen.say(f"{found.updated} row{'s' if found.updated != 1 else ''} changed.")


def _plain(value: Any) -> Any:
    """A value as JSON has it: an exact number stays exact where a double can hold it, else it is text."""
    if isinstance(value, Decimal):
        number = (
            int(value)
            if value == value.to_integral_value() and value.as_tuple().exponent == 0
            else float(value)
        )
        return number if Decimal(str(number)) == value else str(value)
    return value
