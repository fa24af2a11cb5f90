"""The entries of a recording: requests to another origin, each with its preflight and its redirects."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urljoin

from accountsctl.doctor.browser.fetch import Headers, origin_of
from accountsctl.doctor.browser.redirects import REDIRECTS
from accountsctl.doctor.browser.urls import is_url
from accountsctl.doctor.observed.har_values import Json, number, object_of, objects, pairs
from accountsctl.model.cors_headers import ALLOW_ORIGIN, REQUEST_HEADERS, REQUEST_METHOD


class NoRecording(ValueError):
    """The text is not a HAR; the message says why."""


@dataclass(frozen=True)
class Entry:
    """One entry, with its place in the log. `page` is the title of its page: in Chromium and Safari its URL.

    What it says is worked out once: a large recording is compared with itself in many ways.
    """

    index: int
    recorded: Json
    page: str = ""

    @cached_property
    def request(self) -> Json:
        found: Json = self.recorded["request"]
        return found

    @cached_property
    def response(self) -> Json:
        return object_of(self.recorded.get("response"))

    @cached_property
    def method(self) -> str:
        return str(self.request.get("method", "GET"))

    @cached_property
    def url(self) -> str:
        return str(self.request["url"])

    @cached_property
    def headers(self) -> Headers:
        return pairs(self.request.get("headers"))

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name), None)

    @cached_property
    def is_preflight(self) -> bool:
        return self.method == "OPTIONS" and self.header(REQUEST_METHOD) is not None

    @cached_property
    def origin(self) -> str | None:
        """The page's origin; of a script's request that never left, which has no Origin header, by its Referer."""
        stated, referer = self.header("origin"), self.header("referer")
        if stated is None and ((not self.status and self.is_of_script) or is_refused_by_policy(self.error)):
            page = next((url for url in (referer, self.page) if url and is_url(url)), None)
            return origin_of(page) if page else None
        return stated if stated is None or is_url(stated) else "null"

    @cached_property
    def is_of_script(self) -> bool:
        """Whether a script sent it; Safari and Firefox have no type of a request, but Sec-Fetch-Dest.

        A request that was not sent has neither, and Playwright has no type: elements state in Accept what they take.
        """
        kind = kind_of(self)
        if kind:
            return kind in ("fetch", "xhr")
        destination = self.header("sec-fetch-dest")
        if destination is not None or "access-control-allow" in self.error.lower():
            return destination in ("empty", None)
        return not self.status and not OF_ELEMENTS.match(self.header("accept") or "")

    @cached_property
    def crosses(self) -> bool:
        origin = self.origin
        if self.status and is_without_cors(self) and not is_refused_by_policy(self.error):
            return False
        return origin is not None and origin != origin_of(self.url)

    @cached_property
    def status(self) -> int:
        """The response's status; 0 without a response, for which Playwright writes -1."""
        return max(0, int(number(self.response.get("status"))))

    @cached_property
    def error(self) -> str:
        """The browser's own error; empty if it reports none. Playwright has a name of its own for it."""
        parts = (self.recorded, self.response)
        stated = (part.get(name) for part in parts for name in ("_error", "_failureText"))
        return next((str(error) for error in stated if error), "")


SWITCHING_PROTOCOLS = 101
OF_ELEMENTS = re.compile("image/|text/(css|html)|font/|video/|audio/")
"""How the Accept header begins of what elements load: https://fetch.spec.whatwg.org/#document-accept-header-value."""
SANITIZED_AWAY = ("authorization", "cookie")
"""What Chromium leaves out of a recording unless it is exported with sensitive data."""
SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


@dataclass(frozen=True)
class Fetch:
    """One request of a page: the entry, its preflight if one was recorded, and the entries of the redirects."""

    actual: Entry
    preflight: Entry | None
    following: tuple[Entry, ...] = field(default=())


def log_of(text: str) -> Json:
    try:
        document = json.loads(text.removeprefix("\ufeff"))
        if SURROGATE.search(text):  # Half of a pair is in no text that can be written.
            document = json.loads(json.dumps(document, ensure_ascii=False).encode("utf-8", "replace"))
    except ValueError as error:
        raise NoRecording(f"It is not valid JSON: {error}.") from error
    except RecursionError as error:
        raise NoRecording("It is nested too deeply.") from error
    log = document.get("log") if isinstance(document, dict) else None
    if not isinstance(log, dict) or not isinstance(log.get("entries"), list):
        raise NoRecording("It has no log.entries.")
    return log


def entries_of(log: Json) -> Iterator[Entry]:
    pages = {str(page.get("id")): str(page.get("title", "")) for page in objects(log.get("pages"))}
    for index, url in _urls_of(log):
        if is_url(url):
            recorded = log["entries"][index]
            yield Entry(index, recorded, pages.get(str(recorded.get("pageref")), ""))


def without_url(log: Json) -> tuple[str, ...]:
    """The places of the entries whose URL cannot be read: ``/log/entries/3/request/url``."""
    return tuple(f"/log/entries/{index}/request/url" for index, url in _urls_of(log) if not is_url(url))


def _urls_of(log: Json) -> Iterator[tuple[int, str]]:
    """What the entries state as a URL of http or https, with their places."""
    for index, recorded in enumerate(log["entries"]):
        url = str(object_of(object_of(recorded).get("request")).get("url", ""))
        if url.startswith(("http:", "https:")):
            yield index, url


def kind_of(entry: Entry) -> str:
    """Chromium's type of the request, in lower case as it writes it; empty if the recording has none."""
    return str(entry.recorded.get("_resourceType") or "").lower()


def is_without_cors(entry: Entry) -> bool:
    """Whether the CORS protocol does not apply to it: a page that is opened, a WebSocket, mode: 'no-cors'."""
    kind = kind_of(entry)
    if kind == "websocket" or entry.status == SWITCHING_PROTOCOLS:
        return True
    mode = entry.header("sec-fetch-mode")
    if mode is not None:
        return mode != "cors"
    return kind == "document" or entry.header("upgrade-insecure-requests") is not None


def is_opaque(entry: Entry) -> bool:
    """Whether a script sent it to another origin with mode: 'no-cors', so that no page can read the response."""
    crosses = entry.header("sec-fetch-site") in ("cross-site", "same-site")
    return crosses and entry.is_of_script and entry.header("sec-fetch-mode") == "no-cors"


def target_of(entry: Entry) -> str | None:
    """The URL that a redirect leads to; None if the response is not a redirect."""
    if entry.status not in REDIRECTS:
        return None
    headers = pairs(entry.response.get("headers"))
    target = next((value for name, value in headers if name.lower() == "location"), None)
    return urljoin(entry.url, target) if target and is_url(target) else None


def is_refused_by_policy(error: str) -> bool:
    """Whether the browser kept a response for its Cross-Origin-Resource-Policy; such requests have no Origin."""
    return "BLOCKED_BY_RESPONSE" in error


def page_origin(entry: Entry) -> str:
    """The origin of the page; of a request to it that was redirected, which has no Origin header, its own."""
    return entry.origin or origin_of(entry.url)


def allows_no_origin(entry: Entry) -> bool:
    """Whether it is a response to a request without CORS, as an img sends, which allows no other origin."""
    headers = {name.lower() for name, _ in pairs(entry.response.get("headers"))}
    return entry.status > 0 and entry.header("origin") is None and ALLOW_ORIGIN not in headers


def shows_credentials(entries: Iterable[Entry]) -> bool:
    """Whether some request has a header that a sanitized recording leaves out."""
    return any(entry.header(name) is not None for entry in entries for name in SANITIZED_AWAY)


def may_be_sanitized(entries: Iterable[Entry]) -> bool:
    """Whether requests had a token that the recording leaves out: a preflight names it, and no request has it."""
    every = list(entries)
    named = any("authorization" in (entry.header(REQUEST_HEADERS) or "").lower() for entry in every)
    return named and not shows_credentials(every)


def leaving_page(entries: list[Entry]) -> list[Entry]:
    """The entries to another origin, and those to the page's own that were redirected to one of them."""
    kept: list[Entry] = []
    reached: set[str] = set()
    for entry in reversed(entries):
        redirected = target_of(entry) in reached and not is_without_cors(entry)
        if entry.crosses or redirected:
            kept.append(entry)
            reached.add(entry.url)
    return kept[::-1]


def fetches_of(entries: list[Entry]) -> Iterator[Fetch]:
    """Each fetch of a page once: the entries that a redirect led to belong to the fetch that was redirected."""
    paired = list(_pairs_of(entries))
    after: dict[str, list[tuple[Entry, Entry | None]]] = defaultdict(list)
    for actual, preflight in paired:
        after[actual.url].append((actual, preflight))
    followed: set[int] = set()
    for actual, preflight in paired:
        if actual.index in followed:
            continue
        hops: list[Entry] = []
        here = actual
        while (found := _next_hop(here, after)) is not None and found[0].index not in followed:
            here = found[0]
            followed.add(here.index)
            hops += [entry for entry in found if entry is not None]
        yield Fetch(actual, preflight, tuple(hops))


def _next_hop(
    entry: Entry, after: dict[str, list[tuple[Entry, Entry | None]]]
) -> tuple[Entry, Entry | None] | None:
    candidates = after.get(target_of(entry) or "", [])
    return next((pair for pair in candidates if pair[0].index > entry.index), None)


def _pairs_of(entries: list[Entry]) -> Iterator[tuple[Entry, Entry | None]]:
    """Each request with its preflight. A preflight whose request never left stands for both."""
    free: dict[tuple[str, str | None], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.is_preflight:
            free[entry.url, entry.header(REQUEST_METHOD)].append(entry)
    for entry in entries:
        if not entry.is_preflight:
            fitting = free[entry.url, entry.method]
            yield entry, fitting.pop(_nearest(fitting, entry)) if fitting else None
    left = [preflight for fitting in free.values() for preflight in fitting]
    yield from ((preflight, preflight) for preflight in sorted(left, key=lambda entry: entry.index))


def _nearest(fitting: list[Entry], entry: Entry) -> int:
    """The place of the nearest preflight in a list that is in the recording's order: some are saved after it."""
    after = bisect_left(fitting, entry.index, key=lambda preflight: preflight.index)
    near = [place for place in (after - 1, after) if 0 <= place < len(fitting)]
    return min(near, key=lambda place: abs(fitting[place].index - entry.index))
