"""An API that answers what a test tells it to, on loopback, to pages of every origin or of none."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Authorization,Content-Type,Idempotency-Key",
    "Access-Control-Allow-Methods": "DELETE,GET,PATCH,POST,PUT,OPTIONS",
    "Access-Control-Expose-Headers": "Retry-After,Link",
}


@dataclass(frozen=True)
class Says:
    """One answer."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """A request that is no GET."""

    method: str
    path: str
    key: str | None
    body: Any


@dataclass
class StubApi:
    """`answers` are given to GETs in their order, the last one again and again; `asked` are the paths asked for.
    `replies` are given likewise to what changes something; `changes` is what was to be changed."""

    url: str
    answers: list[Says]
    cors: Mapping[str, str] = field(default_factory=lambda: CORS)
    asked: list[str] = field(default_factory=list)
    replies: list[Says] = field(default_factory=lambda: [Says(204)])
    changes: list[Change] = field(default_factory=list)

    def next(self, path: str) -> Says:
        self.asked.append(path)
        return _first(self.answers)

    def change(self, change: Change) -> Says:
        self.changes.append(change)
        return _first(self.replies)


def _first(answers: list[Says]) -> Says:
    return answers.pop(0) if len(answers) > 1 else answers[0]


@contextmanager
def stub_api() -> Iterator[StubApi]:
    """A server that is stopped at the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_OPTIONS(self) -> None:
            self._send(Says(204))

        def do_GET(self) -> None:
            self._send(api.next(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            key = self.headers.get("Idempotency-Key")
            self._send(api.change(Change(self.command, self.path, key, json.loads(body or b"null"))))

        do_DELETE = do_PATCH = do_PUT = do_POST  # noqa: N815 - http.server's names

        def _send(self, says: Says) -> None:
            body = b"" if says.body is None else json.dumps(says.body).encode()
            self.send_response(says.status)
            for name, value in {**api.cors, **says.headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        api = StubApi(f"http://127.0.0.1:{server.server_port}/dev", [Says(200, [])])
        with serving(server):
            yield api


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[None]:
    """The server answers, in a thread of its own."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
