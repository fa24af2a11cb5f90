"""What a page asks to fetch, as a browser changes it before anything is sent.

Pure text functions of the Fetch standard, each named after the term that it implements. Header names are
compared in lower case throughout; values keep their bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from accountsctl.doctor.browser.whatwg_url import parse_url
from accountsctl.model.cors_headers import REQUEST_HEADERS, REQUEST_METHOD

Headers = tuple[tuple[str, str], ...]
LONGEST_SAFE_VALUE = 128
LONGEST_SAFE_TOGETHER = 1024


class Profile(StrEnum):
    """Whose rules apply: the standard's letter, or an engine's as measured (facts of November 2026)."""

    CHROMIUM = "chromium"
    FIREFOX = "firefox"
    WEBKIT = "webkit"
    SPEC = "spec"


@dataclass(frozen=True)
class FetchRequest:
    """A script's fetch. `credentials` is omit, same-origin or include; `redirect` follow, error or manual.

    A `body` of text adds a Content-Type where the script gave none.
    """

    url: str
    origin: str
    method: str = "GET"
    headers: Headers = ()
    credentials: str = "same-origin"
    redirect: str = "follow"
    body: str | None = None


# https://fetch.spec.whatwg.org/#concept-method-normalize
NORMALIZED = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"})
# https://fetch.spec.whatwg.org/#cors-safelisted-method
SAFE_METHODS = frozenset({"GET", "HEAD", "POST"})
# https://fetch.spec.whatwg.org/#forbidden-request-header
FORBIDDEN = frozenset(
    {
        "accept-charset",
        "accept-encoding",
        REQUEST_HEADERS,
        REQUEST_METHOD,
        "connection",
        "content-length",
        "cookie",
        "cookie2",
        "date",
        "dnt",
        "expect",
        "host",
        "keep-alive",
        "origin",
        "referer",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
    }
)
OVERRIDES = frozenset({"x-http-method", "x-http-method-override", "x-method-override"})
FORBIDDEN_METHODS = frozenset({"CONNECT", "TRACE", "TRACK"})
# Headers that Chromium lets a script set without asking the server, with the values for which it does (measured with
# 44 values each, Chromium 156); a client hint in another form is preflighted.
_DECIMAL, _INTEGER, _ANYTHING = re.compile(r"\d+(\.\d+)?"), re.compile(r"\d+"), re.compile(r".*", re.DOTALL)
CHROMIUM_FREE = {
    "user-agent": _ANYTHING,
    "intervention": _ANYTHING,
    "save-data": re.compile("on", re.IGNORECASE),
    "dpr": _DECIMAL,
    "device-memory": _DECIMAL,
    "downlink": _DECIMAL,
    "width": _INTEGER,
    "viewport-width": _INTEGER,
    "rtt": _INTEGER,
    "ect": re.compile("4g|3g|2g|slow-2g"),
}
LARGEST_RANGE = 2**63 - 2
UNSAFE_BYTE = re.compile(r'[\x00-\x08\x0a-\x1f"():<>?@\[\\\]{}\x7f]')
LANGUAGE = re.compile(r"[0-9A-Za-z *,\-.;=]*")
RANGE = re.compile(r"bytes=(\d+)-(\d*)")
SAFE_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"})
TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


def normalize_method(method: str) -> str:
    """Upper case for the six methods of the standard; ``patch`` stays ``patch``."""
    return method.upper() if method.upper() in NORMALIZED else method


def sent_headers(request: FetchRequest) -> Headers:
    """The headers that leave the browser: forbidden ones dropped, equal names combined, a body's type added."""
    combined: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for name, value in request.headers:
        if not is_forbidden(name, value):
            names.setdefault(name.lower(), name)
            combined.setdefault(name.lower(), []).append(value.strip(" \t\r\n"))
    if request.body is not None and "content-type" not in combined:
        names["content-type"], combined["content-type"] = "Content-Type", ["text/plain;charset=UTF-8"]
    return tuple((names[key], ", ".join(values)) for key, values in combined.items())


def is_forbidden(name: str, value: str = "") -> bool:
    """Whether a page's code cannot set a header: https://fetch.spec.whatwg.org/#forbidden-request-header"""
    key = name.lower()
    if key in OVERRIDES:
        return any(part.strip().upper() in FORBIDDEN_METHODS for part in value.split(","))
    return key in FORBIDDEN or key.startswith(("proxy-", "sec-"))


def unsafe_names(headers: Iterable[tuple[str, str]], profile: Profile) -> tuple[str, ...]:
    """The CORS-unsafe request-header names, sorted (https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names)."""
    unsafe: set[str] = set()
    maybe: set[str] = set()
    together = 0
    for name, value in headers:
        key = name.lower()
        free = CHROMIUM_FREE.get(key) if profile is Profile.CHROMIUM else None
        if free is not None and free.fullmatch(value):
            continue
        if not safelisted(key, value, profile):
            unsafe.add(key)
        else:
            maybe.add(key)
            together += len(value.encode("utf-8", "replace"))
    if together > LONGEST_SAFE_TOGETHER and profile is not Profile.FIREFOX:
        unsafe |= maybe
    return tuple(sorted(unsafe))


def safelisted(name: str, value: str, profile: Profile = Profile.SPEC) -> bool:
    """https://fetch.spec.whatwg.org/#cors-safelisted-request-header; `name` in lower case."""
    if len(value.encode("utf-8", "replace")) > LONGEST_SAFE_VALUE:
        return False
    match name:
        case "accept":
            return not UNSAFE_BYTE.search(value) and (profile is not Profile.FIREFOX or value.isascii())
        case "accept-language" | "content-language":
            return LANGUAGE.fullmatch(value) is not None
        case "content-type":
            # Repeated values come as one list; Firefox judges each of them (measured).
            values = value.split(",") if profile is Profile.FIREFOX else [value]
            return not UNSAFE_BYTE.search(value) and all(
                _essence(media_type) in SAFE_TYPES for media_type in values
            )
        case "range":
            found = RANGE.fullmatch(value)
            if found is None or max(int(found[1]), int(found[2] or 0)) > LARGEST_RANGE:
                return False
            return not found[2] or int(found[1]) <= int(found[2])
        case _:
            return False


def _essence(value: str) -> str:
    """The MIME type without its parameters (https://mimesniff.spec.whatwg.org/#parse-a-mime-type)."""
    kind, slash, rest = value.strip(" \t\r\n").partition("/")
    subtype = rest.partition(";")[0].rstrip(" \t\r\n")
    return f"{kind}/{subtype}".lower() if slash and TOKEN.fullmatch(kind) and TOKEN.fullmatch(subtype) else ""


def origin_of(url: str) -> str:
    """The serialized origin of a URL: scheme, host, and the port unless it is the scheme's own; ``null`` if none."""
    parsed = parse_url(url)
    return parsed.origin if parsed else "null"


def tokens(values: Iterable[str]) -> tuple[str, ...] | None:
    """A ``#token`` list over all lines of a header; None if an element is not a token (RFC 9110, 5.6.1)."""
    found = tuple(_elements(values))
    return found if all(TOKEN.fullmatch(name) for name in found) else None


def _elements(values: Iterable[str]) -> Iterator[str]:
    for value in values:
        yield from (member for member in (part.strip(" \t") for part in value.split(",")) if member)
