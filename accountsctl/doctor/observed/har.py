"""A browser's recording (HAR 1.2, as Chrome, Firefox and Safari save it) as exchanges, and what the page asked.

http://www.softwareishard.com/blog/har-12-spec/
A recording needs no credentials, and may hold some: tokens are decoded where they are met and not kept. What a
browser leaves out is recognized by what it shows: Chrome saves no Authorization in a "sanitized" recording, but the
preflight still names it; a request that CORS blocked has status 0 in some versions, and its answer in others.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from accountsctl.doctor.browser import redact
from accountsctl.doctor.browser.fetch import FORBIDDEN, Headers, Profile, origin_of
from accountsctl.doctor.browser.judge import judge
from accountsctl.doctor.browser.page_request import Credential, PageRequest, Token, read_token
from accountsctl.doctor.browser.urls import is_url, path_of
from accountsctl.doctor.browser.verdict import FetchResponse
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.facts.places import Layer, SourcePlace
from accountsctl.doctor.observed.har_values import Json, number, object_of, objects, pairs, seconds
from accountsctl.model.cors_headers import (
    ALLOW_CREDENTIALS,
    ALLOW_HEADERS,
    ALLOW_METHODS,
    ALLOW_ORIGIN,
    REQUEST_HEADERS,
    REQUEST_METHOD,
)

# Error texts of Chromium (net::...) and Firefox (NS_ERROR_...), by what they tell.
FAILURES = (
    ("dns", ("NAME_NOT_RESOLVED", "UNKNOWN_HOST")),
    ("tls", ("CERT", "SSL", "SEC_ERROR")),
    ("refused", ("CONNECTION_REFUSED",)),
    ("timeout", ("TIMED_OUT", "NET_TIMEOUT")),
    ("blocked", ("BLOCKED_BY_CLIENT",)),
    ("csp", ("BLOCKED_BY_CSP", "CSP")),
    ("local network", ("BLOCKED_BY_LOCAL_NETWORK",)),
)
HIDDEN_ANSWER = "hidden"
"""The failure of a request that got an answer which the browser does not show: what it does for CORS."""
# What a browser sends by itself: no script has set these.
OWN = FORBIDDEN | {"accept", "accept-language", "user-agent", "priority", "pragma", "cache-control"}
SIGNATURE = "aws4-hmac"


@dataclass(frozen=True)
class Recording:
    """What a recording shows: every request to another origin, and what was asked where the browser said no.

    `asks` are those that failed; where none did, all.
    """

    exchanges: tuple[Exchange, ...]
    asks: tuple[PageRequest, ...]
    profile: Profile


class NoRecording(ValueError):
    """The text is not a HAR; the message says why."""


@dataclass(frozen=True)
class _Entry:
    """One entry, with its place in the log."""

    index: int
    recorded: Json

    @property
    def request(self) -> Json:
        found: Json = self.recorded["request"]
        return found

    @property
    def method(self) -> str:
        return str(self.request.get("method", "GET"))

    @property
    def url(self) -> str:
        return str(self.request["url"])

    @property
    def headers(self) -> Headers:
        return pairs(self.request.get("headers"))

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name), None)

    @property
    def is_preflight(self) -> bool:
        return self.method == "OPTIONS" and self.header(REQUEST_METHOD) is not None

    @property
    def origin(self) -> str | None:
        """The page's origin; of a script's request that never left, which has no Origin header, by its Referer."""
        stated, referer = self.header("origin"), self.header("referer")
        sent = number(object_of(self.recorded.get("response")).get("status")) > 0
        by_script = self.recorded.get("_resourceType") in ("fetch", "xhr")
        if stated is None and not sent and by_script and referer and is_url(referer):
            return origin_of(referer)
        return stated

    @property
    def crosses(self) -> bool:
        origin = self.origin
        return origin is not None and origin != origin_of(self.url)


def read(text: str, name: str = "recording") -> Recording:
    """The cross-origin requests of a HAR file; `name` is the file's, for evidence. NoRecording where it is none."""
    log = _log(text)
    creator = str(object_of(log.get("browser") or log.get("creator")).get("name", ""))
    profile = _profile(creator)
    entries = [entry for entry in _entries(log) if entry.crosses]
    exchanges = tuple(_exchange(recorded, name) for recorded in entries)
    paired = list(_pairs_of(entries))
    asks = [_ask(actual, preflight, profile) for actual, preflight in paired]
    by_entry = {entry.index: exchange for entry, exchange in zip(entries, exchanges, strict=True)}
    failed = [
        ask
        for ask, (actual, preflight) in zip(asks, paired, strict=True)
        if _failed(ask, by_entry[actual.index], by_entry[preflight.index] if preflight else None)
    ]
    return Recording(exchanges, tuple(_once(failed or asks)), profile)


def _log(text: str) -> Json:
    try:
        document = json.loads(text.removeprefix("\ufeff"))
    except ValueError as error:
        raise NoRecording(f"It is not valid JSON: {error}.") from error
    log = document.get("log") if isinstance(document, dict) else None
    if not isinstance(log, dict) or not isinstance(log.get("entries"), list):
        raise NoRecording("It has no log.entries.")
    return log


def _entries(log: Json) -> Iterator[_Entry]:
    for index, recorded in enumerate(log["entries"]):
        request = recorded.get("request") if isinstance(recorded, dict) else None
        url = str(request.get("url", "")) if isinstance(request, dict) else ""
        if url.startswith(("http:", "https:")) and is_url(url):
            yield _Entry(index, recorded)


def _profile(creator: str) -> Profile:
    name = creator.lower()
    if "firefox" in name:
        return Profile.FIREFOX
    return Profile.WEBKIT if "webkit web inspector" in name or "safari" in name else Profile.CHROMIUM


def _pairs_of(entries: list[_Entry]) -> Iterator[tuple[_Entry, _Entry | None]]:
    """Each request with its preflight. A preflight whose request never left stands for both."""
    free: dict[tuple[str, str | None], list[_Entry]] = defaultdict(list)
    for entry in entries:
        if entry.is_preflight:
            free[entry.url, entry.header(REQUEST_METHOD)].append(entry)
    for entry in entries:
        if not entry.is_preflight:
            fitting = free[entry.url, entry.method]
            yield entry, fitting.pop(_nearest(fitting, entry)) if fitting else None
    left = [preflight for fitting in free.values() for preflight in fitting]
    yield from ((preflight, preflight) for preflight in sorted(left, key=lambda entry: entry.index))


def _nearest(fitting: list[_Entry], entry: _Entry) -> int:
    """The place of the nearest preflight in a list that is in the recording's order: some are saved after it."""
    after = bisect_left(fitting, entry.index, key=lambda preflight: preflight.index)
    near = [place for place in (after - 1, after) if 0 <= place < len(fitting)]
    return min(near, key=lambda place: abs(fitting[place].index - entry.index))


def _exchange(entry: _Entry, name: str) -> Exchange:
    response = object_of(entry.recorded.get("response"))
    status = int(number(response.get("status")))
    headers = pairs(response.get("headers"))
    secrets = [entry.header("authorization") or ""]
    content = str(object_of(response.get("content")).get("text") or "")
    kept = tuple((key, redact.text(value, secrets)) for key, value in redact.answer_headers(headers))
    return Exchange(
        probe="P1" if entry.is_preflight else "P3" if _has_token(entry) else "P4",
        method=entry.method,
        url=redact.url(entry.url),
        place=SourcePlace(Layer.LIVE, f"har {name}", f"/log/entries/{entry.index}"),
        sent=redact.sent_headers(entry.headers),
        answer=FetchResponse(status, kept) if status else None,
        body=redact.body(status, dict(headers), content, secrets) if status else "",
        failure=None if status else _failure(entry.recorded, response),
        milliseconds=round(number(entry.recorded.get("time"))),
    )


def _has_token(entry: _Entry) -> bool:
    return entry.header("authorization") is not None


def _failure(recorded: Json, response: Json) -> str:
    text = " ".join(
        str(part.get(key, ""))
        for part in (recorded, response)
        for key in ("_error", "_blockedReason", "statusText")
    ).upper()
    for failure, marks in FAILURES:
        if any(mark in text for mark in marks):
            return failure
    return HIDDEN_ANSWER


def _ask(actual: _Entry, preflight: _Entry | None, profile: Profile) -> PageRequest:
    stands_in = actual is preflight
    authorization = None if stands_in else actual.header("authorization")
    listed = (preflight.header(REQUEST_HEADERS) or "") if preflight else ""
    names = [part.strip().lower() for part in listed.split(",") if part.strip()]
    return PageRequest(
        origin=str(actual.origin),
        path=path_of(actual.url),
        method=str(actual.header(REQUEST_METHOD)) if stands_in else actual.method,
        url=redact.url(actual.url),
        headers=_script_headers(actual, names, known=not stands_in),
        credentials=bool(actual.request.get("cookies")) or actual.header("cookie") is not None,
        credential=_credential(authorization, names),
        token=_token(authorization),
        profile=profile,
        now=seconds(actual.recorded.get("startedDateTime")),
        body=bool(actual.request.get("postData")),
        parameters=frozenset(str(pair.get("name")) for pair in objects(actual.request.get("queryString"))),
    )


def _script_headers(entry: _Entry, names: list[str], *, known: bool) -> Headers:
    """What the page's code set. The preflight names it; without one, what no browser sends by itself."""
    sent = {name.lower(): value for name, value in entry.headers} if known else {}
    wanted = names or [name for name in sent if name not in OWN and not name.startswith(("sec-", "proxy-"))]
    return tuple(
        (name, redact.sent_headers([(name, sent.get(name, ""))])[name])
        for name in wanted
        if name != "authorization"
    )


def _credential(authorization: str | None, names: list[str]) -> Credential:
    if (authorization or "").lower().startswith(SIGNATURE) or "x-amz-date" in names:
        return Credential.SIGNATURE
    return Credential.TOKEN if authorization or "authorization" in names else Credential.NONE


def _token(authorization: str | None) -> Token | None:
    if not authorization or authorization.lower().startswith(SIGNATURE):
        return None
    return read_token(authorization)


def _failed(ask: PageRequest, actual: Exchange, preflight: Exchange | None) -> bool:
    """True where the browser kept the answer from the page, by what it shows or by the rules."""
    if actual.answer is None or (preflight is not None and preflight.answer is None):
        return True
    if preflight is actual:
        return True

    def answers(_: str, preflighting: bool) -> FetchResponse:
        shown = preflight if preflighting else actual
        # A preflight that is not shown was answered from the browser's cache, and well.
        return shown.answer if shown is not None and shown.answer is not None else _allowing(ask)

    verdict = judge(ask.request, answers, ask.profile)
    return not verdict.ok or verdict.status >= 400


def _allowing(ask: PageRequest) -> FetchResponse:
    allowed = [
        (ALLOW_ORIGIN, ask.origin),
        (ALLOW_METHODS, ask.method),
        (ALLOW_HEADERS, ", ".join(sorted(ask.names()))),
        (ALLOW_CREDENTIALS, "true"),
    ]
    return FetchResponse(204, tuple(allowed))


def _once(asks: Iterable[PageRequest]) -> Iterator[PageRequest]:
    """Each request once, as it was first made."""
    known = set()
    for ask in asks:
        key = (ask.origin, ask.method, ask.url)
        if key not in known:
            known.add(key)
            yield ask
