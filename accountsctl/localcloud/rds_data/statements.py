"""One statement on one connection: bind, send, wait at most 45 seconds, shape the answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from psycopg import pq

from accountsctl.localcloud.rds_data import metadata
from accountsctl.localcloud.rds_data.connections import Connection, StatementResult
from accountsctl.localcloud.rds_data.errors import DataApiError, of_result
from accountsctl.localcloud.rds_data.fields import ResultOptions, json_rows, records, shower
from accountsctl.localcloud.rds_data.parameters import Bound, bind
from accountsctl.localcloud.rds_data.placeholders import compile_sql

RESPONSE_LIMIT = 1024 * 1024
JSON_LIMIT = 10 * 1024 * 1024
_CANCEL_LIMIT = 5.0
_WRITES = ("INSERT", "UPDATE", "DELETE", "MERGE")


@dataclass(frozen=True)
class Shape:
    """How the caller wants the answer."""

    options: ResultOptions = field(default_factory=ResultOptions)
    with_metadata: bool = False
    as_json: bool = False

    @property
    def limit(self) -> int:
        return JSON_LIMIT if self.as_json else RESPONSE_LIMIT


class TimedOut(Exception):
    """The statement still runs after the limit."""


class Oversized(DataApiError):
    """The answer is larger than the service returns."""

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
) -> StatementResult:
    """Run `sql` with its named parameters. Raises TimedOut while it still runs, or the database's error."""
    compiled = compile_sql(sql, {name: bound.oid != 0 for name, bound in parameters.items()})
    missing = [name for name in compiled.order if name not in parameters]
    if missing:
        raise DataApiError("BadRequestException", f"Cannot find parameter: {missing[0]}")
    connection.send(compiled.sql, [parameters[name] for name in compiled.order])
    answer = connection.receive(limit, size)
    if answer is None:
        raise TimedOut
    if answer.failed and not answer.cut:
        raise of_result(answer.result, compiled.positions)
    return answer


def stop(connection: Connection) -> None:
    """Cancel what runs; a statement that does not end in time takes its connection with it."""
    connection.cancel()
    if connection.receive(_CANCEL_LIMIT) is None:
        connection.close()


def execute(connection: Connection, sql: str, parameters: Any, shape: Shape, limit: float) -> bytes:
    """ExecuteStatement's body."""
    answer = run(connection, sql, bind(parameters), limit, shape.limit)
    if answer.cut:
        raise Oversized(shape)
    body = json.dumps(_body(connection, answer, shape), separators=(",", ":"), ensure_ascii=False).encode()
    if len(body) > shape.limit:
        raise Oversized(shape)
    return body


def _body(connection: Connection, answer: StatementResult, shape: Shape) -> dict[str, Any]:
    command = (answer.result.command_status or b"").decode()
    body: dict[str, Any] = {"generatedFields": [], "numberOfRecordsUpdated": _updated(answer, command)}
    if answer.result.status != pq.ExecStatus.TUPLES_OK:
        return body
    types = metadata.types_of(connection, answer.result)
    rows = records(answer.rows, [shower(kind, shape.options) for kind in types])
    if shape.as_json and not command.startswith(_WRITES):
        body["formattedRecords"] = json_rows(metadata.labels(answer.result), rows)
        return body
    body["records"] = rows
    if shape.with_metadata:
        body["columnMetadata"] = metadata.describe(connection, answer.result, types)
    return body


def _updated(answer: StatementResult, command: str) -> int:
    """Rows that were written: none for a SELECT, however many it returned."""
    if answer.result.status == pq.ExecStatus.TUPLES_OK and not command.startswith(_WRITES):
        return 0
    return answer.result.command_tuples or 0
