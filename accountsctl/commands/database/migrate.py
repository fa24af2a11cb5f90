"""`db init`, `db migrate` and `db status`: the schema of a project's database.

`initialise` applies ``schema/*.sql`` in the order of their names:

1. Every file is split and checked before anything is sent; all faults at once.
2. One short transaction makes the table ``accountsctl_migrations`` and refuses where a file that was applied
   has been edited since.
3. Each file that is missing runs in one transaction of its own, together with its record: a file is applied
   whole or not at all, and a second run begins where the first one stopped. What PostgreSQL runs in no
   transaction stands alone in its file: see `_apply_alone`.

Every one of these transactions first takes one advisory lock (`schema_lock`). After the lock the records are read
again (READ COMMITTED sees what the other run has committed), so of two runs at once each file is applied by one.

A file of one statement may take longer than a call's 45 seconds: see `_apply_long` and `long_statements`.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from accountsctl.commands.database.long_statements import LongStatements, mark_of
from accountsctl.commands.database.schema_lock import LOCK_KEY, Say, SchemaLock, Sleep
from accountsctl.commands.database.stand_alone import run_alone
from accountsctl.formats.sql import Statement, UnfinishedSql, split_statements
from accountsctl.model.database_reports import FileState, InitResult, PendingFiles, SchemaStatus
from accountsctl.model.errors import CloudError, Fault, ProjectError, UsageError
from accountsctl.model.project import ResourceSource
from accountsctl.ports.database import STATEMENT_TIMEOUT, Database

TABLE = "accountsctl_migrations"
LONGEST_STATEMENT = 65_536
_CREATE = (
    f"CREATE TABLE IF NOT EXISTS {TABLE} (name text PRIMARY KEY, checksum text NOT NULL,"
    " applied_at timestamptz NOT NULL DEFAULT now())"
)
_APPLIED = f"SELECT name, checksum FROM {TABLE} ORDER BY name"  # noqa: S608
_RECORD = f"INSERT INTO {TABLE} (name, checksum) VALUES (:name, :checksum)"  # noqa: S608
_THERE = f"SELECT to_regclass('{TABLE}')::text"
_RECORDS = f"SELECT name, checksum, applied_at FROM {TABLE} ORDER BY name"  # noqa: S608
_SCHEMA = "schema/"


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
    lock = SchemaLock(database, say, sleep)
    with lock.transaction() as transaction:
        database.execute(_CREATE, transaction=transaction)
        _refuse_edited(wanted, _applied(database, transaction))
    long = LongStatements(database, say, sleep)
    applied = [
        migration.name for migration in wanted if _apply(lock, long, migration, statements[migration.name])
    ]
    return InitResult(
        tuple(applied), tuple(migration.name for migration in wanted if migration.name not in applied)
    )


def up_to(wanted: Sequence[Migration], name: str | None) -> Sequence[Migration]:
    """The migrations up to one, by its name or the beginning of it; UsageError where none or several begin so."""
    if name is None:
        return wanted
    fits = [
        number
        for number, migration in enumerate(wanted)
        if migration.name == name or migration.name.startswith(name)
    ]
    if len(fits) != 1:
        raise UsageError(
            f"{'No file' if not fits else 'More than one file'} of the schema begins with {name}.",
            why=f"There is: {', '.join(migration.name for migration in wanted) or 'none'}.",
            hint="Name one with --to.",
        )
    return wanted[: fits[0] + 1]


def schema_status(database: Database, wanted: Sequence[Migration]) -> SchemaStatus:
    """The state of every file, and of those that were applied and are no more. Writes nothing."""
    there = _records(database)
    names = {migration.name for migration in wanted}
    found = [_state(migration, there.get(migration.name)) for migration in wanted]
    gone = [FileState(name, "missing", str(row[2])) for name, row in there.items() if name not in names]
    return SchemaStatus(tuple(sorted([*found, *gone], key=lambda file: file.name)))


def _state(migration: Migration, row: Sequence[Any] | None) -> FileState:
    if row is None:
        return FileState(migration.name, "pending")
    return FileState(migration.name, "applied" if row[1] == migration.checksum else "edited", str(row[2]))


def _records(database: Database) -> Mapping[str, Sequence[Any]]:
    if database.execute(_THERE).rows[0][0] is None:
        return {}
    return {str(row[0]): row for row in database.execute(_RECORDS).rows}


def pending(database: Database, wanted: Sequence[Migration]) -> PendingFiles:
    """What `initialise` would apply; ProjectError for faulty and edited files. Writes nothing."""
    _split_all(wanted)
    there = {name: str(row[1]) for name, row in _records(database).items()}
    _refuse_edited(wanted, there)
    names = tuple(migration.name for migration in wanted if migration.name not in there)
    return PendingFiles(names, len(wanted))


def _apply(
    lock: SchemaLock, long: LongStatements, migration: Migration, statements: Sequence[Statement]
) -> bool:
    """Apply one file unless it is there; True if it was applied now."""
    if statements and statements[0].alone:
        applied = _apply_alone(lock, long, migration, statements[0])
    else:
        applied = _apply_whole(lock, long, migration, statements)
    if applied:
        long.say(f"Applied {migration.name}.")
    return applied


def _apply_whole(
    lock: SchemaLock, long: LongStatements, migration: Migration, statements: Sequence[Statement]
) -> bool:
    """A file and its record in one transaction."""
    try:
        return _apply_in_transaction(lock, migration, statements)
    except CloudError as error:
        if error.code != STATEMENT_TIMEOUT:
            raise
        text = _with_record(migration, statements[0])
        if len(statements) > 1 or len(text) > LONGEST_STATEMENT:
            error.hint = "Give the slow statement a file of its own: it then takes as long as it needs."
            raise
    return _apply_long(lock, long, migration, statements[0], text)


def _apply_in_transaction(lock: SchemaLock, migration: Migration, statements: Sequence[Statement]) -> bool:
    with lock.transaction() as transaction:
        if _is_applied(lock, migration, transaction):
            return False
        for statement in statements:
            with _naming(migration, statement):
                lock.database.execute(statement.text, transaction=transaction)
        _record(lock, migration, transaction)
    return True


def _apply_long(
    lock: SchemaLock, long: LongStatements, migration: Migration, statement: Statement, text: str
) -> bool:
    """A file of one statement that outlives its call: the record shows whether its block has committed."""
    with _naming(migration, statement):
        long.run(text, mark_of(migration.checksum))
        with lock.transaction() as transaction:
            applied = _is_applied(lock, migration, transaction)
        if applied:
            return True
        raise CloudError(
            "The statement has failed.",
            why="It went on after its call of the Data API had ended, and PostgreSQL has undone it.",
            hint="The database's log has the reason: CloudWatch Logs, /aws/rds/cluster/<cluster>/postgresql.",
        )


def _with_record(migration: Migration, statement: Statement) -> str:
    """A block that runs one statement and records its file: one statement, hence one transaction."""
    name, checksum = (
        f"'{text.replace(chr(39), chr(39) * 2)}'" for text in (migration.name, migration.checksum)
    )
    tag = f"$accountsctl_{migration.checksum[:12]}$"
    inner = tag.replace("accountsctl", "statement")
    return (
        f"DO {tag} BEGIN PERFORM pg_advisory_xact_lock({LOCK_KEY});"  # noqa: S608
        f" IF NOT EXISTS (SELECT FROM {TABLE} WHERE name = {name}) THEN"
        f" EXECUTE {inner}{statement.text}{inner};"
        f" INSERT INTO {TABLE} (name, checksum) VALUES ({name}, {checksum}); END IF; END {tag}"
    )


def _apply_alone(lock: SchemaLock, long: LongStatements, migration: Migration, statement: Statement) -> bool:
    """A statement that runs in no transaction, and its record after it.

    No transaction may be open meanwhile, the lock's neither: building an index waits for the end of every older one.
    A second run finds the statement running and waits for it.
    """
    with lock.transaction() as transaction:
        if _is_applied(lock, migration, transaction):
            return False
    with _naming(migration, statement):
        run_alone(long, statement)
    with lock.transaction() as transaction:
        if not _is_applied(lock, migration, transaction):
            _record(lock, migration, transaction)
    return True


def _is_applied(lock: SchemaLock, migration: Migration, transaction: str) -> bool:
    there = _applied(lock.database, transaction)
    _refuse_edited((migration,), there)
    return migration.name in there


def _record(lock: SchemaLock, migration: Migration, transaction: str) -> None:
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
    edited = [
        migration
        for migration in wanted
        if applied.get(migration.name, migration.checksum) != migration.checksum
    ]
    if edited:
        hint = "Put the file back as it was, and write the change as a new file after it."
        raise ProjectError(
            Fault(migration.file, 0, "was edited after it was applied", hint) for migration in edited
        )


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
