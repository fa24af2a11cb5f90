"""One statement on one connection: bind, send, wait at most 45 seconds, build the response."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from psycopg import pq

from accountsctl.localcloud.rds_data import metadata
from accountsctl.localcloud.rds_data.connections import Connection, StatementResult
from accountsctl.localcloud.rds_data.errors import DataApiError, of_result
from accountsctl.localcloud.rds_data.fields import ResultOptions, compact, json_rows, records, shower
from accountsctl.localcloud.rds_data.parameters import Bound, bind
from accountsctl.localcloud.rds_data.placeholders import compile_sql

RESPONSE_LIMIT = 1024 * 1024
JSON_LIMIT = 10 * 1024 * 1024
_CANCEL_LIMIT = 5.0
_WRITES = ("INSERT", "UPDATE", "DELETE", "MERGE")


@dataclass(frozen=True)
class Shape:
    """The form in which the caller requests the response."""

    options: ResultOptions = field(default_factory=ResultOptions)
    with_metadata: bool = False
    as_json: bool = False

    @property
    def limit(self) -> int:
        return JSON_LIMIT if self.as_json else RESPONSE_LIMIT


class TimedOut(Exception):
    """The statement still runs after the limit."""


class Oversized(DataApiError):
    """The response is larger than the service returns."""

    def __init__(self, shape: Shape) -> None:
        if shape.as_json:
            super().__init__(
                "BadRequestException", "Database returned more than the allowed response size limit of 10Mb"
            )
        else:
            super().__init__(
                "UnsupportedResultException",
                "Database returned more than the allowed response size limit of 1Mb",
            )


def run(
    connection: Connection,
    sql: str,
    parameters: Mapping[str, Bound],
    limit: float | None,
    size: int | None = None,
    *,
    discards: bool = False,
) -> StatementResult:
    """Run `sql` with its named parameters. Raises TimedOut while it still runs, or the database's error.

    `discards`: nothing else follows in its session, which is discarded in the same round trip.
    """
    compiled = compile_sql(sql, {name: bound.oid != 0 for name, bound in parameters.items()})
    missing = [name for name in compiled.order if name not in parameters]
    if missing:
        raise DataApiError("BadRequestException", f"Cannot find parameter: {missing[0]}")
    connection.send(compiled.sql, [parameters[name] for name in compiled.order], discards=discards)
    statement = connection.receive(limit, size)
    if statement is None:
        raise TimedOut
    if statement.failed and not statement.cut:
        raise of_result(statement.result, compiled.positions)
    return statement


def stop(connection: Connection) -> None:
    """Cancel what runs; a statement that does not end in time takes its connection with it."""
    connection.cancel()
    if connection.receive(_CANCEL_LIMIT) is None:
        connection.close()


def execute(
    connection: Connection,
    sql: str,
    parameters: Sequence[object],
    shape: Shape,
    limit: float,
    *,
    discards: bool,
) -> bytes:
    """ExecuteStatement's body. `discards`: see `run`."""
    statement = run(connection, sql, bind(parameters), limit, shape.limit, discards=discards)
    if statement.cut:
        raise Oversized(shape)
    body = _body(connection, statement, shape).encode()
    if len(body) > shape.limit:
        raise Oversized(shape)
    return body


def _body(connection: Connection, statement: StatementResult, shape: Shape) -> str:
    """ExecuteStatement's response as JSON. Of a result's rows it has `records` or `formattedRecords`."""
    command = (statement.result.command_status or b"").decode()
    body = f'{{"generatedFields":[],"numberOfRecordsUpdated":{_updated(statement, command)}'
    if statement.result.status != pq.ExecStatus.TUPLES_OK:
        return body + "}"
    types = metadata.types_of(connection, statement.result)
    rows = records(statement.rows, [shower(kind, shape.options) for kind in types])
    if shape.as_json and not command.startswith(_WRITES):
        return f'{body},"formattedRecords":{compact(json_rows(metadata.labels(statement.result), rows))}}}'
    body += f',"records":{compact(rows)}'
    if shape.with_metadata:
        body += f',"columnMetadata":{metadata.describe(connection, statement.result, types)}'
    return body + "}"


def _updated(statement: StatementResult, command: str) -> int:
    """Rows that were written: none for a SELECT, however many it returned."""
    if statement.result.status == pq.ExecStatus.TUPLES_OK and not command.startswith(_WRITES):
        return 0
    return statement.result.command_tuples or 0
