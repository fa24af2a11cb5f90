"""`probe` against a server on loopback, and its fake in the same shape."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from accountsctl.adapters.http import HttpClient, address_class
from accountsctl.model.errors import CloudError, UsageError
from accountsctl.ports.http import Http
from tests.fakes.http import FakeHttp


class _Echo(BaseHTTPRequestHandler):
    """Answers with the status in the path, and with what it was sent."""

    def _serve(self) -> None:
        status = int(self.path.split("/")[1].split("?")[0])
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        shown = [
            self.command,
            self.path,
            sent,
            self.headers.get("Authorization"),
            self.headers.get("Content-Type"),
        ]
        body = "|".join(str(each) for each in shown).encode()
        self.send_response(status)
        self.send_header("Location", "/200")
        self.send_header("X-Twice", "a")
        self.send_header("X-Twice", "b")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_OPTIONS = do_DELETE = do_HEAD = _serve  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Echo) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{made.server_port}"
        made.shutdown()
        thread.join()


@pytest.mark.parametrize("port", [HttpClient(), FakeHttp()])
def test_an_answer_has_a_status_headers_and_a_body(server: str, port: Http) -> None:
    answer = port.send("GET", f"{server}/200", {}, None)
    assert (answer.status, answer.reason) == (200, "OK")
    assert answer.headers
    assert answer.body


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 403, 404, 500, 503])
def test_every_status_is_an_answer_and_no_redirect_is_followed(server: str, status: int) -> None:
    answer = HttpClient().send("GET", f"{server}/{status}", {}, None)
    assert answer.status == status
    assert ("Location", "/200") in answer.headers


def test_headers_body_and_method_arrive_as_given(server: str) -> None:
    answer = HttpClient().send(
        "POST", f"{server}/201", {"authorization": "tok", "content-type": "application/json"}, b"{}"
    )
    assert answer.body == "POST|/201|{}|tok|application/json"
    assert [value for name, value in answer.headers if name == "X-Twice"] == ["a", "b"]
    assert HttpClient().send("OPTIONS", f"{server}/204", {}, None).status == 204


def test_a_body_without_a_type_is_no_form(server: str) -> None:
    assert HttpClient().send("POST", f"{server}/200", {}, b"x").body.endswith("|text/plain;charset=UTF-8")


def test_what_may_not_stand_in_a_url_is_encoded_and_what_is_stays(server: str) -> None:
    assert (
        HttpClient().send("GET", f"{server}/200/ä b%2F?q=a b", {}, None).body.split("|")[1]
        == "/200/%C3%A4%20b%2F?q=a%20b"
    )


def test_nobody_listening_is_an_error_that_says_so() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(CloudError, match="got no answer") as caught:
            HttpClient().send("GET", f"http://127.0.0.1:{port}/", {}, None)
    assert caught.value.code == "ConnectionRefused"


def test_silence_is_an_error_after_the_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(CloudError) as caught:
        HttpClient(timeout=0.05).send("GET", f"http://127.0.0.1:{silent.getsockname()[1]}/", {}, None)
    assert caught.value.code == "Timeout"


@pytest.mark.parametrize("url", ["file:///etc/hosts", "accounts", "http://"])
def test_only_the_web_is_called(url: str) -> None:
    with pytest.raises(UsageError):
        HttpClient().send("GET", url, {}, None)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", "loopback"),
        ("::1", "loopback"),
        ("10.1.2.3", "private"),
        ("52.1.2.3", "public"),
        ("a..b", None),
    ],
)
def test_a_hosts_address_tells_where_it_is(host: str, expected: str | None) -> None:
    assert address_class(host) == expected
