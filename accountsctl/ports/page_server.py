"""The accounts page, served on this machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

_TEXT = re.compile(r"text/.*|application/(json|javascript)|image/svg\+xml")


@dataclass(frozen=True)
class PageAnswer:
    """What a server sends for one path."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def compressible(self) -> bool:
        """True for text."""
        return _TEXT.match(self.headers.get("Content-Type", "")) is not None


class Site(Protocol):
    """What is served: a response for each path."""

    def answer(self, path: str, nonce: str) -> PageAnswer:
        """The response to a GET of `path`, which has no query; `nonce` belongs to this one load."""


class PageServer(Protocol):
    """Serves the accounts page on this machine (adapter: `adapters.page_server`)."""

    def serve(self, site: Site, port: int, ready: Callable[[int], None]) -> None:
        """Serve until interrupted; `ready` is called with the port. UsageError if the port is taken."""
