"""What a database's catalogue holds of tables and types, remembered between statements.

Every result with metadata needs it for each of its columns, and it rarely changes. One query reads the columns of all
tables of a result. A statement that may define something makes `clear` forget everything when its connection is given
back. A SELECT can call a function that defines something, which no command tag shows: hence nothing is older than
`LONGEST` seconds. In an open transaction nothing is remembered, because its tables may never exist for others.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from accountsctl.localcloud.rds_data.types import PgType

LONGEST = 1.0  # seconds
KEEP_DEFINITIONS = {
    b"SELECT", b"INSERT", b"UPDATE", b"DELETE", b"MERGE", b"BEGIN", b"START", b"SAVEPOINT", b"RELEASE", b"SHOW", b"SET",
    b"EXPLAIN", b"FETCH", b"DECLARE", b"CLOSE", b"MOVE", b"LOCK", b"NOTIFY", b"LISTEN", b"DISCARD", b"COMMIT",
    b"ROLLBACK", b"RESET",
}  # fmt: skip
"""The first words of the command tags of statements that define nothing."""


class TableColumn(NamedTuple):
    """A table's column: `required` is NOT NULL, `counts_up` is an identity or a serial."""

    table: str
    required: bool
    counts_up: bool


Columns = Mapping[int, TableColumn]
"""A table's columns by their attribute numbers."""


class Catalogue:
    """One database. `read` functions return what is missing; they are called without a lock."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._version = 0
        self._since = 0.0
        self._tables: dict[int, Columns] = {}
        self._types: dict[int, PgType] = {}

    def clear(self) -> None:
        """Forget everything. What a query reads just now is not remembered either: it may be older."""
        with self._lock:
            self._version += 1
            self._tables.clear()
            self._types.clear()

    def tables(
        self, oids: Iterable[int], read: Callable[[list[int]], Mapping[int, Columns]]
    ) -> Mapping[int, Columns]:
        """The columns of these tables; a table that does not exist has none."""
        requested = set(oids)
        version = self._current()
        known = {oid: self._tables.get(oid) for oid in requested}
        missing = sorted(oid for oid, columns in known.items() if columns is None)
        found = {oid: columns for oid, columns in known.items() if columns is not None}
        if not missing:
            return found
        new = read(missing)
        with self._lock:
            if version == self._version:
                self._tables.update(new)
        return {**found, **new}

    def type(self, oid: int, read: Callable[[int], PgType]) -> PgType:
        """The type of this OID."""
        version = self._current()
        known = self._types.get(oid)
        if known is not None:
            return known
        new = read(oid)
        with self._lock:
            if version == self._version:
                self._types[oid] = new
        return new

    def _current(self) -> int:
        """Forget what is too old; the version of what is left."""
        now = self._clock()
        if now - self._since > LONGEST:
            self.clear()
            self._since = now
        return self._version


def keeps_definitions(tag: bytes) -> bool:
    """Whether a statement with this command tag leaves the catalogue as it is; a failed one has none, and does."""
    return not tag or tag.partition(b" ")[0] in KEEP_DEFINITIONS
