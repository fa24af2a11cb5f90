"""Which table is meant, and what of it is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from accountsctl.commands.database.tables import Column, Table, chosen, names, quoted, table
from accountsctl.model.errors import UsageError
from accountsctl.ports.database import QueryResult
from tests.fakes.database import FakeDatabase


class Catalogue(FakeDatabase):
    """A database with these tables, each with one column."""

    def __init__(self, *tables: str) -> None:
        super().__init__()
        self.names: Sequence[str] = tables

    def execute(
        self,
        sql: str,
        parameters: Mapping[str, object] | None = None,
        *,
        transaction: str | None = None,
        continues: bool = False,
    ) -> QueryResult:
        if "information_schema.tables" in sql:
            return QueryResult((), tuple((name,) for name in self.names), 0)
        wanted = str((parameters or {})["table"]).strip('"')
        rows = (("id", "integer", True, True, "", True),) if wanted in self.names else ()
        return QueryResult((), rows, 0)


@pytest.mark.parametrize(
    ("tables", "wanted", "stem", "found"),
    [
        (("notes",), None, "other", "notes"),
        (("notes",), None, "notes", "notes"),
        (("notes", "tags"), None, "tags", "tags"),
        (("notes", "tags"), "notes", "tags", "notes"),
        (("notes", "accountsctl_migrations"), None, "other", "notes"),
    ],
)
def test_the_table_is_the_named_one_or_that_of_the_file_or_the_only_one(
    tables: Sequence[str], wanted: str | None, stem: str, found: str
) -> None:
    assert chosen(Catalogue(*tables), wanted, stem).name == found


@pytest.mark.parametrize(("tables", "there"), [(("notes", "tags"), "notes, tags"), ((), "none")])
def test_a_table_that_is_not_there_is_refused_with_those_that_are(tables: Sequence[str], there: str) -> None:
    with pytest.raises(UsageError, match=r"There is no table other\.") as refused:
        chosen(Catalogue(*tables), None, "other")
    assert refused.value.why == f"The database has: {there}."
    with pytest.raises(UsageError):
        chosen(Catalogue("notes"), "other", "notes")


def test_our_own_tables_are_not_listed() -> None:
    assert names(Catalogue("accountsctl_seeds", "notes")) == ("notes",)


def test_a_column_is_as_the_catalogue_has_it() -> None:
    found = table(Catalogue("notes"), "notes")
    assert found.columns == (Column("id", "integer", identity=True, required=True, key=True),)
    assert found.key == found.columns[0]


def test_a_key_of_two_columns_is_not_one_column() -> None:
    a, b = Column("a", "text", key=True), Column("b", "text", key=True)
    assert Table("notes", (a, b)).key is None
    assert Table("notes", (Column("a", "text"),)).key is None
    assert Table("notes", (Column("a", "text"), b)).key == b


def test_a_name_is_quoted_whatever_is_in_it() -> None:
    assert quoted('a"b') == '"a""b"'


def test_a_misspelled_table_is_answered_with_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        table(Catalogue("accounts", "notes"), "account")
    assert caught.value.hint == 'Did you mean "accounts"?'
