"""`db seed` and `db export`: rows of a file into a table, and back."""

from __future__ import annotations

from pathlib import Path

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.db import RESOURCE
from accountsctl.cli.options import on_environment
from accountsctl.ui.screen import Screen


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--table", metavar="NAME", help="The table [named like the file, or the only one].")
@click.option("--again", is_flag=True, help="Add all rows again, even those that were added before.")
@RESOURCE
@on_environment
def seed(
    app: Application, screen: Screen, file: Path, table: str | None, again: bool, resource: str | None
) -> None:
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
        done = seeding.seed(app.database(resource), rows, table, advance, again=again)
    if screen.as_json:
        screen.data({"table": done.table, "added": done.added, "before": done.before})
    elif done.added or not done.before:
        before = f" ({done.before} were in before)" if done.before else ""
        screen.say(f"Added {done.added} row{'s' if done.added != 1 else ''} to {done.table}{before}.")
    else:
        screen.say(
            f"Nothing to add: all {done.before} rows of {file.name} are in. --again adds them once more."
        )


@click.command()
@click.argument("table", required=False)
@click.option(
    "--format",
    "shape",
    type=click.Choice(["csv", "json"]),
    default="csv",
    show_default=True,
    help="How to write the rows.",
)
@RESOURCE
@on_environment
def export(app: Application, screen: Screen, table: str | None, shape: str, resource: str | None) -> None:
    """Write every row of a table to stdout, as CSV or JSON that `db seed` can read.

    Rows are in the order of the primary key; numbers keep every digit.

    \b
    Example:
      accountsctl db export accounts > accounts.csv
    """
    from accountsctl.commands.database import export as dumping
    from accountsctl.commands.database import tables

    database = app.database(resource)
    target = tables.chosen(database, table, "accounts")
    rows = dumping.rows(database, target)
    names = [each.name for each in target.columns]
    texts = dumping.as_csv(names, rows) if shape == "csv" else dumping.as_json(target.columns, rows)
    for text in texts:
        screen.write(text)
