"""Rows of a file into a table: in batches, each once, and the row that is refused is named by its line."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from accountsctl.commands.database.seed import MOST_BYTES, MOST_ROWS, insertion, seed
from accountsctl.commands.database.seed_files import Row, SeedFile
from accountsctl.commands.database.tables import Column, Table
from accountsctl.model.errors import CloudError, ProjectError
from accountsctl.ports.database import QueryResult
from tests.fakes.database import FakeDatabase

COLUMNS = (Column("id", "integer", identity=True, required=True, key=True), Column("name", "text"))


def answer(*values: object) -> QueryResult:
    return QueryResult((), (values,), 0)


class Notes(FakeDatabase):
    """A table of notes with the marks of what was seeded; `refused` are names that it does not take, by SQLSTATE.

    It is cut off after `lasts` batches.
    """

    def __init__(self, columns: Sequence[Column] = COLUMNS, lasts: int = 99) -> None:
        super().__init__()
        self.columns, self.lasts = columns, lasts
        self.marks: dict[tuple[int, str], str] = {}
        self.names: list[str] = []
        self.batches: list[int] = []
        self.refused: dict[str, str] = {}
        self.caught_up: list[object] = []

    def execute(
        self,
        sql: str,
        parameters: Mapping[str, object] | None = None,
        *,
        transaction: str | None = None,
        continues: bool = False,
    ) -> QueryResult:
        bound: dict[str, Any] = dict(parameters or {})
        if "information_schema.tables" in sql:
            return answer("notes")
        if "FROM pg_attribute" in sql:
            rows = tuple((c.name, c.type, c.identity, c.required, c.initial, c.key) for c in self.columns)
            return QueryResult((), rows, 0)
        if sql.startswith("SELECT done, digest"):
            found = sorted(mark for mark in self.marks if mark[0] <= bound["rows"])
            return QueryResult((), tuple(found), 0)
        if sql.startswith("DELETE"):
            del self.marks[bound["done"], bound["digest"]]
        if sql.startswith("WITH marked"):
            return answer(self._insert(bound, transaction))
        if sql.startswith("SELECT setval"):
            self.caught_up.append(bound["column"])
        return answer(None)

    def _insert(self, bound: Mapping[str, Any], transaction: str | None) -> int:
        found = [str(row["name"]) for row in json.loads(bound["rows"])]
        for name in found:
            if name in self.refused:
                raise CloudError("The database refused the statement.", why="no", code=self.refused[name])
        mark = bound["done"], bound["digest"]
        if transaction is not None or mark in self.marks:
            return len(found) if transaction is not None else 0
        if not self.lasts:
            raise KeyboardInterrupt
        self.lasts -= 1
        self.marks[mark] = bound["file"]
        self.names += found
        self.batches.append(len(found))
        return len(found)


def file(*names: str, columns: Sequence[str] = ("name",)) -> SeedFile:
    rows = tuple(Row(line, json.dumps({"name": name})) for line, name in enumerate(names, 2))
    return SeedFile("notes.csv", tuple(columns), rows)


def test_every_row_is_added_once_however_often_it_is_run() -> None:
    notes, heard = Notes(), list[tuple[int, int]]()
    done = seed(notes, file("a", "b"), advance=lambda now, of: heard.append((now, of)))
    assert (done.table, done.added, done.before) == ("notes", 2, 0)
    assert heard == [(0, 2), (2, 2)]
    again = seed(notes, file("a", "b"))
    assert (again.added, again.before) == (0, 2)
    assert notes.names == ["a", "b"]


def test_rows_at_the_end_are_added_and_those_before_them_are_known() -> None:
    notes = Notes()
    seed(notes, file("a", "b"))
    more = seed(notes, file("a", "b", "c"))
    assert (more.added, more.before, notes.names) == (1, 2, ["a", "b", "c"])


def test_a_row_that_was_changed_makes_it_another_file_from_its_batch_on() -> None:
    notes = Notes()
    seed(notes, file("a", "b"))
    changed = seed(notes, file("a", "x"))
    assert (changed.added, changed.before, notes.names) == (2, 0, ["a", "b", "a", "x"])


def test_the_same_rows_are_added_again_on_request_alone() -> None:
    notes = Notes()
    seed(notes, file("a"))
    again = seed(notes, file("a"), again=True)
    assert (again.added, again.before, notes.names) == (1, 0, ["a", "a"])


def test_who_was_cut_off_goes_on_behind_the_last_batch() -> None:
    names = [str(number) for number in range(MOST_ROWS + 3)]
    notes = Notes(lasts=1)
    with pytest.raises(KeyboardInterrupt):
        seed(notes, file(*names))
    notes.lasts = 99
    rest = seed(notes, file(*names))
    assert (rest.added, rest.before) == (3, MOST_ROWS)
    assert notes.batches == [MOST_ROWS, 3]
    assert notes.names == names


def test_a_batch_has_at_most_so_many_bytes_and_at_least_one_row() -> None:
    long = "x" * (MOST_BYTES // 2 - 100)
    notes = Notes()
    seed(notes, file(long, long, long, "y" * (MOST_BYTES + 1), "z"))
    assert notes.batches == [2, 1, 1, 1]


@pytest.mark.parametrize("code", ["22P02", "23505"])
@pytest.mark.parametrize("place", range(5))
def test_the_row_that_is_refused_is_named_by_its_line_and_nothing_of_its_batch_stays(
    code: str, place: int
) -> None:
    notes = Notes()
    names = ["a", "b", "c", "d", "e"]
    notes.refused = {names[place]: code}
    with pytest.raises(CloudError) as refused:
        seed(notes, file(*names))
    assert refused.value.what.startswith(f"notes.csv:{place + 2}: the database refused this row; 0 rows ")
    assert (refused.value.code, refused.value.why) == (code, "no")
    assert (notes.names, notes.open) == ([], {})


def test_a_refusal_that_is_not_about_a_row_is_not_looked_for() -> None:
    notes = Notes()
    notes.refused = {"b": "42501"}
    with pytest.raises(CloudError, match=r"^The database refused the statement\.$"):
        seed(notes, file("a", "b"))
    assert notes.count == 0


def test_a_column_that_the_table_lacks_and_one_that_the_file_lacks_are_refused_at_once() -> None:
    needed = Column("kind", "text", required=True)
    defaults = Column("at", "text", required=True, initial="now()")
    with pytest.raises(ProjectError) as refused:
        seed(Notes((*COLUMNS, needed, defaults)), file("a", columns=("name", "color")))
    (fault,) = refused.value.faults
    assert fault.what == "has color, which the table has not and lacks kind"
    assert fault.hint == "The table notes has: id, name, kind, at."


def test_an_identity_goes_on_after_what_the_file_brought_and_only_then() -> None:
    notes = Notes()
    seed(notes, file("a"))
    assert notes.caught_up == []
    seed(notes, file("b", columns=("id", "name")))
    assert notes.caught_up == ["id"]


def test_the_statement_names_the_files_columns_and_overrides_a_given_identity() -> None:
    target = Table("notes", COLUMNS)
    assert ' INTO "notes" ("name") SELECT "name"' in insertion(target, ["name"])
    assert ' INTO "notes" ("id", "name") OVERRIDING SYSTEM VALUE SELECT' in insertion(target, ["id", "name"])
