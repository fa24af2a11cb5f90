"""`db query`, over a database in memory."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from accountsctl.commands.database.long_statements import LongStatements
from accountsctl.commands.database.query import parse_parameters, query
from accountsctl.model.errors import CloudError, UsageError
from accountsctl.ports.database import QueryResult
from tests.fakes.database import FakeDatabase


def test_a_query_is_sent_without_its_semicolon_and_with_its_parameters() -> None:
    rows = QueryResult(("n",), ((1,),), 0)
    database = FakeDatabase(answers={"SELECT :n": rows})
    assert query(LongStatements(database), "SELECT :n ;", {"n": 1}) is rows
    assert database.asked == [("SELECT :n", {"n": 1}, None)]


@pytest.mark.parametrize("sql", ["", "-- x", "SELECT 1; SELECT 2", "SELECT 'x"])
def test_anything_but_one_whole_statement_is_refused(sql: str) -> None:
    with pytest.raises(UsageError):
        query(LongStatements(FakeDatabase()), sql)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a=1", 1),
        ("a=1.50", Decimal("1.50")),
        ("a=true", True),
        ("a=null", None),
        ("a=DE01", "DE01"),
        ("a=007", "007"),
        ("a=NaN", "NaN"),
        ("a=x=y", "x=y"),
        ("a=", ""),
        ("a=[1]", "[1]"),
        ("a:text=1", "1"),
        ("a:numeric=2", Decimal(2)),
        ("a:date=2026-01-31", date(2026, 1, 31)),
        ("a:uuid=12345678-1234-5678-1234-567812345678", UUID("12345678123456781234567812345678")),
        ("a:json=[1]", [1]),
        ("a:bool=false", False),
    ],
)
def test_a_parameter_is_what_it_looks_like_or_what_its_type_says(text: str, value: Any) -> None:
    read = parse_parameters([text])["a"]
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    "text", ["a", "=1", "a b=1", "a:what=1", "a:int=x", "a:bool=yes", "a:json=1", "a:numeric=x"]
)
def test_a_parameter_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_parameters([text])


def test_a_placeholder_without_a_value_is_named_with_its_option() -> None:
    refusal = CloudError(
        "AWS refused.", why="Cannot find parameter: least (BadRequestException, ExecuteStatement)"
    )
    database = FakeDatabase(refusals={"select :least": refusal})
    with pytest.raises(UsageError) as caught:
        query(LongStatements(database), "select :least")
    assert (caught.value.what, caught.value.hint) == (":least has no value.", "Pass one: -p least=VALUE")
