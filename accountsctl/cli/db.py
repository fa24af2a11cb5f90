"""`db`: the database behind the API, through the RDS Data API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TextIO

import click

from accountsctl.bootstrap import Application
from accountsctl.cli import LazyGroup
from accountsctl.cli.completion import databases
from accountsctl.cli.options import grouped, on_environment
from accountsctl.model.database_reports import InitResult, PendingFiles, RowFormat, SchemaStatus
from accountsctl.model.errors import UsageError
from accountsctl.ui.results.database import Rows
from accountsctl.ui.screen import Screen

RESOURCE = click.option(
    "--resource", metavar="NAME", help="The rds resource, if there are several.", shell_complete=databases
)


@click.group(
    cls=LazyGroup,
    table={
        "init": ("db", "init", "Create the tables: apply every schema/*.sql once."),
        "migrate": ("db", "migrate", "Apply migrations up to a version, or preview them."),
        "status": ("db", "status", "Show which schema files are applied."),
        "query": ("db", "query", "Run one SQL statement and print its rows."),
        "shell": ("db_shell", "shell", "Run SQL statements interactively."),
        "seed": ("db_rows", "seed", "Add the rows of a CSV or JSON file to a table."),
        "snapshots": ("db_snapshots", "snapshots", "List the snapshots that databases can be restored from."),
        "restore": ("db_snapshots", "restore", "Let the next push create the database from a snapshot."),
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
def init(app: Application, screen: Screen, resource: str | None) -> InitResult:
    """Apply every file of the resource's schema folder once, in the order of their names.

    The table accountsctl_migrations records the applied files. Running the command again changes nothing; a file
    that was edited after it was applied is an error.

    \b
    Example:
      accountsctl db init
    """
    return _apply(app, screen, resource, None)


@click.command()
@click.option("--to", metavar="NAME", help="The last file to apply: its name, or the start of it (002).")
@click.option("--dry-run", is_flag=True, help="Show which files would be applied, and apply none.")
@RESOURCE
@on_environment
def migrate(
    app: Application, screen: Screen, to: str | None, dry_run: bool, resource: str | None
) -> InitResult | PendingFiles:
    """Apply the schema files that are not applied yet, up to a version if you name one.

    Each file is one transaction. A statement that cannot run in a transaction (CREATE INDEX CONCURRENTLY, VACUUM,
    ...), or that takes longer than 45 seconds, needs a file of its own. It is followed until it ends.

    \b
    Examples:
      accountsctl db migrate --dry-run
      accountsctl db migrate --to 002
    """
    if not dry_run:
        return _apply(app, screen, resource, to)
    from accountsctl.commands.database.choose import database_source
    from accountsctl.commands.database.migrate import migrations, pending, up_to

    wanted = up_to(migrations(database_source(app.reading, resource)), to)
    return pending(app.database(resource), wanted)


@click.command()
@RESOURCE
@on_environment
def status(app: Application, _screen: Screen, resource: str | None) -> SchemaStatus:
    """Show which schema files are applied, and when. The exit code is 1 if one was edited or deleted since.

    \b
    Examples:
      accountsctl db status
      accountsctl db status -e prod --json
    """
    from accountsctl.commands.database.choose import database_source
    from accountsctl.commands.database.migrate import migrations, schema_status

    return schema_status(app.database(resource), migrations(database_source(app.reading, resource)))


def _apply(app: Application, screen: Screen, resource: str | None, to: str | None) -> InitResult:
    from accountsctl.commands.database.choose import database_source
    from accountsctl.commands.database.migrate import initialise, migrations, up_to

    source = database_source(app.reading, resource)
    return initialise(app.database(resource), up_to(migrations(source), to), screen.say)


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
    type=click.Choice([shape.value for shape in RowFormat]),
    default=RowFormat.TABLE.value,
    show_default=True,
    help="How to print the rows.",
)
@RESOURCE
@on_environment
@grouped(QueryOptions)
def query(app: Application, screen: Screen, options: QueryOptions) -> Rows:
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
            why="It is stated twice." if options.sql is not None else "None is stated.",
            hint="Pass it as SQL or with --file, not both: accountsctl db query 'select 1'",
        )
    text = options.sql if options.file is None else options.file.read()
    long = LongStatements(app.database(options.resource), screen.say)
    return Rows(run(long, text or "", parse_parameters(options.parameters)), RowFormat(options.shape))
