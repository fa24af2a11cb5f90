"""The browser's verdict on the responses to a page's request, as far as they are known."""

from __future__ import annotations

from collections.abc import Mapping

from accountsctl.doctor.browser.judge import judge
from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.browser.verdict import FetchResponse, Verdict

Hops = Mapping[tuple[str, bool], FetchResponse]
"""The responses of redirects' targets: (URL, True for the preflight) -> response."""
NO_HOPS: Hops = {}


class _ResponseUnknown(Exception):
    """The browser's judge needs an answer that is not known."""


def browser_verdict(
    ask: PageRequest, preflight: FetchResponse | None, actual: FetchResponse | None, hops: Hops = NO_HOPS
) -> Verdict | None:
    """The browser's verdict; None if an answer that it needs is not known, such as that of a redirect's target."""
    first = ask.request.url

    def answers(url: str, preflighting: bool) -> FetchResponse:
        answer = (preflight if preflighting else actual) if url == first else hops.get((url, preflighting))
        if answer is None:
            raise _ResponseUnknown
        return answer

    try:
        return judge(ask.request, answers, ask.profile)
    except _ResponseUnknown:
        return None
