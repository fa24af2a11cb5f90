"""The accounts table: each function is one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from answers import Fault, Refusal, no_such_account
from database import Database, DatabaseError, Row
from validation import Account

COLUMNS = "id, nickname, balance, type, account_number"
UNIQUE_VIOLATION = "23505"
UNDEFINED_TABLE = "42P01"
# The Data API answers at most 1 MiB; the longest account takes less than 800 bytes of it.
PAGE = 1000

_LIST = f"SELECT {COLUMNS} FROM accounts WHERE id > :after ORDER BY id LIMIT :page"  # noqa: S608
_GET = f"SELECT {COLUMNS} FROM accounts WHERE id = :id"  # noqa: S608
_ADD = (
    "INSERT INTO accounts (nickname, balance, type, account_number)"  # noqa: S608
    f" VALUES (:nickname, :balance, :type, :account_number) RETURNING {COLUMNS}"
)
_REPLACE = (
    "UPDATE accounts SET nickname = :nickname, balance = :balance, type = :type,"  # noqa: S608
    f" account_number = :account_number, updated_at = now() WHERE id = :id RETURNING {COLUMNS}"
)
_REMOVE = "DELETE FROM accounts WHERE id = :id RETURNING id"


@dataclass(frozen=True)
class Accounts:
    """All accounts, as the API shows them."""

    database: Database

    def all(self) -> Sequence[Mapping[str, Any]]:
        """Every account by id, read page by page."""
        found: list[Mapping[str, Any]] = []
        after = 0
        while True:
            page = self._rows(_LIST, {"after": after, "page": PAGE})
            found.extend(map(_shown, page))
            if len(page) < PAGE:
                return found
            after = page[-1]["id"]

    def get(self, account: int) -> Mapping[str, Any]:
        """One account; 404 where there is none."""
        return _one(self._rows(_GET, {"id": account}))

    def add(self, account: Account) -> Mapping[str, Any]:
        """The new account, with its id; 409 where the account number is taken."""
        return _one(self._rows(_ADD, account.values()))

    def replace(self, account: int, by: Account) -> Mapping[str, Any]:
        """The account as it is now; 404 where there is none, 409 where the account number is taken."""
        return _one(self._rows(_REPLACE, {"id": account, **by.values()}))

    def remove(self, account: int) -> None:
        """Delete an account; 404 where there is none."""
        if not self._rows(_REMOVE, {"id": account}):
            raise no_such_account()

    def _rows(self, sql: str, parameters: Mapping[str, Any]) -> Sequence[Row]:
        try:
            return self.database.rows(sql, parameters)
        except DatabaseError as error:
            refusal = _REFUSALS.get(error.code)
            if refusal is None:
                raise
            raise refusal() from error


def _taken() -> Refusal:
    fault = Fault("account_number", "is taken by another account")
    return Refusal(HTTPStatus.CONFLICT, "This account number is taken.", [fault])


def _no_table() -> Refusal:
    message = "The table of accounts does not exist yet; create it with `accountsctl db init`."
    return Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, message)


_REFUSALS = {UNIQUE_VIOLATION: _taken, UNDEFINED_TABLE: _no_table}


def _one(rows: Sequence[Row]) -> Mapping[str, Any]:
    if not rows:
        raise no_such_account()
    return _shown(rows[0])


def _shown(row: Row) -> Mapping[str, Any]:
    return {**row, "balance": json_number(row["balance"])}


def json_number(stored: str | None) -> int | float | None:
    """A numeric as the Data API gives it ("12.50"), as a number that JSON writes digit by digit (12.5).

    Exact for numeric(15,2): a double keeps 15 significant digits, and `repr` writes the shortest text that
    is this double.
    """
    if stored is None:
        return None
    number = Decimal(stored)
    whole = int(number)
    return whole if whole == number else float(number)
