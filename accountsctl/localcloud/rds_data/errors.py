"""The Data API's errors, each with the HTTP status of AWS's service model.

PostgreSQL's own errors come as DatabaseErrorException. Their text ends in the SQLSTATE, which is what
clients look for: ``ERROR: <message>[; Hint: <hint>][; Position: <n>]; SQLState: <code>``, on one
line. The real service gives no Detail (it would carry values of other rows).
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from psycopg import pq

from accountsctl.localcloud.contracts.messages import Response

STATUS = {
    "AccessDeniedException": 403,
    "BadRequestException": 400,
    "DatabaseErrorException": 400,
    "DatabaseNotFoundException": 404,
    "DatabaseResumingException": 400,
    "DatabaseUnavailableException": 504,
    "HttpEndpointNotEnabledException": 400,
    "InternalServerErrorException": 500,
    "InvalidResourceStateException": 400,
    "InvalidSecretException": 400,
    "NotFoundException": 404,
    "SecretsErrorException": 400,
    "SerializationException": 400,
    "ServiceUnavailableError": 503,
    "StatementTimeoutException": 400,
    "TransactionNotFoundException": 404,
    "UnknownOperationException": 404,
    "UnsupportedResultException": 400,
    "ValidationException": 400,
}

_SEVERAL_COMMANDS = "cannot insert multiple commands into a prepared statement"
_SEVERITY = {"28P01": "FATAL", "28000": "FATAL"}


class DataApiError(Exception):
    """A response that is an error: its class on the wire, its text, and the other members of its body."""

    def __init__(self, code: str, message: str, **members: object) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.members: Mapping[str, object] = members

    def response(self) -> Response:
        body = json.dumps({"message": self.message, **self.members}).encode()
        headers = (("Content-Type", "application/json"), ("x-amzn-ErrorType", self.code))
        return Response(STATUS[self.code], headers, body)


class ConnectionLost(Exception):
    """The server went away. `sent`: whether the statement may have run."""

    def __init__(self, *, sent: bool) -> None:
        super().__init__("the connection to the database was lost")
        self.sent = sent


def unavailable() -> DataApiError:
    """The writer went away while a statement ran: it may have run, so it is never repeated."""
    return DataApiError(
        "DatabaseUnavailableException", "The writer instance in the DB cluster isn't available."
    )


def of_result(result: pq.abc.PGresult, position: Mapping[int, int] | None = None) -> DataApiError:
    """PostgreSQL's refusal of a statement; `position` maps its position back to the SQL as it was sent."""
    fields = pq.DiagnosticField
    primary = _field(result, fields.MESSAGE_PRIMARY)
    state = _field(result, fields.SQLSTATE)
    if primary == _SEVERAL_COMMANDS:
        return DataApiError("ValidationException", "Multistatements aren't supported.")
    where = _field(result, fields.STATEMENT_POSITION)
    if where and position is not None:
        where = str(position[int(where)])
    return database_error(primary, state, hint=_field(result, fields.MESSAGE_HINT), position=where)


def database_error(message: str, state: str, *, hint: str = "", position: str = "") -> DataApiError:
    """A DatabaseErrorException in the one shape that clients parse."""
    parts = [f"{_SEVERITY.get(state, 'ERROR')}: {message}"]
    if hint:
        parts.append(f"Hint: {hint}")
    if position:
        parts.append(f"Position: {position}")
    parts.append(f"SQLState: {state}")
    return DataApiError("DatabaseErrorException", "; ".join(parts))


def _field(result: pq.abc.PGresult, field: int) -> str:
    return (result.error_field(field) or b"").decode("utf-8", "replace")
