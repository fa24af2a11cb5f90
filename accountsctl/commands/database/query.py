"""`db query`: one statement with its parameters, a look into the database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from accountsctl.formats.sql import UnfinishedSql, split_statements
from accountsctl.model.errors import UsageError
from accountsctl.ports.database import Database, QueryResult


def query(database: Database, sql: str, parameters: Mapping[str, Any] | None = None) -> QueryResult:
    """Run one statement; UsageError where `sql` holds none, or several."""
    try:
        statements = split_statements(sql)
    except UnfinishedSql as error:
        raise UsageError("The statement is not complete.", why=f"{error}.") from error
    if len(statements) != 1:
        raise UsageError(
            f"There are {len(statements)} statements; the Data API takes one.",
            hint="Send them one by one; a schema belongs into schema/*.sql and `accountsctl db init`.",
        )
    return database.execute(statements[0].text, parameters)


def parse_parameters(texts: Iterable[str]) -> Mapping[str, Any]:
    """``-p name=value`` and ``-p name:type=value`` as values; UsageError for any that is neither.

    Without a type, a JSON number, `true`, `false` and `null` are what they are in JSON and anything else is
    text; a number that must be text is ``name:text=007``.
    """
    return dict(_parameter(text) for text in texts)


def _parameter(text: str) -> tuple[str, Any]:
    left, equals, value = text.partition("=")
    name, _, kind = left.partition(":")
    if not equals or not name.isidentifier():
        raise UsageError(
            f'"{text}" is not a valid parameter.', hint="Write -p name=value, or -p name:type=value."
        )
    read = _plain if not kind else _TYPES.get(kind)
    if read is None:
        raise UsageError(f'There is no type "{kind}".', hint=f"The types are: {', '.join(sorted(_TYPES))}.")
    try:
        return name, read(value)
    except (ValueError, ArithmeticError) as error:
        raise UsageError(
            f'"{value}" is not of type {kind}.', hint=f"It was given for the parameter {name}."
        ) from error


def _plain(value: str) -> Any:
    try:
        read = json.loads(value, parse_float=Decimal, parse_constant=str)
    except (ValueError, ArithmeticError, RecursionError):
        return value
    return read if read is None or isinstance(read, (bool, int, Decimal)) else value


def _boolean(value: str) -> bool:
    if value not in ("true", "false"):
        raise ValueError("neither true nor false")
    return value == "true"


_TYPES: Mapping[str, Callable[[str], Any]] = {
    "text": str,
    "int": int,
    "float": float,
    "numeric": Decimal,
    "bool": _boolean,
    "uuid": UUID,
    "date": date.fromisoformat,
    "timestamp": datetime.fromisoformat,
    "json": lambda value: _document(json.loads(value)),
}


def _document(value: Any) -> Any:
    if not isinstance(value, (dict, list)):
        raise ValueError("neither an object nor an array")
    return value
