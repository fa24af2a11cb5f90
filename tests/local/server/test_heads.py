"""What the server takes for the head of a request, and what it refuses."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator

import pytest

from accountsctl.localcloud.contracts.http_stream import MAX_HEAD, MAX_HEADERS, HttpStream, wait_at_most
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.server.http import Server
from tests.local.server.serving import serving

Exchange = Callable[[bytes], bytes]
HOST = b"Host: 127.0.0.1\r\n"


def show(request: Request) -> Response:
    headers = "|".join(f"{name}={value}" for name, value in request.headers)
    return Response(200, (), f"{request.method} {request.path} {request.query} {headers}".encode("latin-1"))


@pytest.fixture(scope="module")
def exchange() -> Iterator[Exchange]:
    with serving(Server(show)) as server:

        def send(text: bytes) -> bytes:
            address = "127.0.0.1", server.server_address[1]
            with contextlib.closing(socket.create_connection(address)) as connection:
                connection.sendall(text)
                connection.shutdown(socket.SHUT_WR)
                return b"".join(iter(lambda: connection.recv(65536), b""))

        yield send


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET / HTTP/1.1\r\nX : a\r\n" + HOST, 400),
        (b"GET / HTTP/1.1\r\nX: a\r\n b\r\n" + HOST, 400),
        (b"GET / HTTP/1.1\r\nX: a\nY: b\r\n" + HOST, 400),
        (b"GET / HTTP/1.1\r\nX: a\rY: b\r\n" + HOST, 400),
        (b"GET / HTTP/1.1\r\nX: a\0b\r\n" + HOST, 400),
        (b"GET / HTTP/1.1\r\nno colon\r\n" + HOST, 400),
        (b"GET / HTTP/1.1\r\n: nameless\r\n" + HOST, 400),
        (b"GET  / HTTP/1.1\r\n" + HOST, 400),
        (b"G(T / HTTP/1.1\r\n" + HOST, 400),
        (b"GET /\r\n" + HOST, 400),
        (b"GET / HTTP/2.0\r\n" + HOST, 505),
        (b"GET / HTTP/1.1\r\n" + HOST + HOST, 400),
        (b"GET / HTTP/1.1\r\n", 421),
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\n", 421),
        (b"GET / HTTP/1.1\r\n" + HOST + b"A: b\r\n" * MAX_HEADERS, 431),
        (b"GET / HTTP/1.1\r\n" + HOST + b"A: " + b"b" * (MAX_HEAD + 70_000) + b"\r\n", 431),
        (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 1\r\nContent-Length: 2\r\n", 400),
        (b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", 400),
    ],
)
def test_a_head_that_others_could_read_otherwise_is_refused(
    exchange: Exchange, head: bytes, status: int
) -> None:
    response = exchange(head + b"\r\n")
    assert response.startswith(b"HTTP/1.1 %d " % status)
    assert response.count(b"HTTP/1.1 ") == 1
    assert b"Connection: close" in response


def test_half_a_head_is_refused_and_no_head_is_not_answered(exchange: Exchange) -> None:
    assert exchange(b"GET / HT").startswith(b"HTTP/1.1 400 ")
    assert exchange(b"") == b""


def test_headers_keep_order_and_spelling_and_lose_the_blanks_around_them(exchange: Exchange) -> None:
    response = exchange(b"GET /\xe4?q HTTP/1.1\r\nhOST:127.0.0.1\r\nB:  x y \t\r\nA:\r\nB: \xe4\r\n\r\n")
    assert response.endswith(b"\r\n\r\nGET /\xe4 q hOST=127.0.0.1|B=x y|A=|B=\xe4")


def test_an_absolute_target_means_its_path(exchange: Exchange) -> None:
    response = exchange(b"GET http://127.0.0.1/a?b=http://c HTTP/1.1\r\n" + HOST + b"\r\n")
    assert b"\r\n\r\nGET /a b=http://c " in response


def test_requests_that_are_sent_together_are_answered_in_order(exchange: Exchange) -> None:
    one = b"PUT /%d HTTP/1.1\r\n" + HOST + b"Content-Length: 2\r\n\r\nok"
    response = exchange(b"\r\n".join([one % 1, one % 2, one % 3]))
    assert [response.find(b"PUT /%d" % number) > 0 for number in (1, 2, 3)] == [True] * 3
    assert response.find(b"PUT /1") < response.find(b"PUT /2") < response.find(b"PUT /3")


@pytest.mark.parametrize(
    ("head", "responses"),
    [
        (b"GET / HTTP/1.0\r\n" + HOST, 1),
        (b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n" + HOST, 2),
        (b"GET / HTTP/1.1\r\nConnection: Close\r\n" + HOST, 1),
        (b"GET / HTTP/1.1\r\n" + HOST, 2),
    ],
)
def test_a_connection_is_kept_open_as_the_request_says(
    exchange: Exchange, head: bytes, responses: int
) -> None:
    assert exchange((head + b"\r\n") * 2).count(b"HTTP/1.1 200") == responses


def test_a_large_response_arrives_complete() -> None:
    body = bytes(range(256)) * 4096
    with (
        serving(Server(lambda _: Response(200, (), body))) as server,
        contextlib.closing(socket.create_connection(("127.0.0.1", server.server_address[1]))) as connection,
    ):
        connection.sendall(b"GET / HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
        response = b"".join(iter(lambda: connection.recv(65536), b""))
    assert response.partition(b"\r\n\r\n")[2] == body


def test_a_read_ends_when_nothing_comes_and_goes_on_with_what_came() -> None:
    sender, receiver = socket.socketpair()
    with sender, receiver:
        stream = HttpStream(receiver)
        wait_at_most(receiver, 0.0)
        sender.sendall(b"GET / HTTP/1.1\r\n")
        with pytest.raises(TimeoutError):
            stream.head()
        sender.sendall(HOST + b"\r\n")
        assert stream.head().headers == (("Host", "127.0.0.1"),)
