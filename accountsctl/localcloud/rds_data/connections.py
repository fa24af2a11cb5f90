"""Connections to the servers: libpq, without blocking, text results.

A connection is lent for one statement (or one batch, or one transaction) and its session is discarded
before the next borrower gets it: nothing but committed rows survives a call. A server that was
killed is started again by `Postgres.ensure`; a statement that was not sent yet then goes to a fresh
connection, one that may have run is never repeated.
"""

from __future__ import annotations

import hashlib
import select
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import psycopg
from psycopg import pq

from accountsctl.localcloud.contracts.lookups import Cluster
from accountsctl.localcloud.rds_data.catalogue import Catalogue, keeps_definitions
from accountsctl.localcloud.rds_data.connecting import Login, connect
from accountsctl.localcloud.rds_data.errors import ConnectionLost, DataApiError, unavailable
from accountsctl.localcloud.rds_data.parameters import Bound
from accountsctl.localcloud.rds_data.postgres.servers import Postgres, Server

DISCARD = b"DISCARD ALL"
_IDLE_KEPT = 16  # of one login; opening one takes PostgreSQL as long as twenty short statements
_ATTEMPTS = 200
_PAUSE = 0.025


@dataclass(frozen=True)
class StatementResult:
    """A statement's last result, its rows as text, and whether they were cut off at the size limit."""

    result: pq.abc.PGresult
    rows: list[list[str | None]]
    cut: bool = False

    @property
    def failed(self) -> bool:
        return self.result.status == pq.ExecStatus.FATAL_ERROR


class Connection:
    """One session. Only its borrower touches it."""

    def __init__(self, pgconn: pq.abc.PGconn, key: tuple[str, ...], catalogue: Catalogue) -> None:
        self.pgconn = pgconn
        self.key = key
        self.catalogue = catalogue
        self.defines = False  # whether a statement may have changed the catalogue
        self._clean = False  # whether the session was discarded after the last statement
        self._syncs = 0  # of a statement whose session is discarded with it: those that are still to come
        self._poller = select.poll()
        self._poller.register(pgconn.socket, select.POLLIN)

    @property
    def in_transaction(self) -> bool:
        return self.pgconn.transaction_status != pq.TransactionStatus.IDLE

    def send(self, sql: str, parameters: Sequence[Bound] = (), *, discards: bool = False) -> None:
        """Send one statement; PostgreSQL's extended protocol refuses several at once.

        `discards`: its session is discarded after it, in the same message; `receive` waits for that too. The statement
        has committed or failed by then, because a Sync follows it.
        """
        self._clean = False
        values, oids = [item.value for item in parameters], [item.oid for item in parameters]
        try:
            if discards:
                self.pgconn.enter_pipeline_mode()
                self._syncs = 2
            self.pgconn.send_query_params(sql.encode(), values, oids)
            # Row by row, so that a result without end is cut off before it fills the memory.
            self.pgconn.set_single_row_mode()
            if discards:
                self.pgconn.pipeline_sync()
                self.pgconn.send_query_params(DISCARD, [])
                self.pgconn.pipeline_sync()
            _flush(self.pgconn)
        except psycopg.Error as error:
            raise ConnectionLost(sent=True) from error

    def receive(self, limit: float | None, size: int | None = None) -> StatementResult | None:
        """Return the statement's result; None if `limit` (seconds) is over and it still runs.

        More than `size` bytes of values stop the statement; the result then has `cut` set.
        """
        deadline = None if limit is None else time.monotonic() + limit
        rows: list[list[str | None]] = []
        received, last, cut = 0, None, False
        while True:
            if not self._result_ready(deadline):
                return None
            result = self.pgconn.get_result()
            if result is None:
                if self._syncs and self.pgconn.status == pq.ConnStatus.OK:
                    continue  # the end of one command of several
                break
            if self._syncs and self._ends(result):
                deadline = None  # the statement is over, and DISCARD ALL waits for no one
                continue
            if result.status == pq.ExecStatus.SINGLE_TUPLE:
                row, weight = _row(result)
                received += weight
                if size is None or received <= size:
                    rows.append(row)
                elif not cut:
                    cut = True
                    self.cancel()
                continue
            last = result
            if result.status in (pq.ExecStatus.COPY_IN, pq.ExecStatus.COPY_OUT, pq.ExecStatus.COPY_BOTH):
                self.close()
                raise DataApiError("ValidationException", "COPY from or to the client isn't supported.")
        if last is None or self.pgconn.status != pq.ConnStatus.OK:
            raise ConnectionLost(sent=True)
        self.defines = self.defines or not keeps_definitions(last.command_status or b"")
        return StatementResult(last, rows, cut)

    def run(self, sql: str, parameters: Sequence[Bound] = ()) -> StatementResult:
        """Send the statement and wait for its result, however long it takes."""
        self.send(sql, parameters)
        result = self.receive(None)
        if result is None:
            raise ConnectionLost(sent=True)
        return result

    def cancel(self) -> None:
        self.pgconn.get_cancel().cancel()

    def close(self) -> None:
        self.pgconn.finish()

    def fresh(self) -> bool:
        """Whether an idle connection still has its server: a dead one has an end of file to read."""
        if self.pgconn.status != pq.ConnStatus.OK:
            return False
        try:
            if self._poller.poll(0):
                self._consume()
        except ConnectionLost:
            return False
        return self.pgconn.status == pq.ConnStatus.OK

    def reset(self) -> bool:
        """Discard the session: an open transaction, settings, locks, temporary tables. False: close it."""
        try:
            if self.in_transaction:
                self.run("ROLLBACK")
            elif self._clean:
                return True
            return self.run(DISCARD.decode()).result.status == pq.ExecStatus.COMMAND_OK
        except ConnectionLost:
            return False

    def _ends(self, result: pq.abc.PGresult) -> bool:
        """Take note of a result that is not the statement's: a Sync, or that of DISCARD ALL after the first Sync."""
        if result.status == pq.ExecStatus.PIPELINE_SYNC:
            self._syncs -= 1
            if not self._syncs:
                self.pgconn.exit_pipeline_mode()
            return True
        if self._syncs == 1:
            self._clean = result.status == pq.ExecStatus.COMMAND_OK
        return self._syncs == 1

    def _result_ready(self, deadline: float | None) -> bool:
        """Wait for the next result; False if the deadline is over."""
        while self.pgconn.is_busy():
            milliseconds = None if deadline is None else max(0.0, deadline - time.monotonic()) * 1000
            if not self._poller.poll(milliseconds):
                return False
            self._consume()
        return True

    def _consume(self) -> None:
        try:
            self.pgconn.consume_input()
        except psycopg.Error as error:
            raise ConnectionLost(sent=True) from error


class Connections:
    """The idle connections, by server start, user, password and database."""

    def __init__(self, servers: Postgres, clock: Callable[[], float] = time.monotonic) -> None:
        self._servers = servers
        self._clock = clock
        self._catalogues: dict[tuple[str, ...], Catalogue] = {}
        self._idle: dict[tuple[str, ...], list[Connection]] = defaultdict(list)
        self._lock = threading.Lock()

    def borrow(self, cluster: Cluster, login: Login) -> Connection:
        """A connection with a clean session to the cluster's running server."""
        for attempt in range(_ATTEMPTS):
            server = self._servers.ensure(cluster)
            key = _key(server.resource_id, server.generation, login.user, login.password, login.database)
            connection = self._take(key)
            if connection is not None:
                return connection
            try:
                return Connection(connect(server, login), key, self._catalogue(server, login))
            except ConnectionLost:
                # The server was killed an instant ago, and `ensure` has not seen it yet. Nothing was sent.
                if attempt + 1 < _ATTEMPTS:
                    time.sleep(_PAUSE)
        raise unavailable()

    def give_back(self, connection: Connection) -> None:
        """Take a connection back, with its session discarded at once: its locks must not outlive the call."""
        if connection.defines:
            connection.defines = False
            connection.catalogue.clear()
        if connection.pgconn.status != pq.ConnStatus.OK or not connection.reset():
            connection.close()
            return
        with self._lock:
            idle = self._idle[connection.key]
            if len(idle) < _IDLE_KEPT:
                idle.append(connection)
                return
        connection.close()

    def close(self) -> None:
        with self._lock:
            idle = [connection for connections in self._idle.values() for connection in connections]
            self._idle.clear()
        for connection in idle:
            connection.close()

    def _catalogue(self, server: Server, login: Login) -> Catalogue:
        database = server.resource_id, str(server.generation), login.database
        with self._lock:
            return self._catalogues.setdefault(database, Catalogue(self._clock))

    def _take(self, key: tuple[str, ...]) -> Connection | None:
        while True:
            with self._lock:
                idle = self._idle.get(key)
                if not idle:
                    return None
                connection = idle.pop()
            if connection.fresh():
                return connection
            connection.close()


def _flush(pgconn: pq.abc.PGconn) -> None:
    while pgconn.flush():
        poller = select.poll()
        poller.register(pgconn.socket, select.POLLIN | select.POLLOUT)
        for _, event in poller.poll():
            # Both sides could wait for each other forever if nothing read while we write.
            if event & select.POLLIN:
                pgconn.consume_input()


def _row(result: pq.abc.PGresult) -> tuple[list[str | None], int]:
    values = [result.get_value(0, column) for column in range(result.nfields)]
    weight = sum(map(len, filter(None, values)))
    return [None if value is None else value.decode() for value in values], weight


@lru_cache(maxsize=64)
def _key(resource_id: str, generation: int, user: str, password: str, database: str) -> tuple[str, ...]:
    digest = hashlib.sha256(password.encode()).hexdigest()
    return resource_id, str(generation), user, digest, database
