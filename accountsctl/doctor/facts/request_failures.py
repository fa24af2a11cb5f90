"""Why a request that was sent, or was to be sent, has no response."""

from __future__ import annotations

import re
from enum import StrEnum


class RequestFailure(StrEnum):
    """The reason for a missing response, by what the client or the browser's recording or console says.

    HIDDEN: a response came, and the browser does not show it, as it does for CORS. OTHER: the client says it in its own
    words.
    """

    DNS = "dns"
    TLS = "tls"
    NO_HTTPS = "no https"
    NOT_TRUSTED = "not trusted"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    ABORTED = "aborted"
    RESOURCE_POLICY = "resource policy"
    BLOCKED = "blocked"
    LISTED = "listed by blockers"
    CSP = "csp"
    LOCAL_NETWORK = "local network"
    MIXED = "mixed content"
    NOT_HTTP = "not http"
    CACHED = "cached"
    BY_WORKER = "by worker"
    WORKER = "worker"
    NOT_FROM_NETWORK = "not from the network"
    HIDDEN = "hidden"
    OTHER = "other"


SEEN = {
    RequestFailure.ABORTED: "the page cancelled it",
    RequestFailure.BLOCKED: "an extension blocked it",
    RequestFailure.BY_WORKER: "a service worker answered",
    RequestFailure.CACHED: "no request left: the browser's cache answered",
    RequestFailure.CSP: "the page's Content-Security-Policy blocked it",
    RequestFailure.DNS: "the host has no address",
    RequestFailure.LOCAL_NETWORK: "the browser did not let the page call this address",
    RequestFailure.MIXED: "a page of https called a URL of http",
    RequestFailure.NOT_HTTP: "the URL is not one of a web server",
    RequestFailure.NO_HTTPS: "no TLS connection came about",
    RequestFailure.RESOURCE_POLICY: "the browser kept the response",
    RequestFailure.TLS: "the browser did not trust the certificate",
    RequestFailure.UNREACHABLE: "no connection came about, or it broke",
}
"""What was seen of a failure, for those that are more than a missing response."""
NO_RESPONSE = "no response"
ERR_FAILED = "net::ERR_FAILED"
"""Chromium's error of a response that it keeps from the page; others tell more."""


OF_HOST = {
    RequestFailure.REFUSED: "refuses connections.",
    RequestFailure.TIMEOUT: "did not answer in time.",
}
"""What a host does of which these say no more: the sentence's end, after its name."""


def seen_by_browser(failure: RequestFailure) -> RequestFailure:
    """The same; of a host that did not connect, that it was not reached, which is all that a browser's user sees."""
    return RequestFailure.UNREACHABLE if failure in OF_HOST else failure


# Names that the lists of blockers have (https://easylist.to): of hosts, or of parts of a path.
_LISTED = re.compile(
    r"[/.-](google-?analytics|googletagmanager|doubleclick|analytics|telemetry|mobileanalytics|pinpoint|sentry|segment"
    r"|amplitude|mixpanel|hotjar|fullstory|newrelic|nr-data|datadoghq|browser-intake|cloudflareinsights|tracking|beacon)"
    r"[/.-]",
    re.IGNORECASE,
)


def is_listed(url: str) -> bool:
    """Whether the lists of blockers have a URL."""
    return _LISTED.search(f"{url}/") is not None


def without_reason_at(url: str) -> RequestFailure:
    """What a failure to connect without a reason may be: a blocker's; of https, its certificate too."""
    if is_listed(url):
        return RequestFailure.LISTED
    return RequestFailure.NOT_TRUSTED if url.startswith("https:") else RequestFailure.UNREACHABLE
