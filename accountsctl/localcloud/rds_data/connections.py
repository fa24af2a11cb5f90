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
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from psycopg import pq

from accountsctl.localcloud.contracts.lookups import Cluster
from accountsctl.localcloud.rds_data.errors import ConnectionLost, DataApiError, database_error, unavailable
from accountsctl.localcloud.rds_data.parameters import Bound
from accountsctl.localcloud.rds_data.postgres.servers import Postgres, Server

_IDLE_KEPT = 8
_ATTEMPTS = 200
_PAUSE = 0.025
_SESSION = "-c timezone=UTC -c datestyle=ISO,MDY -c intervalstyle=postgres -c bytea_output=hex -c extra_float_digits=1"
_FATAL = "FATAL:"
# libpq gives a failed connection no SQLSTATE: it is read from the server's English text (LC_MESSAGES is C).
_CONNECT_STATES = (
    ("password authentication failed", "28P01"),
    ("does not exist", "3D000"),
    ("is not permitted to log in", "28000"),
    ("permission denied for database", "42501"),
    ("too many clients", "53300"),
    ("remaining connection slots", "53300"),
    ("too many connections", "53300"),
)


@dataclass(frozen=True)
class Login:
    """Who connects to which database. `repr` does not show the password."""

    user: str
    password: str
    database: str

    def __repr__(self) -> str:
        return f"Login(user={self.user!r}, database={self.database!r})"


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

    def __init__(self, pgconn: pq.abc.PGconn, key: tuple[str, ...]) -> None:
        self.pgconn = pgconn
        self.key = key

    @property
    def backend_pid(self) -> int:
        return self.pgconn.backend_pid

    def send(self, sql: str, parameters: Sequence[Bound] = ()) -> None:
        """Send one statement; PostgreSQL's extended protocol refuses several at once."""
        try:
            self.pgconn.send_query_params(
                sql.encode(), [item.value for item in parameters], [item.oid for item in parameters]
            )
            # Row by row, so that a result without end is cut off before it fills the memory.
            self.pgconn.set_single_row_mode()
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
            if not _result_ready(self.pgconn, deadline):
                return None
            result = self.pgconn.get_result()
            if result is None:
                break
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
            if _readable(self.pgconn, time.monotonic()):
                _consume(self.pgconn)
        except ConnectionLost:
            return False
        return self.pgconn.status == pq.ConnStatus.OK

    def reset(self) -> bool:
        """Discard the session: an open transaction, settings, locks, temporary tables. False: close it."""
        try:
            if self.pgconn.transaction_status != pq.TransactionStatus.IDLE:
                self.run("ROLLBACK")
            return self.run("DISCARD ALL").result.status == pq.ExecStatus.COMMAND_OK
        except ConnectionLost:
            return False


class Connections:
    """The idle connections, by server start, user, password and database."""

    def __init__(self, servers: Postgres) -> None:
        self._servers = servers
        self._idle: dict[tuple[str, ...], list[Connection]] = defaultdict(list)
        self._lock = threading.Lock()

    def borrow(self, cluster: Cluster, login: Login) -> Connection:
        """A connection with a clean session to the cluster's running server."""
        for attempt in range(_ATTEMPTS):
            server = self._servers.ensure(cluster)
            key = _key(server, login)
            connection = self._take(key)
            if connection is not None:
                return connection
            try:
                return Connection(_connect(server, login), key)
            except ConnectionLost:
                # The server was killed an instant ago, and `ensure` has not seen it yet. Nothing was sent.
                if attempt + 1 < _ATTEMPTS:
                    time.sleep(_PAUSE)
        raise unavailable()

    def give_back(self, connection: Connection) -> None:
        """Take a connection back, with its session discarded at once: its locks must not outlive the call."""
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


def _result_ready(pgconn: pq.abc.PGconn, deadline: float | None) -> bool:
    """Wait for the next result; False if the deadline is over."""
    while pgconn.is_busy():
        if not _readable(pgconn, deadline):
            return False
        _consume(pgconn)
    return True


def _readable(pgconn: pq.abc.PGconn, deadline: float | None) -> bool:
    poller = select.poll()
    poller.register(pgconn.socket, select.POLLIN)
    milliseconds = None if deadline is None else max(0.0, deadline - time.monotonic()) * 1000
    return bool(poller.poll(milliseconds))


def _consume(pgconn: pq.abc.PGconn) -> None:
    try:
        pgconn.consume_input()
    except psycopg.Error as error:
        raise ConnectionLost(sent=True) from error


def _row(result: pq.abc.PGresult) -> tuple[list[str | None], int]:
    values = [result.get_value(0, column) for column in range(result.nfields)]
    weight = sum(len(value) for value in values if value is not None)
    return [None if value is None else value.decode() for value in values], weight


def _key(server: Server, login: Login) -> tuple[str, ...]:
    password = hashlib.sha256(login.password.encode()).hexdigest()
    return server.resource_id, str(server.generation), login.user, password, login.database


def _connect(server: Server, login: Login) -> pq.abc.PGconn:
    words = {
        "host": str(server.host),
        "port": str(server.port),
        "user": login.user,
        "password": login.password,
        "dbname": login.database,
        "options": _SESSION,
        "client_encoding": "UTF8",
        "application_name": "rds-data",
        "connect_timeout": "10",
        # Nothing of the user's own PostgreSQL settings may reach in: PGHOSTADDR, ~/.pgpass, TLS.
        "hostaddr": "",
        "passfile": "/dev/null",
        "sslmode": "disable",
        "gssencmode": "disable",
    }
    conninfo = " ".join(f"{name}={_quoted(value)}" for name, value in words.items())
    pgconn = pq.PGconn.connect(conninfo.encode())
    if pgconn.status != pq.ConnStatus.OK:
        response = pgconn.error_message.decode("utf-8", "replace").strip()
        pgconn.finish()
        raise _connect_error(response, login)
    pgconn.nonblocking = 1
    return pgconn


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _connect_error(response: str, login: Login) -> Exception:
    """The server's refusal as the service reports it; no server at all is a lost connection."""
    if "no password supplied" in response:  # libpq itself reports this if the secret's password is empty
        return database_error(f'password authentication failed for user "{login.user}"', "28P01")
    _, fatal, message = response.partition(_FATAL)
    if not fatal:
        return ConnectionLost(sent=False)
    text = message.strip().splitlines()[0]
    for words, state in _CONNECT_STATES:
        if words in text:
            return database_error(text, state)
    return ConnectionLost(sent=False)  # starting up or shutting down
