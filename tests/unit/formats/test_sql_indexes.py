"""Which index a CONCURRENTLY statement concerns."""

from __future__ import annotations

import pytest

from accountsctl.formats.sql_indexes import ConcurrentIndex, created_index, dropped_indexes, reindexes


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        ("CREATE INDEX CONCURRENTLY i ON t (n)", ConcurrentIndex("t", "i")),
        ("create unique index concurrently I on T(n)", ConcurrentIndex("T", "i")),
        (
            'CREATE INDEX CONCURRENTLY IF NOT EXISTS "I""x" ON ONLY s . "T" (n)',
            ConcurrentIndex('s."T"', 'I"x'),
        ),
        ("CREATE /* now */ INDEX -- x\nCONCURRENTLY ON t USING gin (n)", ConcurrentIndex("t", "")),
        ("CREATE INDEX i ON t (n)", None),
        ("CREATE TABLE concurrently (n int)", None),
        ("CREATE INDEX CONCURRENTLY", None),
        ("CREATE INDEX CONCURRENTLY i ON", None),
    ],
)
def test_the_index_that_is_created(sql: str, index: ConcurrentIndex | None) -> None:
    assert created_index(sql) == index


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("DROP INDEX CONCURRENTLY i", ("i",)),
        ('DROP INDEX CONCURRENTLY IF EXISTS a.b, "C" CASCADE', ("a.b", '"C"')),
        ("DROP INDEX i", ()),
        ("DROP TABLE concurrently", ()),
    ],
)
def test_the_indexes_that_are_dropped(sql: str, names: tuple[str, ...]) -> None:
    assert dropped_indexes(sql) == names


def test_a_reindex_is_concurrent_or_not() -> None:
    assert reindexes("REINDEX (VERBOSE) TABLE CONCURRENTLY t")
    assert not reindexes("REINDEX TABLE t")
