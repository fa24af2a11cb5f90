"""A proxy between a command and the embedded cloud: a test learns by it how far the command is, and kills it there."""

from __future__ import annotations

import http.client
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

READING = ("Describe", "List", "Get", "Head", "Validate", "Detect", "GET ", "HEAD ")
SECONDS = 60


class Moment(Enum):
    """When a command is killed: before the cloud receives the call, or when the cloud has answered it."""

    ARRIVES = auto()
    ANSWERED = auto()


@dataclass
class KilledAt:
    """Which changing call kills the command, counted from 0, and when. `operation`: that call, once it was made."""

    step: int
    moment: Moment
    operation: str = ""
    pid: int = 0
    started: threading.Event = field(default_factory=threading.Event)

    def start(self, pid: int) -> None:
        """The command runs, as this process."""
        self.pid = pid
        self.started.set()

    def kill(self) -> None:
        """SIGKILL, which no process can handle."""
        assert self.started.wait(SECONDS)
        os.kill(self.pid, signal.SIGKILL)


class KillingProxy:
    """Forwards each request as it is to `target`, an URL, and records the changing operations of one command."""

    def __init__(self, target: str, url: str) -> None:
        self.target, self.url = urlsplit(target).netloc, url
        self.operations: list[str] = []
        self.plan: KilledAt | None = None
        self._lock = threading.Lock()

    def begin(self, plan: KilledAt | None) -> None:
        """Count from 0 again, for the next command."""
        self.operations, self.plan = [], plan

    def kills_at(self, operation: str) -> KilledAt | None:
        """Record an operation; the plan if the command is to be killed with this one."""
        if operation.startswith(READING):
            return None
        with self._lock:
            self.operations.append(operation)
            if self.plan is None or len(self.operations) - 1 != self.plan.step:
                return None
            self.plan.operation = operation
            return self.plan


def operation_of(method: str, path: str, headers: Message, body: bytes) -> str:
    """``CreateChangeSet`` for the query and JSON protocols, ``PUT /bucket/key`` for S3."""
    if target := headers.get("X-Amz-Target"):
        return str(target).rpartition(".")[2]
    if headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
        return parse_qs(body.decode()).get("Action", [f"{method} {path}"])[0]
    return f"{method} {path}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proxy: ClassVar[KillingProxy]

    def handle_any(self) -> None:
        """Forward one request, with its Host as it was signed."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        plan = self.proxy.kills_at(operation_of(self.command, self.path, self.headers, body))
        if plan and plan.moment is Moment.ARRIVES:
            plan.kill()
            self.close_connection = True
            return
        status, headers, answer = self._forward(body)
        if plan:
            plan.kill()
            self.close_connection = True
            return
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = handle_any  # noqa: N815

    def _forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection(self.proxy.target, timeout=SECONDS)
        try:
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in ("expect", "connection"):
                    connection.putheader(name, value)
            connection.endheaders(body)
            response = connection.getresponse()
            return response.status, response.getheaders(), response.read()
        finally:
            connection.close()

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@contextmanager
def killing_proxy(target: str) -> Iterator[KillingProxy]:
    """Serve on a free port of 127.0.0.1 until the block ends."""

    class Handler(_Handler):
        pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Handler.proxy = KillingProxy(target, f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Handler.proxy
        finally:
            server.shutdown()
            thread.join()
