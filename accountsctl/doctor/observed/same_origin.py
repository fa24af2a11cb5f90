"""Requests of a recording to the page's own origin that failed: CORS does not apply to them, so only what is seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accountsctl.doctor.browser import redact
from accountsctl.doctor.browser.fetch import origin_of
from accountsctl.doctor.browser.urls import is_url
from accountsctl.doctor.observed.har_entries import Entry


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


def _stays(entry: Entry) -> bool:
    """Whether a request went to its page's origin: by what the browser says of it, or else by its headers or page."""
    site = entry.header("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    if entry.recorded.get("_resourceType") == "document":
        return True
    pages = (entry.header("origin"), entry.header("referer"), entry.page)
    page = next((url for url in pages if url and is_url(url)), None)
    return page is not None and origin_of(page) == origin_of(entry.url)
