"""`ports.Database` over the RDS Data API.

A statement goes out with typed parameters and comes back as plain Python values. A paused Aurora Serverless
cluster refuses with DatabaseResumingException while it wakes; that statement was never run, so it is sent
again until the cluster is awake. Nothing else is retried here.

Python -> Data API: None, bool, int, float, str and bytes as themselves; Decimal, date, time, datetime, UUID,
and dict or list (JSON) as a string with a type hint. An aware datetime is sent as UTC, as the Data API
returns it.
Data API -> Python: numeric as Decimal with its full scale, bytea as bytes, arrays as tuples, NULL as None;
date, time, timestamp, uuid and json stay the strings that the Data API sends (timestamptz is in UTC).
Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.calling.html
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from datetime import UTC, date, datetime
from datetime import time as time_of_day
from decimal import Decimal
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from botocore.exceptions import ClientError

from accountsctl.adapters.aws.errors import cloud_error, error_code, error_message, translated
from accountsctl.model.errors import CloudError
from accountsctl.ports.database import STATEMENT_TIMEOUT as TIMEOUT
from accountsctl.ports.database import DatabaseAddress, QueryResult, Value

if TYPE_CHECKING:
    from mypy_boto3_rds_data import RDSDataServiceClient
    from mypy_boto3_rds_data.literals import TypeHintType
    from mypy_boto3_rds_data.type_defs import (
        ExecuteStatementResponseTypeDef,
        FieldOutputTypeDef,
        FieldTypeDef,
        SqlParameterTypeDef,
    )

T = TypeVar("T")
RESUMING = "DatabaseResumingException"
UNSUPPORTED = "UnsupportedResultException"
STATEMENT_SECONDS = 45
ASLEEP = "The database is asleep; waking it."
# Aurora says that resuming takes about 15 seconds, and over 30 after a day of pause.
PATIENCE = 120.0
_DELAYS = (1.0, 1.0, 2.0, 3.0)
_LONGEST_DELAY = 5.0
_INT64 = range(-(2**63), 2**63)
_NUMERIC = "numeric"

_SQLSTATE = re.compile(r"(?:; )?SQLState: ([0-9A-Z]{5})\s*$")
_PREFIX = re.compile(r"^(?:Database error code: \d+\. Message: )?(?:ERROR|FATAL|PANIC): ")

# SQLSTATE or AWS error code -> what to do next.
_HINTS: Mapping[str, str] = MappingProxyType(
    {
        "42P01": "Create the tables with `accountsctl db init`.",
        "42P07": "It exists already: write CREATE … IF NOT EXISTS, or drop it first.",
        "42703": "Check the column's name; `accountsctl db init` applies migrations that are not there yet.",
        "42601": "Correct the statement at the position named above.",
        "42883": "Give the parameter its type: `-p name:text=…`, or a cast such as `:name::bigint`.",
        "42804": "Give the parameter its type: `-p name:uuid=…`, or a cast such as `:name::uuid`.",
        "42501": "The database's user lacks this right; the secret names the user.",
        "22P02": "The value does not read as the type that the column has.",
        "22003": "The number is too large for the column.",
        "22001": "The text is too long for the column.",
        "23502": "Give this column a value.",
        "23503": "The row that this one refers to is missing, or is still referred to.",
        "23505": "A row with this value exists already.",
        "23514": "The value breaks a rule of the table.",
        "25001": "This statement cannot run in a transaction, and so in no migration: send it by `db query`.",
        "25P02": "An earlier statement of this transaction failed; the whole is undone.",
        "28P01": "The secret's password is not the database's: rotate the secret, or wait for its rotation.",
        "3D000": "Check the database's name: it is an output of the rds resource.",
        "40001": "Another transaction was in the way; try again.",
        "40P01": "Another transaction was in the way; try again.",
        "53300": "The database has no connection left; try again in a moment.",
        "57014": "The statement was cancelled: the Data API gives each 45 seconds at most.",
        TIMEOUT: "Do it in smaller parts (a WHERE on ranges of the key), and look whether another session holds a "
        "lock: accountsctl db query 'select pid, state, query from pg_stat_activity'",
        RESUMING: "Try again in a minute; a cluster that stays asleep has a fault that its events name.",
        "DatabaseUnavailableException": "The writer is not available; try again, and look at the cluster's events.",
        "DatabaseNotFoundException": "The cluster has no instance yet; push again, or wait until it has one.",
        "HttpEndpointNotEnabledException": "Set EnableHttpEndpoint on the cluster and push.",
        "InvalidResourceStateException": "The cluster is being changed; try again when it is available.",
        "SecretsErrorException": "Check that the secret exists and that you may read it.",
        "InvalidSecretException": "The secret needs the keys username and password.",
        UNSUPPORTED: "Cast the column to text (`column::text`), or ask for less at once (1 MiB).",
        "TransactionNotFoundException": "A transaction ends by itself after 3 minutes without a statement.",
        "ValidationException": "The Data API takes one statement a call, 65,536 characters at most, no arrays.",
        "BadRequestException": "The Data API takes one statement a call; an answer of 1 MiB at most.",
    }
)


class DataApiDatabase:
    """The database at `address`.

    `waiting` is entered with a sentence while the database wakes, and left when it is awake.
    """

    def __init__(
        self,
        client: RDSDataServiceClient,
        address: DatabaseAddress,
        *,
        waiting: Callable[[str], AbstractContextManager[object]] = nullcontext,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._address = address
        self._waiting = waiting
        self._sleep = sleep
        self._clock = clock

    def execute(
        self,
        sql: str,
        parameters: Mapping[str, Value] | None = None,
        *,
        transaction: str | None = None,
        continues: bool = False,
    ) -> QueryResult:
        """Run one statement; see `ports.Database.execute`. `continues` is the Data API's continueAfterTimeout."""
        call = partial(
            self._client.execute_statement,
            resourceArn=self._address.cluster,
            secretArn=self._address.secret,
            database=self._address.name,
            sql=sql,
            includeResultMetadata=True,
            parameters=[bind(name, value) for name, value in (parameters or {}).items()],
        )
        if transaction is not None:
            call = partial(call, transactionId=transaction)
        if continues:
            call = partial(call, continueAfterTimeout=True)
        return query_result(self._awake(call, continues=continues))

    def begin(self) -> str:
        """Start a transaction and return its id. Waits for a database that is resuming."""
        call = partial(
            self._client.begin_transaction,
            resourceArn=self._address.cluster,
            secretArn=self._address.secret,
            database=self._address.name,
        )
        return self._awake(call)["transactionId"]

    def commit(self, transaction: str) -> None:
        """Make a transaction's work permanent."""
        with translated("commit the transaction", _HINTS):
            self._client.commit_transaction(
                resourceArn=self._address.cluster,
                secretArn=self._address.secret,
                transactionId=transaction,
            )

    def rollback(self, transaction: str) -> None:
        """Undo a transaction's work."""
        with translated("roll the transaction back", _HINTS):
            self._client.rollback_transaction(
                resourceArn=self._address.cluster,
                secretArn=self._address.secret,
                transactionId=transaction,
            )

    def _awake(self, call: Callable[[], T], *, continues: bool = False) -> T:
        """Return the response of a call, which is repeated while the cluster resumes."""
        started, tries = self._clock(), 0
        with translated("reach the database", _HINTS), ExitStack() as waiting:
            while True:
                try:
                    return call()
                except ClientError as error:
                    if error_code(error) != RESUMING or self._clock() - started >= PATIENCE:
                        raise _refused(error, continues=continues) from error
                    if tries == 0:
                        waiting.enter_context(self._waiting(ASLEEP))
                    self._sleep(_DELAYS[tries] if tries < len(_DELAYS) else _LONGEST_DELAY)
                    tries += 1


def bind(name: str, value: Value) -> SqlParameterTypeDef:
    """A Data API parameter for a Python value; TypeError for a type that the Data API does not have."""
    field, hint = _field(value)
    return {"name": name, "value": field, "typeHint": hint} if hint else {"name": name, "value": field}


def _field(value: Value) -> tuple[FieldTypeDef, TypeHintType | None]:
    match value:
        case None:
            return {"isNull": True}, None
        case bool():
            return {"booleanValue": value}, None
        case int() if value in _INT64:
            return {"longValue": value}, None
        case int() | Decimal():
            return {"stringValue": str(value)}, "DECIMAL"
        case float():
            return {"doubleValue": value}, None
        case str():
            return {"stringValue": value}, None
        case bytes() | bytearray():
            return {"blobValue": bytes(value)}, None
        case _:
            return _hinted(value)


def _hinted(value: Value) -> tuple[FieldTypeDef, TypeHintType | None]:
    match value:
        case UUID():
            return {"stringValue": str(value)}, "UUID"
        case datetime():
            naive = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
            return {"stringValue": naive.isoformat(" ")}, "TIMESTAMP"
        case date():
            return {"stringValue": value.isoformat()}, "DATE"
        case time_of_day():
            return {"stringValue": value.replace(tzinfo=None).isoformat()}, "TIME"
        case dict() | list():
            return {"stringValue": json.dumps(value)}, "JSON"
    raise TypeError(f"a {type(value).__name__} cannot be bound to a statement")


def query_result(response: ExecuteStatementResponseTypeDef) -> QueryResult:
    """The response of ExecuteStatement as plain values."""
    columns = response.get("columnMetadata") or ()
    types = [str(column.get("typeName", "")).lower() for column in columns]
    return QueryResult(
        columns=tuple(str(column.get("label") or column.get("name", "")) for column in columns),
        rows=tuple(_row(record, types) for record in response.get("records") or ()),
        updated=int(response.get("numberOfRecordsUpdated", 0)),
    )


def _row(record: Sequence[FieldOutputTypeDef], types: Sequence[str]) -> tuple[Value, ...]:
    return tuple(_value(field, kind) for field, kind in zip(record, types, strict=True))


def _value(field: FieldOutputTypeDef, kind: str) -> Value:
    if field.get("isNull"):
        return None
    value: Value = next(iter(field.values()))
    if "arrayValue" in field:
        return tuple(_element(item, kind.removeprefix("_")) for item in next(iter(value.values()), ()))
    return _element(value, kind)


def _element(value: Value, kind: str) -> Value:
    return Decimal(value) if kind == _NUMERIC and isinstance(value, str) else value


def _refused(error: ClientError, *, continues: bool = False) -> CloudError:
    """A refused statement: the SQLSTATE is its `code`, if the database itself refused."""
    message = error_message(error)
    state = _SQLSTATE.search(message)
    if error_code(error) == TIMEOUT and continues:
        return CloudError(
            f"The statement takes longer than {STATEMENT_SECONDS} seconds.",
            why="The call of the Data API ended; the statement goes on in the database.",
            hint="Look for it: accountsctl db query 'select pid, state, query from pg_stat_activity'",
            code=TIMEOUT,
        )
    if error_code(error) == TIMEOUT:
        return CloudError(
            f"The statement was stopped: it took longer than {STATEMENT_SECONDS} seconds.",
            why="The Data API gives no statement more, and undoes what it had done.",
            hint=_HINTS[TIMEOUT],
            code=TIMEOUT,
        )
    if state is None:
        refused = cloud_error("reach the database", error, _HINTS)
        if refused.code == UNSUPPORTED:
            return CloudError(
                "The Data API cannot return this result.",
                why=refused.why,
                hint=refused.hint,
                code=UNSUPPORTED,
            )
        return refused
    why = _PREFIX.sub("", message[: state.start()])
    return CloudError(
        "The database refused the statement.",
        why=f"{why} (SQLSTATE {state[1]})",
        hint=_HINTS.get(state[1], ""),
        code=state[1],
    )
