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
    "Access-Control-Allow-Headers": "Authorization,Content-Type",
    "Access-Control-Allow-Methods": "DELETE,GET,POST,PUT,OPTIONS",
    "Access-Control-Expose-Headers": "Retry-After,Link",
}


@dataclass(frozen=True)
class Says:
    """One answer."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class StubApi:
    """`answers` are given to GETs in their order, the last one again and again; `asked` are the paths asked for."""

    url: str
    answers: list[Says]
    cors: Mapping[str, str] = field(default_factory=lambda: CORS)
    asked: list[str] = field(default_factory=list)

    def next(self, path: str) -> Says:
        self.asked.append(path)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def stub_api() -> Iterator[StubApi]:
    """A server that is stopped at the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_OPTIONS(self) -> None:
            self._send(Says(204))

        def do_GET(self) -> None:
            self._send(api.next(self.path))

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
