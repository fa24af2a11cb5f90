"""`db init`, `db migrate` and `db status`: the schema of a project's database.

`initialise` applies ``schema/*.sql`` in the order of their names:

1. Every file is split and checked before anything is sent; all faults at once.
2. One short transaction makes the table ``accountsctl_migrations`` and refuses where a file that was applied
   has been edited since.
3. Each file that is missing runs in one transaction of its own, together with its record: a file is applied
   whole or not at all, and a second run begins where the first one stopped. What PostgreSQL runs in no
   transaction stands alone in its file: see `_apply_alone`.

Every one of these transactions first takes one advisory lock, which PostgreSQL gives back with the
transaction, however that ends. It is asked for without waiting in the database, because the Data API ends a
call after 45 seconds and a transaction after 3 idle minutes. After the lock the records are read again
(READ COMMITTED sees what the other run has committed), so of two runs at once each file is applied by one.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from accountsctl.formats.sql import Statement, UnfinishedSql, split_statements
from accountsctl.model.errors import CloudError, Fault, ProjectError, UsageError
from accountsctl.model.project import ResourceSource
from accountsctl.ports.database import Database

TABLE = "accountsctl_migrations"
LONGEST_STATEMENT = 65_536
LOCK_PATIENCE = 300.0
_LOCK_DELAY = 1.0
# Any number will do that no one else uses; this one is "acct" in ASCII.
_LOCK_KEY = 0x61636374
_LOCK = "SELECT pg_try_advisory_xact_lock(:key) AS locked"
_CREATE = (
    f"CREATE TABLE IF NOT EXISTS {TABLE} (name text PRIMARY KEY, checksum text NOT NULL,"
    " applied_at timestamptz NOT NULL DEFAULT now())"
)
_APPLIED = f"SELECT name, checksum FROM {TABLE} ORDER BY name"  # noqa: S608
_RECORD = f"INSERT INTO {TABLE} (name, checksum) VALUES (:name, :checksum)"  # noqa: S608
_THERE = f"SELECT to_regclass('{TABLE}')::text"
_RECORDS = f"SELECT name, checksum, applied_at FROM {TABLE} ORDER BY name"  # noqa: S608
_SCHEMA = "schema/"

Say = Callable[[str], None]
Sleep = Callable[[float], None]


@dataclass(frozen=True)
class Migration:
    """One ``schema/*.sql``: its name in the table, the file's path for messages, and its text."""

    name: str
    file: str
    text: str

    @property
    def checksum(self) -> str:
        """The sha256 of the text, with line ends made one kind: a checkout on Windows does not count as an edit."""
        return hashlib.sha256(self.text.replace("\r\n", "\n").encode()).hexdigest()


@dataclass(frozen=True)
class InitResult:
    """The names of the files that this run applied, and of those that were applied before; both in order."""

    applied: tuple[str, ...]
    already: tuple[str, ...]


def migrations(source: ResourceSource) -> tuple[Migration, ...]:
    """The migrations of an rds resource, in the order in which they apply."""
    folder = source.parameters_file.rpartition("/")[0]
    return tuple(
        Migration(path.removeprefix(_SCHEMA), f"{folder}/{path}" if folder else path, text)
        for path, text in sorted(source.others.items())
        if path.startswith(_SCHEMA) and path.endswith(".sql")
    )


def initialise(
    database: Database,
    wanted: Sequence[Migration],
    say: Say = lambda _text: None,
    sleep: Sleep = time.sleep,
) -> InitResult:
    """Apply what is not applied yet. ProjectError for a faulty or edited file, CloudError for a refused one."""
    statements = _split_all(wanted)
    lock = _Lock(database, say, sleep)
    with lock.transaction() as transaction:
        database.execute(_CREATE, transaction=transaction)
        _refuse_edited(wanted, _applied(database, transaction))
    applied = [each.name for each in wanted if _apply(lock, each, statements[each.name], say)]
    return InitResult(tuple(applied), tuple(each.name for each in wanted if each.name not in applied))


def up_to(wanted: Sequence[Migration], name: str | None) -> Sequence[Migration]:
    """The migrations up to one, by its name or the beginning of it; UsageError where none or several begin so."""
    if name is None:
        return wanted
    fits = [number for number, each in enumerate(wanted) if each.name == name or each.name.startswith(name)]
    if len(fits) != 1:
        raise UsageError(
            f"{'No file' if not fits else 'More than one file'} of the schema begins with {name}.",
            why=f"There is: {', '.join(each.name for each in wanted) or 'none'}.",
            hint="Name one with --to.",
        )
    return wanted[: fits[0] + 1]


@dataclass(frozen=True)
class FileState:
    """A migration's state: applied, pending, edited (after it was applied) or missing (applied, and gone since)."""

    name: str
    state: str
    applied_at: str | None = None


def states(database: Database, wanted: Sequence[Migration]) -> tuple[FileState, ...]:
    """The state of every file, and of those that were applied and are no more. Writes nothing."""
    there = _records(database)
    known = {each.name for each in wanted}
    found = [_state(each, there.get(each.name)) for each in wanted]
    gone = [FileState(name, "missing", str(row[2])) for name, row in there.items() if name not in known]
    return tuple(sorted([*found, *gone], key=lambda each: each.name))


def _state(migration: Migration, row: Sequence[Any] | None) -> FileState:
    if row is None:
        return FileState(migration.name, "pending")
    return FileState(migration.name, "applied" if row[1] == migration.checksum else "edited", str(row[2]))


def _records(database: Database) -> Mapping[str, Sequence[Any]]:
    if database.execute(_THERE).rows[0][0] is None:
        return {}
    return {str(row[0]): row for row in database.execute(_RECORDS).rows}


def pending(database: Database, wanted: Sequence[Migration]) -> Sequence[Migration]:
    """What `initialise` would apply; ProjectError for faulty and edited files. Writes nothing."""
    _split_all(wanted)
    there = {name: str(row[1]) for name, row in _records(database).items()}
    _refuse_edited(wanted, there)
    return [each for each in wanted if each.name not in there]


class _Lock:
    """Transactions of which only one is open at a time, whoever runs them."""

    def __init__(self, database: Database, say: Say, sleep: Sleep) -> None:
        self.database = database
        self._say = say
        self._sleep = sleep

    @contextmanager
    def transaction(self) -> Iterator[str]:
        """A transaction that holds the lock; undone where its block fails."""
        transaction = self.database.begin()
        try:
            self._take(transaction)
            yield transaction
        except BaseException as error:
            self._undo(transaction, error)
            raise
        self.database.commit(transaction)

    def _undo(self, transaction: str, error: BaseException) -> None:
        """Roll back; if even that fails, the first error is raised and the second is noted on it."""
        try:
            self.database.rollback(transaction)
        except CloudError as second:
            error.add_note(f"The transaction could not be rolled back either: {second.why}")

    def _take(self, transaction: str) -> None:
        waited = 0.0
        while not self._try(transaction):
            if waited >= LOCK_PATIENCE:
                raise CloudError(
                    "The schema is locked.",
                    why=f"Another `accountsctl db init` has been at work for {LOCK_PATIENCE:.0f} seconds.",
                    hint="Wait for it to end, then try again.",
                )
            if not waited:
                self._say("Another `accountsctl db init` is at work; waiting for it.")
            self._sleep(_LOCK_DELAY)
            waited += _LOCK_DELAY

    def _try(self, transaction: str) -> bool:
        return bool(self.database.execute(_LOCK, {"key": _LOCK_KEY}, transaction=transaction).rows[0][0])


def _apply(lock: _Lock, migration: Migration, statements: Sequence[Statement], say: Say) -> bool:
    """Apply one file unless it is there; True where it was applied now."""
    if statements and statements[0].alone:
        applied = _apply_alone(lock, migration, statements[0])
    else:
        applied = _apply_whole(lock, migration, statements)
    if applied:
        say(f"Applied {migration.name}.")
    return applied


def _apply_whole(lock: _Lock, migration: Migration, statements: Sequence[Statement]) -> bool:
    """A file and its record in one transaction."""
    with lock.transaction() as transaction:
        if _is_applied(lock, migration, transaction):
            return False
        for statement in statements:
            with _naming(migration, statement):
                lock.database.execute(statement.text, transaction=transaction)
        _record(lock, migration, transaction)
    return True


def _apply_alone(lock: _Lock, migration: Migration, statement: Statement) -> bool:
    """A statement that runs in no transaction, and its record after it.

    No transaction may be open meanwhile, the lock's neither: building an index beside readers waits for the end of
    every older one. So two runs at once may both send it, and a run that is killed in between sends it again.
    """
    with lock.transaction() as transaction:
        if _is_applied(lock, migration, transaction):
            return False
    with _naming(migration, statement):
        lock.database.execute(statement.text)
    with lock.transaction() as transaction:
        if not _is_applied(lock, migration, transaction):
            _record(lock, migration, transaction)
    return True


def _is_applied(lock: _Lock, migration: Migration, transaction: str) -> bool:
    there = _applied(lock.database, transaction)
    _refuse_edited((migration,), there)
    return migration.name in there


def _record(lock: _Lock, migration: Migration, transaction: str) -> None:
    record = {"name": migration.name, "checksum": migration.checksum}
    lock.database.execute(_RECORD, record, transaction=transaction)


@contextmanager
def _naming(migration: Migration, statement: Statement) -> Iterator[None]:
    """Name the file and the line of a statement that is refused."""
    try:
        yield
    except CloudError as error:
        raise CloudError(
            f"{migration.file}:{statement.line}: the database refused this statement; nothing of the file is applied.",
            why=error.why,
            hint=error.hint,
            code=error.code,
        ) from error


def _applied(database: Database, transaction: str) -> Mapping[str, str]:
    return dict(database.execute(_APPLIED, transaction=transaction).rows)


def _refuse_edited(wanted: Sequence[Migration], applied: Mapping[str, str]) -> None:
    edited = [each for each in wanted if applied.get(each.name, each.checksum) != each.checksum]
    if edited:
        hint = "Put the file back as it was, and write the change as a new file after it."
        raise ProjectError(Fault(each.file, 0, "was edited after it was applied", hint) for each in edited)


def _split_all(wanted: Sequence[Migration]) -> Mapping[str, Sequence[Statement]]:
    """The statements of every file; ProjectError with the faults of all of them."""
    statements: dict[str, Sequence[Statement]] = {}
    faults: list[Fault] = []
    for migration in wanted:
        try:
            statements[migration.name] = split_statements(migration.text)
        except UnfinishedSql as error:
            faults.append(Fault(migration.file, error.line, str(error), "Close it."))
        else:
            faults.extend(_faults(migration, statements[migration.name]))
    if faults:
        raise ProjectError(faults)
    return statements


def _faults(migration: Migration, statements: Sequence[Statement]) -> Iterator[Fault]:
    for statement in statements:
        if statement.ends_transaction:
            what = f"{statement.words[0].upper()} would end the transaction in which the file is applied"
            yield Fault(migration.file, statement.line, what, "Leave it out: each file is one transaction.")
        if statement.alone and len(statements) > 1:
            what = f"{' '.join(statement.words[:2]).upper()} cannot run in a transaction, and is not alone in its file"
            yield Fault(migration.file, statement.line, what, "Give it a file of its own.")
        if len(statement.text) > LONGEST_STATEMENT:
            what = f"a statement of {len(statement.text)} characters; the Data API takes {LONGEST_STATEMENT}"
            yield Fault(migration.file, statement.line, what, "Split it.")
