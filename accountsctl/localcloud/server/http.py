"""The embedded cloud's only socket code: one loopback port, bytes in, bytes out.

It reads a complete request (Content-Length or chunked), hands the services a `Request`, and writes the
`Response` that they return. What a request means is not known here; `dispatch` decides that, and how much of a body is
kept: the rest is read and dropped, so that the sender gets a response and no sender decides about our memory.

It binds 127.0.0.1 and nothing else. A request whose Host names another machine is refused: that is
how a page that rebinds its own name to 127.0.0.1 would reach us (DNS rebinding).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from accountsctl.localcloud.contracts.messages import Handler, Request, Response
from accountsctl.localcloud.contracts.reporting import report, report_exception

LOOPBACK = "127.0.0.1"
MAX_BODY = 1 << 30
BLOCK = 1 << 16
IDLE_SECONDS = 120.0  # a client that sends nothing for so long, in a request or between two, is disconnected
HOSTS = re.compile(
    r"(127\.0\.0\.1|localhost|[a-z0-9._-]+\.localhost|[a-z0-9._-]+\.amazonaws\.com(\.cn)?|[a-z0-9._-]+\.on\.aws)(:\d+)?",
    re.IGNORECASE,
)


class Malformed(Exception):
    """A request that is not HTTP/1.1 as this server accepts it; carries the status of the response."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Server(ThreadingHTTPServer):
    """Listens on loopback; each connection is served by a thread of its own that dies with the process."""

    daemon_threads = True
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
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            report_exception()


def listen(handler: Handler, preferred: int | None, kept_bytes: Callable[[Request], int]) -> Server:
    """A server on the preferred port, or on any free one if that is taken."""
    if preferred:
        try:
            return Server(handler, preferred, kept_bytes)
        except OSError:
            report(f"port {preferred} is taken, using another")
    return Server(handler, 0, kept_bytes)


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Server

    def setup(self) -> None:
        super().setup()
        self.connection.settimeout(self.server.idle_seconds)

    def _respond(self) -> None:
        try:
            request = self._read()
        except Malformed as fault:
            self.close_connection = True
            self._write(Response(fault.status, (("Content-Type", "text/plain"),), f"{fault}\n".encode()))
            return
        self._write(self.server.handle_request_with(request))

    def __getattr__(self, name: str) -> Callable[[], None]:
        """A handler (``do_GET``, ...) for every HTTP method: which of them mean anything, the services decide."""
        if name.startswith("do_"):
            return self._respond
        raise AttributeError(name)

    def _read(self) -> Request:
        if len(self.headers.get_all("Host", [])) > 1:
            raise Malformed(400, "The request names two hosts.")
        if not HOSTS.fullmatch(self.headers.get("Host", "")):
            raise Malformed(421, "This server answers on loopback names only.")
        target = self.path
        if "://" in target.split("?", 1)[0]:
            target = "/" + target.split("://", 1)[1].partition("/")[2]
        path, _, query = target.partition("?")
        headers = tuple(self.headers.items())
        request = Request(self.command, path, query, headers, b"", self.client_address[0])
        return replace(request, body=self._body(self.server.kept_bytes(request)))

    def _body(self, kept: int) -> bytes:
        coding = self.headers.get("Transfer-Encoding")
        length = self.headers.get("Content-Length")
        if coding is not None:
            if length is not None or coding.strip().lower() != "chunked":
                raise Malformed(400, "Transfer-Encoding must be chunked, and alone.")
            return _chunked(self.rfile.readline, self._exactly, kept)
        if length is None:
            return b""
        if not re.fullmatch(r"\d{1,18}", length):
            raise Malformed(400, "Content-Length is not a number.")
        return self._exactly(int(length), kept)

    def _exactly(self, size: int, kept: int) -> bytes:
        """Read `size` bytes and return the first `kept` of them."""
        if size > MAX_BODY:
            raise Malformed(413, "The body is too large.")
        data = self.rfile.read(min(size, kept))
        left = size - len(data)
        while left and (dropped := self.rfile.read(min(left, BLOCK))):
            left -= len(dropped)
        if left:
            raise Malformed(400, "The body ended early.")
        return data

    def handle_expect_100(self) -> bool:
        """boto3 waits for this line before it sends an object; our writes are buffered."""
        done = super().handle_expect_100()
        self.wfile.flush()
        return done

    def _write(self, response: Response) -> None:
        self.send_response(response.status)
        bodiless = response.status in (204, 304) or response.status < 200
        declared = False
        for name, value in response.headers:
            lower = name.lower()
            if lower in ("date", "server", "connection", "transfer-encoding"):
                continue
            if lower == "content-length":
                if self.command != "HEAD":
                    continue
                declared = True
            self.send_header(name, value)
        if not declared and not bodiless:
            self.send_header("Content-Length", str(len(response.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD" and not bodiless:
            self.wfile.write(response.body)
        self.wfile.flush()

    def version_string(self) -> str:
        return "accountsctl"

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not logged: their queries can carry credentials."""


def _chunked(line: Callable[[int], bytes], exactly: Callable[[int, int], bytes], kept: int) -> bytes:
    """RFC 9112 7.1: chunks, then trailers, which are read and dropped. The first `kept` bytes are returned."""
    parts: list[bytes] = []
    total = 0
    while True:
        size = line(1024).split(b";")[0].strip()
        if not re.fullmatch(rb"[0-9a-fA-F]{1,8}", size):
            raise Malformed(400, "A chunk has no size.")
        count = int(size, 16)
        if count == 0:
            break
        total += count
        if total > MAX_BODY:
            raise Malformed(413, "The body is too large.")
        parts.append(exactly(count, max(0, kept - (total - count))))
        if line(3).strip():
            raise Malformed(400, "A chunk is longer than its stated size.")
    while line(65536).strip():
        continue
    return b"".join(parts)
