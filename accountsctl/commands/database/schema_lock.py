"""Transactions on a database's schema of which one is open at a time, whoever runs them.

Each takes one advisory lock, which PostgreSQL gives back with the transaction, however that ends. It is asked for
without waiting in the database, because the Data API ends a call after 45 seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from accountsctl.model.errors import CloudError
from accountsctl.ports.database import Database

LOCK_PATIENCE = 300.0
_LOCK_DELAY = 1.0
# Any number will do that no one else uses; this one is "acct" in ASCII.
LOCK_KEY = 0x61636374
_LOCK = "SELECT pg_try_advisory_xact_lock(:key) AS locked"

Say = Callable[[str], None]
Sleep = Callable[[float], None]


class SchemaLock:
    """Transactions of which only one is open at a time, whoever runs them."""

    def __init__(self, database: Database, say: Say, sleep: Sleep) -> None:
        self.database = database
        self._say = say
        self._sleep = sleep

    @contextmanager
    def transaction(self) -> Iterator[str]:
        """A transaction that holds the lock; undone if its block fails."""
        transaction = self.database.begin()
        try:
            self._take(transaction)
            yield transaction
        except BaseException as error:
            self._undo(transaction, error)
            raise
        self.database.commit(transaction)

    def _undo(self, transaction: str, error: BaseException) -> None:
        """Roll back; if even that fails, the first error is raised and the second is noted on it."""
        try:
            self.database.rollback(transaction)
        except CloudError as second:
            error.add_note(f"The transaction could not be rolled back either: {second.why}")

    def _take(self, transaction: str) -> None:
        waited = 0.0
        while not self._try(transaction):
            if waited >= LOCK_PATIENCE:
                raise CloudError(
                    "The schema is locked.",
                    why=f"Another `accountsctl db init` has been at work for {LOCK_PATIENCE:.0f} seconds.",
                    hint="Wait for it to end, then try again.",
                )
            if not waited:
                self._say("Another `accountsctl db init` is at work; waiting for it.")
            self._sleep(_LOCK_DELAY)
            waited += _LOCK_DELAY

    def _try(self, transaction: str) -> bool:
        return bool(self.database.execute(_LOCK, {"key": LOCK_KEY}, transaction=transaction).rows[0][0])
