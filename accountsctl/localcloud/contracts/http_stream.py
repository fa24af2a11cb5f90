"""HTTP/1.1 on a blocking socket: heads and bodies in, responses out (RFC 9112).

The thread that serves a connection reads from its socket and writes to it; no request changes threads. `http.server`
reads in the same way, but takes a request's head through the parser for e-mail, which costs more than everything
else on the way: 100 microseconds a request, here 15. See docs/decisions/0017.
"""

from __future__ import annotations

import re
import socket
import struct
import time
from collections.abc import Iterable, Mapping, Sequence
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus

from accountsctl.localcloud.contracts.messages import Headers

BLOCK = 1 << 16
MAX_HEAD = 1 << 17
SHORT_HEAD = 256
MAX_HEADERS = 200
MAX_LINE = 1 << 16
MAX_BODY = 1 << 30
LINGER, MAX_LINGERING = 1.0, 1 << 24  # seconds without data, bytes
_VERSION = re.compile(r"HTTP/1\.\d")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_NUMBER = re.compile(r"\d{1,18}")
_CHUNK = re.compile(rb"[0-9a-fA-F]{1,8}")
_REASONS = {status.value: status.phrase for status in HTTPStatus}


class Malformed(Exception):
    """A request that is not HTTP/1.1 as this server accepts it; carries the status of the response."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Disconnected(Exception):
    """The client closed the connection, and no request was under way."""


class Head:
    """A request without its body. `target` is as it was sent, decoded as Latin-1.

    `last`: the last value of each header, by its name in lower case.
    """

    def __init__(
        self, method: str, target: str, version: str, headers: Headers, last: Mapping[str, str]
    ) -> None:
        self.method = method
        self.target = target
        self.version = version
        self.headers = headers
        self.last = last
        option = last.get("connection", "").lower()
        self.keeps_open = "keep-alive" in option if version == "HTTP/1.0" else "close" not in option
        """Whether the connection serves another request after this one."""

    def all(self, name: str) -> Sequence[str]:
        """Every value of the header `name`, which must be in lower case."""
        value = self.last.get(name)
        if value is None:
            return ()
        if len(self.last) == len(self.headers):
            return (value,)
        return [value for key, value in self.headers if key.lower() == name]

    @property
    def has_body(self) -> bool:
        """Whether a body follows, or may follow."""
        return "content-length" in self.last or "transfer-encoding" in self.last

    @property
    def expects_continue(self) -> bool:
        """Whether the sender waits for ``100 Continue`` before it sends the body."""
        return self.version != "HTTP/1.0" and [value.lower() for value in self.all("expect")] == [
            "100-continue"
        ]


class HttpStream:
    """One connection. Every read raises Malformed for what is not HTTP, and TimeoutError by the socket's timeout."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._read = b""  # received, and not used yet
        self._unsent = b""  # responses that the next one takes along

    @property
    def has_more(self) -> bool:
        """Whether something that follows the last request was received with it."""
        return bool(self._read)

    def head(self) -> Head:
        """The next request's head; raises Disconnected if there is no next request."""
        return parse_head(self._until(b"\r\n\r\n", MAX_HEAD))

    def body(self, head: Head, kept: int) -> bytes:
        """Read the body of `head`, and return its first `kept` bytes."""
        coding, length = head.all("transfer-encoding"), head.all("content-length")
        if coding:
            if length or [value.lower() for value in coding] != ["chunked"]:
                raise Malformed(400, "Transfer-Encoding must be chunked, and alone.")
            return self._chunked(kept)
        if not length:
            return b""
        if len(set(length)) > 1 or not _NUMBER.fullmatch(length[0]):
            raise Malformed(400, "Content-Length is not a number.")
        return self._exactly(int(length[0]), kept)

    def send_continue(self) -> None:
        """Let the sender go on with the body."""
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")

    def respond(
        self, status: int, headers: Iterable[tuple[str, str]], body: bytes, *, later: bool = False
    ) -> None:
        """Send a response; `headers` holds everything but the status line, Server and Date.

        `later`: together with the next response.
        """
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers])
        head = f"{_status_line(status)}Date: {_date(int(time.time()))}\r\n{lines}\r\n".encode("latin-1")
        head, self._unsent = self._unsent + head, b""
        if later:
            self._unsent = head + body
        elif len(body) <= BLOCK:
            self.connection.sendall(head + body)
        else:
            self.connection.sendall(head)
            self.connection.sendall(body)

    def hang_up(self) -> None:
        """End a connection whose sender may still send.

        What is not read when a socket closes makes the kernel reset the connection: the sender can lose the response.
        """
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(LINGER)
        left = MAX_LINGERING
        while left > 0 and (data := self.connection.recv(BLOCK)):
            left -= len(data)

    def _until(self, mark: bytes, limit: int) -> bytes:
        """The bytes before `mark`, which is dropped."""
        start = 0
        while (end := self._read.find(mark, start)) < 0:
            if len(self._read) > limit:
                raise Malformed(431, "The request's head is too long.")
            start = max(0, len(self._read) - len(mark))
            self._receive()
        found, self._read = self._read[:end], self._read[end + len(mark) :]
        return found

    def _receive(self) -> None:
        data = _received(self.connection, BLOCK)
        if not data:
            raise Malformed(400, "The request ended early.") if self._read else Disconnected
        self._read += data

    def _exactly(self, size: int, kept: int) -> bytes:
        """Read `size` bytes and return the first `kept` of them."""
        if size > MAX_BODY:
            raise Malformed(413, "The body is too large.")
        parts, left, room = [self._read[:size]], size, kept
        self._read = self._read[size:]
        while True:
            left -= len(parts[-1])
            parts[-1] = parts[-1][:room]
            room -= len(parts[-1])
            if not left:
                return b"".join(parts)
            data = _received(self.connection, min(left, BLOCK))
            if not data:
                raise Malformed(400, "The body ended early.")
            parts.append(data)

    def _line(self, limit: int) -> bytes:
        try:
            return self._until(b"\r\n", limit)
        except Disconnected:
            raise Malformed(400, "The body ended early.") from None

    def _chunked(self, kept: int) -> bytes:
        """RFC 9112 7.1: chunks, then trailers, which are read and dropped. The first `kept` bytes are returned."""
        parts: list[bytes] = []
        total = 0
        while True:
            size = self._line(1024).split(b";")[0].strip()
            if not _CHUNK.fullmatch(size):
                raise Malformed(400, "A chunk has no size.")
            count = int(size, 16)
            if count == 0:
                break
            total += count
            if total > MAX_BODY:
                raise Malformed(413, "The body is too large.")
            parts.append(self._exactly(count, max(0, kept - (total - count))))
            if self._exactly(2, 2) != b"\r\n":
                raise Malformed(400, "A chunk is longer than its stated size.")
        while self._line(MAX_LINE):
            continue
        return b"".join(parts)


def wait_at_most(connection: socket.socket, seconds: float) -> None:
    """Let each read end with TimeoutError if nothing is received for so long.

    The kernel counts: for a timeout of Python's own, each read and write is preceded by a poll, and to set it is a
    call at which the thread gives up the interpreter to another one.
    """
    limit = struct.pack("ll", *divmod(max(1_000, int(seconds * 1_000_000)), 1_000_000))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)


def _received(connection: socket.socket, size: int) -> bytes:
    try:
        return connection.recv(size)
    except BlockingIOError:  # by SO_RCVTIMEO
        raise TimeoutError from None


def parse_head(data: bytes) -> Head:
    """A request line and its headers, without the empty line at their end; raises Malformed."""
    return _short_head(data) if len(data) <= SHORT_HEAD else _head(data)


@lru_cache(maxsize=128)
def _short_head(data: bytes) -> Head:
    """A head that is likely to come again byte by byte: so does a runtime's request for its next task."""
    return _head(data)


def _head(data: bytes) -> Head:
    first, _, rest = data.decode("latin-1").lstrip("\r\n").partition("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not _TOKEN.fullmatch(words[0]) or not words[1]:
        raise Malformed(400, "The request line is not a method, a target and a version.")
    if not _VERSION.fullmatch(words[2]):
        raise Malformed(505, "This server speaks HTTP/1.1.")
    lines = rest.split("\r\n") if rest else []
    if len(lines) > MAX_HEADERS:
        raise Malformed(431, "The request has too many headers.")
    # A lone CR or LF, and a line that continues the one before: others could read them in another way.
    if not rest.count("\r") == rest.count("\n") == max(0, len(lines) - 1) or "\0" in rest:
        raise Malformed(400, "A header has a control character.")
    parts = [line.partition(":") for line in lines]
    headers = tuple([(name, value.strip(" \t")) for name, _, value in parts])
    return Head(words[0], words[1], words[2], headers, {_lower(name): value for name, value in headers})


@lru_cache(maxsize=512)
def _lower(name: str) -> str:
    """A header's name in lower case; cached, because clients send the same names with every request."""
    if not _TOKEN.fullmatch(name):
        raise Malformed(400, "A header is not a name and a value.")
    return name.lower()


@lru_cache(maxsize=64)
def _status_line(status: int) -> str:
    return f"HTTP/1.1 {status} {_REASONS.get(status, '')}\r\nServer: accountsctl\r\n"


@lru_cache(maxsize=4)
def _date(seconds: int) -> str:
    """The Date header: the same for all responses of one second."""
    return formatdate(seconds, usegmt=True)
