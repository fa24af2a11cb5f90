"""The RDS Data API for Aurora PostgreSQL: five operations over real PostgreSQL servers.

A request passes these stages, each of which may refuse it: its body is checked (`requests`); the cluster
and the secret are looked up (`resources`); a connection is borrowed, or the transaction's is taken
(`leases`); the statement runs, and its result takes the form that was requested (`statements`). Every
refusal is a DataApiError, and becomes a response in one place, `handle`.

If no `database` is named, the service connects to the database of the user's name, as the real
one does; on most clusters there is none, and the error says so.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping

from psycopg import pq

from accountsctl.localcloud.contracts.identifiers import new_uuid
from accountsctl.localcloud.contracts.lookups import Lookups
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.rds_data import requests, statements
from accountsctl.localcloud.rds_data.connections import Connection, Connections
from accountsctl.localcloud.rds_data.errors import ConnectionLost, DataApiError, of_result, unavailable
from accountsctl.localcloud.rds_data.leases import Leases
from accountsctl.localcloud.rds_data.parameters import bind
from accountsctl.localcloud.rds_data.postgres.servers import Postgres, PostgresError
from accountsctl.localcloud.rds_data.requests import Body
from accountsctl.localcloud.rds_data.resources import Resources
from accountsctl.localcloud.rds_data.transactions import Sweeper, Transactions

STATEMENT_LIMIT = 45.0
_CLUSTER_AND_SECRET = ("resourceArn", "secretArn")


class DataApi:
    """`handle` serves one request; `close` ends what is open. Clock and limit are for tests to set."""

    def __init__(
        self,
        lookups: Lookups,
        servers: Postgres,
        *,
        clock: Callable[[], float] = time.monotonic,
        statement_limit: float = STATEMENT_LIMIT,
    ) -> None:
        self._resources = Resources(lookups, clock)
        self._connections = Connections(servers, clock)
        self._transactions = Transactions(clock, self._connections.give_back)
        self._leases = Leases(self._resources, self._connections, self._transactions)
        self._limit = statement_limit
        self._sweeper = Sweeper(self._transactions.expire)
        self._operations: Mapping[str, tuple[Callable[[Body, str], bytes], tuple[str, ...]]] = {
            "/Execute": (self._execute, (*_CLUSTER_AND_SECRET, "sql")),
            "/BatchExecute": (self._batch, (*_CLUSTER_AND_SECRET, "sql")),
            "/BeginTransaction": (self._begin, _CLUSTER_AND_SECRET),
            "/CommitTransaction": (self._commit, (*_CLUSTER_AND_SECRET, "transactionId")),
            "/RollbackTransaction": (self._rollback, (*_CLUSTER_AND_SECRET, "transactionId")),
        }

    def handle(self, request: Request, region: str) -> Response:
        """Serve one request of the rest-json protocol."""
        try:
            body, error = self._dispatch(request, region), None
        except DataApiError as refusal:
            error = refusal
        except ConnectionLost:
            error = unavailable()
        except PostgresError as failure:
            error = DataApiError("ServiceUnavailableError", str(failure))
        request_id = ("x-amzn-RequestId", new_uuid())
        if error is not None:
            response = error.response()
            return Response(response.status, (*response.headers, request_id), response.body)
        return Response(200, (("Content-Type", "application/json"), request_id), body)

    def pause(self, cluster_arn: str, seconds: float = 15.0) -> None:
        """Pause a cluster: the next call resumes it, which takes `seconds` from that call on."""
        self._resources.pause(cluster_arn, seconds)

    def expire(self) -> None:
        """Roll back the transactions whose time is over; a thread does it every second."""
        self._transactions.expire()

    def close(self) -> None:
        """Roll back every open transaction and close every connection."""
        self._sweeper.close()
        self._transactions.close()
        self._connections.close()

    def _dispatch(self, request: Request, region: str) -> bytes:
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
            alone = not body.get("transactionId")
            return statements.execute(connection, body["sql"], parameters, shape, self._limit, discards=alone)

        return self._leases.run(body, region, work, continues=bool(body.get("continueAfterTimeout")))

    def _batch(self, body: Body, region: str) -> bytes:
        sets = requests.sequence(body, "parameterSets") or [[]]
        bound = [bind(parameters) for parameters in sets]

        def work(connection: Connection) -> bytes:
            deadline = time.monotonic() + self._limit
            opens_transaction = (
                connection.pgconn.transaction_status == pq.TransactionStatus.IDLE and len(bound) > 1
            )
            if opens_transaction:
                _command(connection, "BEGIN")
            for parameters in bound:
                statements.run(
                    connection,
                    body["sql"],
                    parameters,
                    deadline - time.monotonic(),
                    statements.RESPONSE_LIMIT,
                )
            if opens_transaction:
                _command(connection, "COMMIT")
            return _encoded({"updateResults": [{"generatedFields": []} for _ in bound]})

        return self._leases.run(body, region, work)

    def _begin(self, body: Body, region: str) -> bytes:
        login = self._resources.login(body, region)
        connection = self._connections.borrow(self._resources.cluster(body, region), login)
        try:
            _command(connection, "BEGIN")
        except BaseException:
            connection.close()
            raise
        self._sweeper.start()
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
            # PostgreSQL turns such a COMMIT into a ROLLBACK; to report "Committed" would lose data in silence.
            raise DataApiError(
                "DatabaseErrorException",
                "ERROR: current transaction is aborted and was rolled back; SQLState: 25P02",
            )
        return _encoded({"transactionStatus": status})


def _command(connection: Connection, command: str) -> None:
    statement = connection.run(command)
    if statement.failed:
        raise of_result(statement.result)


def _encoded(body: Mapping[str, object]) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()
