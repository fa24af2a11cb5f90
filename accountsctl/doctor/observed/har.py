"""A browser's recording (HAR 1.2, as Chrome, Firefox and Safari save it) as exchanges, and what the page asked.

http://www.softwareishard.com/blog/har-12-spec/
A recording needs no credentials, and may hold some: tokens are decoded where they are met and not kept. What a
browser leaves out is recognized by what it shows: Chrome saves no Authorization in a "sanitized" recording, but the
preflight still names it; a request that CORS blocked has status 0 in some versions, and its answer in others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from accountsctl.doctor.browser import redact
from accountsctl.doctor.browser.addresses import enters_local_network
from accountsctl.doctor.browser.client_library import library_of_request
from accountsctl.doctor.browser.fetch import FORBIDDEN, SAFE_TYPES, Headers, Profile
from accountsctl.doctor.browser.initiators import initiator_of
from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.browser.page_verdict import Hops, browser_verdict
from accountsctl.doctor.browser.urls import path_of
from accountsctl.doctor.browser.verdict import FetchResponse, unreadable
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.facts.request_failures import ERR_FAILED, RequestFailure
from accountsctl.doctor.observed.har_entries import (
    Entry,
    Fetch,
    NoRecording,
    entries_of,
    fetches_of,
    is_opaque,
    kind_of,
    leaving_page,
    log_of,
    may_be_sanitized,
    page_origin,
    shows_credentials,
    without_url,
)
from accountsctl.doctor.observed.har_exchanges import exchange_of
from accountsctl.doctor.observed.har_values import Json, body_size, object_of, objects, seconds
from accountsctl.doctor.observed.hidden_failures import (
    PageLoads,
    is_of_worker,
    page_loads,
    reason_of_none,
    without_connection,
    without_reason,
)
from accountsctl.doctor.observed.recorded_credentials import credential_of, token_of
from accountsctl.doctor.observed.refused_requests import (
    allowing,
    is_refused_for_credentials,
)
from accountsctl.doctor.observed.same_origin import FailedRequest, failed_at_own_origin, refused_at_own_origin
from accountsctl.doctor.observed.webkit_errors import needs_credentials
from accountsctl.model.cors_headers import REQUEST_HEADERS, REQUEST_METHOD

__all__ = ["NoRecording", "RecordedFetch", "Recording", "read"]

# What a browser sends by itself: no script has set these.
OWN = FORBIDDEN | {"accept", "accept-language", "user-agent", "priority", "pragma", "cache-control"}
NO_REASON = (
    "The recording has no response and no reason for that. The browser's console has it: an unknown host, a "
    "certificate, a Content-Security-Policy, an extension, http on an https page."
)
MOST_STACKS = 8
"""How many asynchronous parents of a stack are read."""


@dataclass(frozen=True)
class RecordedFetch:
    """One fetch of a page: what it asked, and what came back. `hops` are the responses of redirects' targets.

    `error` is the browser's own, in words, where it reports one. `assumed` is what is taken for granted of it.
    """

    ask: PageRequest
    preflight: Exchange | None
    actual: Exchange
    hops: Hops
    exchanges: tuple[Exchange, ...]
    error: str = ""
    assumed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Recording:
    """What a recording shows: every request to another origin, and the fetches to which the browser said no.

    `fetches` are those that failed; if none did, all. `at_own_origin` are the failed requests to the page's origin,
    `without_url` the places of entries whose URL cannot be read, `opaque` the URLs of requests with mode: 'no-cors'.
    """

    exchanges: tuple[Exchange, ...]
    fetches: tuple[RecordedFetch, ...]
    profile: Profile
    at_own_origin: tuple[FailedRequest, ...] = ()
    without_url: tuple[str, ...] = ()
    opaque: tuple[str, ...] = ()

    @property
    def asks(self) -> tuple[PageRequest, ...]:
        """What the page asked in these fetches."""
        return tuple(fetch.ask for fetch in self.fetches)


def read(text: str, name: str = "recording") -> Recording:
    """The cross-origin requests of a HAR file; `name` is the file's, for evidence. NoRecording where it is none."""
    log = log_of(text)
    creator = str(object_of(log.get("browser") or log.get("creator")).get("name", ""))
    profile = _profile(creator)
    every = list(entries_of(log))
    entries, own = leaving_page(every), refused_at_own_origin(every)
    exchanges = {entry.index: exchange_of(entry, name) for entry in (*entries, *own)}
    loads = page_loads(every)
    fetches = [_recorded(fetch, exchanges, profile, loads) for fetch in fetches_of(entries)]
    if may_be_sanitized(entries):
        fetches = [replace(fetch, ask=_may_have_sent_more(fetch)) for fetch in fetches]
    failed = [fetch for fetch in fetches if _failed(fetch)]
    refused = [_recorded(fetch, exchanges, profile, loads) for fetch in fetches_of(own)]
    if not shows_credentials(every):
        refused = [replace(fetch, ask=_may_have_sent_more(fetch)) for fetch in refused]
    kept = tuple(_once(failed or refused or fetches))
    opaque = tuple(redact.url(entry.url) for entry in every if is_opaque(entry))
    failed_at_own = failed_at_own_origin(every)
    return Recording(tuple(exchanges.values()), kept, profile, failed_at_own, without_url(log), opaque)


def _recorded(
    fetch: Fetch, exchanges: Mapping[int, Exchange], profile: Profile, loads: PageLoads
) -> RecordedFetch:
    """A fetch with its exchanges. A request that was not sent although its preflight passed had credentials."""
    ask = _ask(fetch.actual, fetch.preflight, profile)
    preflight, actual = _pair(fetch, ask, exchanges, loads)
    if _needs_credentials(fetch, ask, preflight, actual):
        ask = replace(ask, credentials=True)
    hops: dict[tuple[str, bool], FetchResponse] = {}
    for entry in fetch.following:
        answer = exchanges[entry.index].answer
        if answer is not None:
            hops[redact.url(entry.url), entry.is_preflight] = answer
    for url, _ in tuple(hops):
        hops.setdefault((url, True), allowing(ask))
    places = {entry.index for entry in (fetch.preflight, fetch.actual, *fetch.following) if entry}
    seen = tuple(exchanges[place] for place in sorted(places))
    return RecordedFetch(ask, preflight, actual, hops, seen, _error(fetch))


def _pair(
    fetch: Fetch, ask: PageRequest, exchanges: Mapping[int, Exchange], loads: PageLoads
) -> tuple[Exchange | None, Exchange]:
    """The preflight, if there was one, and the request itself, with the reason for a response that is not there."""
    preflight = without_connection(exchanges[fetch.preflight.index]) if fetch.preflight else None
    actual = without_connection(exchanges[fetch.actual.index])
    if preflight is None and actual.probe == "P1":
        # Safari complains of a preflight that it did not record: the request itself was not sent.
        return actual, actual
    if preflight is None and actual.answer is not None and ask.preflight is not None:
        # The request was sent, so its preflight had passed: its answer was in the browser's cache.
        allowed = replace(
            actual, probe="P1", method="OPTIONS", answer=allowing(ask), body=None, headless=False
        )
        return allowed, actual
    if preflight is not None:
        return preflight, actual
    if actual.failure == RequestFailure.HIDDEN and enters_local_network(ask.origin, ask.url):
        return None, replace(actual, failure=RequestFailure.LOCAL_NETWORK)
    actual = reason_of_none(ask, actual, fetch.actual, loads)
    return None, without_reason(ask, actual, fetch.actual.error)


def _needs_credentials(fetch: Fetch, ask: PageRequest, preflight: Exchange | None, actual: Exchange) -> bool:
    """Whether the page's code asked for credentials: its request was refused for them alone."""
    if needs_credentials(fetch.actual.error):
        return True
    if actual is not preflight and actual.failure == RequestFailure.HIDDEN:
        return is_refused_for_credentials(ask, preflight)
    if fetch.actual.error != ERR_FAILED or is_of_worker(fetch.actual):
        return False
    return is_refused_for_credentials(ask, preflight, actual)


def _may_have_sent_more(fetch: RecordedFetch) -> PageRequest:
    """The request of a recording that may be sanitized: only a preflight names what was left out."""
    return replace(fetch.ask, sanitized=fetch.preflight is None)


def _error(fetch: Fetch) -> str:
    """The browser's own error of a response that it did get."""
    last = (fetch.actual, *fetch.following)[-1]
    if not last.error:
        return "" if last.status else NO_REASON
    if not last.status:
        return f"It reports: {last.error}"
    worker = " A service worker answered." if is_of_worker(last) else ""
    return f"It reports {last.error} although the headers are right.{worker}"


def _profile(creator: str) -> Profile:
    name = creator.lower()
    if "firefox" in name:
        return Profile.FIREFOX
    return Profile.WEBKIT if "webkit" in name or "safari" in name else Profile.CHROMIUM


def _ask(actual: Entry, preflight: Entry | None, profile: Profile) -> PageRequest:
    stands_in = actual is preflight
    authorization = None if stands_in else actual.header("authorization")
    listed = (preflight.header(REQUEST_HEADERS) or "") if preflight else ""
    names = [part.strip().lower() for part in listed.split(",") if part.strip()]
    return PageRequest(
        origin=page_origin(actual),
        path=path_of(actual.url),
        method=str(actual.header(REQUEST_METHOD)) if stands_in else actual.method,
        url=redact.url(actual.url),
        headers=(*_script_headers(actual, names, known=not stands_in), *_form(actual, names)),
        credentials=bool(actual.request.get("cookies")) or actual.header("cookie") is not None,
        credential=credential_of(authorization, names or [name.lower() for name, _ in actual.headers]),
        token=token_of(authorization),
        profile=profile,
        now=seconds(actual.recorded.get("startedDateTime")),
        body=bool(actual.request.get("postData")),
        size=body_size(actual.request),
        sent_by=initiator_of(kind_of(actual), actual.header("sec-fetch-dest")),
        parameters=frozenset(str(pair.get("name")) for pair in objects(actual.request.get("queryString"))),
        library=library_of_request(
            {name.lower(): value for name, value in actual.headers}, _initiators(actual.recorded)
        ),
    )


def _form(entry: Entry, names: list[str]) -> Headers:
    """The Content-Type of a body whose headers do not have it: that of the recorded body.

    One that the preflight did not list needs none: a form's, say.
    """
    if "content-type" in names or not entry.request.get("postData"):
        return ()
    stated = str(object_of(entry.request.get("postData")).get("mimeType") or "")
    if names:
        is_form = stated.split(";")[0].strip().lower() in SAFE_TYPES
        return (("content-type", stated if is_form else "text/plain"),)
    return (("content-type", stated),) if stated and entry.header("content-type") is None else ()


def _initiators(recorded: Json) -> str:
    """The scripts and functions that sent a request, as Chromium records them (`_initiator`)."""
    frames: list[str] = []
    initiator = object_of(recorded.get("_initiator"))
    stack = object_of(initiator.get("stack"))
    for _ in range(MOST_STACKS):
        for frame in objects(stack.get("callFrames")):
            frames += [str(frame.get("url", "")), str(frame.get("functionName", ""))]
        stack = object_of(stack.get("parent"))
    return " ".join([str(initiator.get("url", "")), *frames])


def _script_headers(entry: Entry, names: list[str], *, known: bool) -> Headers:
    """What the page's code set. The preflight names it; without one, what no browser sends by itself."""
    sent = {name.lower(): value for name, value in entry.headers} if known else {}
    wanted = names or [name for name in sent if name not in OWN and not name.startswith(("sec-", "proxy-"))]
    return tuple(
        (name, redact.sent_headers([(name, sent.get(name, ""))])[name])
        for name in wanted
        if name != "authorization"
    )


def _failed(fetch: RecordedFetch) -> bool:
    """Whether the browser kept the answer from the page, by what it shows or by the rules."""
    actual, preflight = fetch.actual, fetch.preflight
    if actual.answer is None or (preflight is not None and preflight.answer is None):
        return True
    if preflight is actual or fetch.error:
        return True
    # A preflight that is not shown was answered from the browser's cache, and well.
    allowed = preflight.answer if preflight is not None else allowing(fetch.ask)
    verdict = browser_verdict(fetch.ask, allowed, actual.answer, fetch.hops)
    if verdict is None or not verdict.ok or verdict.status >= 400:
        return True
    # A header that a page wants and reads as null may be why another request fails.
    return bool(unreadable(verdict, actual.answer))


def _once(fetches: Iterable[RecordedFetch]) -> Iterator[RecordedFetch]:
    """Each request once, as it was first made."""
    known = set()
    for fetch in fetches:
        key = (fetch.ask.origin, fetch.ask.method, fetch.ask.url)
        if key not in known:
            known.add(key)
            yield fetch
