"""`page_server` on loopback, and its fake in the same shape."""

from __future__ import annotations

import gzip
import http.client
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from accountsctl.adapters.page_server import LoopbackServer, built_page, listening
from accountsctl.formats.frontend.page import BuiltPage
from accountsctl.model.errors import UsageError
from accountsctl.ports.page_server import PageAddress, PageServer, Site
from tests.fakes.page_server import FakePageServer

SITE: Site = BuiltPage({"index.html": b'<app-root ngcspnonce=""></app-root>', "a.js": b"let a;"}, {})


FREE = PageAddress("localhost", 0)


@contextmanager
def answering(address: PageAddress) -> Iterator[int]:
    """The port of a server that answers at a free port."""
    with listening(SITE, address) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture
def port() -> Iterator[int]:
    with answering(FREE) as port:
        yield port


def ask(
    port: int, path: str = "/", method: str = "GET", *, at: str = "127.0.0.1", **headers: str
) -> tuple[int, Mapping[str, str], bytes]:
    connection = http.client.HTTPConnection(at, port, timeout=10)
    try:
        connection.request(method, path, headers={"Host": f"localhost:{port}", **headers})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("server", [LoopbackServer(), FakePageServer(port=51234)])
def test_a_free_port_is_told_and_an_interrupt_ends_it_without_a_word(server: PageServer) -> None:
    told: list[int] = []

    def ready(port: int) -> None:
        told.append(port)
        raise KeyboardInterrupt

    server.serve(SITE, FREE, ready)
    assert told[0] > 1023


def test_every_load_has_a_nonce_of_its_own(port: int) -> None:
    policies = {ask(port)[1]["Content-Security-Policy"] for _ in range(3)}
    assert len(policies) == 3


def test_text_is_compressed_for_whoever_takes_that(port: int) -> None:
    _, headers, body = ask(port, "/a.js", **{"Accept-Encoding": "gzip, br"})
    assert (headers["Content-Encoding"], gzip.decompress(body)) == ("gzip", b"let a;")
    assert ask(port, "/a.js")[2] == b"let a;"


def test_a_query_is_no_part_of_a_name_and_head_has_no_body(port: int) -> None:
    assert ask(port, "/a.js?v=1")[0] == 200
    status, headers, body = ask(port, "/a.js", "HEAD")
    assert (status, headers["Content-Length"], body) == (200, "6", b"")
    assert ask(port, "/../setup.cfg")[0] == 404


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "localhost"])
def test_a_name_of_elsewhere_that_points_here_is_not_answered(port: int, host: str) -> None:
    assert ask(port, Host=host)[0] == 421
    assert ask(port, Host=f"127.0.0.1:{port}")[0] == 200
    assert ask(port, Host=f"[::1]:{port}")[0] == 200


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_a_page_whose_origin_is_an_ipv6_address_is_served_there() -> None:
    with answering(PageAddress("::1", 0)) as port:
        assert ask(port, at="::1", Host=f"[::1]:{port}")[0] == 200


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(UsageError, match="cannot be served"):
        LoopbackServer().serve(SITE, PageAddress("localhost", taken.getsockname()[1]), lambda _: None)


def test_a_page_is_built_where_it_has_an_index(tmp_path: Path) -> None:
    (tmp_path / "main.js").write_bytes(b"1")
    assert built_page(tmp_path) == {}
    assert built_page(tmp_path / "nowhere") == {}
    (tmp_path / "index.html").write_bytes(b"<html>")
    assert built_page(tmp_path) == {"main.js": b"1", "index.html": b"<html>"}
