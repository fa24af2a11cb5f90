"""Requests of a recording to the page's own origin that failed: CORS does not apply to them.

Where AWS itself refuses one, the response tells the cause all the same: a site and its API behind one CloudFront
distribution have one origin. Of others only what is seen is named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accountsctl.doctor.browser import redact
from accountsctl.doctor.browser.fetch import origin_of
from accountsctl.doctor.browser.urls import is_url
from accountsctl.doctor.browser.verdict import FetchResponse
from accountsctl.doctor.facts.responders import (
    is_known_not_to_be_aws,
    is_of_local_proxy,
    is_page_for_error,
    is_page_of_cloudfront,
    is_site_in_place_of_api,
)
from accountsctl.doctor.observed.har_entries import Entry, kind_of
from accountsctl.doctor.observed.har_values import object_of, pairs

_OF_GATEWAY = frozenset({"x-amzn-errortype", "x-amz-apigw-id", "apigw-requestid"})
"""Headers of API Gateway, of which CloudFront passes on all."""


@dataclass(frozen=True)
class FailedRequest:
    """A request that got an error or no response. `status` is 0 without one; `error` the browser's own, or empty."""

    method: str
    url: str
    status: int
    error: str

    @property
    def words(self) -> str:
        """It with what is seen: ``GET https://app.example.com/api/items (500)``."""
        seen = ", ".join(filter(None, (str(self.status) if self.status else "no response", self.error)))
        return f"{self.method} {self.url} ({seen})"


def failed_at_own_origin(entries: Iterable[Entry]) -> tuple[FailedRequest, ...]:
    """Those of the entries that went to the origin of their page, and failed; no values of a query are kept."""
    return tuple(
        FailedRequest(entry.method, redact.url(entry.url), entry.status, redact.text(entry.error))
        for entry in entries
        if (entry.status >= 400 or entry.error) and _stays(entry)
    )


def refused_at_own_origin(entries: Iterable[Entry]) -> list[Entry]:
    """Those of scripts that went to the origin of their page, and that API Gateway or CloudFront refused, to which the
    site answered in place of its API, or that a development server's proxy could not pass on; and the parts of a page
    that API Gateway refused.
    """
    return [
        entry
        for entry in entries
        if (_tells_cause(entry) if entry.is_of_script else _is_refused_part(entry)) and _stays(entry)
    ]


def _tells_cause(entry: Entry) -> bool:
    """Whether the response tells who refused the request, by its headers or the words of a proxy."""
    answer = pairs(entry.response.get("headers"))
    response = FetchResponse(entry.status, answer)
    text = str(object_of(entry.response.get("content")).get("text") or "")
    kind = response.value("content-type") or ""
    if is_known_not_to_be_aws(entry.url) and is_of_local_proxy(entry.status, kind, text):
        return True
    in_place = is_page_for_error(response) or is_site_in_place_of_api(entry.url, response)
    return _is_of_gateway(entry) or in_place or is_page_of_cloudfront(response)


def _is_of_gateway(entry: Entry) -> bool:
    answer = pairs(entry.response.get("headers"))
    return entry.status >= 400 and any(name.lower() in _OF_GATEWAY for name, _ in answer)


def _is_refused_part(entry: Entry) -> bool:
    """Whether API Gateway refused a script, a style or an image of a page, and not the page itself."""
    is_page = kind_of(entry) == "document" or entry.header("sec-fetch-mode") == "navigate"
    return not is_page and _is_of_gateway(entry)


def _stays(entry: Entry) -> bool:
    """Whether a request went to its page's origin: by what the browser says of it, or else by its headers or page."""
    site = entry.header("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    if kind_of(entry) == "document":
        return True
    pages = (entry.header("origin"), entry.header("referer"), entry.page)
    page = next((url for url in pages if url and is_url(url)), None)
    return page is not None and origin_of(page) == origin_of(entry.url)
