"""`db seed` and `db export`: rows of a file into a table, and back."""

from __future__ import annotations

from pathlib import Path

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.db import RESOURCE
from accountsctl.cli.options import on_environment
from accountsctl.model.database_reports import RowFormat, Seeded
from accountsctl.ui.rendering import FormattedText
from accountsctl.ui.screen import Screen


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--table", metavar="NAME", help="The table [named like the file, or the only one].")
@click.option("--again", is_flag=True, help="Add all rows again, even those that were added before.")
@RESOURCE
@on_environment
def seed(
    app: Application, screen: Screen, file: Path, table: str | None, again: bool, resource: str | None
) -> Seeded:
    """Add the rows of a CSV or JSON file to a table, each exactly once.

    An interrupted run continues where it stopped, and rows appended to the file later are added by the next run.
    An empty cell of a CSV file is NULL; columns that are not in the file get their defaults.

    \b
    Examples:
      accountsctl db seed accounts.csv
      accountsctl db seed rows.json --table accounts
    """
    from accountsctl.commands.database import seed as seeding
    from accountsctl.commands.database import seed_files
    from accountsctl.ui.bar import bar

    rows = seed_files.read(file)
    with bar(screen, file.name) as advance:
        return seeding.seed(app.database(resource), rows, table, advance, again=again)


@click.command()
@click.argument("table", required=False)
@click.option(
    "--format",
    "shape",
    type=click.Choice([RowFormat.CSV.value, RowFormat.JSON.value]),
    default=RowFormat.CSV.value,
    show_default=True,
    help="How to write the rows.",
)
@RESOURCE
@on_environment
def export(
    app: Application, _screen: Screen, table: str | None, shape: str, resource: str | None
) -> FormattedText:
    """Write every row of a table to stdout, as CSV or JSON that `db seed` can read.

    Rows are in the order of the primary key; numbers keep every digit.

    \b
    Example:
      accountsctl db export accounts > accounts.csv
    """
    from accountsctl.commands.database import export as dumping
    from accountsctl.commands.database import tables
    from accountsctl.formats.csv_writer import csv_lines

    database = app.database(resource)
    target = tables.chosen(database, table, "accounts")
    rows = dumping.rows(database, target)
    if shape == RowFormat.JSON:
        return FormattedText(dumping.json_lines(target.columns, rows))
    return FormattedText(csv_lines([column.name for column in target.columns], rows))
