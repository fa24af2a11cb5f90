"""`aws.data_api` over botocore itself, its wire shapes checked against AWS's model by the stubber."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import boto3
import pytest
from botocore.stub import Stubber

from accountsctl.adapters.aws.data_api import ASLEEP, DataApiDatabase, bind
from accountsctl.model.errors import CloudError
from accountsctl.ports.database import DatabaseAddress

CLUSTER, SECRET = "arn:aws:rds:eu-west-1:1:cluster:c", "arn:aws:secretsmanager:eu-west-1:1:secret:s"
TARGET = {"resourceArn": CLUSTER, "secretArn": SECRET}


class Bench:
    """A Data API with a scripted service behind it, and a clock that only sleeping moves."""

    def __init__(self) -> None:
        self.client = boto3.client(
            "rds-data", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x"
        )
        self.stub = Stubber(self.client)
        self.said: list[str] = []
        self.slept: list[float] = []
        self.database = DataApiDatabase(
            self.client,
            DatabaseAddress(CLUSTER, SECRET, "db"),
            waiting=self._waiting,
            sleep=self.slept.append,
            clock=lambda: sum(self.slept),
        )

    @contextmanager
    def _waiting(self, text: str) -> Iterator[None]:
        self.said.append(text)
        yield
        self.said.append("awake")

    def refuse(self, code: str, message: str = "", times: int = 1, call: str = "execute_statement") -> None:
        for _ in range(times):
            self.stub.add_client_error(call, code, message)

    def answer(self, **answer: Any) -> None:
        self.stub.add_response("execute_statement", answer)


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    with made.stub:
        yield made
        made.stub.assert_no_pending_responses()
    made.client.close()


def test_a_statement_goes_out_bound_and_comes_back_as_values(bench: Bench) -> None:
    request = {
        **TARGET,
        "database": "db",
        "sql": "SELECT :n",
        "includeResultMetadata": True,
        "parameters": [{"name": "n", "value": {"longValue": 1}}],
        "transactionId": "t",
    }
    answer = {
        "columnMetadata": [
            {"label": "n", "typeName": "int8"},
            {"label": "balance", "typeName": "numeric"},
            {"label": "none", "typeName": "text"},
            {"label": "raw", "typeName": "bytea"},
            {"label": "many", "typeName": "_numeric"},
        ],
        "records": [
            [
                {"longValue": 1},
                {"stringValue": "12.50"},
                {"isNull": True},
                {"blobValue": b"\x00"},
                {"arrayValue": {"stringValues": ["1.0", "2.0"]}},
            ]
        ],
        "numberOfRecordsUpdated": 0,
    }
    bench.stub.add_response("execute_statement", answer, request)
    result = bench.database.execute("SELECT :n", {"n": 1}, transaction="t")
    assert result.columns == ("n", "balance", "none", "raw", "many")
    assert result.rows == ((1, Decimal("12.50"), None, b"\x00", (Decimal("1.0"), Decimal("2.0"))),)
    assert str(result.rows[0][1]) == "12.50"


def test_a_change_tells_how_many_rows(bench: Bench) -> None:
    bench.answer(numberOfRecordsUpdated=3)
    assert bench.database.execute("DELETE FROM t").updated == 3


def test_a_transaction_is_begun_committed_and_rolled_back(bench: Bench) -> None:
    bench.stub.add_response("begin_transaction", {"transactionId": "t"}, {**TARGET, "database": "db"})
    bench.stub.add_response("commit_transaction", {}, {**TARGET, "transactionId": "t"})
    bench.stub.add_response("rollback_transaction", {}, {**TARGET, "transactionId": "t"})
    assert bench.database.begin() == "t"
    bench.database.commit("t")
    bench.database.rollback("t")


@pytest.mark.parametrize(
    ("value", "field", "hint"),
    [
        (None, {"isNull": True}, None),
        (True, {"booleanValue": True}, None),
        (-(2**63), {"longValue": -(2**63)}, None),
        (2**63, {"stringValue": str(2**63)}, "DECIMAL"),
        (1.5, {"doubleValue": 1.5}, None),
        (Decimal("1.50"), {"stringValue": "1.50"}, "DECIMAL"),
        ("x", {"stringValue": "x"}, None),
        (b"x", {"blobValue": b"x"}, None),
        (date(2026, 1, 2), {"stringValue": "2026-01-02"}, "DATE"),
        (time(1, 2, 3), {"stringValue": "01:02:03"}, "TIME"),
        (datetime(2026, 1, 2, 3, 4, 5), {"stringValue": "2026-01-02 03:04:05"}, "TIMESTAMP"),
        (
            datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2))),
            {"stringValue": "2026-01-02 01:04:05"},
            "TIMESTAMP",
        ),
        (datetime(2026, 1, 2, tzinfo=UTC), {"stringValue": "2026-01-02 00:00:00"}, "TIMESTAMP"),
        (UUID(int=1), {"stringValue": "00000000-0000-0000-0000-000000000001"}, "UUID"),
        ({"a": 1}, {"stringValue": '{"a": 1}'}, "JSON"),
    ],
)
def test_each_type_is_bound_as_the_data_api_wants_it(value: Any, field: Any, hint: str | None) -> None:
    bound = bind("p", value)
    assert (bound["name"], bound["value"], bound.get("typeHint")) == ("p", field, hint)


def test_a_type_that_cannot_be_bound_is_a_bug() -> None:
    with pytest.raises(TypeError, match="object"):
        bind("p", object())


def test_a_statement_that_took_too_long_is_explained(bench: Bench) -> None:
    bench.refuse("StatementTimeoutException", "Request timed out")
    with pytest.raises(CloudError, match="longer than 45 seconds") as caught:
        bench.database.execute("SELECT pg_sleep(46)")
    assert caught.value.why == "The Data API gives no statement more, and undoes what it had done."
    assert "smaller parts" in caught.value.hint


def test_a_sleeping_database_is_woken_and_it_is_said_once(bench: Bench) -> None:
    bench.refuse("DatabaseResumingException", times=3)
    bench.answer(numberOfRecordsUpdated=0)
    bench.database.execute("SELECT 1")
    assert bench.said == [ASLEEP, "awake"]
    assert bench.slept == [1.0, 1.0, 2.0]


def test_a_transaction_wakes_the_database_too(bench: Bench) -> None:
    bench.refuse("DatabaseResumingException", call="begin_transaction")
    bench.stub.add_response("begin_transaction", {"transactionId": "t"})
    assert bench.database.begin() == "t"


def test_a_database_that_never_wakes_is_an_error_in_the_end(bench: Bench) -> None:
    bench.refuse("DatabaseResumingException", "resuming after being auto-paused", times=28)
    with pytest.raises(CloudError, match="reach the database") as caught:
        bench.database.execute("SELECT 1")
    assert caught.value.code == "DatabaseResumingException"
    assert 120 <= sum(bench.slept) < 126


@pytest.mark.parametrize("prefix", ["ERROR: ", "Database error code: 0. Message: ERROR: "])
def test_a_refused_statement_tells_the_databases_reason_and_sqlstate(bench: Bench, prefix: str) -> None:
    bench.refuse(
        "DatabaseErrorException", f'{prefix}relation "t" does not exist; Position: 15; SQLState: 42P01'
    )
    with pytest.raises(CloudError) as caught:
        bench.database.execute("SELECT * FROM t")
    assert caught.value.what == "The database refused the statement."
    assert caught.value.why == 'relation "t" does not exist; Position: 15 (SQLSTATE 42P01)'
    assert "accountsctl db init" in caught.value.hint
    assert caught.value.code == "42P01"


def test_nothing_but_a_sleeping_database_is_tried_again(bench: Bench) -> None:
    bench.refuse("DatabaseUnavailableException")
    with pytest.raises(CloudError):
        bench.database.execute("SELECT 1")
    assert bench.slept == []


def test_a_result_that_cannot_be_returned_is_no_database_that_cannot_be_reached(bench: Bench) -> None:
    bench.refuse("UnsupportedResultException", "The result contains the unsupported data type record.")
    with pytest.raises(CloudError) as caught:
        bench.database.execute("SELECT (1, 2)")
    assert caught.value.what == "The Data API cannot return this result."
    assert "record" in caught.value.why
    assert "column::text" in caught.value.hint
