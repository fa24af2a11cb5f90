"""`db seed`: rows of a file into a table, each exactly once, however often the command is killed and run again.

A batch is one statement: it leaves a mark in ``accountsctl_seeds`` and adds its rows only if that mark is new.
PostgreSQL does both or neither. A mark is the digest of all rows up to the end of its batch, so it says what is in:

* who was killed goes on behind the last mark that the file's own rows lead to;
* a row that was refused can be corrected, and rows can be added at the end: what is before them is known;
* of two runs at once, one leaves the mark of a batch, and the other waits for it and adds nothing.

Rows travel as one JSON text, many thousands in a call (``json_populate_recordset``), which the database reads by the
columns' own types: an empty cell of a CSV file is NULL, columns that the file does not name get their defaults.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from accountsctl.commands.database.seed_files import Row, SeedFile
from accountsctl.commands.database.tables import Table, chosen, quoted
from accountsctl.model.database_reports import Seeded
from accountsctl.model.errors import CloudError, Fault, ProjectError
from accountsctl.ports.database import Database

MOST_ROWS = 5000
MOST_BYTES = 900_000
"""Of a batch. The Data API takes requests of 4 MiB, and a smaller batch shows progress and loses less."""
MARKS = "accountsctl_seeds"
# Two runs that create a table at the same moment collide in PostgreSQL's catalogue even with IF NOT EXISTS, so the
# second one waits for the first.
_CREATE = (
    "DO $$ BEGIN PERFORM pg_advisory_xact_lock(hashtext('accountsctl_seeds'));"
    f" CREATE TABLE IF NOT EXISTS {MARKS} (target text NOT NULL, done bigint NOT NULL, digest text NOT NULL,"
    " file text NOT NULL, added_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (target, done, digest)); END $$"
)
_FOUND = f"SELECT done, digest FROM {MARKS} WHERE target = :target AND done <= :rows ORDER BY done"  # noqa: S608
_FORGET = f"DELETE FROM {MARKS} WHERE target = :target AND done = :done AND digest = :digest"  # noqa: S608
Advance = Callable[[int, int], None]


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
    seeding = _Seeding(database, file, target)
    before = done = seeding.begin(again=again)
    added = 0
    while done < len(file.rows):
        advance(done, len(file.rows))
        batch = _batch(file.rows[done:])
        added += seeding.add(batch, done)
        done += len(batch)
    advance(done, len(file.rows))
    if any(column.identity for column in target.columns if column.name in file.columns):
        _catch_up(database, target)
    return Seeded(target.name, added, before, file.name)


class _Seeding:
    """One file on its way into one table."""

    def __init__(self, database: Database, file: SeedFile, target: Table) -> None:
        self._database = database
        self._file = file
        self._target = target
        self._digests = (hashlib.sha256().hexdigest(), *_digests(file.rows))
        self._insertion = insertion(target, file.columns)

    def begin(self, *, again: bool) -> int:
        """How many of the file's first rows are in: its own marks tell."""
        self._database.execute(_CREATE)
        asked = {"target": self._target.name, "rows": len(self._file.rows)}
        marks = [row for row in self._database.execute(_FOUND, asked).rows if self._digests[row[0]] == row[1]]
        if not again:
            return int(marks[-1][0]) if marks else 0
        for done, digest in marks:
            self._database.execute(_FORGET, {"target": self._target.name, "done": done, "digest": digest})
        return 0

    def add(self, batch: Sequence[Row], done: int) -> int:
        """Add a batch and count its rows, 0 where another run has added it; CloudError names a row that is refused."""
        try:
            return self._insert(batch, done, None)
        except CloudError as error:
            if not _of_a_row(error):
                raise
            line = self._first_refused(batch, done)
            raise CloudError(
                f"{self._file.name}:{line}: the database refused this row; {done} rows before its batch are in.",
                why=error.why,
                hint=f"Correct the row and run it again. {error.hint}".strip(),
                code=error.code,
            ) from error

    def _insert(self, batch: Sequence[Row], done: int, transaction: str | None) -> int:
        after = done + len(batch)
        bound: dict[str, Any] = {
            "target": self._target.name,
            "done": after,
            "digest": self._digests[after],
            "file": self._file.name,
            "rows": f"[{','.join(row.text for row in batch)}]",
        }
        return int(self._database.execute(self._insertion, bound, transaction=transaction).rows[0][0])

    def _first_refused(self, batch: Sequence[Row], done: int) -> int:
        """The line of the first row that the database does not take, found by halves; nothing of it stays."""
        fine, refused = 0, len(batch)
        while refused - fine > 1:
            middle = (fine + refused) // 2
            transaction = self._database.begin()
            try:
                self._insert(batch[:middle], done, transaction)
                fine = middle
            except CloudError as error:
                if not _of_a_row(error):
                    raise
                refused = middle
            finally:
                self._database.rollback(transaction)
        return batch[refused - 1].line


def _of_a_row(error: CloudError) -> bool:
    """True for what a row's own values bring about: SQLSTATE classes 22 (data) and 23 (constraints)."""
    return error.code[:2] in ("22", "23")


def _digests(rows: Sequence[Row]) -> Iterator[str]:
    """The digest of each row together with all rows before it."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(row.text.encode() + b"\n")
        yield digest.hexdigest()


def _check_columns(file: SeedFile, target: Table) -> None:
    known = [column.name for column in target.columns]
    strange = [column for column in file.columns if column not in known]
    missing = [
        column.name
        for column in target.columns
        if column.required and not column.identity and not column.initial and column.name not in file.columns
    ]
    if strange or missing:
        parts = [f"has {', '.join(strange)}, which the table has not"] if strange else []
        parts += [f"lacks {', '.join(missing)}"] if missing else []
        hint = f"The table {target.name} has: {', '.join(known)}."
        raise ProjectError([Fault(file.name, 1, " and ".join(parts), hint)])


def _batch(rows: Sequence[Row]) -> Sequence[Row]:
    """As many of the next rows as one call takes."""
    size = 0
    for number, row in enumerate(rows[:MOST_ROWS]):
        size += len(row.text.encode()) + 1
        if number and size > MOST_BYTES:
            return rows[:number]
    return rows[:MOST_ROWS]


def insertion(target: Table, columns: Sequence[str]) -> str:
    """The statement of a batch: leave its mark, and add the rows only where that is new."""
    names = ", ".join(quoted(column) for column in columns)
    given = {column.name for column in target.columns if column.identity} & set(columns)
    system = " OVERRIDING SYSTEM VALUE" if given else ""
    return (
        f"WITH marked AS (INSERT INTO {MARKS} (target, done, digest, file) VALUES (:target, :done, :digest, :file)"  # noqa: S608
        " ON CONFLICT DO NOTHING RETURNING 1),"
        f" added AS (INSERT INTO {quoted(target.name)} ({names}){system} SELECT {names}"
        f" FROM json_populate_recordset(NULL::{quoted(target.name)}, CAST(:rows AS json))"
        " WHERE EXISTS (SELECT 1 FROM marked) RETURNING 1)"
        " SELECT count(*) FROM added"
    )


def _catch_up(database: Database, target: Table) -> None:
    """Let an identity go on after the largest value that the file brought."""
    for identity in target.columns:
        if identity.identity:
            column = quoted(identity.name)
            database.execute(
                f"SELECT setval(pg_get_serial_sequence(:table, :column), max({column})) FROM {quoted(target.name)}",  # noqa: S608
                {"table": quoted(target.name), "column": identity.name},
            )
