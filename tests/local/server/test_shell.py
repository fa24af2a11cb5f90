"""The small parts below the services: the socket shell, the saver, the file."""

import collections
import contextlib
import errno
import http.client
import socket
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.moto_services import apps
from accountsctl.localcloud.rds_data.transactions import Sweeper
from accountsctl.localcloud.server.http import Server
from accountsctl.localcloud.state import freezing, snapshot
from accountsctl.localcloud.state.saver import SaveError, Saver
from tests.local.server.serving import serving
from tests.local.state import saved


@pytest.fixture(scope="module")
def echo() -> Iterator[Server]:
    """A server that says back what it got."""

    def handler(request: Request) -> Response:
        said = f"{request.method} {request.path} {request.query}\n".encode() + request.body
        return Response(200, (("Content-Type", "text/plain"), ("Server", "dropped")), said)

    with serving(Server(handler)) as server:
        yield server


def address(server: Server) -> tuple[str, int]:
    return "127.0.0.1", server.server_address[1]


def exchange(server: Server, text: bytes) -> bytes:
    with contextlib.closing(socket.create_connection(address(server))) as connection:
        connection.sendall(text)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


HOST = b"Host: 127.0.0.1\r\n"


@given(body=st.binary(max_size=300), cut=st.integers(1, 50))
def test_a_chunked_body_comes_in_whole(echo: Server, body: bytes, cut: int) -> None:
    chunks = b"".join(
        b"%x;ext=1\r\n%s\r\n" % (len(part), part)
        for part in (body[start : start + cut] for start in range(0, len(body), cut))
    )
    head = b"PUT /a%20b?c=d HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    answer = exchange(echo, head + chunks + b"0\r\nTrailer: x\r\n\r\n")
    assert answer.endswith(b"\r\n\r\nPUT /a%20b c=d\n" + body)


@pytest.mark.parametrize(
    "head",
    [
        b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc",
        b"Transfer-Encoding: gzip\r\n\r\n",
        b"Content-Length: -1\r\n\r\n",
        b"Content-Length: 10\r\n\r\nshort",
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
    ],
)
def test_a_body_whose_length_is_in_doubt_is_refused(echo: Server, head: bytes) -> None:
    answer = exchange(echo, b"POST / HTTP/1.1\r\n" + HOST + head)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"Connection: close" in answer


@pytest.mark.parametrize("method", ["TRACE", "QUERY", "PURGE"])
def test_a_method_of_any_name_reaches_the_services(echo: Server, method: str) -> None:
    answer = exchange(echo, method.encode() + b" /x HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(method.encode() + b" /x \n")


def test_a_connection_serves_many_requests_and_head_has_no_body(echo: Server) -> None:
    with contextlib.closing(http.client.HTTPConnection(*echo.server_address)) as connection:
        for method, length in (("POST", 9), ("HEAD", 0), ("DELETE", 11)):
            connection.request(method, "/x")
            answer = connection.getresponse()
            assert (answer.status, len(answer.read())) == (200, length)
            assert answer.headers["Server"] == "accountsctl"
            assert answer.headers.get_all("Date")


def test_expect_is_answered_before_the_body_is_sent(echo: Server) -> None:
    with contextlib.closing(socket.create_connection(address(echo))) as connection:
        connection.sendall(
            b"PUT / HTTP/1.1\r\n" + HOST + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"
        )
        connection.settimeout(5)
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"ok")
        assert connection.recv(4096).startswith(b"HTTP/1.1 200 ")


def test_those_who_wait_return_when_their_change_is_written() -> None:
    written: list[int] = []
    state = [0]
    saver = Saver(lambda: written.append(state[0]))
    try:
        for number in range(1, 4):
            state[0] = number
            saver.save()
            assert written[-1] == number
    finally:
        saver.close()


def test_a_change_that_no_one_waits_for_is_written_before_the_end() -> None:
    written = []
    saver = Saver(lambda: written.append(1))
    saver.changed()
    saver.close()
    assert written == [1]


def test_waiting_without_a_change_writes_nothing() -> None:
    written = []
    saver = Saver(lambda: written.append(1))
    saver.flush()
    saver.close()
    assert written == []


def test_a_waiting_caller_gets_the_error_of_the_write_and_the_next_one_works(
    capsys: pytest.CaptureFixture[str],
) -> None:
    faults = [OSError("disk full")]

    def write() -> None:
        if faults:
            raise faults.pop()

    saver = Saver(write)
    try:
        with pytest.raises(SaveError, match="disk full"):
            saver.save()
        saver.save()
    finally:
        saver.close()
    assert "could not be written" in capsys.readouterr().err


def test_the_file_gives_back_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "state"
    state = snapshot.State({"gateway": {"a": [1]}}, {"moto/a": b"\n\x00bytes\n"})
    assert snapshot.read(path, "1") is None
    saved.write(path, state, "1")
    assert snapshot.read(path, "1") == state
    assert [entry.name for entry in tmp_path.iterdir()] == ["state"]
    with pytest.raises(snapshot.StateError, match="moto 1"):
        snapshot.read(path, "2")


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "state").write_bytes(b"{")
    with pytest.raises(snapshot.StateError, match="damaged"):
        snapshot.read(tmp_path / "state", "1")


class Thing:
    """Something that can be referred to weakly."""


def test_a_table_that_makes_its_entries_still_does_after_coming_back_twice() -> None:
    table: dict[str, dict[str, dict[str, int]]] = collections.defaultdict(
        lambda: collections.defaultdict(dict)
    )
    table["a"]["b"]["c"] = 1
    back = freezing.thaw(freezing.freeze(freezing.thaw(freezing.freeze(table, {}), {}), {}), {})
    assert back == {"a": {"b": {"c": 1}}}
    back["x"]["y"]["z"] = 2
    assert back["other"]["y"] == {}


def test_what_pickle_refuses_survives() -> None:
    thing = Thing()
    table = object()
    graph = {"lock": threading.Lock(), "thing": thing, "table": table}
    graph["weak"] = weakref.WeakValueDictionary(a=thing)
    back = freezing.thaw(freezing.freeze(graph, {id(table): "named"}), {"named": "given"})
    assert back["weak"]["a"] is back["thing"]
    assert back["lock"].acquire(blocking=False)
    assert back["table"] == "given"


def test_aws_models_are_read_once_for_all_sessions() -> None:
    import botocore.session

    apps.configure()
    first, second = (botocore.session.Session().get_component("data_loader") for _ in range(2))
    assert first is second


def test_a_write_that_fails_is_reported_to_those_who_wait_and_repeated_later() -> None:
    full = [True]
    written: list[int] = []

    def write() -> None:
        if full[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(1)

    saver = Saver(write)
    try:
        for _ in range(3):
            with pytest.raises(SaveError, match="No space left"):
                saver.save()
        full[0] = False
        saver.save()
        assert written
    finally:
        saver.close()


def test_no_one_waits_for_a_disk_that_does_not_answer() -> None:
    stuck = threading.Event()

    def write() -> None:
        stuck.wait(60)

    saver = Saver(write, longest=0.05)
    try:
        with pytest.raises(SaveError, match="within"):
            saver.save()
    finally:
        stuck.set()
        saver.close()


def test_a_sweeper_survives_its_own_errors() -> None:
    calls: list[int] = []
    third = threading.Event()

    def expire() -> None:
        calls.append(1)
        if len(calls) >= 3:
            third.set()
        raise RuntimeError("a bug")

    sweeper = Sweeper(expire, seconds=0.01)
    sweeper.start()
    try:
        assert third.wait(20)
    finally:
        sweeper.close()
