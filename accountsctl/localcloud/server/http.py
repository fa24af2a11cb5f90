"""The embedded cloud's only socket code: one loopback port, requests in, responses out.

It reads a complete request, hands the services a `Request`, and writes the `Response` that they return. What a request
means is not known here; `dispatch` decides that, and how much of a body is kept: the rest is read and dropped, so that
the sender gets a response and no sender decides about our memory.

It binds 127.0.0.1 and nothing else. A request whose Host names another machine is refused: that is
how a page that rebinds its own name to 127.0.0.1 would reach us (DNS rebinding).
"""

from __future__ import annotations

import re
import socket
import struct
import sys
from collections.abc import Callable
from socketserver import BaseRequestHandler, ThreadingTCPServer

from accountsctl.localcloud.contracts.http_stream import MAX_BODY, Disconnected, Head, HttpStream, Malformed
from accountsctl.localcloud.contracts.messages import Handler, Headers, Request, Response
from accountsctl.localcloud.contracts.reporting import report, report_exception

LOOPBACK = "127.0.0.1"
IDLE_SECONDS = 120.0  # a client that sends nothing for so long, in a request or between two, is disconnected
HOSTS = re.compile(
    r"(127\.0\.0\.1|localhost|[a-z0-9._-]+\.localhost|[a-z0-9._-]+\.amazonaws\.com(\.cn)?|[a-z0-9._-]+\.on\.aws)(:\d+)?",
    re.IGNORECASE,
)


OURS = ("date", "server", "connection", "transfer-encoding")
"""The headers of a response that this server alone decides."""


class Server(ThreadingTCPServer):
    """Listens on loopback; each connection is served by a thread of its own that dies with the process."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(
        self,
        handler: Handler,
        port: int = 0,
        kept_bytes: Callable[[Request], int] = lambda _: MAX_BODY,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self.handle_request_with = handler
        self.kept_bytes = kept_bytes
        self.idle_seconds = idle_seconds
        super().__init__((LOOPBACK, port), _Connection)

    @property
    def endpoint(self) -> str:
        return f"http://{LOOPBACK}:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002
        """A client that disconnects is not an error of this server; anything else is a bug and prints its traceback."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError | BlockingIOError):
            report_exception()


def listen(handler: Handler, preferred: int | None, kept_bytes: Callable[[Request], int]) -> Server:
    """A server on the preferred port, or on any free one if that is taken."""
    if preferred:
        try:
            return Server(handler, preferred, kept_bytes)
        except OSError:
            report(f"port {preferred} is taken, using another")
    return Server(handler, 0, kept_bytes)


class _Connection(BaseRequestHandler):
    """One connection, from its first request to its last."""

    server: Server
    request: socket.socket

    def handle(self) -> None:
        # By the kernel: for a timeout of Python's own, each read and each write is preceded by a poll.
        limit = struct.pack("ll", *divmod(int(self.server.idle_seconds * 1_000_000), 1_000_000))
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream = HttpStream(self.request)
        try:
            while self._serve(stream):
                continue
        except Disconnected:
            return
        except Malformed as fault:
            text = Response(fault.status, (("Content-Type", "text/plain"),), f"{fault}\n".encode())
            stream.respond(*_wire(text, "", closes=True))
            stream.hang_up()

    def _serve(self, stream: HttpStream) -> bool:
        """Answer one request; whether the connection serves another one."""
        head = stream.head()
        request = _request(head, str(self.client_address[0]))
        if head.expects_continue:
            stream.send_continue()  # boto3 waits for it before it sends an object
        body = stream.body(head, self.server.kept_bytes(request)) if head.has_body else b""
        response = self.server.handle_request_with(request.with_body(body) if body else request)
        stream.respond(*_wire(response, head.method, closes=not head.keeps_open))
        return head.keeps_open


def _request(head: Head, source: str) -> Request:
    hosts = head.all("host")
    if len(hosts) > 1:
        raise Malformed(400, "The request names two hosts.")
    if not hosts or not HOSTS.fullmatch(hosts[0]):
        raise Malformed(421, "This server answers on loopback names only.")
    target = head.target
    if "://" in target.split("?", 1)[0]:
        target = "/" + target.split("://", 1)[1].partition("/")[2]
    path, _, query = target.partition("?")
    request = Request(head.method, path, query, head.headers, b"", source)
    request.know_headers(head.last)
    return request


def _wire(response: Response, method: str, *, closes: bool) -> tuple[int, Headers, bytes]:
    """What is sent of a response: its headers with Content-Length, and its body if it has one here."""
    bodiless = response.status in (204, 304) or response.status < 200
    headers: list[tuple[str, str]] = []
    declared = False
    for name, value in response.headers:
        lower = name.lower()
        if lower == "content-length":
            if method != "HEAD":
                continue
            declared = True
        if lower not in OURS:
            headers.append((name, value))
    if not declared and not bodiless:
        headers.append(("Content-Length", str(len(response.body))))
    if closes:
        headers.append(("Connection", "close"))
    return response.status, tuple(headers), b"" if method == "HEAD" or bodiless else response.body
