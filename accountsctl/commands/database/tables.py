"""A table as the database describes it: its columns with their types, and its primary key."""

from __future__ import annotations

from dataclasses import dataclass

from accountsctl.model.errors import UsageError
from accountsctl.model.suggestions import did_you_mean
from accountsctl.ports.database import Database

OWN = "accountsctl_"
"""The beginning of our own tables' names; they hold no data of users."""
_TABLES = (
    "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
    " AND table_type = 'BASE TABLE' ORDER BY table_name"
)
_COLUMNS = (
    "SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attidentity <> '' AS identity,"
    " a.attnotnull AS required, coalesce(pg_get_expr(d.adbin, d.adrelid), '') AS initial,"
    " coalesce((SELECT true FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisprimary"
    " AND a.attnum = ANY(i.indkey)), false) AS key"
    " FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
    " WHERE a.attrelid = to_regclass(:table) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"
)


@dataclass(frozen=True)
class Column:
    """A column. `type` is PostgreSQL's own word for it; `initial` its default as an expression, or empty."""

    name: str
    type: str
    identity: bool = False
    required: bool = False
    initial: str = ""
    key: bool = False


@dataclass(frozen=True)
class Table:
    """A table with its columns in order."""

    name: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> Column | None:
        """The primary key, where it is one column."""
        keys = [column for column in self.columns if column.key]
        return keys[0] if len(keys) == 1 else None


def names(database: Database) -> tuple[str, ...]:
    """The tables of the current schema, without our own."""
    found = (str(row[0]) for row in database.execute(_TABLES).rows)
    return tuple(name for name in found if not name.startswith(OWN))


def table(database: Database, name: str) -> Table:
    """One table; UsageError that lists what there is."""
    rows = database.execute(_COLUMNS, {"table": quoted(name)}).rows
    if not rows:
        there = names(database)
        raise UsageError(
            f"There is no table {name}.",
            why=f"The database has: {', '.join(there) or 'none'}.",
            hint=did_you_mean(name, there) or "Create it: accountsctl db init",
        )
    return Table(name, tuple(Column(*row) for row in rows))


def chosen(database: Database, wanted: str | None, stem: str) -> Table:
    """The table that was named, or that a file is called after, or the only one."""
    if wanted is not None:
        return table(database, wanted)
    there = names(database)
    if stem in there or len(there) != 1:
        return table(database, stem)
    return table(database, there[0])


def quoted(name: str) -> str:
    """A name as SQL takes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'
