"""The accounts table: each function is one statement, so that it is done as a whole or not at all.

No statement reads first and writes then: what must hold while it writes stands in its WHERE. PostgreSQL looks at
that again once it has the row's lock, so of writers at the same time none loses what another one wrote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from answers import Fault, Refusal, no_such_account
from conditions import ANY
from database import Database, DatabaseError, Row
from idempotency import Wish, used_otherwise
from listing import Listing, Place
from validation import Account

SHOWN = ("id", "nickname", "balance", "type", "account_number")
COLUMNS = ", ".join(SHOWN)
UNIQUE_VIOLATION = "23505"
UNDEFINED_TABLE = "42P01"
UNDEFINED_COLUMN = "42703"

_GET = f"SELECT {COLUMNS}, version FROM accounts WHERE id = :id"  # noqa: S608

_ADD = (
    "INSERT INTO accounts (nickname, balance, type, account_number)"  # noqa: S608
    f" VALUES (:nickname, :balance, :type, :account_number) RETURNING {COLUMNS}, version"
)

# The first request with a key inserts it and, by the version that only it can know, its account. Any other one
# waits for the first to end, and finds the key that is there: DO UPDATE, which changes nothing, is how PostgreSQL
# gives it back. Each one sweeps up some keys older than a day, those that no one else is just sweeping.
_ADD_ONCE = """
WITH wish AS (
    INSERT INTO idempotency_keys AS kept (caller, key, digest, account, version)
    VALUES (
        :caller, :key, :digest, nextval(pg_get_serial_sequence('accounts', 'id')), CAST(:version AS uuid)
    )
    ON CONFLICT (caller, key) DO UPDATE SET key = kept.key
    RETURNING account, version, digest
), added AS (
    INSERT INTO accounts (id, version, nickname, balance, type, account_number) OVERRIDING SYSTEM VALUE
    SELECT account, version, :nickname, :balance, :type, :account_number
    FROM wish WHERE version = CAST(:version AS uuid)
), swept AS (
    DELETE FROM idempotency_keys WHERE (caller, key) IN (
        SELECT caller, key FROM idempotency_keys
        WHERE created_at < now() - interval '24 hours' AND (caller, key) <> (:caller, :key)
        ORDER BY created_at LIMIT 100 FOR UPDATE SKIP LOCKED
    )
)
SELECT account, version, digest FROM wish
"""

# One row where there is such an account: with its new values, or of NULLs where its version is not wanted.
_CHANGE = f"""
WITH changed AS (
    UPDATE accounts SET {{assignments}}
    WHERE id = :id AND (:versions = '*' OR version::text = ANY (string_to_array(:versions, ',')))
    RETURNING {COLUMNS}, version
)
SELECT changed.* FROM accounts LEFT JOIN changed ON true WHERE accounts.id = :id
"""  # noqa: S608

_REMOVE = """
WITH removed AS (
    DELETE FROM accounts
    WHERE id = :id AND (:versions = '*' OR version::text = ANY (string_to_array(:versions, ',')))
    RETURNING id
)
SELECT removed.id FROM accounts LEFT JOIN removed ON true WHERE accounts.id = :id
"""


@dataclass(frozen=True)
class Stored:
    """An account as the API shows it, and its version. `repeated`: made by an earlier request of the same key."""

    account: Mapping[str, Any]
    version: str
    repeated: bool = False


@dataclass(frozen=True)
class Page:
    """Some accounts, and where the next page begins; None where there is nothing more."""

    accounts: Sequence[Mapping[str, Any]]
    last: Place | None


@dataclass(frozen=True)
class Accounts:
    """All accounts, as the API shows them."""

    database: Database

    def page(self, listing: Listing) -> Page:
        """The accounts that were asked for. One more than that is read, to know whether there is more."""
        sql, parameters = _list(listing)
        rows = self._rows(sql, parameters)
        page = rows[: listing.limit]
        last = _place(listing, page[-1]) if len(rows) > listing.limit else None
        return Page([_shown(row) for row in page], last)

    def get(self, account: int) -> Stored:
        """One account; 404 where there is none."""
        return _one(self._rows(_GET, {"id": account}))

    def add(self, account: Account) -> Stored:
        """The new account, with its id; 409 where the account number is taken."""
        return _one(self._rows(_ADD, account.values()))

    def add_once(self, account: Account, wish: Wish) -> Stored:
        """The account that the first request with this key made; 409 as `add`, 422 where that was another one."""
        version = str(uuid4())
        key = {"caller": wish.caller, "key": wish.key, "digest": wish.digest, "version": version}
        (kept,) = self._rows(_ADD_ONCE, {**key, **account.values()})
        if kept["digest"] != wish.digest:
            raise used_otherwise()
        row = {"id": kept["account"], **account.values()}
        return Stored(_shown(row), kept["version"], repeated=kept["version"] != version)

    def change(self, account: int, to: Mapping[str, Any], versions: str = ANY) -> Stored:
        """The account with the fields in `to` set; 404 where there is none, 409 where the number is taken.

        412 where it is of none of these versions. What changes nothing leaves the version as it is.
        """
        # Its own value for a version, so that there is an assignment where `to` is empty; the trigger gives another.
        assignments = ", ".join(["version = version", *(f"{field} = :{field}" for field in to)])
        sql = _CHANGE.format(assignments=assignments)
        rows = self._rows(sql, {"id": account, "versions": versions, **to})
        return _one(_done(rows, versions))

    def remove(self, account: int, versions: str = ANY) -> None:
        """Delete an account; 404 where there is none, 412 where it is of none of these versions."""
        rows = self._rows(_REMOVE, {"id": account, "versions": versions})
        if not _done(rows, versions):
            raise no_such_account()

    def _rows(self, sql: str, parameters: Mapping[str, Any]) -> Sequence[Row]:
        try:
            return self.database.rows(sql, parameters)
        except DatabaseError as error:
            refusal = _REFUSALS.get(error.code)
            if refusal is None:
                raise
            raise refusal() from error


def _list(listing: Listing) -> tuple[str, Mapping[str, Any]]:
    """The statement of a page: the names in it are ours, whatever a client wrote is a parameter."""
    direction, beyond = ("DESC", "<") if listing.descending else ("ASC", ">")
    conditions: list[str] = []
    parameters: dict[str, Any] = {"rows": listing.limit + 1}
    if listing.type is not None:
        conditions.append("type = :type")
        parameters["type"] = listing.type
    if listing.after is not None:
        parameters["id"] = listing.after.id
        if listing.after.value is None:
            conditions.append(f"id {beyond} :id")
        else:
            conditions.append(f"({listing.column}, id) {beyond} (:value, :id)")
            parameters["value"] = listing.after.value
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    columns = dict.fromkeys([listing.column, "id"])
    order = ", ".join(f"{column} {direction}" for column in columns)
    return f"SELECT {COLUMNS} FROM accounts{where} ORDER BY {order} LIMIT :rows", parameters  # noqa: S608


def _place(listing: Listing, row: Row) -> Place:
    return Place(listing.order, row["id"], None if listing.column == "id" else row[listing.column])


def _taken() -> Refusal:
    fault = Fault("account_number", "is taken by another account")
    return Refusal(HTTPStatus.CONFLICT, "This account number is taken.", [fault])


def _no_table() -> Refusal:
    message = (
        "The table of accounts does not exist yet, or not all of it; create it with `accountsctl db init`."
    )
    return Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, message)


_REFUSALS = {UNIQUE_VIOLATION: _taken, UNDEFINED_TABLE: _no_table, UNDEFINED_COLUMN: _no_table}


def _done(rows: Sequence[Row], versions: str) -> Sequence[Row]:
    """The row that was changed or removed; 412 where the account is there, but its version is not wanted.

    Where any version is, the account was removed by another request at the same time: then there is none.
    """
    if rows and rows[0]["id"] is None:
        if versions != ANY:
            raise Refusal(HTTPStatus.PRECONDITION_FAILED, "The account has been changed since.")
        return []
    return rows


def _one(rows: Sequence[Row]) -> Stored:
    if not rows:
        raise no_such_account()
    return Stored(_shown(rows[0]), rows[0]["version"])


def _shown(row: Row) -> Mapping[str, Any]:
    return {**{name: row[name] for name in SHOWN}, "balance": json_number(row["balance"])}


def json_number(stored: str | Decimal | None) -> int | float | None:
    """A numeric as the Data API gives it ("12.50"), as a number that JSON writes digit by digit (12.5).

    Exact for numeric(15,2): a double keeps 15 significant digits, and `repr` writes the shortest text that
    is this double.
    """
    if stored is None:
        return None
    number = Decimal(stored)
    whole = int(number)
    return whole if whole == number else float(number)
