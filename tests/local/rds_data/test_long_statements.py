"""Statements that outlive their call, over PostgreSQL: what is recorded is what the database really has."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from accountsctl.adapters.aws.data_api import DataApiDatabase
from accountsctl.commands.database.long_statements import LongStatements, mark_of
from accountsctl.commands.database.migrate import Migration, initialise, schema_status
from accountsctl.commands.database.query import query
from accountsctl.model.errors import CloudError, Declined
from accountsctl.ports.database import DatabaseAddress
from tests.local.rds_data.conftest import ARN, DATABASE, SECRET, Caller, Refused

pytestmark = pytest.mark.slow

HASTY = 0.3
ADDRESS = DatabaseAddress(ARN, SECRET, DATABASE)


class Client:
    """boto3's client, as far as the adapter uses it, over a Data API in this process."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller

    def execute_statement(self, **members: Any) -> Any:
        return self._call("/Execute", members)

    def begin_transaction(self, **members: Any) -> Any:
        return self._call("/BeginTransaction", members)

    def commit_transaction(self, **members: Any) -> Any:
        return self._call("/CommitTransaction", members)

    def rollback_transaction(self, **members: Any) -> Any:
        return self._call("/RollbackTransaction", members)

    def _call(self, path: str, members: Any) -> Any:
        try:
            return self.caller(path, **members)
        except Refused as refused:
            error = {"Code": str(refused.code), "Message": refused.message}
            raise ClientError({"Error": cast(Any, error)}, path) from refused


@pytest.fixture
def database(make: Callable[..., Caller]) -> DataApiDatabase:
    return DataApiDatabase(cast(Any, Client(make(statement_limit=HASTY))), ADDRESS)


@pytest.fixture
def items(call: Caller) -> Iterator[Caller]:
    """A table with three rows, two of them equal, and nothing recorded."""
    call.sql("DROP TABLE IF EXISTS items, accountsctl_migrations")
    call.sql("CREATE TABLE items (n int)")
    call.sql("INSERT INTO items VALUES (1), (2), (2)")
    yield call
    call.sql("DROP TABLE IF EXISTS items, accountsctl_migrations")


class Writer:
    """A transaction that keeps the table locked until somebody waits; `sleep` ends it, then waits as it should."""

    def __init__(self, call: Caller, lock: str = "ROW EXCLUSIVE") -> None:
        self.call = call
        self.transaction = call("/BeginTransaction")["transactionId"]
        call.sql(f"LOCK TABLE items IN {lock} MODE", transactionId=self.transaction)
        self.waits = 0

    def sleep(self, _seconds: float) -> None:
        if not self.waits:
            self.call("/RollbackTransaction", transactionId=self.transaction)
        self.waits += 1


def migration(sql: str) -> Migration:
    return Migration("004_slow.sql", "schema/004_slow.sql", sql)


def index(call: Caller, name: str) -> bool | None:
    """Whether an index is valid; None if there is none."""
    rows = call.sql(f"SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('{name}')")["records"]
    return rows[0][0]["booleanValue"] if rows else None


def recorded(database: DataApiDatabase, wanted: Migration) -> bool:
    return schema_status(database, [wanted]).files[0].state == "applied"


@pytest.mark.parametrize("name", ["slow", ""])
def test_a_slow_index_is_followed_until_it_is_valid(
    database: DataApiDatabase, items: Caller, name: str
) -> None:
    said: list[str] = []
    writer, wanted = Writer(items), migration(f"CREATE INDEX CONCURRENTLY {name} ON items (n)")
    initialise(database, [wanted], said.append, writer.sleep)
    assert (writer.waits > 0, index(items, name or "items_n_idx"), recorded(database, wanted)) == (True,) * 3
    assert "goes on in the database" in said[0]


@pytest.mark.parametrize("slow", [True, False])
@pytest.mark.parametrize("name", ["slow", "IF NOT EXISTS slow", ""])
def test_an_index_that_fails_is_dropped_and_not_recorded(
    database: DataApiDatabase, items: Caller, name: str, slow: bool
) -> None:
    wanted = migration(f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON items (n)")
    sleep = Writer(items).sleep if slow else lambda _seconds: None
    with pytest.raises(CloudError, match="nothing of the file is applied"):
        initialise(database, [wanted], sleep=sleep)
    assert (index(items, "slow"), index(items, "items_n_idx")) == (None, None)
    assert not recorded(database, wanted)
    items.sql("DELETE FROM items WHERE n = 2")
    initialise(database, [wanted])
    assert index(items, "slow" if name else "items_n_idx") is True


def test_an_invalid_index_of_an_earlier_try_is_replaced(database: DataApiDatabase, items: Caller) -> None:
    with pytest.raises(Refused):
        items.sql("CREATE UNIQUE INDEX CONCURRENTLY slow ON items (n)")
    assert index(items, "slow") is False
    items.sql("DELETE FROM items WHERE n = 2")
    said: list[str] = []
    initialise(
        database, [migration("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS slow ON items (n)")], said.append
    )
    assert index(items, "slow") is True
    assert "Dropping the invalid index public.slow" in said[0]


def test_an_interrupted_run_is_followed_by_the_next_one(database: DataApiDatabase, items: Caller) -> None:
    writer, wanted = Writer(items), migration("CREATE INDEX CONCURRENTLY slow ON items (n)")

    def interrupt(_seconds: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(Declined, match="goes on in the database"):
        initialise(database, [wanted], sleep=interrupt)
    said: list[str] = []
    initialise(database, [wanted], said.append, writer.sleep)
    assert (index(items, "slow"), recorded(database, wanted)) == (True, True)
    assert said[0] == "The statement runs already, sent by another run; waiting for its end."


def test_a_slow_change_of_one_statement_is_applied_with_its_record(
    database: DataApiDatabase, items: Caller
) -> None:
    writer = Writer(items, "ACCESS EXCLUSIVE")
    wanted = migration("UPDATE items SET n = n + 1 WHERE 'it''s $$' <> ''")
    calls = 0

    def sleep(seconds: float) -> None:
        nonlocal calls
        calls += 1
        writer.sleep(seconds)

    initialise(database, [wanted], sleep=sleep)
    assert items.value("sum(n) FROM items") == {"longValue": 8}
    assert (recorded(database, wanted), calls > 0) == (True, True)
    initialise(database, [wanted])
    assert items.value("sum(n) FROM items") == {"longValue": 8}


def test_a_slow_change_that_fails_is_not_recorded(database: DataApiDatabase, items: Caller) -> None:
    writer = Writer(items, "ACCESS EXCLUSIVE")
    wanted = migration("UPDATE items SET n = n / (n - 2)")
    with pytest.raises(CloudError, match="nothing of the file is applied") as caught:
        initialise(database, [wanted], sleep=writer.sleep)
    assert "has undone it" in caught.value.why
    assert not recorded(database, wanted)


def test_a_slow_file_of_several_statements_is_undone_and_says_what_to_do(
    database: DataApiDatabase, items: Caller
) -> None:
    wanted = migration("SELECT 1; SELECT pg_sleep(30)")
    with pytest.raises(CloudError) as caught:
        initialise(database, [wanted])
    assert "a file of its own" in caught.value.hint
    assert not recorded(database, wanted)


@pytest.mark.parametrize(
    ("sql", "fails"), [("UPDATE items SET n = 7", False), ("UPDATE items SET n = n / (n - 2)", True)]
)
def test_a_slow_statement_of_a_query_ends_with_what_became_of_it(
    database: DataApiDatabase, items: Caller, sql: str, fails: bool
) -> None:
    writer = Writer(items, "SHARE")
    # The transaction gets its id before it waits; without one nothing could be asked for later.
    long = LongStatements(database, sleep=writer.sleep)
    do = f"DO $$ BEGIN PERFORM pg_current_xact_id(); {sql}; END $$"
    if fails:
        with pytest.raises(CloudError, match="has failed in the database"):
            query(long, do)
    else:
        assert query(long, do) is None
        assert items.value("min(n) FROM items") == {"longValue": 7}


def test_a_statement_whose_end_was_not_seen_is_reported_as_such(
    database: DataApiDatabase, items: Caller
) -> None:
    writer = Writer(items, "SHARE")

    def until_the_end(seconds: float) -> None:
        """Release the statement before it has a transaction's id, and look again when it has ended."""
        writer.sleep(seconds)
        running = "count(*) FROM pg_stat_activity WHERE query LIKE '/* accountsctl%' AND state = 'active'"
        while items.value(running) != {"longValue": 0}:
            pass

    with pytest.raises(CloudError, match="has ended in the database"):
        query(LongStatements(database, sleep=until_the_end), "UPDATE items SET n = 7")


def test_a_slow_query_is_cancelled_because_its_rows_would_be_lost(database: DataApiDatabase) -> None:
    with pytest.raises(CloudError, match="was stopped"):
        query(LongStatements(database), "SELECT pg_sleep(30)")


def test_a_failed_reindex_leaves_no_invalid_index(database: DataApiDatabase, items: Caller) -> None:
    items.sql("CREATE INDEX good ON items (n)")
    long = LongStatements(database, sleep=Writer(items).sleep)
    query(long, "REINDEX INDEX CONCURRENTLY good")
    assert index(items, "good") is True
    assert items.value("count(*) FROM pg_index WHERE NOT indisvalid") == {"longValue": 0}


def test_a_slow_drop_is_done_when_the_index_is_gone(database: DataApiDatabase, items: Caller) -> None:
    items.sql("CREATE INDEX good ON items (n)")
    query(LongStatements(database, sleep=Writer(items).sleep), "DROP INDEX CONCURRENTLY public.good")
    assert index(items, "good") is None


def test_a_position_is_that_of_the_statement_as_it_was_written(database: DataApiDatabase) -> None:
    with pytest.raises(CloudError) as caught:
        query(LongStatements(database), "DROP TABEL x")
    assert "Position: 6" in caught.value.why, json.dumps(caught.value.why)
    assert mark_of("a") == mark_of("a") != mark_of("b")
