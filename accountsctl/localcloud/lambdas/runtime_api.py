"""Lambda's Runtime API (2018-06-01) for one sandbox, on a loopback port of its own.

A runtime finds it by AWS_LAMBDA_RUNTIME_API: a host, a port and, here, a secret as the first part of every path.
Others who reach the port (another user, a page in a browser) do not know it and are refused: they would get the
invocations, with their callers' tokens. The runtime requests the next invocation and gets it when there is one; what it
posts becomes an `Outcome`. Any other connection is only held open: a sandbox watches one, to know
when the daemon is gone.
"""

from __future__ import annotations

import hmac
import json
import queue
import secrets
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PREFIX = "/2018-06-01/runtime"
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
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._closed = False
        self._secret = secrets.token_urlsafe(24)
        self._server = _RuntimeApiServer(("127.0.0.1", 0), self._handler())
        self._host = f"127.0.0.1:{self._server.server_address[1]}"
        self.address = f"{self._host}/{self._secret}"
        self._thread = threading.Thread(target=self._serve, name="runtime-api", daemon=True)
        self._thread.start()

    def give(self, task: Task) -> None:
        """Give `task` to the runtime at its next request."""
        self._tasks.put(task)

    def close(self) -> None:
        """Stop listening; open requests end without a response."""
        self._closed = True
        self._tasks.put(None)
        port = int(self._server.server_address[1])
        # The server waits for a connection, and only then sees that it is closed.
        with socket.create_connection(("127.0.0.1", port)):
            self._thread.join()
        self._server.server_close()

    def _serve(self) -> None:
        while not self._closed:
            self._server.handle_request()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        api = self

        class BoundRuntimeApiHandler(_RuntimeApiHandler):
            def path_for_runtime(self) -> str | None:
                if self.headers.get_all("Host") != [api._host]:
                    return None
                _, secret, path = (*self.path.split("/", 2), "", "")[:3]
                return f"/{path}" if hmac.compare_digest(secret.encode(), api._secret.encode()) else None

            def next_task(self) -> Task | None:
                api._report(Ready())
                return api._tasks.get()

            def outcome(self, outcome: Outcome) -> None:
                api._report(outcome)

        return BoundRuntimeApiHandler


class _RuntimeApiServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 16

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore a runtime that was killed in the middle of a request: its exit is reported separately."""
        del request, client_address


class _RuntimeApiHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def path_for_runtime(self) -> str | None:
        """The path below the secret; None if the request does not know the secret, or names another host."""
        raise NotImplementedError

    def next_task(self) -> Task | None:
        raise NotImplementedError

    def outcome(self, outcome: Outcome) -> None:
        raise NotImplementedError

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged here; the sandbox's own log reports what happened."""

    def do_GET(self) -> None:
        """`/invocation/next`: wait for a task."""
        path = self.path_for_runtime()
        if path is None:
            self._refuse()
            return
        if path != f"{PREFIX}/invocation/next":
            self._respond(404, b"{}")
            return
        task = self.next_task()
        if task is None:
            self.close_connection = True
            return
        headers = (("Lambda-Runtime-Aws-Request-Id", task.request_id), *task.headers)
        self._respond(200, task.payload, headers)

    def do_POST(self) -> None:
        """`/invocation/{id}/response`, `/invocation/{id}/error`, `/init/error`."""
        path = self.path_for_runtime()
        if path is None:
            self._refuse()
            return
        body = self._body()
        parts = path.removeprefix(PREFIX).strip("/").split("/")
        match parts:
            case ["init", "error"]:
                outcome: Outcome = InitFailed(body)
            case ["invocation", request_id, "response"] if len(body) > MAX_RESPONSE:
                outcome = Completed(request_id, True, too_large())
            case ["invocation", request_id, "response" | "error" as kind]:
                outcome = Completed(request_id, kind == "error", body)
            case _:
                self._respond(404, b"{}")
                return
        self._respond(202, b'{"status":"OK"}')
        self.outcome(outcome)

    def _refuse(self) -> None:
        self.close_connection = True
        self._respond(403, b'{"errorMessage":"The Runtime API serves its own sandbox only."}')

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length")
        if length is not None:
            return self.rfile.read(int(length))
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def _respond(self, status: int, body: bytes, headers: tuple[tuple[str, str], ...] = ()) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()


def too_large() -> bytes:
    """What a caller gets in place of a response over the limit."""
    message = f"Response payload size exceeded maximum allowed payload size ({MAX_RESPONSE} bytes)."
    return json.dumps({"errorType": "Function.ResponseSizeTooLarge", "errorMessage": message}).encode()
