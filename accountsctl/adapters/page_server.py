"""`ports.PageServer` over the standard library: the accounts page, on loopback, until it is interrupted.

Only requests that name this machine as their Host are answered: a page of elsewhere, whose name is made to
point here, is not.
"""

from __future__ import annotations

import errno
import gzip
import secrets
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property, partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files as package_files
from importlib.resources.abc import Traversable
from typing import Any
from urllib.parse import urlsplit

from accountsctl.formats.frontend.page import INDEX
from accountsctl.model.errors import UsageError
from accountsctl.model.loopback import IPV4, IPV6
from accountsctl.ports.page_server import HOSTS, PageAddress, Site

FOLDER = "page_dist"
_NOT_TO_BE_HAD = (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


def built_page(folder: Traversable | None = None) -> Mapping[str, bytes]:
    """The page's files by their path, as they were built into the package; empty where they were not."""
    root = folder or package_files("accountsctl.adapters") / FOLDER
    if not (root / INDEX).is_file():
        return {}
    return {file.name: file.read_bytes() for file in root.iterdir() if file.is_file()}


class LoopbackServer:
    """Serves one site. `ready` is called with the port once it listens."""

    def serve(self, site: Site, address: PageAddress, ready: Callable[[int], None]) -> None:
        """Serve until the process is interrupted; UsageError if the address cannot be had."""
        # Ctrl-C is how this is meant to end, so it does not count as a failure.
        with listening(site, address) as server, suppress(KeyboardInterrupt):
            ready(server.server_port)
            server.serve_forever()


def listening(site: Site, address: PageAddress) -> ThreadingHTTPServer:
    """A server that has its port, and does not serve yet; UsageError if the address cannot be had."""
    kind, host = (_IPv6Socket, IPV6) if address.host == IPV6 else (_PageServerSocket, IPV4)
    try:
        return kind((host, address.port), partial(_PageHandler, site))
    except OSError as error:
        if error.errno not in _NOT_TO_BE_HAD:
            raise
        raise UsageError(
            f"The page cannot be served at {address.origin}.",
            why=f"{error.strerror}.",
            hint="Choose another one with --port, and allow that origin in the API's cors.allowOrigins.",
        ) from error


class _PageServerSocket(ThreadingHTTPServer):
    daemon_threads = True

    @cached_property
    def hosts(self) -> frozenset[str]:
        """What a request for this server names as its Host."""
        origins = (PageAddress(host, self.server_port).origin for host in HOSTS)
        return frozenset(urlsplit(origin).netloc for origin in origins)


class _IPv6Socket(_PageServerSocket):
    address_family = socket.AF_INET6


class _PageHandler(BaseHTTPRequestHandler):
    """One request: GET or HEAD of a file."""

    protocol_version = "HTTP/1.1"
    server_version = "accountsctl"
    sys_version = ""

    def __init__(self, site: Site, *args: Any) -> None:
        self._site = site
        super().__init__(*args)

    def do_GET(self) -> None:
        """Answer with a file of the page."""
        assert isinstance(self.server, _PageServerSocket)
        if self.headers.get("Host") not in self.server.hosts:
            self.send_error(421)
            return
        answer = self._site.answer(urlsplit(self.path).path, secrets.token_urlsafe(16))
        body, headers = answer.body, dict(answer.headers)
        if answer.compressible:
            headers["Vary"] = "Accept-Encoding"
            if "gzip" in self.headers.get("Accept-Encoding", ""):
                body = gzip.compress(body)
                headers["Content-Encoding"] = "gzip"
        self.send_response(answer.status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 - http.server's name

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: stderr is for the talk of the command."""
