"""The Runtime API of one sandbox, as its runtime meets it."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
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

TASK = Task("id-1", b'{"a":1}', (("Lambda-Runtime-Deadline-Ms", "5"),))


class Runtime:
    """A runtime's connection, and what its Runtime API reported of it."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self.api = RuntimeApi(self.outcomes.append)
        host, _, self.secret = self.api.address.partition("/")
        self.connection = http.client.HTTPConnection(host, timeout=20)

    def send(self, method: str, path: str, body: bytes | None = None) -> None:
        self.connection.request(method, f"/{self.secret}{PREFIX}/{path}", body)

    def received(self) -> tuple[int, bytes, str | None]:
        response = self.connection.getresponse()
        return response.status, response.read(), response.getheader("Lambda-Runtime-Aws-Request-Id")

    def invoke(self, kind: str, body: bytes) -> None:
        """Request a task, get it, and post what became of it."""
        self.send("GET", "invocation/next")
        self.api.give(TASK)
        assert self.received() == (200, TASK.payload, TASK.request_id)
        self.send("POST", f"invocation/{TASK.request_id}/{kind}", body)
        assert self.received()[0] == 202


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
    assert Completed("id-1", failed, b"[1]") not in runtime.outcomes
    runtime.send("GET", "invocation/next")
    runtime.api.give(TASK)
    runtime.received()
    assert runtime.outcomes == [Ready(), Completed("id-1", failed, b"[1]"), Ready()]


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
    assert runtime.outcomes == []


def test_a_task_is_given_to_a_runtime_that_has_gone_without_an_error(runtime: Runtime) -> None:
    runtime.send("GET", "invocation/next")
    runtime.api.give(TASK)
    runtime.received()
    runtime.connection.close()
    runtime.api.give(TASK)
