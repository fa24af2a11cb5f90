"""The accounts page, served on this machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from accountsctl.model.loopback import IPV4, IPV6, LOCALHOST

HTTP_PORT = 80
HOSTS = (LOCALHOST, IPV4, IPV6)
"""What a browser can call this machine, the usual one first."""
_TEXT = re.compile(r"text/.*|application/(json|javascript)|image/svg\+xml")


@dataclass(frozen=True)
class PageAddress:
    """Where the page is served: one of HOSTS, and a port; 0 is any free port."""

    host: str
    port: int

    @property
    def origin(self) -> str:
        """The page's origin as a browser sends it, without the port that is the scheme's own."""
        host = f"[{self.host}]" if self.host == IPV6 else self.host
        return f"http://{host}" if self.port == HTTP_PORT else f"http://{host}:{self.port}"


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

    def serve(self, site: Site, address: PageAddress, ready: Callable[[int], None]) -> None:
        """Serve until interrupted; `ready` is called with the port. UsageError if the address cannot be had."""
