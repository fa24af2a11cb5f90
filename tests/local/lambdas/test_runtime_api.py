"""The Runtime API of one sandbox, as its runtime meets it."""

from __future__ import annotations

import http.client
import queue
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from accountsctl.localcloud.lambdas.runtime_api import (
    MAX_RESPONSE,
    PREFIX,
    Completed,
    Outcome,
    Ready,
    RuntimeApi,
    Task,
)

SECONDS = 20.0
TASK = Task("id-1", b'{"a":1}', (("Lambda-Runtime-Deadline-Ms", "5"),))


class Runtime:
    """A runtime's connection, and what its Runtime API reported of it."""

    def __init__(self) -> None:
        self.reported: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        self.api = RuntimeApi(self.reported.put)
        host, _, self.secret = self.api.address.partition("/")
        self.connection = http.client.HTTPConnection(host, timeout=20)

    def outcomes(self) -> list[Outcome]:
        """What was reported since the last call."""
        return [self.reported.get() for _ in range(self.reported.qsize())]

    def start(self) -> None:
        """Request the first task."""
        self.send("GET", "invocation/next")
        assert self.reported.get(timeout=SECONDS) == Ready()

    def send(self, method: str, path: str, body: bytes | None = None) -> None:
        self.connection.request(method, f"/{self.secret}{PREFIX}/{path}", body)

    def received(self) -> tuple[int, bytes, str | None]:
        response = self.connection.getresponse()
        return response.status, response.read(), response.getheader("Lambda-Runtime-Aws-Request-Id")

    def invoke(self, kind: str, body: bytes) -> None:
        """Request a task, get it, and post what became of it."""
        self.start()
        self.api.give(TASK)
        assert self.received() == (200, TASK.payload, TASK.request_id)
        with ThreadPoolExecutor(1) as runtime:
            posted = runtime.submit(self._post, kind, body)
            while not posted.done():
                assert self.api.serve(0.0, SECONDS)
        assert posted.result() == 202

    def _post(self, kind: str, body: bytes) -> int:
        self.send("POST", f"invocation/{TASK.request_id}/{kind}", body)
        return self.received()[0]


@pytest.fixture
def runtime() -> Iterator[Runtime]:
    runtime = Runtime()
    with closing(runtime.api), closing(runtime.connection):
        yield runtime


@pytest.mark.parametrize(("kind", "failed"), [("response", False), ("error", True)])
def test_a_response_is_reported_when_the_runtime_is_free_again(
    runtime: Runtime, kind: str, failed: bool
) -> None:
    runtime.invoke(kind, b"[1]")
    assert runtime.outcomes() == []
    runtime.send("GET", "invocation/next")
    assert runtime.api.serve(SECONDS, SECONDS)
    assert runtime.outcomes() == [Completed("id-1", failed, b"[1]"), Ready()]


def test_the_response_of_a_runtime_that_never_comes_back_is_not_lost(runtime: Runtime) -> None:
    runtime.invoke("response", b"[1]")
    assert runtime.api.take_response() == Completed("id-1", False, b"[1]")
    assert runtime.api.take_response() is None


def test_a_response_over_the_limit_is_an_error(runtime: Runtime) -> None:
    runtime.invoke("response", b"x" * (MAX_RESPONSE + 1))
    response = runtime.api.take_response()
    assert response is not None
    assert response.failed
    assert b"Function.ResponseSizeTooLarge" in response.payload


@pytest.mark.parametrize("path", ["invocation", "next", "invocation/a/b/c", "init"])
def test_any_other_path_is_not_found(runtime: Runtime, path: str) -> None:
    runtime.send("GET", path)
    assert runtime.received()[0] == 404
    assert runtime.outcomes() == []


def test_a_task_is_given_to_a_runtime_that_has_gone_without_an_error(runtime: Runtime) -> None:
    runtime.start()
    runtime.connection.close()
    runtime.api.give(TASK)
    assert not runtime.api.serve(SECONDS, SECONDS)
    runtime.api.give(TASK)


def test_one_message_may_bring_a_response_and_the_request_for_the_next_task(runtime: Runtime) -> None:
    runtime.start()
    runtime.api.give(TASK)
    runtime.received()
    host, _, secret = runtime.api.address.partition("/")
    head = f"HTTP/1.1\r\nHost: {host}\r\n"
    post = f"POST /{secret}{PREFIX}/invocation/id-1/response {head}Content-Length: 3\r\n\r\n[1]"
    connection = runtime.connection.sock
    assert connection is not None
    connection.sendall(f"{post}GET /{secret}{PREFIX}/invocation/next {head}\r\n".encode())
    assert runtime.api.serve(SECONDS, SECONDS)
    assert runtime.outcomes() == [Completed("id-1", False, b"[1]"), Ready()]
    runtime.api.give(TASK)
    assert [response.split()[1] for response in _responses(connection, 2)] == [b"202", b"200"]


def _responses(connection: socket.socket, number: int) -> list[bytes]:
    data = b""
    while data.count(b"HTTP/1.1 ") < number:
        data += connection.recv(1 << 16)
    return [b"HTTP/1.1" + response for response in data.split(b"HTTP/1.1")[1:]]


def test_a_response_on_another_connection_counts_too(runtime: Runtime) -> None:
    runtime.start()
    runtime.api.give(TASK)
    runtime.received()
    other = http.client.HTTPConnection(runtime.connection.host, runtime.connection.port, timeout=SECONDS)
    with closing(other):
        other.request("POST", f"/{runtime.secret}{PREFIX}/invocation/id-1/response", b"[1]")
        assert other.getresponse().read() == b'{"status":"OK"}'
        other.request("GET", f"/{runtime.secret}{PREFIX}/invocation/next")
        reported = [runtime.reported.get(timeout=SECONDS) for _ in range(2)]
    assert reported == [Completed("id-1", False, b"[1]"), Ready()]


def test_a_request_that_is_slow_to_arrive_is_not_lost(runtime: Runtime) -> None:
    runtime.start()
    runtime.api.give(TASK)
    runtime.received()
    host, _, secret = runtime.api.address.partition("/")
    connection = runtime.connection.sock
    assert connection is not None
    parts = (f"GET /{secret}{PREFIX}/invocation/ne", f"xt HTTP/1.1\r\nHost: {host}\r\n\r\n")
    connection.sendall(parts[0].encode())
    assert runtime.api.serve(0.0, SECONDS)
    assert runtime.outcomes() == []
    connection.sendall(parts[1].encode())
    assert runtime.api.serve(SECONDS, SECONDS)
    assert runtime.outcomes() == [Ready()]
