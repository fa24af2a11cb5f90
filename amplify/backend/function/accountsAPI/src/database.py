"""The accounts' database through the RDS Data API: bound parameters in, plain dictionaries out.

A paused Aurora Serverless cluster answers DatabaseResumingException until it is awake. That statement was
never run, so it is tried again as long as this invocation has time; after that the client is told when to
come back. Nothing else is retried: an INSERT whose answer was lost may have been done.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from answers import Refusal, try_later
from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnection

Row = Mapping[str, Any]

SQLSTATE = re.compile(r"SQLState: ([0-9A-Z]{5})\s*$")
FIRST_DELAY = 0.5
LONGEST_DELAY = 4.0
# Kept back from the invocation's time to answer in.
RESERVE = 3.0
WAKING = 10
UNAVAILABLE = 5

_TRY_LATER: Mapping[str, str] = {
    "DatabaseUnavailableException": "The database is not available just now.",
    "ServiceUnavailableError": "The database is not available just now.",
    "InvalidResourceStateException": "The database is being changed just now.",
    "StatementTimeoutException": "The database took too long.",
    "ThrottlingException": "Too many requests just now.",
}


class DatabaseError(Exception):
    """The database refused a statement. The message of the database is left out: it may quote values."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Database:
    """One database. `remaining` gives the seconds that this invocation has left."""

    client: Any
    cluster: str
    secret: str
    name: str
    remaining: Callable[[], float]
    sleep: Callable[[float], None]

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Sequence[Row]:
        """Run one statement; its rows by column name. DatabaseError carries the SQLSTATE; Refusal is a 503."""
        request = {
            "resourceArn": self.cluster,
            "secretArn": self.secret,
            "database": self.name,
            "sql": sql,
            "includeResultMetadata": True,
            "parameters": [_parameter(name, value) for name, value in (parameters or {}).items()],
        }
        return _rows(self._answer(request))

    def _answer(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        delay = FIRST_DELAY
        while True:
            try:
                answer: Mapping[str, Any] = self.client.execute_statement(**request)
            except ClientError as error:
                if error.response["Error"]["Code"] != "DatabaseResumingException":
                    raise _refusal(error) from error
                if self.remaining() < delay + RESERVE:
                    raise try_later("The database is waking up.", WAKING) from error
            except (HTTPClientError, NoConnection) as error:
                raise try_later("The database did not answer.", UNAVAILABLE) from error
            else:
                return answer
            self.sleep(delay)
            delay = min(delay * 2, LONGEST_DELAY)


def _refusal(error: ClientError) -> Refusal | DatabaseError:
    code = error.response["Error"]["Code"]
    if code in _TRY_LATER:
        return try_later(_TRY_LATER[code], UNAVAILABLE)
    state = SQLSTATE.search(error.response["Error"].get("Message", ""))
    return DatabaseError(state[1] if state else code)


def _parameter(name: str, value: Any) -> Mapping[str, Any]:
    match value:
        case Decimal():
            return {"name": name, "value": {"stringValue": str(value)}, "typeHint": "DECIMAL"}
        case int():
            return {"name": name, "value": {"longValue": value}}
        case str():
            return {"name": name, "value": {"stringValue": value}}
    raise TypeError(f"a {type(value).__name__} cannot be bound")


def _rows(answer: Mapping[str, Any]) -> Sequence[Row]:
    names = [column["label"] for column in answer.get("columnMetadata", ())]
    records = answer.get("records", ())
    return [dict(zip(names, map(_value, record), strict=True)) for record in records]


def _value(field: Mapping[str, Any]) -> Any:
    """A field's value. NULL is said by a key of its own, whose value is True: it must not become True."""
    return None if field.get("isNull") else next(iter(field.values()))
