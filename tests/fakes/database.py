"""A database in memory: tables, transactions and transaction locks, of which it understands five forms of SQL.

    CREATE TABLE IF NOT EXISTS t (...)         a table of rows; the first column is its primary key
    INSERT INTO t (a, b) VALUES (:a, :b)       one row of bound values; `applied_at` is `WHEN`
    SELECT a, b FROM t ORDER BY a              all rows, with those that the same transaction has inserted
    SELECT to_regclass('t')::text              the table's name; NULL if there is no such table
    SELECT pg_try_advisory_xact_lock(:key)     whether this transaction holds the lock now

tests/contract/test_database.py holds these forms to what PostgreSQL does with them. Every other statement is recorded
in `done` once its transaction commits, or refused if `refusals` has an error for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from accountsctl.model.errors import CloudError
from accountsctl.ports.database import QueryResult

NOTHING = QueryResult((), (), 0)
Row = Mapping[str, object]
Tables = dict[str, list[Row]]
Statement = tuple[str, Mapping[str, object]]

CREATE = re.compile(r"CREATE TABLE IF NOT EXISTS (\w+) \(")
INSERT = re.compile(r"INSERT INTO (\w+) \(([\w, ]+)\) VALUES \((?::\w+(?:, )?)+\)")
SELECT = re.compile(r"SELECT ([\w, ]+) FROM (\w+) ORDER BY (\w+)")
EXISTS = re.compile(r"SELECT to_regclass\('(\w+)'\)::text")
MARK = re.compile(r"^/\* accountsctl \w+ \*/ ")
LOCK = re.compile(r"SELECT pg_try_advisory_xact_lock\(")


@dataclass
class FakeDatabase:
    """`answers` and `refusals` are by statement; `asked` is every call of `execute`, `continuing` the long ones.

    The comment that marks a statement is left out, as PostgreSQL does.
    """

    WHEN: ClassVar[str] = "2026-11-25 12:00:00"
    """When every row was inserted."""

    answers: dict[str, QueryResult] = field(default_factory=dict)
    refusals: dict[str, CloudError] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, object], str | None]] = field(default_factory=list)
    continuing: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    tables: Tables = field(default_factory=dict)
    holder: str | None = None
    rolled_back: list[str] = field(default_factory=list)
    open: dict[str, list[Statement]] = field(default_factory=dict)
    count: int = 0

    @property
    def migrations(self) -> Mapping[str, object]:
        """The checksum of every applied migration, by name."""
        return {str(row["name"]): row["checksum"] for row in self.tables.get("accountsctl_migrations", ())}

    def execute(
        self,
        sql: str,
        parameters: Mapping[str, object] | None = None,
        *,
        transaction: str | None = None,
        continues: bool = False,
    ) -> QueryResult:
        bound, sql = dict(parameters or {}), MARK.sub("", sql)
        if continues:
            self.continuing.append(sql)
        self.asked.append((sql, bound, transaction))
        if sql in self.refusals:
            raise self.refusals[sql]
        if LOCK.match(sql):
            return self._lock(transaction)
        tables = self._visible(transaction)
        if match := EXISTS.fullmatch(sql):
            return QueryResult(("to_regclass",), ((match[1] if match[1] in tables else None,),), 0)
        if match := SELECT.fullmatch(sql):
            return _select(tables, match[2], match[1].split(", "), match[3])
        _apply(tables, sql, bound)  # a refused statement is refused at once, not when its transaction commits
        if transaction is None:
            self._keep([(sql, bound)])
        else:
            self.open[transaction].append((sql, bound))
        return self.answers.get(sql, NOTHING)

    def begin(self) -> str:
        self.count += 1
        self.open[f"t{self.count}"] = []
        return f"t{self.count}"

    def commit(self, transaction: str) -> None:
        self._keep(self._statements(transaction))
        self._end(transaction)

    def rollback(self, transaction: str) -> None:
        self._statements(transaction)
        self.rolled_back.append(transaction)
        self._end(transaction)

    def _lock(self, transaction: str | None) -> QueryResult:
        assert transaction is not None, "a transaction's lock outside of one"
        self._statements(transaction)
        if self.holder is None:
            self.holder = transaction
        return QueryResult(("locked",), ((self.holder == transaction,),), 0)

    def _visible(self, transaction: str | None) -> Tables:
        """What a statement sees: what is committed, and what its own transaction has done."""
        tables = {name: list(rows) for name, rows in self.tables.items()}
        for sql, bound in [] if transaction is None else self._statements(transaction):
            _apply(tables, sql, bound)
        return tables

    def _keep(self, statements: list[Statement]) -> None:
        for sql, bound in statements:
            if not _apply(self.tables, sql, bound):
                self.done.append(sql)

    def _statements(self, transaction: str) -> list[Statement]:
        if transaction not in self.open:
            raise CloudError(
                "AWS refused.", why="Transaction is not found", code="TransactionNotFoundException"
            )
        return self.open[transaction]

    def _end(self, transaction: str) -> None:
        del self.open[transaction]
        if self.holder == transaction:
            self.holder = None


def _apply(tables: Tables, sql: str, bound: Row) -> bool:
    """Change `tables` as a statement says; False if it is not one of those that are understood."""
    if match := CREATE.match(sql):
        tables.setdefault(match[1], [])
        return True
    if match := INSERT.fullmatch(sql):
        rows, key = _rows(tables, match[1]), match[2].split(", ")[0]
        if any(row[key] == bound[key] for row in rows):
            raise _refused("23505", "duplicate key value violates unique constraint")
        rows.append({**bound, "applied_at": FakeDatabase.WHEN})
        return True
    return False


def _select(tables: Tables, table: str, columns: list[str], order: str) -> QueryResult:
    rows = sorted(_rows(tables, table), key=lambda row: str(row[order]))
    return QueryResult(tuple(columns), tuple(tuple(row[name] for name in columns) for row in rows), 0)


def _rows(tables: Tables, table: str) -> list[Row]:
    if table not in tables:
        raise _refused("42P01", f'relation "{table}" does not exist')
    return tables[table]


def _refused(state: str, why: str) -> CloudError:
    return CloudError("The database refused the statement.", why=f"{why} (SQLSTATE {state})", code=state)
