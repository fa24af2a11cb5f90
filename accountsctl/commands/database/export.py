"""`db export`: every row of a table, page by page in the order of its key, as text that `db seed` takes back.

Values travel as PostgreSQL's own text, so that no number loses a digit. A page that is too large for an answer of
the Data API (1 MiB) is asked for again at half its size.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from accountsctl.commands.database.tables import Column, Table, quoted
from accountsctl.model.errors import CloudError, UsageError
from accountsctl.ports.database import Database

PAGE = 2000
# The Data API's wording has changed over time, and the newer code also stands for columns of unsupported types.
TOO_LARGE = ("allowed response size", "response exceeded size limit")
_NUMBERS = ("smallint", "integer", "bigint", "numeric", "real", "double precision")


def rows(database: Database, target: Table) -> Iterator[tuple[str | None, ...]]:
    """Every row as text by column, in the order of the primary key; UsageError if that is not a single column."""
    key = target.key
    if key is None:
        raise UsageError(
            f"{target.name} has no primary key of one column.",
            why="Pages are asked for in its order, so that none is lost or doubled.",
            hint="Write a query: accountsctl db query --format csv 'select ...'",
        )
    after: str | None = None
    size = PAGE
    place = target.columns.index(key)
    while True:
        page = _page(database, target, key, after, size)
        if page is None:
            size = max(1, size // 2)
            continue
        yield from page
        if len(page) < size:
            return
        after = page[-1][place]


def _page(
    database: Database, target: Table, key: Column, after: str | None, size: int
) -> Sequence[tuple[Any, ...]] | None:
    """A page; None if it is too large for an answer."""
    columns = ", ".join(f"t.{quoted(column.name)}::text" for column in target.columns)
    name = quoted(key.name)
    where = f"WHERE t.{name} > CAST(:after AS {key.type}) " if after is not None else ""
    # The alias keeps ORDER BY from meaning the output column, which is text.
    sql = f"SELECT {columns} FROM {quoted(target.name)} AS t {where}ORDER BY t.{name} LIMIT :size"  # noqa: S608
    bound = {"size": size} | ({"after": after} if after is not None else {})
    try:
        return database.execute(sql, bound).rows
    except CloudError as error:
        if size > 1 and any(words in error.why for words in TOO_LARGE):
            return None
        raise


def json_lines(columns: Sequence[Column], found: Iterator[Sequence[str | None]]) -> Iterator[str]:
    """A JSON list of objects, row by row; numbers and booleans as such, every digit kept."""
    yield "["
    first = True
    for cells in found:
        pairs = ", ".join(
            f"{json.dumps(column.name)}: {_value(column, cell)}"
            for column, cell in zip(columns, cells, strict=True)
        )
        yield ("\n  " if first else ",\n  ") + "{" + pairs + "}"
        first = False
    yield "\n]\n" if not first else "]\n"


def _value(column: Column, cell: str | None) -> str:
    if cell is None:
        return "null"
    kind = column.type.partition("(")[0]
    if kind in _NUMBERS and cell not in ("NaN", "Infinity", "-Infinity"):
        return cell
    if kind == "boolean":
        return cell
    return cell if kind in ("json", "jsonb") else json.dumps(cell, ensure_ascii=False)
