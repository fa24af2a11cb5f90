"""A database through the RDS Data API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

Value = Any
"""A value of a column or parameter: None, bool, int, float, str, bytes, Decimal, tuple, or what JSON consists of."""

STATEMENT_TIMEOUT = "StatementTimeoutException"
"""The code of the CloudError of a statement that took longer than one call of the Data API allows (45 seconds)."""


@dataclass(frozen=True)
class QueryResult:
    """Rows of a statement: column names, and rows of plain values (None for NULL); `updated` counts rows changed."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    updated: int


@dataclass(frozen=True)
class DatabaseAddress:
    """A cluster's ARN, the ARN of the secret that RDS manages for it, and the database's name."""

    cluster: str
    secret: str
    name: str


class Database(Protocol):
    """The database at one `DatabaseAddress`, through the RDS Data API (adapter: `adapters.aws.data_api`)."""

    def execute(
        self,
        sql: str,
        parameters: Mapping[str, Value] | None = None,
        *,
        transaction: str | None = None,
        continues: bool = False,
    ) -> QueryResult:
        """Run one statement; ``:name`` placeholders are bound. Waits for a database that is resuming.

        A statement that takes longer than 45 seconds raises CloudError with the code `STATEMENT_TIMEOUT`: it is
        cancelled and undone, or, with `continues`, goes on in the database although its result is lost.
        """

    def begin(self) -> str:
        """Start a transaction and return its id."""

    def commit(self, transaction: str) -> None:
        """Make a transaction's work permanent."""

    def rollback(self, transaction: str) -> None:
        """Undo a transaction's work."""
