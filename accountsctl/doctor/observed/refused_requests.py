"""Whether the browser refused a recorded request for its credentials, which only the rules tell."""

from __future__ import annotations

from dataclasses import replace

from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.browser.page_verdict import browser_verdict
from accountsctl.doctor.browser.verdict import FetchResponse
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.model.cors_headers import ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN


def is_refused_for_credentials(
    ask: PageRequest, preflight: Exchange | None, actual: Exchange | None = None
) -> bool:
    """Whether only credentials explain that the browser refused: by the preflight, or else by the response."""
    answer = preflight.answer if preflight else None
    if ask.credentials:
        return False
    if ask.preflight is None and actual is not None and actual.answer is not None:
        # The browser refused a response whose headers allow the page: credentials alone need more.
        return _needs_more_for_credentials(ask, None, actual)
    if answer is None:
        return False
    # The preflight of a request with a cookie allows credentials; of another one, nothing says that it has any.
    if actual is not None and answer.value(ALLOW_CREDENTIALS) != "true":
        return False
    return _needs_more_for_credentials(ask, answer, actual)


def _needs_more_for_credentials(
    ask: PageRequest, answer: FetchResponse | None, actual: Exchange | None
) -> bool:
    """Whether the responses allow the request without credentials, and not with them."""
    without, with_them = (
        browser_verdict(replace(ask, credentials=sent), answer, actual.answer if actual else None)
        for sent in (False, True)
    )
    passes = without is None or (actual is not None and without.ok)
    return passes and with_them is not None and not with_them.ok


def allowing(ask: PageRequest) -> FetchResponse:
    """A preflight's answer that allows all that the request needs."""
    allowed = [
        (ALLOW_ORIGIN, ask.origin),
        (ALLOW_METHODS, ask.method),
        (ALLOW_HEADERS, ", ".join(sorted(ask.names()))),
        (ALLOW_CREDENTIALS, "true"),
    ]
    return FetchResponse(204, tuple(allowed))
