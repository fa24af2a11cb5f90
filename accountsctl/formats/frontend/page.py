"""The accounts page as a server answers it: its built files, the backend's configuration, and what a browser may do.

Nothing of a backend is compiled into the page: it reads `amplify_outputs.json` beside itself. The content
security policy is worked out of the same file, so that the page can speak to this backend and to no other.
It allows no inline script; styles that Angular writes at run time carry a nonce, fresh for every load.
Source: https://www.w3.org/TR/CSP3/, https://angular.dev/best-practices/security
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

from accountsctl.formats.json_writer import report_text
from accountsctl.model.loopback import LOCALHOST
from accountsctl.ports.page_server import HOSTS, HTTP_PORT, PageAddress, PageAnswer

INDEX = "index.html"
CONFIGURATION = "amplify_outputs.json"
DEMO_USER = "demo-user.json"
"""The demo user with its password, read when its button is pressed; only a page of a local environment has it."""
DEFAULT_PORT = 4200
"""Where Angular's own server listens, and what teams allow in their CORS settings."""
_NONCE = 'ngcspnonce=""'
_HASHED = re.compile(r"-[A-Z0-9]{8}\.(js|css)$")
_FOREVER = "public, max-age=31536000, immutable"
_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True)
class DemoUser:
    """The user of the embedded cloud's pool. The password is never part of a text that describes this value."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class PageEnvironment:
    """The environment that a page is for, as its badge shows it. `demo` is None unless the environment is local."""

    name: str
    cloud: str
    protected: bool = False
    demo: DemoUser | None = None

    def described(self) -> dict[str, Any]:
        """``{environment, cloud, protected, demoUser?}`` for ``custom.page`` of the configuration; no password."""
        known = {"environment": self.name, "cloud": self.cloud, "protected": self.protected}
        return known if self.demo is None else {**known, "demoUser": self.demo.username}


@dataclass(frozen=True)
class BuiltPage:
    """The built page (`files`: path -> content) and the backend that it shows (`outputs`: amplify_outputs.json)."""

    files: Mapping[str, bytes]
    outputs: Mapping[str, Any]
    demo: DemoUser | None = None

    def answer(self, path: str, nonce: str) -> PageAnswer:
        """The response to a GET of `path`, which has no query; 404 if the page has no such file."""
        name = path.removeprefix("/") or INDEX
        if name == CONFIGURATION:
            return _found(name, report_text(self.outputs).encode(), "no-store")
        if name == DEMO_USER and self.demo is not None:
            return _found(name, report_text(asdict(self.demo)).encode(), "no-store")
        if name not in self.files:
            return PageAnswer(404, {**_FIXED, "Content-Type": "text/plain"}, b"There is nothing here.\n")
        if name != INDEX:
            return _found(name, self.files[name], _FOREVER if _HASHED.search(name) else "no-cache")
        page = self.files[name].decode().replace(_NONCE, f'ngcspnonce="{nonce}"')
        answer = _found(name, page.encode(), "no-store")
        policy = content_security_policy(self.outputs, nonce)
        return PageAnswer(answer.status, {**answer.headers, "Content-Security-Policy": policy}, answer.body)


def content_security_policy(outputs: Mapping[str, Any], nonce: str) -> str:
    """The policy of a page for this backend; `nonce` is of one load only."""
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": f"'self' 'nonce-{nonce}'",
        "img-src": "'self'",
        "connect-src": " ".join(["'self'", *sorted(set(_origins(outputs)))]),
        "base-uri": "'self'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "angular angular#components",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def page_address(allowed: Sequence[str], port: int | None = None) -> PageAddress:
    """Where to serve: at an origin that the API allows if one can be had on this machine, or else at localhost.

    `port` None: Angular's, unless the API allows only other ports of this machine.
    """
    here = [address for origin in allowed if (address := _address(origin)) is not None]
    if port is None:
        ports = [address.port for address in here]
        port = DEFAULT_PORT if DEFAULT_PORT in ports or not ports else ports[0]
    hosts = {address.host for address in here if address.port == port}
    return PageAddress(next((host for host in HOSTS if host in hosts), LOCALHOST), port)


def _address(origin: str) -> PageAddress | None:
    """The address that has this origin; None if no page of this machine can have it."""
    try:
        parts = urlsplit(origin)
        address = PageAddress(parts.hostname or "", parts.port or HTTP_PORT)
    except ValueError:  # a port that is not a number, or half a bracket
        return None
    return address if address.host in HOSTS and address.origin == origin else None


def allows(allowed: Sequence[str], origin: str) -> bool:
    """Whether an API that allows these origins lets a page of `origin` read its answers."""
    return "*" in allowed or origin in allowed


def _found(name: str, body: bytes, caching: str) -> PageAnswer:
    kind = "text/javascript" if name.endswith(".js") else mimetypes.guess_type(name)[0]
    headers = {**_FIXED, "Content-Type": kind or "application/octet-stream", "Cache-Control": caching}
    return PageAnswer(200, headers, body)


def _origins(outputs: Mapping[str, Any]) -> Iterator[str]:
    """Where the page calls: the REST APIs, the user pool, the identity pool."""
    for api in outputs.get("API", {}).get("REST", {}).values():
        yield _origin(api["endpoint"])
    cognito = outputs.get("Auth", {}).get("Cognito", {})
    for service, key in (("cognito-idp", "userPool"), ("cognito-identity", "identityPool")):
        if not cognito.get(f"{key}Id"):
            continue
        endpoint = cognito.get(f"{key}Endpoint")
        yield _origin(endpoint) if endpoint else _service(service, cognito[f"{key}Id"])


def _service(name: str, pool: str) -> str:
    """A service's public endpoint, in the region that a pool's id begins with."""
    region = re.split("[_:]", pool)[0]
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return f"https://{name}.{region}.{suffix}"


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
