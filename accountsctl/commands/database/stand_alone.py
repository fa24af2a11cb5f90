"""A statement that PostgreSQL runs in no transaction block: run to its end, and judged by what it left.

CREATE INDEX CONCURRENTLY and REINDEX CONCURRENTLY leave an invalid index behind when they fail, and one that exists
makes the next try fail, or (IF NOT EXISTS) succeed without an index that any query uses. So an invalid index is
dropped before a try and after a failed one, and only a valid one counts as success.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from accountsctl.commands.database.long_statements import (
    LongStatements,
    StatementEnding,
    StatementOutcome,
    mark_of,
)
from accountsctl.formats.sql import Statement
from accountsctl.formats.sql_indexes import ConcurrentIndex, created_index, dropped_indexes, reindexes
from accountsctl.model.errors import CloudError
from accountsctl.ports.database import Database, Value

# A partitioned index (relkind I) is invalid on purpose until all of its parts are attached.
_INDEXES = (
    "SELECT i.indexrelid::bigint, c.relname::text, format('%I.%I', n.nspname, c.relname), i.indisvalid,"
    " EXISTS (SELECT 1 FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)"
    " FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind = 'i' AND "
)
_OF_TABLE = f"{_INDEXES}i.indrelid = to_regclass(:table)"
# What a failed REINDEX CONCURRENTLY leaves: https://www.postgresql.org/docs/16/sql-reindex.html
_LEFT_OVER = f"{_INDEXES}NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$'"
_THERE = "SELECT to_regclass(:name)::text"
_LOG = "The database's log has the reason: CloudWatch Logs, /aws/rds/cluster/<cluster>/postgresql."


@dataclass(frozen=True)
class _Index:
    name: str
    qualified: str
    valid: bool
    building: bool

    @property
    def abandoned(self) -> bool:
        return not self.valid and not self.building


_Indexes = Mapping[int, _Index]


def run_alone(long: LongStatements, statement: Statement) -> StatementEnding:
    """Run the statement to its end; CloudError if it failed, or if nothing shows that it succeeded."""
    mark = mark_of(statement.text)
    if index := created_index(statement.text):
        return _create_index(long, statement.text, mark, index)
    if reindexes(statement.text):
        return _reindex(long, statement.text, mark)
    ending = _run(long, statement.text, mark)
    if ending.outcome is StatementOutcome.RETURNED or statement.words[:1] == ("vacuum",):
        return ending  # VACUUM changes nothing that a schema consists of: that it has ended is all there is to know
    names = dropped_indexes(statement.text)
    if names and all(_rows(long.database, _THERE, name=name)[0][0] is None for name in names):
        return ending
    raise CloudError(
        "The statement has ended, but nothing shows that it succeeded.",
        why="Its call of the Data API had ended before it, and its result is lost.",
        hint=f"Run the command again. {_LOG}",
    )


def _create_index(long: LongStatements, sql: str, mark: str, index: ConcurrentIndex) -> StatementEnding:
    def indexes() -> _Indexes:
        return _read(long.database, _OF_TABLE, table=index.table)

    before = indexes()
    if not long.running(mark):
        _drop(long, {oid: found for oid, found in before.items() if found.name == index.name})

    def made() -> _Indexes:
        return {
            oid: found
            for oid, found in indexes().items()
            if (found.name == index.name if index.name else oid not in before or before[oid].building)
        }

    with _dropping(long, made):
        ending = _run(long, sql, mark)
        left = made().values()
        if any(not found.valid for found in left) or (
            ending.outcome is not StatementOutcome.RETURNED and not left
        ):
            raise CloudError(
                "The index was not built.",
                why="The statement has ended, and the index is missing or invalid; an invalid one is dropped.",
                hint=f"Run the command again. {_LOG}",
            )
    return ending


def _reindex(long: LongStatements, sql: str, mark: str) -> StatementEnding:
    def left_over() -> _Indexes:
        return _read(long.database, _LEFT_OVER)

    if not long.running(mark):
        _drop(long, left_over())
    with _dropping(long, left_over):
        ending = _run(long, sql, mark)
        if any(found.abandoned for found in left_over().values()):
            raise CloudError(
                "The index was not built again.",
                why="REINDEX has ended and left an invalid index behind, which is dropped; the old index serves on.",
                hint=f"Run the command again. {_LOG}",
            )
    return ending


def _run(long: LongStatements, sql: str, mark: str) -> StatementEnding:
    """Follow the statement if an earlier run has sent it and it still runs; else send it."""
    if long.running(mark):
        long.say("The statement runs already, sent by another run; waiting for its end.")
        return long.follow(mark)
    return long.run(sql, mark)


@contextmanager
def _dropping(long: LongStatements, made: Callable[[], _Indexes]) -> Iterator[None]:
    """Drop the invalid indexes of a block that fails; a failure to do so is noted on the first error."""
    try:
        yield
    except CloudError as error:
        try:
            _drop(long, made())
        except CloudError as second:
            error.add_note(f"The invalid index could not be dropped either: {second.why}")
        raise


def _drop(long: LongStatements, indexes: _Indexes) -> None:
    for found in indexes.values():
        if found.abandoned:
            long.say(f"Dropping the invalid index {found.qualified}, which an earlier try has left.")
            sql = f"DROP INDEX CONCURRENTLY IF EXISTS {found.qualified}"
            long.run(sql, mark_of(sql))


def _read(database: Database, sql: str, **bound: str) -> _Indexes:
    return {row[0]: _Index(*row[1:]) for row in _rows(database, sql, **bound)}


def _rows(database: Database, sql: str, **bound: str) -> tuple[tuple[Value, ...], ...]:
    return database.execute(sql, bound).rows
