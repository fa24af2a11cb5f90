"""`db init`, `db migrate` and `db status`, over a database in memory."""

from __future__ import annotations

import pytest

from accountsctl.commands.database.migrate import (
    LONGEST_STATEMENT,
    Migration,
    initialise,
    migrations,
    pending,
    schema_status,
    up_to,
)
from accountsctl.model.database_reports import FileState, InitResult, PendingFiles
from accountsctl.model.errors import CloudError, ProjectError, UsageError
from accountsctl.model.names import ResourceId
from accountsctl.model.project import ResourceSource
from accountsctl.ports.database import STATEMENT_TIMEOUT
from tests.fakes.database import FakeDatabase

LOCK = "SELECT pg_try_advisory_xact_lock(1)"
FIRST = Migration("001_a.sql", "schema/001_a.sql", "CREATE TABLE a (n int); CREATE INDEX ON a (n);")
SECOND = Migration("002_b.sql", "schema/002_b.sql", "-- two\nCREATE TABLE b (n int)")


def test_files_apply_in_order_once_and_statement_by_statement() -> None:
    database = FakeDatabase()
    assert initialise(database, [FIRST, SECOND]) == InitResult(("001_a.sql", "002_b.sql"), ())
    assert database.done == ["CREATE TABLE a (n int)", "CREATE INDEX ON a (n)", "CREATE TABLE b (n int)"]
    assert database.migrations == {"001_a.sql": FIRST.checksum, "002_b.sql": SECOND.checksum}
    assert initialise(database, [FIRST, SECOND]) == InitResult((), ("001_a.sql", "002_b.sql"))
    assert len(database.done) == 3


def test_a_refused_statement_undoes_its_file_alone_and_the_next_run_goes_on() -> None:
    refusal = CloudError("The database refused the statement.", why="no", hint="mend it", code="42601")
    database = FakeDatabase(refusals={"CREATE TABLE b (n int)": refusal})
    with pytest.raises(CloudError, match=r"schema/002_b\.sql:2: ") as caught:
        initialise(database, [FIRST, SECOND])
    assert (caught.value.why, caught.value.hint, caught.value.code) == ("no", "mend it", "42601")
    assert list(database.migrations) == ["001_a.sql"]
    assert database.rolled_back
    assert not database.open
    database.refusals.clear()
    assert initialise(database, [FIRST, SECOND]) == InitResult(("002_b.sql",), ("001_a.sql",))


def test_every_statement_runs_in_a_transaction_that_holds_the_lock() -> None:
    database = FakeDatabase()
    initialise(database, [FIRST, SECOND])
    first_of: dict[str | None, str] = {}
    for sql, _, transaction in database.asked:
        first_of.setdefault(transaction, sql)
    assert None not in first_of
    assert all("pg_try_advisory_xact_lock" in sql for sql in first_of.values())


def test_of_two_runs_at_once_each_file_is_applied_by_one() -> None:
    messages: list[str] = []
    database = FakeDatabase()
    other = database.begin()
    database.execute(LOCK, transaction=other)

    def meanwhile(_seconds: float) -> None:
        applied = {"name": "001_a.sql", "checksum": FIRST.checksum, "applied_at": FakeDatabase.WHEN}
        database.tables["accountsctl_migrations"] = [applied]
        database.commit(other)

    result = initialise(database, [FIRST, SECOND], messages.append, meanwhile)
    assert result == InitResult(("002_b.sql",), ("001_a.sql",))
    assert database.done == ["CREATE TABLE b (n int)"]
    assert messages[0] == "Another `accountsctl db init` is at work; waiting for it."


def test_a_lock_that_is_never_given_back_is_an_error_in_the_end() -> None:
    database = FakeDatabase()
    database.execute(LOCK, transaction=database.begin())
    slept: list[float] = []
    with pytest.raises(CloudError, match="locked"):
        initialise(database, [FIRST], sleep=slept.append)
    assert sum(slept) == 300


def test_an_edited_file_is_refused_and_nothing_is_applied() -> None:
    database = FakeDatabase()
    initialise(database, [FIRST])
    edited = Migration(FIRST.name, FIRST.file, FIRST.text + " -- more")
    with pytest.raises(ProjectError, match="1 fault") as caught:
        initialise(database, [edited, SECOND])
    assert "001_a.sql: was edited" in caught.value.why
    assert list(database.migrations) == ["001_a.sql"]
    assert not database.open


def test_other_line_ends_are_no_edit() -> None:
    assert Migration("a", "a", "x\r\ny").checksum == Migration("a", "a", "x\ny").checksum


def test_all_faults_of_all_files_are_told_before_anything_is_sent() -> None:
    database = FakeDatabase()
    faulty = [
        Migration("1.sql", "schema/1.sql", "SELECT 1;\nCOMMIT;"),
        Migration("2.sql", "schema/2.sql", "\n\nSELECT 'open"),
        Migration("3.sql", "schema/3.sql", f"SELECT '{'x' * 70_000}'"),
    ]
    with pytest.raises(ProjectError) as caught:
        initialise(database, faulty)
    assert [(fault.file, fault.line) for fault in caught.value.faults] == [
        ("schema/1.sql", 2),
        ("schema/2.sql", 3),
        ("schema/3.sql", 1),
    ]
    assert database.asked == []


def test_a_failed_rollback_does_not_hide_the_first_error() -> None:
    class Dying(FakeDatabase):
        def rollback(self, transaction: str) -> None:
            raise CloudError("AWS refused.", why="gone")

    database = Dying(refusals={"CREATE TABLE b (n int)": CloudError("no", why="first")})
    with pytest.raises(CloudError) as caught:
        initialise(database, [SECOND])
    assert caught.value.why == "first"
    assert "gone" in "".join(caught.value.__notes__)


def test_migrations_are_the_schema_files_of_a_resource_by_name() -> None:
    source = ResourceSource(
        ResourceId("rds", "c"),
        {},
        "amplify/backend/rds/c/parameters.json",
        None,
        {},
        {"schema/010_z.sql": "z", "schema/002_b.sql": "b", "schema/notes.md": "", "other.sql": ""},
    )
    assert [(each.name, each.file) for each in migrations(source)] == [
        ("002_b.sql", "amplify/backend/rds/c/schema/002_b.sql"),
        ("010_z.sql", "amplify/backend/rds/c/schema/010_z.sql"),
    ]


def test_a_run_goes_up_to_a_file_by_the_beginning_of_its_name() -> None:
    assert up_to([FIRST, SECOND], "001") == [FIRST]
    assert up_to([FIRST, SECOND], "002_b.sql") == up_to([FIRST, SECOND], None) == [FIRST, SECOND]
    with pytest.raises(UsageError, match="No file of the schema begins with 9"):
        up_to([FIRST, SECOND], "9")
    with pytest.raises(UsageError, match="More than one file of the schema begins with 00"):
        up_to([FIRST, SECOND], "00")


def test_a_rehearsal_tells_what_would_be_applied_and_writes_nothing() -> None:
    database = FakeDatabase()
    assert pending(database, [FIRST, SECOND]) == PendingFiles((FIRST.name, SECOND.name), 2)
    assert (database.tables, database.done) == ({}, [])
    initialise(database, [FIRST])
    assert pending(database, [FIRST, SECOND]) == PendingFiles((SECOND.name,), 2)
    edited = Migration(FIRST.name, FIRST.file, FIRST.text + " -- more")
    with pytest.raises(ProjectError):
        pending(database, [edited, SECOND])


def test_the_status_tells_applied_pending_edited_and_missing_files() -> None:
    database = FakeDatabase()
    gone = Migration("000_gone.sql", "schema/000_gone.sql", "SELECT 1")
    initialise(database, [gone, FIRST])
    edited = Migration(FIRST.name, FIRST.file, "SELECT 2")
    assert schema_status(database, [FIRST, SECOND]).files == (
        FileState("000_gone.sql", "missing", FakeDatabase.WHEN),
        FileState("001_a.sql", "applied", FakeDatabase.WHEN),
        FileState("002_b.sql", "pending"),
    )
    assert [each.state for each in schema_status(database, [edited]).files] == ["missing", "edited"]


def test_before_anything_is_applied_every_file_is_pending() -> None:
    assert [each.state for each in schema_status(FakeDatabase(), [FIRST, SECOND]).files] == [
        "pending",
        "pending",
    ]


def test_a_statement_that_cannot_run_in_a_transaction_is_sent_beside_the_one_that_records_it() -> None:
    alone = Migration("003.sql", "schema/003.sql", "CREATE INDEX CONCURRENTLY i ON a (n);")
    database = FakeDatabase()
    initialise(database, [alone])
    (sent,) = [each for each in database.asked if "CREATE INDEX" in each[0]]
    assert sent[2] is None
    assert list(database.migrations) == ["003.sql"]


def test_a_statement_that_cannot_run_in_a_transaction_has_a_file_of_its_own() -> None:
    mixed = Migration("003.sql", "schema/003.sql", "SELECT 1;\nVACUUM a;")
    with pytest.raises(ProjectError) as caught:
        initialise(FakeDatabase(), [mixed])
    (fault,) = caught.value.faults
    assert (fault.line, fault.hint) == (2, "Give it a file of its own.")


OWN_FILE = "Give the slow statement a file of its own: it then takes as long as it needs."


def slow(text: str, statement: str) -> tuple[CloudError, FakeDatabase]:
    """The error of a file of which one statement takes longer than a call."""
    database = FakeDatabase(refusals={statement: CloudError("It was stopped.", code=STATEMENT_TIMEOUT)})
    with pytest.raises(CloudError) as refused:
        initialise(database, [Migration("001.sql", "schema/001.sql", text)])
    return refused.value, database


def test_a_slow_statement_among_others_is_to_have_a_file_of_its_own() -> None:
    error, database = slow("UPDATE a SET b = 1;\nSELECT 1;", "UPDATE a SET b = 1")
    assert (error.code, error.hint) == (STATEMENT_TIMEOUT, OWN_FILE)
    assert error.what.startswith("schema/001.sql:1: ")
    assert (database.continuing, database.migrations) == ([], {})


def test_a_slow_statement_that_is_too_long_to_be_recorded_with_its_file_is_refused_too() -> None:
    statement = f"SELECT '{'x' * (LONGEST_STATEMENT - 20)}'"
    error, database = slow(statement, statement)
    assert (error.hint, database.continuing) == (OWN_FILE, [])


def test_a_slow_statement_alone_in_its_file_is_sent_again_with_its_record_and_followed() -> None:
    error, database = slow("UPDATE a SET b = 1;", "UPDATE a SET b = 1")
    (sent,) = database.continuing
    assert "UPDATE a SET b = 1" in sent
    assert "INSERT INTO accountsctl_migrations" in sent
    # This database does not understand the block, so nothing is recorded: the statement has failed.
    assert "PostgreSQL has undone it" in error.why
