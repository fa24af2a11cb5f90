"""How much of a request is read and kept, and how long a client may take."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator

import pytest

from accountsctl.localcloud.apigateway.pipeline import MAX_REQUEST
from accountsctl.localcloud.contracts import dispatch
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.server.http import IDLE_SECONDS, Server
from tests.local.server.serving import serving

KEPT = 10
Exchange = Callable[[bytes], bytes]


def length(request: Request) -> Response:
    return Response(200, (), str(len(request.body)).encode())


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    """Sends bytes to a server that keeps `KEPT` bytes of a body, and returns what it sends back."""
    with serving(
        Server(length, kept_bytes=lambda request: KEPT if request.path == "/small" else 1 << 20)
    ) as server:

        def send(text: bytes) -> bytes:
            with contextlib.closing(
                socket.create_connection(("127.0.0.1", server.server_address[1]))
            ) as connection:
                connection.sendall(text)
                connection.shutdown(socket.SHUT_WR)
                return b"".join(iter(lambda: connection.recv(65536), b""))

        yield send


def post(path: str, body: bytes, *headers: str) -> bytes:
    head = "\r\n".join([f"POST {path} HTTP/1.1", "Host: 127.0.0.1", *headers, "", ""])
    return head.encode() + body


def test_the_rest_of_a_body_is_read_and_dropped(exchange: Exchange) -> None:
    body = b"x" * 200_000
    sized = f"Content-Length: {len(body)}"
    assert exchange(post("/small", body, sized)).endswith(b"\r\n\r\n10")
    assert exchange(post("/large", body, sized)).endswith(b"\r\n\r\n200000")


def test_the_next_request_on_the_connection_is_not_part_of_the_body(exchange: Exchange) -> None:
    two = post("/small", b"x" * 1000, "Content-Length: 1000") + post("/small", b"ab", "Content-Length: 2")
    assert exchange(two).count(b"HTTP/1.1 200") == 2


@pytest.mark.parametrize(("sizes", "kept"), [((4, 4), 8), ((4, 100), 10), ((100, 4), 10), ((4, 6, 1), 10)])
def test_chunks_are_kept_up_to_the_same_size(exchange: Exchange, sizes: tuple[int, ...], kept: int) -> None:
    chunks = b"".join(b"%x\r\n%s\r\n" % (size, b"x" * size) for size in sizes)
    response = exchange(post("/small", chunks + b"0\r\n\r\n", "Transfer-Encoding: chunked"))
    assert response.endswith(b"\r\n\r\n%d" % kept)


def test_a_body_that_ends_early_is_refused_although_the_rest_is_not_kept(exchange: Exchange) -> None:
    assert b" 400 " in exchange(post("/small", b"x" * 20, "Content-Length: 100"))


def test_a_client_that_sends_half_a_request_is_disconnected() -> None:
    with (
        serving(Server(length, idle_seconds=0.05)) as server,
        contextlib.closing(socket.create_connection(("127.0.0.1", server.server_address[1]))) as connection,
    ):
        connection.sendall(post("/small", b"half", "Content-Length: 100"))
        assert connection.recv(65536) == b""
    assert IDLE_SECONDS < 600


SIGNED = "AWS4-HMAC-SHA256 Credential=AK/20260101/eu-west-1/{}/aws4_request, SignedHeaders=host, Signature=0"


@pytest.mark.parametrize(
    ("path", "scope", "large"),
    [
        ("/_aws/execute-api/abc/dev/x", "", False),
        ("/_aws/execute-api/abc/dev/x", "execute-api", False),
        ("/bucket/key", "", False),
        ("/bucket/key", "s3", True),
        ("/2015-03-31/functions", "lambda", True),
        ("/_accountsctl/shutdown", "", False),
    ],
)
def test_only_signed_calls_of_services_may_be_large(path: str, scope: str, large: bool) -> None:
    headers = (("Authorization", SIGNED.format(scope)),) if scope else ()
    kept = dispatch.kept_bytes(Request("POST", path, headers=headers))
    assert kept == (dispatch.LARGEST_SIGNED if large else dispatch.LARGEST_UNSIGNED)
    assert dispatch.LARGEST_UNSIGNED > MAX_REQUEST
