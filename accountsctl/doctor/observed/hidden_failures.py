"""Why a recorded request has no response, where Chromium says no more than that it failed.

Measured in Chromium 156: a response that CORS blocks comes with its status and headers. A request without a preflight
that has neither was answered by the browser's cache or by a service worker, and nothing was sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from accountsctl.doctor.browser import redact
from accountsctl.doctor.browser.addresses import AddressSpace, address_space
from accountsctl.doctor.browser.fetch import Profile, origin_of
from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.browser.page_verdict import browser_verdict
from accountsctl.doctor.browser.urls import is_url
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.facts.request_failures import (
    ERR_FAILED,
    RequestFailure,
    is_listed,
    seen_by_browser,
    without_reason_at,
)
from accountsctl.doctor.observed.har_entries import Entry, allows_no_origin
from accountsctl.doctor.observed.har_values import number, object_of


@dataclass(frozen=True)
class PageLoads:
    """What a whole recording shows: the origins of pages that a service worker answered, and what was loaded without
    CORS. That the script of a worker was loaded says nothing: it answers the next page first, or is another page's."""

    of_workers: frozenset[str]
    without_cors: frozenset[str]


def page_loads(every: Sequence[Entry]) -> PageLoads:
    """Of all entries of a recording, those of the page's own origin too."""
    return PageLoads(
        frozenset(_loader_of(entry) for entry in every if is_of_worker(entry)),
        frozenset(redact.url(entry.url) for entry in every if allows_no_origin(entry)),
    )


def is_of_worker(entry: Entry) -> bool:
    """Whether a service worker of the page answered: Chromium says so of a response, and has its times.

    front_end/models/har/Log.ts of devtools-frontend.
    """
    parts = (entry.recorded, entry.response)
    settled = object_of(entry.recorded.get("timings")).get("_workerRespondWithSettled")
    return any(part.get("_fetchedViaServiceWorker") is True for part in parts) or number(settled) > 0


def is_refused_of_worker(entry: Entry) -> bool:
    """Whether the browser refused what a service worker answered; it looks at no CORS headers of that.

    https://fetch.spec.whatwg.org/#http-fetch, step 5: an opaque response to a request with CORS is a network error.
    """
    return entry.status > 0 and entry.error == ERR_FAILED and is_of_worker(entry)


def _loader_of(entry: Entry) -> str:
    """The origin of the page that loaded it: the Origin header, the Referer, or else its own."""
    stated = (entry.header("origin"), entry.header("referer"))
    return origin_of(next((url for url in stated if url and is_url(url)), entry.url))


def without_connection(exchange: Exchange) -> Exchange:
    """The same; of a browser that got no connection, that nothing was reached."""
    return replace(exchange, failure=seen_by_browser(exchange.failure)) if exchange.failure else exchange


def without_reason(ask: PageRequest, actual: Exchange, error: str) -> Exchange:
    """The request's exchange; of Firefox, which gives no reason, that a near server was not reached, or a blocker.

    Of a server of this machine or network the usual reasons are that it does not run, or its own certificate.
    """
    is_near = address_space(urlsplit(ask.url).hostname or "") is not AddressSpace.PUBLIC
    unexplained = actual.failure == RequestFailure.HIDDEN and not error and ask.profile is Profile.FIREFOX
    if not unexplained or not (is_near or is_listed(ask.url)):
        return actual
    return replace(actual, failure=without_reason_at(ask.url))


def _hides_blocked(entry: Entry) -> bool:
    """Whether it is of Playwright, which records neither status nor headers of a response that CORS blocked."""
    return number(entry.response.get("status")) < 0


def reason_of_none(ask: PageRequest, actual: Exchange, entry: Entry, loads: PageLoads) -> Exchange:
    """The request's exchange, with the reason if it failed without a response and without a preflight."""
    if actual.failure != RequestFailure.HIDDEN or entry.error != ERR_FAILED or _hides_blocked(entry):
        return actual
    unsent = browser_verdict(ask, None, None)
    if unsent is not None and not unsent.ok:
        return actual  # The rules say why: mixed content.
    has_worker = is_of_worker(entry) or ask.origin in loads.of_workers
    if ask.preflight is not None:
        return replace(actual, failure=RequestFailure.WORKER) if has_worker else actual
    if ask.url in loads.without_cors:
        return replace(actual, failure=RequestFailure.CACHED)
    if has_worker:
        return replace(actual, failure=RequestFailure.WORKER)
    # What a developer's own server has to do with it is not known.
    is_public = address_space(urlsplit(ask.url).hostname or "") is AddressSpace.PUBLIC
    return replace(actual, failure=RequestFailure.NOT_FROM_NETWORK) if is_public else actual
