"""Pages of a table, and what is done where one is too large for an answer of the Data API."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from accountsctl.commands.database.export import rows
from accountsctl.commands.database.tables import Column, Table
from accountsctl.model.errors import CloudError, UsageError
from accountsctl.ports.database import QueryResult
from tests.fakes.database import FakeDatabase

TABLE = Table("notes", (Column("id", "integer", key=True), Column("text", "text")))


class Pages(FakeDatabase):
    """Rows 1 to `count`, of which an answer takes at most `most`."""

    def __init__(self, count: int, most: int, why: str = "Database response exceeded size limit") -> None:
        super().__init__()
        self.count, self.most, self.why = count, most, why
        self.sizes: list[int] = []
        self.sent: list[str] = []

    def execute(
        self,
        sql: str,
        parameters: Mapping[str, object] | None = None,
        *,
        transaction: str | None = None,
        continues: bool = False,
    ) -> QueryResult:
        bound = dict(parameters or {})
        size = int(str(bound["size"]))
        self.sizes.append(size)
        self.sent.append(sql)
        if size > self.most:
            raise CloudError("The database refused this.", why=self.why)
        first = int(str(bound.get("after", 0))) + 1
        found = range(first, min(first + size, self.count + 1))
        return QueryResult((), tuple((str(number), "x") for number in found), 0)


def test_a_page_begins_after_the_last_key_of_the_one_before_it() -> None:
    database = Pages(count=2001, most=2000)
    assert len(list(rows(database, TABLE))) == 2001
    first, second = database.sent
    assert "WHERE" not in first
    assert 'WHERE t."id" > CAST(:after AS integer) ORDER BY t."id"' in second


def test_every_row_comes_once_and_a_page_that_is_too_large_is_halved() -> None:
    database = Pages(count=1200, most=600)
    assert [row[0] for row in rows(database, TABLE)] == [str(number) for number in range(1, 1201)]
    assert database.sizes == [2000, 1000, 500, 500, 500]


def test_a_single_row_that_is_too_large_is_an_error_and_not_asked_for_for_ever() -> None:
    with pytest.raises(CloudError):
        list(rows(Pages(count=3, most=0), TABLE))


def test_another_refusal_is_not_tried_at_another_size() -> None:
    database = Pages(count=3, most=0, why="permission denied")
    with pytest.raises(CloudError, match="refused"):
        list(rows(database, TABLE))
    assert database.sizes == [2000]


def test_a_table_without_a_key_of_one_column_is_refused() -> None:
    with pytest.raises(UsageError, match="primary key"):
        list(rows(FakeDatabase(), Table("notes", (Column("text", "text"),))))
