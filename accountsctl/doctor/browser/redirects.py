"""Where a redirect leads, and what becomes of the request on its way (https://fetch.spec.whatwg.org/#http-redirect-fetch)."""

from __future__ import annotations

from accountsctl.doctor.browser.fetch import Headers, Profile
from accountsctl.doctor.browser.verdict import FetchResponse

REDIRECTS = frozenset({301, 302, 303, 307, 308})
BODY_HEADERS = frozenset(
    {"content-encoding", "content-language", "content-length", "content-location", "content-type"}
)
# Chromium takes these off a request that is redirected, whoever set them (measured; save-data stays).
HINTS_LEFT_BEHIND = frozenset({"device-memory", "downlink", "dpr", "ect", "rtt", "viewport-width", "width"})


def location_of(answer: FetchResponse, profile: Profile) -> str | None:
    """Where a redirect leads; empty if nowhere. None if Chromium refuses it: two locations that differ (measured)."""
    stated = [value for value in answer.values("location") if value]
    if len(set(stated)) > 1 and profile is Profile.CHROMIUM:
        return None
    return stated[0] if stated else ""


def after_redirect(request: tuple[str, Headers], status: int, profile: Profile) -> tuple[str, Headers]:
    """The method and the headers of the next request.

    A POST that is moved, and any request that gets 303 See Other, becomes a GET without its body.
    """
    method, headers = request
    left = HINTS_LEFT_BEHIND if profile is Profile.CHROMIUM else frozenset[str]()
    becomes_get = (status in (301, 302) and method == "POST") or (
        status == 303 and method not in ("GET", "HEAD")
    )
    dropped = left | BODY_HEADERS if becomes_get else left
    kept = tuple(header for header in headers if header[0].lower() not in dropped)
    return "GET" if becomes_get else method, kept
