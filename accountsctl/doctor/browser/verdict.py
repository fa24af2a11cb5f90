"""What a browser receives and what it decides: an HTTP response, and the verdict on it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from accountsctl.doctor.browser.cors_error import ON_PREFLIGHT
from accountsctl.doctor.browser.fetch import Headers


class Phase(StrEnum):
    """The step of a fetch at which it is refused: before it is sent, at a response, or at a redirect."""

    REQUEST = "request"
    PREFLIGHT = "preflight"
    ACTUAL = "actual"
    REDIRECT = "redirect"


@dataclass(frozen=True)
class FetchResponse:
    """An HTTP response: its status, and its headers as they came, repeated ones included."""

    status: int
    headers: Headers = ()

    def values(self, name: str) -> list[str]:
        """All values of a header, in order, without surrounding white space."""
        return [value.strip(" \t\r\n") for key, value in self.headers if key.lower() == name]

    def value(self, name: str) -> str | None:
        """A header's values combined, as the standard's "get" has them; None if it is absent."""
        found = self.values(name)
        return ", ".join(found) if found else None


@dataclass(frozen=True)
class Verdict:
    """What the script gets.

    `ok`: the answer is handed over, of `type` basic, cors or opaqueredirect, with the headers that may be
    read. Otherwise `code` says why, in `phase` request, preflight, actual or redirect, at `url`; `parameter` is the
    value that was wrong. `preflights` counts the OPTIONS requests that were sent, `hop` the redirects.
    """

    ok: bool
    type: str = "error"
    status: int = 0
    headers: Headers = ()
    code: str | None = None
    phase: Phase | None = None
    parameter: str = ""
    url: str = ""
    hop: int = 0
    preflights: int = 0

    @property
    def error(self) -> str:
        """The code without the step: a `CorsError`, or Chromium's ``ERR_...`` of the network; empty if `ok`."""
        return (self.code or "").removeprefix(ON_PREFLIGHT)


def readable(verdict: Verdict, names: Iterable[str]) -> dict[str, str]:
    """Of `names`, those that the script can read, with their values."""
    found = dict(verdict.headers)
    return {name: found[name.lower()] for name in names if name.lower() in found}


_FOR_SCRIPTS = re.compile(
    r"content-(range|disposition)|location|authorization|x-(?!(?:amz|cache|debug|envoy|kong|varnish)\b)(?!page-)"
    r"[a-z0-9-]*\b(count|total|pages?|pagination|cursor|filename|token)\b[a-z0-9-]*|x-page-(count|size|number|total)s?"
)
"""Headers that applications write for a page's code; not those of servers, proxies, caches and debuggers."""
_ANOTHER_USE = (("content-disposition", "inline"), ("content-range", "bytes"))
"""Values that are for the browser and not for a page's code: Spring writes the first for every JSON."""
# A page completes an upload with the ETag of each part: API_CompleteMultipartUpload of S3.
_OF_PART = re.compile(r"(?=.*[?&]partNumber\b)(?=.*[?&]uploadId\b)")
_PAGES = re.compile(r"""\brel="?(next|prev|last)\b""")


def unreadable(verdict: Verdict, answer: FetchResponse) -> list[str]:
    """What a page's code usually wants of a response, and may not read."""
    may = {name for name, _ in verdict.headers}
    wanted = {"etag"} if _OF_PART.search(verdict.url) else set()
    hidden = dict.fromkeys(
        name.lower()
        for name, value in answer.headers
        if name.lower() in wanted or _is_for_scripts(name.lower(), value.strip().lower())
    )
    return [name for name in hidden if name not in may]


def _is_for_scripts(name: str, value: str) -> bool:
    if any(name == used and value.startswith(start) for used, start in _ANOTHER_USE):
        return False
    return bool(_FOR_SCRIPTS.fullmatch(name) or (name == "link" and _PAGES.search(value)))
