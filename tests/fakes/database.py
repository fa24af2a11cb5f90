"""A database in memory: it knows the bookkeeping of migrations, locks and transactions, and no other SQL.

Every other statement is remembered in `done` once its transaction commits, or refused where `refusals` has
an error for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from accountsctl.model.errors import CloudError
from accountsctl.ports.database import QueryResult

NOTHING = QueryResult((), (), 0)


@dataclass
class FakeDatabase:
    """`answers` and `refusals` are by statement; `asked` is everything that came in."""

    WHEN: ClassVar[str] = "2026-11-25 12:00:00"
    """When every migration was applied."""

    answers: dict[str, QueryResult] = field(default_factory=dict)
    refusals: dict[str, CloudError] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, Any], str | None]] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    migrations: dict[str, str] = field(default_factory=dict)
    table: bool = False
    holder: str | None = None
    rolled_back: list[str] = field(default_factory=list)
    open: dict[str, list[tuple[str, Mapping[str, Any]]]] = field(default_factory=dict)
    count: int = 0

    def execute(
        self, sql: str, parameters: Mapping[str, Any] | None = None, *, transaction: str | None = None
    ) -> QueryResult:
        bound = dict(parameters or {})
        self.asked.append((sql, bound, transaction))
        if sql in self.refusals:
            raise self.refusals[sql]
        if "pg_try_advisory_xact_lock" in sql:
            return self._lock(transaction)
        if sql.startswith("SELECT to_regclass('accountsctl_migrations')"):
            return QueryResult(("there",), (("accountsctl_migrations" if self.table else None,),), 0)
        if sql.startswith("SELECT name, checksum, applied_at FROM accountsctl_migrations"):
            rows = tuple((*each, self.WHEN) for each in sorted(self.migrations.items()))
            return QueryResult(("name", "checksum", "applied_at"), rows, 0)
        if sql.startswith("SELECT name, checksum FROM accountsctl_migrations"):
            return self._applied(transaction)
        if transaction is None:
            self._do(sql, bound)
        else:
            self._known(transaction).append((sql, bound))
        return self.answers.get(sql, NOTHING)

    def begin(self) -> str:
        self.count += 1
        self.open[f"t{self.count}"] = []
        return f"t{self.count}"

    def commit(self, transaction: str) -> None:
        for sql, bound in self._known(transaction):
            self._do(sql, bound)
        self._end(transaction)

    def rollback(self, transaction: str) -> None:
        self._known(transaction)
        self.rolled_back.append(transaction)
        self._end(transaction)

    def _lock(self, transaction: str | None) -> QueryResult:
        assert transaction is not None, "a transaction's lock outside of one"
        if self.holder is None:
            self.holder = transaction
        return QueryResult(("locked",), ((self.holder == transaction,),), 0)

    def _applied(self, transaction: str | None) -> QueryResult:
        pending = any(
            "CREATE TABLE IF NOT EXISTS accountsctl_migrations" in sql
            for sql, _ in self.open[transaction or ""]
        )
        assert self.table or pending, "the table does not exist"
        return QueryResult(("name", "checksum"), tuple(sorted(self.migrations.items())), 0)

    def _do(self, sql: str, bound: Mapping[str, Any]) -> None:
        if sql.startswith("CREATE TABLE IF NOT EXISTS accountsctl_migrations"):
            self.table = True
        elif sql.startswith("INSERT INTO accountsctl_migrations"):
            assert bound["name"] not in self.migrations, "the primary key is taken"
            self.migrations[bound["name"]] = bound["checksum"]
        else:
            self.done.append(sql)

    def _known(self, transaction: str) -> list[tuple[str, Mapping[str, Any]]]:
        if transaction not in self.open:
            raise CloudError(
                "AWS refused.", why="Transaction is not found", code="TransactionNotFoundException"
            )
        return self.open[transaction]

    def _end(self, transaction: str) -> None:
        del self.open[transaction]
        if self.holder == transaction:
            self.holder = None
