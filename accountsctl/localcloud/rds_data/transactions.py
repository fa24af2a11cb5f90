"""Transactions that live between calls: 3 minutes idle, 24 hours at most, one statement at a time."""

from __future__ import annotations

import base64
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from accountsctl.localcloud.contracts.reporting import report_exception
from accountsctl.localcloud.rds_data.connections import Connection
from accountsctl.localcloud.rds_data.errors import DataApiError

IDLE_LIMIT = 180.0
LIFE_LIMIT = 24 * 3600.0
SWEEP_SECONDS = 1.0
_ID_BYTES = 138  # 184 characters, as the real ids


@dataclass
class Transaction:
    """An open transaction; `busy` is held while a statement runs in it."""

    id: str
    resource_arn: str
    database: str
    connection: Connection
    begun: float
    used: float
    busy: threading.Lock = field(default_factory=threading.Lock)


class Transactions:
    """The open transactions. `end` takes a connection whose transaction is over, however it ended."""

    def __init__(self, clock: Callable[[], float], end: Callable[[Connection], None]) -> None:
        self._clock = clock
        self._end = end
        self._open: dict[str, Transaction] = {}
        self._lock = threading.Lock()

    def add(self, resource_arn: str, database: str, connection: Connection) -> str:
        name = base64.b64encode(secrets.token_bytes(_ID_BYTES)).decode()
        now = self._clock()
        with self._lock:
            self._open[name] = Transaction(name, resource_arn, database, connection, now, now)
        return name

    def take(self, name: str, resource_arn: str) -> Transaction:
        """The transaction for one statement; give it back with `give_back` or `remove`."""
        self.expire()
        with self._lock:
            transaction = self._open.get(name)
            if transaction is None or transaction.resource_arn != resource_arn:
                raise DataApiError("TransactionNotFoundException", f"Transaction {name} is not found")
            if not transaction.busy.acquire(blocking=False):
                raise DataApiError("DatabaseErrorException", "Transaction is still running a query")
            return transaction

    def give_back(self, transaction: Transaction) -> None:
        transaction.used = self._clock()
        transaction.busy.release()

    def remove(self, transaction: Transaction) -> None:
        """Forget a transaction that is over; its holder gives its connection up."""
        with self._lock:
            self._open.pop(transaction.id, None)
        self._end(transaction.connection)

    def expire(self) -> None:
        """Roll back transactions that were idle or open for too long; one that runs a statement is not idle."""
        now = self._clock()
        with self._lock:
            over = [
                transaction
                for transaction in self._open.values()
                if _is_over(transaction, now) and transaction.busy.acquire(blocking=False)
            ]
            for transaction in over:
                del self._open[transaction.id]
        for transaction in over:
            self._end(transaction.connection)

    def close(self) -> None:
        """Forget every transaction; the server rolls back when the connection closes."""
        with self._lock:
            remaining = list(self._open.values())
            self._open.clear()
        for transaction in remaining:
            if transaction.busy.acquire(blocking=False):
                transaction.connection.close()

    def __len__(self) -> int:
        return len(self._open)


def _is_over(transaction: Transaction, now: float) -> bool:
    return now - transaction.used > IDLE_LIMIT or now - transaction.begun > LIFE_LIMIT


class Sweeper:
    """Calls `expire` every so many seconds in a thread of its own, from `start` to `close`."""

    def __init__(self, expire: Callable[[], None], seconds: float = SWEEP_SECONDS) -> None:
        self._expire = expire
        self._seconds = seconds
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread unless it runs."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="rds-data-sweeper", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """End the thread and wait for its end."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._closed.wait(self._seconds):
            try:
                self._expire()
            except Exception:  # noqa: BLE001 - the sweeper must live as long as the daemon
                report_exception()
