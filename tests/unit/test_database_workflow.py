"""`db init` and `db query`, over a database in memory."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from accountsctl.model.errors import CloudError, ProjectError, UsageError
from accountsctl.model.names import ResourceId
from accountsctl.model.project import ResourceSource
from accountsctl.ports import QueryResult
from accountsctl.workflows.database import (
    InitResult,
    Migration,
    initialise,
    migrations,
    parse_parameters,
    query,
)
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
    database, said = FakeDatabase(), []
    other = database.begin()
    database.execute(LOCK, transaction=other)

    def meanwhile(_seconds: float) -> None:
        database.migrations["001_a.sql"] = FIRST.checksum
        database.commit(other)

    result = initialise(database, [FIRST, SECOND], said.append, meanwhile)
    assert result == InitResult(("002_b.sql",), ("001_a.sql",))
    assert database.done == ["CREATE TABLE b (n int)"]
    assert said[0] == "Another `accountsctl db init` is at work; waiting for it."


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


def test_a_query_is_sent_without_its_semicolon_and_with_its_parameters() -> None:
    rows = QueryResult(("n",), ((1,),), 0)
    database = FakeDatabase(answers={"SELECT :n": rows})
    assert query(database, "SELECT :n ;", {"n": 1}) is rows
    assert database.asked == [("SELECT :n", {"n": 1}, None)]


@pytest.mark.parametrize("sql", ["", "-- x", "SELECT 1; SELECT 2", "SELECT 'x"])
def test_anything_but_one_whole_statement_is_refused(sql: str) -> None:
    with pytest.raises(UsageError):
        query(FakeDatabase(), sql)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a=1", 1),
        ("a=1.50", Decimal("1.50")),
        ("a=true", True),
        ("a=null", None),
        ("a=DE01", "DE01"),
        ("a=007", "007"),
        ("a=NaN", "NaN"),
        ("a=x=y", "x=y"),
        ("a=", ""),
        ("a=[1]", "[1]"),
        ("a:text=1", "1"),
        ("a:numeric=2", Decimal(2)),
        ("a:date=2026-01-31", date(2026, 1, 31)),
        ("a:uuid=12345678-1234-5678-1234-567812345678", UUID("12345678123456781234567812345678")),
        ("a:json=[1]", [1]),
        ("a:bool=false", False),
    ],
)
def test_a_parameter_is_what_it_looks_like_or_what_its_type_says(text: str, value: Any) -> None:
    read = parse_parameters([text])["a"]
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    "text", ["a", "=1", "a b=1", "a:what=1", "a:int=x", "a:bool=yes", "a:json=1", "a:numeric=x"]
)
def test_a_parameter_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_parameters([text])
