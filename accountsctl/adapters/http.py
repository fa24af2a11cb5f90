"""`ports.Http` over the standard library: one request, one response, nothing followed or retried.

A response is returned whatever its status. Only if there is no response at all is an error raised, and it says
whether the name, the connection, TLS or the time limit was the cause. Proxies of the
environment (HTTPS_PROXY, NO_PROXY) are used as curl would use them.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Mapping
from http.client import HTTPException
from urllib.error import URLError
from urllib.parse import quote, urlsplit, urlunsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

from accountsctl import __version__
from accountsctl.model.errors import CloudError, UsageError
from accountsctl.model.loopback import is_loopback_url
from accountsctl.ports.http import HttpAnswer

TIMEOUT = 35.0
"""Seconds. API Gateway itself gives up after 29."""
LOCAL_TIMEOUT = 3600.0
"""Seconds, for the embedded cloud: it gives up as API Gateway does, except while a debugger holds a function."""
_PLAIN = "text/plain;charset=UTF-8"  # what fetch() says of a text body where the page says nothing
_SCHEMES = ("http", "https")
# Kept as they are when a path is made fit for the wire: what RFC 3986 allows, and what is encoded already.
_SAFE = "/%:@!$&'()*+,;=~-._?"


class HttpClient:
    """Sends requests as a browser's client would."""

    def __init__(self, timeout: float = TIMEOUT, context: ssl.SSLContext | None = None) -> None:
        self._timeout = timeout
        self._opener = _opener(context, ProxyHandler())
        self._direct = _opener(context, ProxyHandler({}))

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> HttpAnswer:
        """One request, no redirects followed; raises CloudError if there is no response at all."""
        fit = {"Content-Type": _PLAIN, **_titled(headers)} if body is not None else _titled(headers)
        request = Request(wire_url(url), data=body, headers=fit, method=method)  # noqa: S310
        try:
            # No proxy can reach an address of this machine.
            opener = self._direct if is_loopback_url(url) else self._opener
            with opener.open(request, timeout=self._timeout) as answer:
                text = answer.read().decode("utf-8", "replace")
                return HttpAnswer(answer.status, answer.reason, tuple(answer.headers.items()), text)
        except (URLError, HTTPException, OSError) as error:
            raise _no_answer(method, url, error, self._timeout) from error


def address_class(host: str) -> str | None:
    """Where a host is: loopback, private or public, by the first address of its name; None if it has none."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):  # unknown, or no name at all
        return None
    address = ipaddress.ip_address(str(found[0][4][0]).partition("%")[0])
    return "loopback" if address.is_loopback else "private" if address.is_private else "public"


def _opener(context: ssl.SSLContext | None, proxies: ProxyHandler) -> OpenerDirector:
    """An opener that knows proxies and the two schemes, and nothing of redirects or error statuses."""
    opener = OpenerDirector()
    opener.addheaders = [("User-Agent", f"accountsctl/{__version__}")]
    for handler in (proxies, HTTPHandler(), HTTPSHandler(context=context)):
        opener.add_handler(handler)
    return opener


def _titled(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Header names as urllib spells them on the wire, so that none is sent twice in two spellings."""
    return {name.title(): value for name, value in headers.items()}


def wire_url(url: str) -> str:
    """The URL with what may not stand in one percent-encoded; UsageError for anything but http(s)."""
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise UsageError(
            f'"{url}" is not a URL that can be called.',
            why="It has to begin with https:// or http://.",
            hint="Write it in full, as in: https://api.example.com/dev/items",
        )
    return urlunsplit(
        parts._replace(path=quote(parts.path, _SAFE), query=quote(parts.query, _SAFE), fragment="")
    )


def _no_answer(method: str, url: str, error: Exception, timeout: float) -> CloudError:
    cause = error.reason if isinstance(error, URLError) else error
    code, why, hint = _no_answer_reason(cause, urlsplit(url).hostname or "", timeout)
    return CloudError(f"{method} {url} got no answer.", why=why, hint=hint, code=code)


def _no_answer_reason(cause: object, host: str, timeout: float) -> tuple[str, str, str]:
    match cause:
        case TimeoutError():
            return (
                "Timeout",
                f"Nothing came within {timeout:g} seconds.",
                "Try again. The function's log may say why: accountsctl logs",
            )
        case socket.gaierror():
            return (
                "UnknownHost",
                f"The name {host} is not known.",
                "Check the network, and that the API is still deployed: `accountsctl outputs`.",
            )
        case ConnectionRefusedError():
            return (
                "ConnectionRefused",
                f"Nothing is listening at {host}.",
                "For the embedded cloud, `accountsctl local status` says whether it runs.",
            )
        case ssl.SSLCertVerificationError():
            return (
                "CertificateError",
                cause.verify_message,
                f"The certificate that {host} shows is not trusted here.",
            )
        case ssl.SSLError():
            return "TlsError", str(cause.reason or cause), f"Check that {host} speaks TLS on this port."
        case _:
            return "NoAnswer", str(cause) or type(cause).__name__, "Try again."
