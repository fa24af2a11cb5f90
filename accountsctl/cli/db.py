"""`db`: the database behind the API, through the RDS Data API."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TextIO

import click

from accountsctl.bootstrap import Application
from accountsctl.cli import LazyGroup
from accountsctl.cli.options import grouped, on_environment
from accountsctl.model.errors import UsageError
from accountsctl.ports.database import QueryResult
from accountsctl.ui import show
from accountsctl.ui.screen import Screen

RESOURCE = click.option("--resource", metavar="NAME", help="The rds resource, if there are several.")


@click.group(
    cls=LazyGroup,
    table={
        "init": ("db", "init", "Create the tables: apply every schema/*.sql once."),
        "migrate": ("db", "migrate", "Apply migrations up to a version, or preview them."),
        "status": ("db", "status", "Show which schema files are applied."),
        "query": ("db", "query", "Run one SQL statement and print its rows."),
        "shell": ("db_shell", "shell", "Run SQL statements interactively."),
        "seed": ("db_rows", "seed", "Add the rows of a CSV or JSON file to a table."),
        "export": ("db_rows", "export", "Write every row of a table as CSV or JSON."),
    },
)
def db() -> None:
    """The database behind the API, through the RDS Data API. No password is needed.

    \b
    Examples:
      accountsctl db init
      accountsctl db query "select * from accounts limit 5"
    """


@click.command()
@RESOURCE
@on_environment
def init(app: Application, screen: Screen, resource: str | None) -> None:
    """Apply every file of the resource's schema folder once, in the order of their names.

    The table accountsctl_migrations records the applied files. Running the command again changes nothing; a file
    that was edited after it was applied is an error.

    \b
    Example:
      accountsctl db init
    """
    _apply(app, screen, resource, None)


@click.command()
@click.option("--to", metavar="NAME", help="The last file to apply: its name, or the start of it (002).")
@click.option("--dry-run", is_flag=True, help="Show which files would be applied, and apply none.")
@RESOURCE
@on_environment
def migrate(app: Application, screen: Screen, to: str | None, dry_run: bool, resource: str | None) -> None:
    """Apply the schema files that are not applied yet, up to a version if you name one.

    Each file is one transaction. A statement that cannot run in a transaction (CREATE INDEX CONCURRENTLY, VACUUM,
    ...), or that takes longer than 45 seconds, needs a file of its own. It is followed until it ends.

    \b
    Examples:
      accountsctl db migrate --dry-run
      accountsctl db migrate --to 002
    """
    if not dry_run:
        _apply(app, screen, resource, to)
        return
    from accountsctl.commands.database.choose import database_source
    from accountsctl.commands.database.migrate import migrations, pending, up_to

    wanted = up_to(migrations(database_source(app.reading, resource)), to)
    waiting = [each.name for each in pending(app.database(resource), wanted)]
    if screen.as_json:
        screen.data({"pending": waiting})
        return
    for name in waiting:
        screen.line(name)
    screen.say(f"{len(waiting)} of {len(wanted)} files would be applied." if waiting else "Nothing to apply.")


@click.command()
@RESOURCE
@on_environment
def status(app: Application, screen: Screen, resource: str | None) -> None:
    """Show which schema files are applied, and when. The exit code is 1 if one was edited or deleted since.

    \b
    Examples:
      accountsctl db status
      accountsctl db status -e prod --json
    """
    from accountsctl.commands.database.choose import database_source
    from accountsctl.commands.database.migrate import migrations, states

    rows = states(app.database(resource), migrations(database_source(app.reading, resource)))
    if screen.as_json:
        screen.data([{"file": each.name, "state": each.state, "appliedAt": each.applied_at} for each in rows])
    else:
        screen.table(
            ("file", "state", "applied at (UTC)"), [(e.name, e.state, e.applied_at or "") for e in rows]
        )
    if any(each.state in ("edited", "missing") for each in rows):
        raise SystemExit(1)


def _apply(app: Application, screen: Screen, resource: str | None, to: str | None) -> None:
    from accountsctl.commands.database.choose import database_source
    from accountsctl.commands.database.migrate import initialise, migrations, up_to

    source = database_source(app.reading, resource)
    result = initialise(app.database(resource), up_to(migrations(source), to), screen.say)
    if screen.as_json:
        screen.data({"applied": list(result.applied), "already": list(result.already)})
    elif result.applied:
        screen.say(f"Applied {len(result.applied)} of {len(result.applied) + len(result.already)} files.")
    else:
        screen.say(f"Nothing to apply: {len(result.already)} files are applied already.")


@dataclass(frozen=True)
class QueryOptions:
    """What the command line states; None means that an option was not given."""

    sql: str | None
    file: TextIO | None
    parameters: tuple[str, ...]
    shape: str
    resource: str | None


@click.command()
@click.argument("sql", required=False)
@click.option("--file", type=click.File(), help="Read the statement from a file; - is standard input.")
@click.option(
    "-p",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="The value of :NAME; NAME:TYPE=VALUE sets its type.",
)
@click.option(
    "--format",
    "shape",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="How to print the rows.",
)
@RESOURCE
@on_environment
@grouped(QueryOptions)
def query(app: Application, screen: Screen, options: QueryOptions) -> None:
    """Run one SQL statement and print its rows.

    Parameter values that are JSON numbers, true, false or null are sent as such, all others as text. To send
    a number as text, write `-p number:text=007`. A query has 45 seconds; any other statement is followed until it ends.

    \b
    Examples:
      accountsctl db query "select * from accounts limit 5"
      accountsctl db query "select * from accounts where id = :id" -p id=7
    """
    from accountsctl.commands.database.long_statements import LongStatements
    from accountsctl.commands.database.query import parse_parameters
    from accountsctl.commands.database.query import query as run

    if (options.sql is None) == (options.file is None):
        raise UsageError(
            "State one SQL statement.",
            hint="Pass it as SQL or with --file, not both: accountsctl db query 'select 1'",
        )
    text = options.sql if options.file is None else options.file.read()
    long = LongStatements(app.database(options.resource), screen.say)
    found = run(long, text or "", parse_parameters(options.parameters))
    _show_rows(screen, found, options.shape)


def _show_rows(screen: Screen, found: QueryResult | None, shape: str) -> None:
    """`found` is None if the statement succeeded after its call had ended."""
    if found is None:
        screen.say("Done. How many rows were changed is not known: the statement outlived its call.")
        if screen.as_json:
            screen.data([])
    elif screen.as_json or (shape == "json" and found.columns):
        screen.data([dict(zip(found.columns, map(_plain, row), strict=True)) for row in found.rows])
    elif shape == "csv" and found.columns:
        from accountsctl.commands.database.export import as_csv

        for line in as_csv(found.columns, iter(found.rows)):
            screen.write(line)
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
