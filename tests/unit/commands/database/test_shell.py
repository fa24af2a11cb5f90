"""`db shell`: what a line does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from accountsctl.commands.database.shell import Shell
from accountsctl.model.errors import CloudError, UsageError
from accountsctl.ports.database import QueryResult
from tests.fakes.database import FakeDatabase

ONE = QueryResult(("id", "nickname"), ((1, "Rent"), (2, None)), 0)


def clock(*times: float) -> Iterator[float]:
    yield from times


@pytest.fixture
def database() -> FakeDatabase:
    refused = CloudError("The database refused the statement.", why="no such thing", hint="mend it")
    return FakeDatabase(answers={"select 1": ONE}, refusals={"select nope": refused})


def typed(shell: Shell, *lines: str) -> list[str]:
    return [text for line in lines for text in shell.take(line + "\n", forgiving=True)]


def test_a_statement_goes_on_until_its_semicolon(database: FakeDatabase) -> None:
    shell = Shell(database)
    assert typed(shell, "select") == []
    assert shell.prompt == "... "
    database.answers["select\n1"] = ONE
    assert typed(shell, "1;") == ["id | nickname", "---+---------", " 1 | Rent", " 2 | NULL", "(2 rows)"]
    assert shell.prompt == "db> "


def test_a_semicolon_in_a_string_ends_nothing(database: FakeDatabase) -> None:
    shell = Shell(database)
    typed(shell, "select 'a;", "b';")
    assert [sql for sql, _, _ in database.asked] == ["select 'a;\nb'"]


def test_several_statements_on_a_line_are_sent_one_by_one(database: FakeDatabase) -> None:
    typed(Shell(database), "select 1; update a set b = 1;")
    assert [sql for sql, _, _ in database.asked] == ["select 1", "update a set b = 1"]


def test_an_error_is_told_and_the_session_goes_on(database: FakeDatabase) -> None:
    shell = Shell(database)
    assert typed(shell, "select nope;") == ["The database refused the statement.", "no such thing", "mend it"]
    assert typed(shell, "select 1;")[-1] == "(2 rows)"


def test_from_a_pipe_the_first_error_ends_it(database: FakeDatabase) -> None:
    with pytest.raises(CloudError):
        list(Shell(database).take("select nope;\n", forgiving=False))


def test_rows_are_shown_expanded_or_as_json_or_with_their_time(database: FakeDatabase) -> None:
    times = clock(1.0, 1.25)
    shell = Shell(database, clock=lambda: next(times))
    assert typed(shell, "\\x", "\\timing", "select 1;") == [
        "Expanded display is on.",
        "Timing is on.",
        "-[ 1 ]--",
        "id       | 1",
        "nickname | Rent",
        "-[ 2 ]--",
        "id       | 2",
        "nickname | NULL",
        "Time: 250 ms",
    ]
    shell = Shell(database)
    assert typed(shell, "\\json", "select 1;")[1].startswith('[\n  {\n    "id": 1')


def test_json_keeps_letters_of_every_language(database: FakeDatabase) -> None:
    database.answers["select 'Ä'"] = QueryResult(("text",), (("Ä",),), 0)
    assert '"Ä"' in typed(Shell(database), "\\json", "select 'Ä';")[1]


def test_a_transaction_that_nothing_would_keep_is_refused(database: FakeDatabase) -> None:
    said = typed(Shell(database), "begin;")
    assert said[0] == "BEGIN does nothing here."
    assert database.asked == []


def test_what_is_left_without_a_semicolon_is_run_at_the_end(database: FakeDatabase) -> None:
    shell = Shell(database)
    typed(shell, "select 1")
    assert list(shell.finish())[-1] == "(2 rows)"
    typed(shell, "select 'open")
    with pytest.raises(UsageError, match="not complete"):
        list(shell.finish())


def test_a_statement_can_be_forgotten_and_the_session_ended(database: FakeDatabase) -> None:
    shell = Shell(database)
    assert typed(shell, "select nope", "\\r") == []
    assert typed(shell, "select 1;")[-1] == "(2 rows)"
    typed(shell, "\\q")
    assert shell.ended


def test_a_backslash_within_a_string_is_no_command(database: FakeDatabase) -> None:
    typed(Shell(database), "select '", "\\q", "';")
    assert [sql for sql, _, _ in database.asked] == ["select '\n\\q\n'"]


def test_an_unknown_command_names_the_help(database: FakeDatabase) -> None:
    said = typed(Shell(database), "\\zzz")
    why = "What begins with \\ is a command of the shell."
    assert said == ["There is no \\zzz.", why, "\\? lists what there is."]
    assert typed(Shell(database), "\\?")[0].startswith("\\d")


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 rows changed."), (1, "1 row changed."), (2, "2 rows changed.")]
)
def test_how_many_rows_were_changed_is_counted(database: FakeDatabase, count: int, said: str) -> None:
    database.answers["update a set b = 1"] = QueryResult((), (), count)
    assert typed(Shell(database), "update a set b = 1;") == [said]


@pytest.mark.parametrize(
    ("lines", "width", "records"),
    [
        ((), 13, False),
        ((), 12, True),
        ((), None, False),
        (("\\x off",), 12, False),
        (("\\x on",), 80, True),
        (("\\x",), 80, True),
        (("\\x", "\\x"), 12, False),
        (("\\x", "\\x auto"), 80, False),
    ],
)
def test_rows_that_are_wider_than_the_terminal_are_records_unless_the_user_decides(
    database: FakeDatabase, lines: tuple[str, ...], width: int | None, records: bool
) -> None:
    shown = typed(Shell(database, width=lambda: width), *lines, "select 1;")
    assert ("id       | 1" in shown) is records
    assert (" 1 | Rent" in shown) is not records
