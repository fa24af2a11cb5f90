"""Tables fit the terminal, and rows look as psql draws them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountsctl.formats.text_table import aligned, hanging, in_last_column, psql_records, psql_table

COLUMNS = ("resource", "output", "value")
ROWS = [
    ("api/accountsAPI", "RootUrl", "https://abcdefghij.execute-api.eu-west-1.amazonaws.com/dev"),
    ("rds/db", "Name", "db"),
]
STATUS = [("api/accountsAPI", "create", "function/accountsAPI, auth/mfeaccounts")]


def test_a_table_that_fits_or_goes_to_a_pipe_has_one_line_for_each_row() -> None:
    assert aligned(COLUMNS, ROWS) == aligned(COLUMNS, ROWS, 200)
    assert len(aligned(COLUMNS, ROWS)) == 4


@pytest.mark.parametrize("width", range(24, 100, 4))
@pytest.mark.parametrize("rows", [ROWS, STATUS])
def test_no_line_is_wider_than_the_terminal_unless_one_word_is(
    width: int, rows: list[tuple[str, ...]]
) -> None:
    lines = aligned(COLUMNS, rows, width)
    assert [line for line in lines if len(line) > width and len(line.split()) > 2] == []
    for row in rows:
        for cell in row:
            for word in cell.split():
                assert any(word in line for line in lines), word


def test_a_last_column_is_wrapped_below_itself() -> None:
    assert aligned(("resource", "action", "depends on"), STATUS, 50) == [
        "resource         action  depends on",
        "---------------  ------  -------------------------",
        "api/accountsAPI  create  function/accountsAPI,",
        "                         auth/mfeaccounts",
    ]


def test_an_address_stands_below_its_row_in_one_piece() -> None:
    assert aligned(COLUMNS, ROWS, 60)[3:] == [
        "api/accountsAPI  RootUrl",
        f"    {ROWS[0][2]}",
        "rds/db           Name",
        "    db",
    ]


def test_a_table_far_too_wide_is_a_record_for_each_row() -> None:
    assert aligned(("name", "cloud", "region"), [("development", "local", "eu-west-1")], 18) == [
        "name    development",
        "cloud   local",
        "region  eu-west-1",
    ]


def test_rows_are_drawn_as_psql_draws_them() -> None:
    rows = [(1, Decimal("2.50"), True, "a\nb", None), (10, None, False, "c", (1, 2))]
    assert psql_table(("id", "balance", "ok", "text", "list"), rows) == [
        "id | balance | ok | text | list",
        "---+---------+----+------+------",
        " 1 |    2.50 | t  | a   +| NULL",
        "   |         |    | b    |",
        "10 |    NULL | f  | c    | {1,2}",
    ]


def test_a_row_as_a_record_has_a_line_for_each_value() -> None:
    assert psql_records(("id", "text"), [(1, "a\nb")]) == [
        "-[ 1 ]",
        "id   | 1",
        "text | a",
        "     | b",
    ]


def test_a_text_in_the_last_column_is_broken_between_words() -> None:
    assert in_last_column("one two three four five six", 6, 30) == ["one two three four five", "six"]
    assert in_last_column("one two three four five six", 16, 30) == ["one two three four five six"]
    assert in_last_column("one two three four five six", 6, None) == ["one two three four five six"]


@given(st.text("ab -\n", max_size=200), st.integers(min_value=20, max_value=60))
def test_a_broken_message_keeps_its_words_and_its_indent(text: str, width: int) -> None:
    broken = hanging(text, width)
    assert broken.split() == text.split()
    for line in broken.split("\n"):
        assert len(line) <= width or len(line.split()) == 1
    assert broken.startswith(text[: len(text) - len(text.lstrip(" "))])


def test_a_message_that_fits_is_left_as_it_is() -> None:
    assert hanging("  a\n  b  c ", 20) == "  a\n  b  c "
