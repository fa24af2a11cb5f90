"""Transactions between calls, timeouts, and a server that dies."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable

import pytest

from accountsctl.localcloud.rds_data.postgres.servers import Postgres
from tests.local.rds_data.conftest import ARN, CLUSTER, Caller, Clock, FakeLookups, Refused, param


def begin(call: Caller) -> str:
    name = call("/BeginTransaction")["transactionId"]
    assert isinstance(name, str)
    return name


def count(call: Caller, **members: object) -> int:
    number = call.value("count(*) FROM accounts", **members)["longValue"]
    assert isinstance(number, int)
    return number


def kill(servers: Postgres) -> None:
    """Kill the server, and see it dead: what is requested in the same instant may still meet its last breath."""
    pid = servers.ensure(CLUSTER).pid
    os.kill(pid, signal.SIGKILL)
    while servers.status()[CLUSTER.resource_id] == {"running": True, "pid": pid}:
        pass


INSERT = "INSERT INTO accounts (number) VALUES (gen_random_uuid()::text)"


def test_a_committed_transaction_is_seen_by_others_and_not_before(call: Caller, table: str) -> None:
    name = begin(call)
    assert 100 < len(name) <= 192
    call.sql(INSERT, transactionId=name)
    assert (count(call), count(call, transactionId=name)) == (0, 1)
    assert call("/CommitTransaction", transactionId=name) == {"transactionStatus": "Transaction Committed"}
    assert count(call) == 1


def test_a_transaction_rolled_back_leaves_nothing(call: Caller, table: str) -> None:
    name = begin(call)
    call.sql(INSERT, transactionId=name)
    assert call("/RollbackTransaction", transactionId=name) == {"transactionStatus": "Rollback Complete"}
    assert count(call) == 0


@pytest.mark.parametrize("path", ["/Execute", "/BatchExecute", "/CommitTransaction", "/RollbackTransaction"])
def test_a_transaction_that_is_over_is_not_found(call: Caller, path: str) -> None:
    name = begin(call)
    call("/CommitTransaction", transactionId=name)
    with pytest.raises(Refused) as refused:
        call(path, sql="SELECT 1", transactionId=name)
    assert (refused.value.status, refused.value.code) == (404, "TransactionNotFoundException")
    assert refused.value.message == f"Transaction {name} is not found"


def test_a_transaction_belongs_to_its_cluster(call: Caller, lookups: FakeLookups) -> None:
    name = begin(call)
    lookups.found[f"{ARN}2"] = CLUSTER.__class__(**{**vars(CLUSTER), "arn": f"{ARN}2"})
    with pytest.raises(Refused, match="TransactionNotFoundException"):
        call("/Execute", resourceArn=f"{ARN}2", sql="SELECT 1", transactionId=name)


def test_after_an_error_a_transaction_takes_nothing_but_its_end(call: Caller, table: str) -> None:
    name = begin(call)
    call.sql(INSERT, transactionId=name)
    with pytest.raises(Refused, match="42P01"):
        call.sql("SELECT * FROM nowhere", transactionId=name)
    with pytest.raises(Refused, match=r"current transaction is aborted.*SQLState: 25P02"):
        call.sql("SELECT 1", transactionId=name)
    with pytest.raises(Refused, match="SQLState: 25P02"):
        call("/CommitTransaction", transactionId=name)
    assert count(call) == 0


@pytest.mark.parametrize(
    ("step", "steps", "lives"), [(170.0, 3, True), (181.0, 1, False), (170.0, 510, False)]
)
def test_a_transaction_ends_after_three_idle_minutes_or_a_day(
    call: Caller, clock: Clock, step: float, steps: int, lives: bool
) -> None:
    name = begin(call)
    for _ in range(steps - 1):
        clock.now += step
        if clock.now > 1000 + 24 * 3600:
            break
        call.sql("SELECT 1", transactionId=name)
    clock.now += step
    if lives:
        assert call.sql("SELECT 1", transactionId=name)["records"]
    else:
        with pytest.raises(Refused, match="TransactionNotFoundException"):
            call.sql("SELECT 1", transactionId=name)


def test_an_expired_transactions_locks_are_released(call: Caller, clock: Clock, table: str) -> None:
    call.sql("LOCK TABLE accounts", transactionId=begin(call))
    clock.now += 181
    call.api.expire()
    call.sql(INSERT)


def test_a_transaction_runs_one_statement_at_a_time(call: Caller) -> None:
    holder, name = begin(call), begin(call)
    call.sql("SELECT pg_advisory_xact_lock(7)", transactionId=holder)
    waiting = threading.Thread(
        target=call.sql, args=("SELECT pg_advisory_xact_lock(7)",), kwargs={"transactionId": name}
    )
    waiting.start()
    try:
        while call.value("count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") == {
            "longValue": 0
        }:
            pass
        with pytest.raises(Refused, match="DatabaseErrorException: Transaction is still running a query"):
            call.sql("SELECT 1", transactionId=name)
    finally:
        call("/RollbackTransaction", transactionId=holder)
        waiting.join()
    assert call.sql("SELECT 1", transactionId=name)["records"]


def test_an_oversized_answer_ends_its_transaction(call: Caller) -> None:
    name = begin(call)
    with pytest.raises(Refused, match="size limit"):
        call.sql("SELECT repeat('x', 1100000)", transactionId=name)
    with pytest.raises(Refused, match="TransactionNotFoundException"):
        call.sql("SELECT 1", transactionId=name)


def test_a_statement_over_the_limit_is_cancelled(
    make: Callable[..., Caller], call: Caller, table: str
) -> None:
    hasty = make(statement_limit=0.05)
    with pytest.raises(Refused) as refused:
        hasty.sql("WITH w AS (SELECT pg_sleep(30)) INSERT INTO accounts (number) SELECT 'late' FROM w")
    assert (refused.value.status, refused.value.code) == (400, "StatementTimeoutException")
    assert refused.value.body["dbConnectionId"] > 0
    assert count(call) == 0
    assert call.value("count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND state = 'active' "
                      "AND pid <> pg_backend_pid()") == {"longValue": 0}  # fmt: skip


def test_with_continue_after_timeout_the_statement_goes_on_and_commits(
    make: Callable[..., Caller], call: Caller, table: str
) -> None:
    hasty, holder = make(statement_limit=0.05), begin(call)
    call.sql("LOCK TABLE accounts", transactionId=holder)
    with pytest.raises(Refused, match="StatementTimeoutException"):
        hasty.sql("INSERT INTO accounts (number) VALUES ('late')", continueAfterTimeout=True)
    call("/RollbackTransaction", transactionId=holder)
    while count(call) == 0:
        pass
    assert call.value("number FROM accounts") == {"stringValue": "late"}


def test_a_killed_server_comes_back_with_what_was_committed(
    call: Caller, table: str, servers: Postgres
) -> None:
    call.sql(INSERT)
    name = begin(call)
    call.sql(INSERT, transactionId=name)
    kill(servers)
    assert count(call) == 1
    with pytest.raises(Refused) as refused:
        call.sql("SELECT 1", transactionId=name)
    assert (refused.value.status, refused.value.code) == (504, "DatabaseUnavailableException")
    with pytest.raises(Refused, match="TransactionNotFoundException"):
        call("/CommitTransaction", transactionId=name)


def test_a_statement_that_may_have_run_is_not_repeated(call: Caller, table: str, servers: Postgres) -> None:
    holder = begin(call)
    call.sql("LOCK TABLE accounts", transactionId=holder)
    answers: list[Refused] = []

    def insert() -> None:
        with pytest.raises(Refused) as refused:
            call.sql("INSERT INTO accounts (number) VALUES (:n)", param("n", stringValue="once"))
        answers.append(refused.value)

    running = threading.Thread(target=insert)
    running.start()
    while call.value("count(*) FROM pg_locks WHERE NOT granted") == {"longValue": 0}:
        pass
    kill(servers)
    running.join()
    assert [(answer.status, answer.code) for answer in answers] == [(504, "DatabaseUnavailableException")]
    assert count(call) == 0
    with pytest.raises(Refused, match="DatabaseUnavailableException"):
        call("/RollbackTransaction", transactionId=holder)


def test_closing_rolls_back_what_is_open(make: Callable[..., Caller], call: Caller, table: str) -> None:
    other = make()
    other.sql("LOCK TABLE accounts", transactionId=begin(other))
    other.api.close()
    call.sql(INSERT)
    assert count(call) == 1
