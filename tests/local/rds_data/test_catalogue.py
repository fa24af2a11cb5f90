"""What is remembered of the catalogue is what the catalogue holds, whoever changed it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from accountsctl.localcloud.rds_data.catalogue import LONGEST, Catalogue, Columns, TableColumn
from accountsctl.localcloud.rds_data.types import PgType
from tests.local.rds_data.conftest import Caller, Clock

ID = {1: TableColumn("accounts", required=True, counts_up=True)}


class Reader:
    """Returns the columns of every table that is asked for, and remembers what was."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    def __call__(self, oids: list[int]) -> Mapping[int, Columns]:
        self.asked.append(oids)
        return dict.fromkeys(oids, ID)


@pytest.fixture
def renamed(call: Caller, table: str) -> Iterator[str]:
    """A function that alters the table: no command tag shows that it did."""
    call.sql(
        "CREATE FUNCTION altering() RETURNS int LANGUAGE plpgsql AS "
        f"$$BEGIN ALTER TABLE {table} ALTER balance SET NOT NULL; RETURN 1; END$$"
    )
    yield "SELECT altering()"
    call.sql("DROP FUNCTION altering")


def nullable(call: Caller, table: str, **members: str) -> int:
    answered = call.sql(f"SELECT balance FROM {table}", includeResultMetadata=True, **members)
    return int(answered["columnMetadata"][0]["nullable"])


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE accounts ALTER balance SET NOT NULL",
        "DO $$BEGIN ALTER TABLE accounts ALTER balance SET NOT NULL; END$$",
    ],
)
def test_a_definition_that_changes_is_reported_by_the_next_statement(
    call: Caller, table: str, change: str
) -> None:
    assert nullable(call, table) == 1
    call.sql(change)
    assert nullable(call, table) == 0


def test_a_definition_in_a_transaction_is_that_transactions_until_it_commits(
    call: Caller, table: str
) -> None:
    # A second table: one that is altered is locked until the end of its transaction, for readers also.
    begun = call("/BeginTransaction")["transactionId"]
    call.sql("CREATE TABLE later (balance int NOT NULL)", transactionId=begun)
    assert nullable(call, "later", transactionId=begun) == 0
    call.sql("ALTER TABLE later ALTER balance DROP NOT NULL", transactionId=begun)
    assert nullable(call, "later", transactionId=begun) == 1
    assert nullable(call, table) == 1
    call("/CommitTransaction", database=None, transactionId=begun)
    assert nullable(call, "later") == 1
    call.sql("DROP TABLE later")


def test_a_definition_that_a_function_changed_is_reported_within_a_second(
    call: Caller, table: str, renamed: str, clock: Clock
) -> None:
    assert nullable(call, table) == 1
    call.sql(renamed)
    clock.now += LONGEST + 0.1
    assert nullable(call, table) == 0


def test_a_type_of_ones_own_is_read_again_after_it_was_replaced(call: Caller) -> None:
    for labels in ("'a'", "'b'"):
        call.sql(f"CREATE TYPE mood AS ENUM ({labels})")
        answered = call.sql(f"SELECT {labels}::mood AS now", includeResultMetadata=True)
        assert answered["columnMetadata"][0]["typeName"] == "mood"
        call.sql("DROP TYPE mood")


def test_all_tables_of_a_result_are_read_at_once_and_each_only_once() -> None:
    catalogue, read = Catalogue(Clock()), Reader()
    assert catalogue.tables([7, 5, 7], read) == {5: ID, 7: ID}
    catalogue.tables([5, 7], read)
    catalogue.tables([5, 9], read)
    assert read.asked == [[5, 7], [9]]


def test_what_was_read_before_a_change_ended_is_not_remembered_after_it() -> None:
    catalogue, read = Catalogue(Clock()), Reader()

    def read_while_it_changes(oids: list[int]) -> Mapping[int, Columns]:
        catalogue.clear()
        return read(oids)

    def read_type_while_it_changes(oid: int) -> PgType:
        catalogue.clear()
        return PgType(oid, "mood", "text", 12)

    catalogue.tables([5], read_while_it_changes)
    catalogue.tables([5], read)
    assert read.asked == [[5], [5]]
    catalogue.type(7, read_type_while_it_changes)
    assert catalogue.type(7, lambda oid: PgType(oid, "mode", "text", 12)).name == "mode"


def test_nothing_is_remembered_for_longer_than_its_time() -> None:
    clock = Clock()
    catalogue, read = Catalogue(clock), Reader()
    catalogue.tables([5], read)
    clock.now += LONGEST + 0.1
    catalogue.tables([5], read)
    assert read.asked == [[5], [5]]
