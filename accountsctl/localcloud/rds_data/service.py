"""The RDS Data API for Aurora PostgreSQL: five operations over real PostgreSQL servers.

A request passes these stages, each of which may refuse it: its body is checked (`requests`); the cluster
and the secret are looked up here; a connection is borrowed (`connections`), or the
transaction's is taken (`transactions`); the statement runs and its answer is shaped
(`statements`). Every refusal is a DataApiError, and becomes a response in one place, `handle`.

Where no `database` is named, the service connects to the database of the user's name, as the real
one does; on most clusters there is none, and the answer says so.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from psycopg import pq

from accountsctl.localcloud.contracts.lookups import Lookups
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.rds_data import requests, statements
from accountsctl.localcloud.rds_data.connections import Connection, Connections
from accountsctl.localcloud.rds_data.errors import ConnectionLost, DataApiError, of_result, unavailable
from accountsctl.localcloud.rds_data.parameters import bind
from accountsctl.localcloud.rds_data.postgres.servers import Postgres, PostgresError
from accountsctl.localcloud.rds_data.resources import Resources
from accountsctl.localcloud.rds_data.transactions import Transaction, Transactions

STATEMENT_LIMIT = 45.0
_SWEEP = 1.0
_WHO = ("resourceArn", "secretArn")

Body = Mapping[str, Any]


@dataclass
class _Lease:
    """A connection for one call. `ended`: its transaction is over; `detached`: another thread returns it."""

    connection: Connection
    transaction: Transaction | None = None
    ended: bool = False
    detached: bool = False


class DataApi:
    """`handle` answers one request; `close` ends what is open. Clock and limit are for tests to set."""

    def __init__(
        self,
        lookups: Lookups,
        servers: Postgres,
        *,
        clock: Callable[[], float] = time.monotonic,
        statement_limit: float = STATEMENT_LIMIT,
    ) -> None:
        self._resources = Resources(lookups, clock)
        self._connections = Connections(servers)
        self._transactions = Transactions(clock, self._connections.give_back)
        self._limit = statement_limit
        self._closed = threading.Event()
        self._sweeper: threading.Thread | None = None
        self._operations: Mapping[str, tuple[Callable[[Body, str], bytes], tuple[str, ...]]] = {
            "/Execute": (self._execute, (*_WHO, "sql")),
            "/BatchExecute": (self._batch, (*_WHO, "sql")),
            "/BeginTransaction": (self._begin, _WHO),
            "/CommitTransaction": (self._commit, (*_WHO, "transactionId")),
            "/RollbackTransaction": (self._rollback, (*_WHO, "transactionId")),
        }

    def handle(self, request: Request, region: str) -> Response:
        """Answer one request of the rest-json protocol."""
        try:
            body, error = self._answer(request, region), None
        except DataApiError as refusal:
            error = refusal
        except ConnectionLost:
            error = unavailable()
        except PostgresError as failure:
            error = DataApiError("ServiceUnavailableError", str(failure))
        request_id = ("x-amzn-RequestId", str(uuid.uuid4()))
        if error is not None:
            answer = error.response()
            return Response(answer.status, (*answer.headers, request_id), answer.body)
        return Response(200, (("Content-Type", "application/json"), request_id), body)

    def pause(self, cluster_arn: str, seconds: float = 15.0) -> None:
        """Let a cluster fall asleep: the next call wakes it, and it answers `seconds` after that call."""
        self._resources.pause(cluster_arn, seconds)

    def expire(self) -> None:
        """Roll back the transactions whose time is over; a thread does it every second."""
        self._transactions.expire()

    def close(self) -> None:
        """Roll back every open transaction and close every connection."""
        self._closed.set()
        if self._sweeper is not None:
            self._sweeper.join()
        self._transactions.close()
        self._connections.close()

    def _answer(self, request: Request, region: str) -> bytes:
        operation, required = self._operations.get(request.path, (None, ()))
        if request.path == "/ExecuteSql":
            raise DataApiError(
                "BadRequestException",
                "This API is deprecated and not available. Use ExecuteStatement API instead",
            )
        if operation is None or request.method != "POST":
            raise DataApiError("UnknownOperationException", f"No operation {request.method} {request.path}.")
        return operation(requests.parse(request, required), region)

    def _execute(self, body: Body, region: str) -> bytes:
        def work(connection: Connection) -> bytes:
            shape = requests.shape(body)
            parameters = requests.sequence(body, "parameters")
            return statements.execute(connection, body["sql"], parameters, shape, self._limit)

        return self._lent(body, region, work, continues=bool(body.get("continueAfterTimeout")))

    def _batch(self, body: Body, region: str) -> bytes:
        sets = requests.sequence(body, "parameterSets") or [[]]
        bound = [bind(parameters) for parameters in sets]

        def work(connection: Connection) -> bytes:
            deadline = time.monotonic() + self._limit
            own = connection.pgconn.transaction_status == pq.TransactionStatus.IDLE and len(bound) > 1
            if own:
                _command(connection, "BEGIN")
            for parameters in bound:
                statements.run(
                    connection,
                    body["sql"],
                    parameters,
                    deadline - time.monotonic(),
                    statements.RESPONSE_LIMIT,
                )
            if own:
                _command(connection, "COMMIT")
            return _encoded({"updateResults": [{"generatedFields": []} for _ in bound]})

        return self._lent(body, region, work)

    def _begin(self, body: Body, region: str) -> bytes:
        login = self._resources.login(body, region)
        connection = self._connections.borrow(self._resources.cluster(body, region), login)
        try:
            _command(connection, "BEGIN")
        except BaseException:
            connection.close()
            raise
        self._start_sweeper()
        name = self._transactions.add(body["resourceArn"], login.database, connection)
        return _encoded({"transactionId": name})

    def _commit(self, body: Body, region: str) -> bytes:
        return self._end(body, region, "COMMIT", "Transaction Committed")

    def _rollback(self, body: Body, region: str) -> bytes:
        return self._end(body, region, "ROLLBACK", "Rollback Complete")

    def _end(self, body: Body, region: str, command: str, status: str) -> bytes:
        self._resources.cluster(body, region, wakes=False)
        self._resources.login(body, region)
        transaction = self._transactions.take(body["transactionId"], body["resourceArn"])
        try:
            failed = transaction.connection.pgconn.transaction_status == pq.TransactionStatus.INERROR
            _command(transaction.connection, command)
        finally:
            self._transactions.remove(transaction)
        if failed and command == "COMMIT":
            # PostgreSQL answers such a COMMIT with ROLLBACK; to say "Committed" would lose data in silence.
            raise DataApiError(
                "DatabaseErrorException",
                "ERROR: current transaction is aborted and was rolled back; SQLState: 25P02",
            )
        return _encoded({"transactionStatus": status})

    def _lent(
        self, body: Body, region: str, work: Callable[[Connection], bytes], *, continues: bool = False
    ) -> bytes:
        """Do `work` on the transaction's connection, or on one of its own that commits by itself."""
        lease = self._lease(body, region)
        try:
            return work(lease.connection)
        except statements.TimedOut:
            raise self._overdue(lease, continues=continues) from None
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

    def _overdue(self, lease: _Lease, *, continues: bool) -> DataApiError:
        """The statement took too long: it is cancelled, or goes on and commits with nobody waiting for it."""
        pid = lease.connection.backend_pid
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

    def _start_sweeper(self) -> None:
        if self._sweeper is None:
            self._sweeper = threading.Thread(target=self._sweep, name="rds-data-sweeper", daemon=True)
            self._sweeper.start()

    def _sweep(self) -> None:
        while not self._closed.wait(_SWEEP):
            self._transactions.expire()


def _command(connection: Connection, command: str) -> None:
    answer = connection.run(command)
    if answer.failed:
        raise of_result(answer.result)


def _encoded(body: dict[str, Any]) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()
