"""`db seed`: rows of a file into a table, each exactly once, however often the command is killed and run again.

A batch is one statement: it moves the file's mark (a row of ``accountsctl_seeds``, by the file's digest) from where
it stood to where it will stand, and adds the rows only if the mark was there. PostgreSQL does both or neither, so
whoever is killed has a mark that tells what is in; two at once take turns at the mark's row.

Rows travel as one JSON text, many thousands in a call (``json_populate_recordset``), which the database reads by the
columns' own types: an empty cell of a CSV file is NULL, columns that the file does not name get their defaults.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accountsctl.model.errors import CloudError, Fault, ProjectError, UsageError
from accountsctl.ports import Database
from accountsctl.workflows.tables import Table, chosen, quoted

MOST_ROWS = 5000
MOST_BYTES = 900_000
"""Of a batch. The Data API takes requests of 4 MiB, and a smaller batch shows progress and loses less."""
MARKS = "accountsctl_seeds"
_CREATE = (
    f"CREATE TABLE IF NOT EXISTS {MARKS} (digest text PRIMARY KEY, file text NOT NULL, done bigint NOT NULL,"
    " started_at timestamptz NOT NULL DEFAULT now())"
)
_MARK = f"INSERT INTO {MARKS} (digest, file, done) VALUES (:digest, :file, 0) ON CONFLICT DO NOTHING"  # noqa: S608
_DONE = f"SELECT done FROM {MARKS} WHERE digest = :digest"  # noqa: S608
_FORGET = f"DELETE FROM {MARKS} WHERE digest = :digest"  # noqa: S608
Row = Mapping[str, Any]
Advance = Callable[[int, int], None]


@dataclass(frozen=True)
class Numbered:
    """A row with its line in the file, or its number where the file has no lines of rows."""

    line: int
    values: Row


@dataclass(frozen=True)
class SeedFile:
    """A file of rows: its name, its digest, and its rows."""

    name: str
    digest: str
    columns: tuple[str, ...]
    rows: tuple[Numbered, ...]


@dataclass(frozen=True)
class Seeded:
    """What a run did: rows that it added, and rows that were in before."""

    table: str
    added: int
    before: int


def read(path: Path) -> SeedFile:
    """Read a CSV or JSON file of rows; ProjectError with every line that does not fit, UsageError for another kind."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read.", why=str(error)) from error
    reader = {".csv": _csv, ".json": _json}.get(path.suffix.lower())
    if reader is None:
        raise UsageError(
            f"{path.name} is neither CSV nor JSON.", hint="Name a file that ends in .csv or .json."
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path.name} is not UTF-8.", why=str(error), hint="Save it as UTF-8.") from error
    columns, rows = reader(path.name, text)
    return SeedFile(path.name, hashlib.sha256(content).hexdigest(), columns, rows)


def _csv(name: str, text: str) -> tuple[tuple[str, ...], tuple[Numbered, ...]]:
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    faults: list[Fault] = []
    rows: list[Numbered] = []
    try:
        columns = tuple(each.strip() for each in next(reader, []))
        for cells in reader:
            if cells and len(cells) != len(columns):
                what = f"{len(cells)} cells under {len(columns)} columns"
                faults.append(Fault(name, reader.line_num, what, "Quote cells that hold commas."))
            elif cells:
                values = {key: cell or None for key, cell in zip(columns, cells, strict=True)}
                rows.append(Numbered(reader.line_num, values))
    except csv.Error as error:
        faults.append(Fault(name, reader.line_num, f"{error}", "Close the quotes."))
    if faults:
        raise ProjectError(faults)
    return columns, tuple(rows)


def _json(name: str, text: str) -> tuple[tuple[str, ...], tuple[Numbered, ...]]:
    try:
        value = json.loads(text, parse_float=str)
    except ValueError as error:
        line = getattr(error, "lineno", 0)
        raise ProjectError(
            [Fault(name, line, f"no JSON: {error}", "It must be a list of objects.")]
        ) from error
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise ProjectError([Fault(name, 0, "no list of objects", 'Write [{"column": value}, ...].')])
    columns = tuple(dict.fromkeys(key for each in value for key in each))
    return columns, tuple(Numbered(number, each) for number, each in enumerate(value, 1))


def seed(
    database: Database,
    file: SeedFile,
    wanted: str | None = None,
    advance: Advance = lambda _done, _all: None,
    *,
    again: bool = False,
) -> Seeded:
    """Add what of the file is not in yet. `again` forgets that it was seeded; `advance` hears (done, all)."""
    target = chosen(database, wanted, file.name.partition(".")[0])
    _check_columns(file, target)
    database.execute(_CREATE)
    if again:
        database.execute(_FORGET, {"digest": file.digest})
    database.execute(_MARK, {"digest": file.digest, "file": file.name})
    before = done = _done(database, file)
    while done < len(file.rows):
        advance(done, len(file.rows))
        batch = _batch(file.rows[done:])
        if _add(database, file, target, batch, done):
            done += len(batch)
        else:  # another run of the same file has moved the mark
            done = _done(database, file)
    advance(done, len(file.rows))
    if any(each.identity for each in target.columns if each.name in file.columns):
        _catch_up(database, target)
    return Seeded(target.name, len(file.rows) - before, before)


def _done(database: Database, file: SeedFile) -> int:
    return int(database.execute(_DONE, {"digest": file.digest}).rows[0][0])


def _check_columns(file: SeedFile, target: Table) -> None:
    known = [each.name for each in target.columns]
    strange = [each for each in file.columns if each not in known]
    missing = [
        each.name
        for each in target.columns
        if each.required and not each.identity and not each.initial and each.name not in file.columns
    ]
    if strange or missing:
        parts = [f"has {', '.join(strange)}, which the table has not"] if strange else []
        parts += [f"lacks {', '.join(missing)}"] if missing else []
        hint = f"The table {target.name} has: {', '.join(known)}."
        raise ProjectError([Fault(file.name, 1, " and ".join(parts), hint)])


def _batch(rows: Sequence[Numbered]) -> Sequence[Numbered]:
    """As many of the next rows as one call takes."""
    size = 0
    for number, row in enumerate(rows[:MOST_ROWS]):
        size += len(json.dumps(row.values)) + 2
        if number and size > MOST_BYTES:
            return rows[:number]
    return rows[:MOST_ROWS]


def _add(database: Database, file: SeedFile, target: Table, batch: Sequence[Numbered], done: int) -> bool:
    """Add a batch; False where the mark stands elsewhere by now."""
    try:
        return _insert(database, file, target, batch, done, None)
    except CloudError as error:
        if error.code[:2] not in ("22", "23"):
            raise
        line = _first_refused(database, file, target, batch, done)
        raise CloudError(
            f"{file.name}:{line}: the database refused this row; {done} rows before its batch are in.",
            why=error.why,
            hint=f"Correct the row and run it again. {error.hint}".strip(),
            code=error.code,
        ) from error


def _insert(
    database: Database,
    file: SeedFile,
    target: Table,
    batch: Sequence[Numbered],
    done: int,
    transaction: str | None,
) -> bool:
    bound = {
        "digest": file.digest,
        "before": done,
        "after": done + len(batch),
        "rows": json.dumps([each.values for each in batch]),
    }
    answer = database.execute(insertion(target, file.columns), bound, transaction=transaction)
    return bool(answer.rows[0][0])


def insertion(target: Table, columns: Sequence[str]) -> str:
    """The statement of a batch: move the mark, and add the rows only where it moved."""
    names = ", ".join(quoted(each) for each in columns)
    given = {each.name for each in target.columns if each.identity} & set(columns)
    system = " OVERRIDING SYSTEM VALUE" if given else ""
    return (
        f"WITH moved AS (UPDATE {MARKS} SET done = :after WHERE digest = :digest AND done = :before RETURNING 1),"  # noqa: S608
        f" added AS (INSERT INTO {quoted(target.name)} ({names}){system} SELECT {names}"
        f" FROM json_populate_recordset(NULL::{quoted(target.name)}, CAST(:rows AS json))"
        " WHERE EXISTS (SELECT 1 FROM moved) RETURNING 1)"
        " SELECT (SELECT count(*) FROM moved) AS moved, (SELECT count(*) FROM added) AS added"
    )


def _first_refused(
    database: Database, file: SeedFile, target: Table, batch: Sequence[Numbered], done: int
) -> int:
    """The line of the first row that the database does not take, found by halves; nothing of it stays."""
    fine, refused = 0, len(batch)
    while refused - fine > 1:
        middle = (fine + refused) // 2
        transaction = database.begin()
        try:
            _insert(database, file, target, batch[:middle], done, transaction)
            fine = middle
        except CloudError:
            refused = middle
        database.rollback(transaction)
    return batch[refused - 1].line


def _catch_up(database: Database, target: Table) -> None:
    """Let an identity go on after the largest value that the file brought."""
    for each in target.columns:
        if each.identity:
            column = quoted(each.name)
            database.execute(
                f"SELECT setval(pg_get_serial_sequence(:table, :column), max({column})) FROM {quoted(target.name)}",  # noqa: S608
                {"table": quoted(target.name), "column": each.name},
            )
