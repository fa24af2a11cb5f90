"""`db query`: one statement with its parameters, a look into the database."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from accountsctl.commands.database.long_statements import LongStatements, StatementOutcome, mark_of
from accountsctl.commands.database.stand_alone import run_alone
from accountsctl.formats.sql import Statement, UnfinishedSql, split_statements
from accountsctl.model.errors import CloudError, UsageError
from accountsctl.ports.database import QueryResult

MISSING_PARAMETER = re.compile(r"Cannot find parameter: (\w+)")
"""How the Data API refuses a placeholder without a value."""


def query(long: LongStatements, sql: str, parameters: Mapping[str, Any] | None = None) -> QueryResult | None:
    """Run one statement; UsageError if `sql` holds none, or several.

    One that returns rows has 45 seconds, because its rows would be lost with its call. Any other is followed until it
    ends; None if it has succeeded after its call had ended, so that the number of rows is not known.
    """
    try:
        return run_statement(long, _one(sql), parameters)
    except CloudError as error:
        if missing := MISSING_PARAMETER.search(error.why):
            name = missing[1]
            raise UsageError(
                f":{name} has no value.",
                why="The statement takes it from a parameter.",
                hint=f"Pass one: -p {name}=VALUE",
            ) from error
        raise


def run_statement(
    long: LongStatements, statement: Statement, parameters: Mapping[str, Any] | None = None
) -> QueryResult | None:
    """Run one statement; see `query`."""
    if statement.returns_rows:
        return long.database.execute(statement.text, parameters)
    if statement.alone:
        return run_alone(long, statement).result
    # Two people may send the same statement at once and mean both, so that its text does not identify it.
    ending = long.run(statement.text, mark_of(uuid4().hex), parameters)
    if ending.outcome in (StatementOutcome.RETURNED, StatementOutcome.COMMITTED):
        return ending.result
    undone = ending.outcome is StatementOutcome.ABORTED
    raise CloudError(
        "The statement has failed in the database." if undone else "The statement has ended in the database.",
        why="PostgreSQL has undone it; its message went to a call that had ended."
        if undone
        else "Whether it succeeded was not seen: its call had ended before it.",
        hint="The database's log has the reason: CloudWatch Logs, /aws/rds/cluster/<cluster>/postgresql.",
    )


def _one(sql: str) -> Statement:
    try:
        statements = split_statements(sql)
    except UnfinishedSql as error:
        raise UsageError(
            "The statement is not complete.", why=f"{error}.", hint="Close what it opens, and send it again."
        ) from error
    if len(statements) != 1:
        raise UsageError(
            f"There are {len(statements)} statements.",
            why="The Data API takes one in each call.",
            hint="Send them one by one; a schema belongs into schema/*.sql and `accountsctl db init`.",
        )
    return statements[0]


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
            f'"{text}" is not a valid parameter.',
            why="It needs a name and a value.",
            hint="Write -p name=value, or -p name:type=value.",
        )
    read = _plain if not kind else _TYPES.get(kind)
    if read is None:
        raise UsageError(
            f'There is no type "{kind}".',
            why="The Data API has a type for each kind of value.",
            hint=f"The types are: {', '.join(sorted(_TYPES))}.",
        )
    try:
        return name, read(value)
    except (ValueError, ArithmeticError) as error:
        raise UsageError(
            f'"{value}" is not of type {kind}.',
            why="The type stands before the value.",
            hint=f"It was given for the parameter {name}.",
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
