"""Lambda's Runtime API (2018-06-01) for one sandbox, on a loopback port of its own.

A runtime finds it by AWS_LAMBDA_RUNTIME_API: a host, a port and, here, a secret as the first part of every path.
Others who reach the port (another user, a page in a browser) do not know it and are refused: they would get the
invocations, with their callers' tokens. The runtime requests the next invocation and gets it when there is one; what it
posts becomes an `Outcome`. Any other connection is only held open: a sandbox watches one, to know when the daemon is
gone.

The connection on which the runtime requests its tasks belongs to the thread that invokes: it writes the task to it, and
reads from it what the runtime posts, until that requests its next task. No other thread wakes for an invocation. Other
connections have threads of their own: the one that is watched, and those of a runtime that posts elsewhere.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import secrets
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from socketserver import BaseRequestHandler, ThreadingTCPServer

from accountsctl.localcloud.contracts.http_stream import (
    MAX_BODY,
    Disconnected,
    Head,
    HttpStream,
    Malformed,
    wait_at_most,
)

PREFIX = "/2018-06-01/runtime"
ACCEPTED = b'{"status":"OK"}'
MAX_RESPONSE = 6 * 1024 * 1024 + 100  # Lambda's own limit: 6291556 bytes


@dataclass(frozen=True)
class Task:
    """One invocation, as the runtime gets it."""

    request_id: str
    payload: bytes
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Ready:
    """The runtime requests its next task: it has started, or has finished the one before."""


@dataclass(frozen=True)
class Completed:
    """The handler ended, with its response or with its error as JSON."""

    request_id: str
    failed: bool
    payload: bytes


@dataclass(frozen=True)
class InitFailed:
    """The handler could not be loaded."""

    payload: bytes


@dataclass(frozen=True)
class Exited:
    """The process ended. `code` is negative for a signal, as subprocess has it."""

    code: int


Outcome = Ready | Completed | InitFailed | Exited


class RuntimeApi:
    """Serves one runtime. `report` is called, from any thread, with each outcome."""

    def __init__(self, report: Callable[[Outcome], None]) -> None:
        self._report = report
        self._lock = threading.Lock()
        self._stream: HttpStream | None = None  # the connection on which the runtime has requested a task
        self._waiting = False  # whether it waits there for one
        self._response: Completed | None = None
        self._closed = False
        self._secret = secrets.token_urlsafe(24)
        self._server = _RuntimeApiServer(self)
        self._host = f"127.0.0.1:{self._server.server_address[1]}"
        self.address = f"{self._host}/{self._secret}"
        self._thread = threading.Thread(target=self._serve, name="runtime-api", daemon=True)
        self._thread.start()

    def give(self, task: Task) -> None:
        """Give `task` to the runtime, which must be ready."""
        with self._lock:
            stream, self._waiting = self._stream, False
        if stream is not None:
            with contextlib.suppress(OSError):  # the runtime has just ended, which is reported
                _send(stream, task)

    def serve(self, seconds: float, limit: float) -> bool:
        """Serve the runtime until it requests its next task, or does not begin a request within `seconds`.

        `limit`: seconds for the rest of a request that it has begun. False if it is not served here: it has ended, or
        has not requested a task yet.
        """
        stream = self._stream
        if stream is None:
            return False
        try:
            while not self._waiting:
                wait_at_most(stream.connection, seconds)
                head = stream.head()
                wait_at_most(stream.connection, limit)
                if not self.answer(stream, head, stream.body(head, MAX_BODY)):
                    raise Disconnected
        except TimeoutError:
            return True
        except (Disconnected, Malformed, OSError):
            self._release(stream)
            return False
        return True

    def take_response(self) -> Completed | None:
        """The response of a runtime that has not requested its next task yet."""
        with self._lock:
            response, self._response = self._response, None
            return response

    def close(self) -> None:
        """Stop listening; open requests end without a response."""
        self._closed = True
        port = int(self._server.server_address[1])
        # The server waits for a connection, and only then sees that it is closed.
        with socket.create_connection(("127.0.0.1", port)):
            self._thread.join()
        self._server.server_close()
        if self._stream is not None:
            self._release(self._stream)

    def answer(self, stream: HttpStream, head: Head, body: bytes) -> bool:
        """Answer one request of a connection; whether the connection stays open."""
        path = self._path_for_runtime(head)
        if path is None:
            _reply(stream, 403, b'{"errorMessage":"The Runtime API serves its own sandbox only."}')
            return False
        parts = path.removeprefix(PREFIX).strip("/").split("/") if path.startswith(PREFIX) else []
        match head.method, parts:
            case "GET", ["invocation", "next"]:
                self._next(stream)
            case "POST", ["init", "error"]:
                _reply(stream, 202, ACCEPTED)
                self._report(InitFailed(body))
            case "POST", ["invocation", request_id, "response" | "error" as kind]:
                self._complete(_completed(request_id, kind, body))
                # If the next request is already here, its response takes this one along.
                _reply(stream, 202, ACCEPTED, later=stream.has_more)
            case _:
                _reply(stream, 404, b"{}")
        return head.keeps_open

    def accept(self, stream: HttpStream) -> None:
        """Serve a new connection, until it ends or becomes that of the invoking thread."""
        try:
            while self._stream is not stream:
                head = stream.head()
                if not self.answer(stream, head, stream.body(head, MAX_BODY)):
                    break
        except (Disconnected, OSError):
            pass  # a runtime that was killed in the middle of a request: its exit is reported separately
        except Malformed as fault:
            _reply(stream, fault.status, b"{}")
        if self._stream is not stream:
            stream.connection.close()

    def _next(self, stream: HttpStream) -> None:
        response = self.take_response()
        with self._lock:
            before, self._stream, self._waiting = self._stream, stream, True
        if before is not None and before is not stream:
            before.connection.close()
        if response is not None:
            self._report(response)
        self._report(Ready())

    def _release(self, stream: HttpStream) -> None:
        with self._lock:
            if self._stream is stream:
                self._stream = None
        stream.connection.close()

    def _complete(self, response: Completed) -> None:
        """Keep the response until the runtime is free again: reported now, it would wake its receiver twice."""
        with self._lock:
            self._response = response

    def _path_for_runtime(self, head: Head) -> str | None:
        """The path below the secret; None if the request does not know the secret, or names another host."""
        if list(head.all("host")) != [self._host]:
            return None
        _, secret, path = (*head.target.split("/", 2), "", "")[:3]
        return f"/{path}" if hmac.compare_digest(secret.encode(), self._secret.encode()) else None

    def _serve(self) -> None:
        while not self._closed:
            self._server.handle_request()


class _RuntimeApiServer(ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 16

    def __init__(self, api: RuntimeApi) -> None:
        self.api = api
        super().__init__(("127.0.0.1", 0), _RuntimeConnection)

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore a runtime that was killed in the middle of a request: its exit is reported separately."""
        del request, client_address


class _RuntimeConnection(BaseRequestHandler):
    server: _RuntimeApiServer
    request: socket.socket

    def handle(self) -> None:
        # Detached, because the connection may outlive this thread.
        connection = socket.socket(fileno=self.request.detach())
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.server.api.accept(HttpStream(connection))


def _completed(request_id: str, kind: str, body: bytes) -> Completed:
    if kind == "response" and len(body) > MAX_RESPONSE:
        return Completed(request_id, True, too_large())
    return Completed(request_id, kind == "error", body)


def _send(stream: HttpStream, task: Task) -> None:
    _reply(stream, 200, task.payload, (("Lambda-Runtime-Aws-Request-Id", task.request_id), *task.headers))


def _reply(
    stream: HttpStream,
    status: int,
    body: bytes,
    headers: tuple[tuple[str, str], ...] = (),
    *,
    later: bool = False,
) -> None:
    length = ("Content-Length", str(len(body)))
    stream.respond(status, (("Content-Type", "application/json"), *headers, length), body, later=later)


def too_large() -> bytes:
    """What a caller gets in place of a response over the limit."""
    message = f"Response payload size exceeded maximum allowed payload size ({MAX_RESPONSE} bytes)."
    return json.dumps({"errorType": "Function.ResponseSizeTooLarge", "errorMessage": message}).encode()
