"""A database through the RDS Data API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class QueryResult:
    """Rows of a statement: column names, and rows of plain values (None for NULL); `updated` counts rows changed."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    updated: int


class Database(Protocol):
    """A database through the RDS Data API (adapter: `adapters.aws.data_api`); bound to cluster, secret and name."""

    def execute(
        self, sql: str, parameters: Mapping[str, Any] | None = None, *, transaction: str | None = None
    ) -> QueryResult:
        """Run one statement; ``:name`` placeholders are bound. Waits for a database that is resuming."""

    def begin(self) -> str:
        """Start a transaction and give its id."""

    def commit(self, transaction: str) -> None:
        """Make a transaction's work permanent."""

    def rollback(self, transaction: str) -> None:
        """Undo a transaction's work."""
