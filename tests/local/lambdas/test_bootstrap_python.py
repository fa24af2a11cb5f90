"""What differs from AWS's runtime client in a Python sandbox, and must not be seen by a function."""

from __future__ import annotations

import json
import socket
import threading
from collections import namedtuple
from decimal import Decimal
from enum import IntEnum

import pytest
from awslambdaric.lambda_runtime_marshaller import Encoder
from hypothesis import given
from hypothesis import strategies as st

from accountsctl.localcloud.lambdas.bootstrap_python import RuntimeClient, is_plain

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
VALUES = st.recursive(
    SCALARS, lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(), below, max_size=4)
)
Point = namedtuple("Point", "x y")


class Color(IntEnum):
    """An integer that has a name."""

    RED = 1


class Text(str):
    """A text of another type."""


@given(VALUES, st.booleans())
def test_what_json_writes_is_what_simplejson_writes(value: object, ascii_only: bool) -> None:
    if is_plain(value):
        encoder = Encoder()
        encoder.ensure_ascii = ascii_only  # as it is in the runtimes before Python 3.12
        written = encoder.encode(value)
        assert json.dumps(value, ensure_ascii=ascii_only) == written


@pytest.mark.parametrize(
    "value",
    [Point(1, 2), (1,), Decimal("1.0"), Color.RED, Text("a"), b"a", {1: 2}, {Text("a"): 1}, "a\u2028", {1.5}],
)
def test_what_the_two_may_write_differently_is_left_to_simplejson(value: object) -> None:
    assert not is_plain(value)
    assert not is_plain({"body": [value]})


def test_a_value_in_itself_is_left_to_simplejson() -> None:
    value: list[object] = []
    value.append(value)
    with pytest.raises(RecursionError):
        is_plain(value)


def test_responses_that_come_in_pieces_or_together_are_read_whole() -> None:
    event, late = b"[" + b"1," * 400_000 + b"1]", b"{}"
    head = "HTTP/1.1 200 OK\r\nlambda-runtime-deadline-ms: 5\r\nContent-Length: {}\r\n\r\n"
    accepted = b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}"
    first = head.format(len(event)).encode() + event
    second = accepted + head.format(len(late)).encode() + late
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = RuntimeClient("{}:{}".format(*server.getsockname()), "/secret")

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1 << 16)
                for start in range(0, len(first), 300_000):
                    connection.sendall(first[start : start + 300_000])
                while not connection.recv(1 << 16).endswith(b"\r\n\r\n"):
                    continue
                connection.sendall(second)

        thread = threading.Thread(target=serve)
        thread.start()
        assert client.next() == (event, {"Lambda-Runtime-Deadline-Ms": 5, "Content-Length": str(len(event))})
        client.post_invocation_result("id", b"{}", "application/json")
        assert client.next()[0] == late
        thread.join()
        with pytest.raises(RuntimeError, match="gone"):
            client.next()
