"""One call shape for everything that the embedded cloud serves: Request to Response.

Sockets stay in `http`; every service below it is a function of these two values.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Request:
    """An HTTP request as it came off the wire.

    `path` is still percent-encoded and carries no query; `query` is the raw text after ``?``.
    Headers keep the order and the spelling in which they were sent.
    """

    method: str
    path: str
    query: str = ""
    headers: Headers = ()
    body: bytes = b""
    source_ip: str = "127.0.0.1"

    def with_body(self, body: bytes) -> Request:
        """The same request with a body."""
        request = Request(self.method, self.path, self.query, self.headers, body, self.source_ip)
        if "_last" in self.__dict__:
            request.know_headers(self._last)
        return request

    def header(self, name: str) -> str | None:
        """The last value sent for `name`, whatever its case; None if it was not sent."""
        return self._last.get(name.lower())

    def know_headers(self, last: Mapping[str, str]) -> None:
        """Take over the last value of each header by its name in lower case, which the reader has made already."""
        self.__dict__["_last"] = last

    @cached_property
    def json(self) -> Any:
        """The body as JSON, that of no body is an empty object; raises ValueError. No one may change it."""
        return json.loads(self.body or b"{}")

    @cached_property
    def _last(self) -> Mapping[str, str]:
        return {name.lower(): value for name, value in self.headers}


@dataclass(frozen=True)
class Response:
    """An HTTP response; the shell adds Date, Content-Length and Connection."""

    status: int
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The last value of `name`, whatever its case."""
        lower_name = name.lower()
        values = [value for key, value in self.headers if key.lower() == lower_name]
        return values[-1] if values else None


Handler = Callable[[Request], Response]
