"""Nothing of a session survives a call: it is discarded in the message that sends the statement."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.local.rds_data.conftest import Caller, Refused

ADVISORY_LOCKS = "count(*) FROM pg_locks WHERE locktype = 'advisory'"
OPEN = "count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"
NONE = {"longValue": 0}


@pytest.fixture
def pairs(call: Caller) -> Iterator[str]:
    """A table whose foreign key is checked when a transaction commits."""
    call.sql("DROP TABLE IF EXISTS pairs")
    call.sql(
        "CREATE TABLE pairs (id int PRIMARY KEY, other int REFERENCES pairs DEFERRABLE INITIALLY DEFERRED)"
    )
    yield "pairs"
    call.sql("DROP TABLE pairs")


@pytest.mark.parametrize(
    ("sets", "reads", "error"),
    [
        ("SET ROLE pg_monitor", "current_user = session_user", ""),
        ("SELECT set_config('work_mem', '77MB', false)", "current_setting('work_mem') <> '77MB'", ""),
        ("CREATE TEMP TABLE mine (id int)", "to_regclass('mine') IS NULL", ""),
        ("PREPARE mine AS SELECT 1", "count(*) = 0 FROM pg_prepared_statements", ""),
        ("LISTEN mine", "count(*) = 0 FROM pg_listening_channels()", ""),
        ("SELECT nextval('counted')", "currval('counted')", "55000"),
    ],
)
def test_what_a_statement_sets_is_gone_with_it(call: Caller, sets: str, reads: str, error: str) -> None:
    call.sql("CREATE SEQUENCE IF NOT EXISTS counted")
    call.sql(sets)
    if error:
        with pytest.raises(Refused, match=error):
            call.value(reads)
    else:
        assert call.value(reads) == {"booleanValue": True}


def test_a_statement_that_fails_leaves_no_lock(call: Caller) -> None:
    with pytest.raises(Refused, match="22012"):
        call.sql("SELECT pg_advisory_lock(43), 1 / (id - id) FROM (SELECT 1 AS id) AS one")
    assert call.value(ADVISORY_LOCKS) == NONE


def test_a_lock_of_a_session_is_gone_when_its_transaction_has_ended(call: Caller) -> None:
    call.sql("SELECT 1")
    name = call("/BeginTransaction")["transactionId"]
    call.sql("SELECT pg_advisory_lock(44)", transactionId=name)
    call("/CommitTransaction", transactionId=name, database=None)
    assert call.value(ADVISORY_LOCKS) == NONE


def test_a_batch_leaves_no_lock(call: Caller) -> None:
    call.sql("SELECT 1")
    call("/BatchExecute", sql="SELECT pg_advisory_lock(45)", parameterSets=[[], []])
    assert call.value(ADVISORY_LOCKS) == NONE


@pytest.mark.parametrize("statement", ["BEGIN", "START TRANSACTION ISOLATION LEVEL SERIALIZABLE"])
def test_a_transaction_that_a_statement_opens_is_rolled_back(call: Caller, statement: str) -> None:
    call.sql(statement)
    assert call.value(OPEN) == NONE
    assert call.value("1") == {"longValue": 1}


def test_a_constraint_that_fails_when_the_statement_commits_is_its_error(call: Caller, pairs: str) -> None:
    with pytest.raises(Refused, match="23503"):
        call.sql(f"INSERT INTO {pairs} VALUES (1, 2)")
    assert call.value(f"count(*) FROM {pairs}") == NONE
    assert call.sql(f"INSERT INTO {pairs} VALUES (1, 1) RETURNING id")["records"] == [[{"longValue": 1}]]


def test_a_cancelled_statement_leaves_a_clean_session(make: Callable[..., Caller]) -> None:
    impatient = make(statement_limit=0.1)
    with pytest.raises(Refused, match="StatementTimeoutException"):
        impatient.sql("SELECT pg_advisory_lock(46), pg_sleep(30)")
    assert impatient.value(ADVISORY_LOCKS) == NONE
    with pytest.raises(Refused, match="more than the allowed response size"):
        impatient.sql("SELECT pg_advisory_lock(47), repeat('x', 100000) FROM generate_series(1, 1000)")
    assert impatient.value(ADVISORY_LOCKS) == NONE
