"""Which connection a call runs on, and what becomes of it when the call ends.

A call with a `transactionId` uses the transaction's connection; any other borrows one. A statement that
exceeds the limit is cancelled, or, with `continueAfterTimeout`, keeps its connection until it ends.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from psycopg import pq

from accountsctl.localcloud.rds_data import statements
from accountsctl.localcloud.rds_data.connections import Connection, Connections
from accountsctl.localcloud.rds_data.errors import ConnectionLost, DataApiError
from accountsctl.localcloud.rds_data.requests import Body
from accountsctl.localcloud.rds_data.resources import Resources
from accountsctl.localcloud.rds_data.transactions import Transaction, Transactions


@dataclass
class _Lease:
    """A connection for one call. `ended`: its transaction is over; `detached`: another thread returns it."""

    connection: Connection
    transaction: Transaction | None = None
    ended: bool = False
    detached: bool = False


class Leases:
    """Lends connections to calls."""

    def __init__(self, resources: Resources, connections: Connections, transactions: Transactions) -> None:
        self._resources = resources
        self._connections = connections
        self._transactions = transactions

    def run(
        self, body: Body, region: str, work: Callable[[Connection], bytes], *, continues: bool = False
    ) -> bytes:
        """Do `work` on the transaction's connection, or on a separate one that commits by itself."""
        lease = self._lease(body, region)
        try:
            return work(lease.connection)
        except statements.TimedOut:
            raise self._timed_out(lease, continues=continues) from None
        except (statements.Oversized, ConnectionLost):
            lease.ended = True
            raise
        finally:
            if not lease.detached:
                self._return(lease)

    def _lease(self, body: Body, region: str) -> _Lease:
        cluster = self._resources.cluster(body, region)
        login = self._resources.login(body, region)
        name = body.get("transactionId")
        if name:
            transaction = self._transactions.take(name, cluster.arn)
            return _Lease(transaction.connection, transaction)
        return _Lease(self._connections.borrow(cluster, login))

    def _return(self, lease: _Lease) -> None:
        if lease.transaction is None:
            self._connections.give_back(lease.connection)
        elif lease.ended or lease.connection.pgconn.status != pq.ConnStatus.OK:
            self._transactions.remove(lease.transaction)
        else:
            self._transactions.give_back(lease.transaction)

    def _timed_out(self, lease: _Lease, *, continues: bool) -> DataApiError:
        """Cancel a statement that took too long, or let it continue and commit although no caller waits for it."""
        pid = lease.connection.pgconn.backend_pid
        if continues:
            lease.detached = True
            threading.Thread(
                target=self._finish, args=(lease,), name="rds-data-continued", daemon=True
            ).start()
        else:
            statements.stop(lease.connection)
        return DataApiError("StatementTimeoutException", "Request timed out", dbConnectionId=pid)

    def _finish(self, lease: _Lease) -> None:
        try:
            lease.connection.receive(None)
        except (ConnectionLost, DataApiError):
            lease.ended = True
        self._return(lease)
