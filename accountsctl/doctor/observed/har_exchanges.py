"""An entry of a recording as an exchange, without secrets: what was sent, what came back, or why nothing did."""

from __future__ import annotations

import re

from accountsctl.doctor.browser import redact
from accountsctl.doctor.browser.addresses import AddressSpace, address_space
from accountsctl.doctor.browser.verdict import FetchResponse
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.facts.places import Layer, SourcePlace
from accountsctl.doctor.facts.request_failures import RequestFailure
from accountsctl.doctor.observed.har_entries import Entry, is_refused_by_policy
from accountsctl.doctor.observed.har_values import Json, number, object_of, pairs
from accountsctl.doctor.observed.hidden_failures import is_of_worker, is_refused_of_worker
from accountsctl.doctor.observed.webkit_errors import blocked_response, refuses_preflight
from accountsctl.model.cors_headers import ALLOW_CREDENTIALS, ALLOW_ORIGIN

# Error texts of Chromium (net::...), Firefox (NS_ERROR_...) and Safari (sentences), and of proxies, by what they tell.
FAILURES = (
    (
        RequestFailure.DNS,
        (
            *("NAME_NOT_RESOLVED", "UNKNOWN_HOST", "HOSTNAME COULD NOT BE FOUND"),
            *("NAME OR SERVICE NOT KNOWN", "NODENAME NOR SERVNAME", "GETADDRINFO", "NO ADDRESS ASSOCIATED"),
            *("DNS LOOKUP", "NAME LOOKUP FAILED"),
        ),
    ),
    (
        RequestFailure.NO_HTTPS,
        ("SSL_PROTOCOL_ERROR", "SSL_VERSION_OR_CIPHER", "RX_RECORD_TOO_LONG", "UNSUPPORTED_VERSION"),
    ),
    (RequestFailure.TLS, ("CERT", "SSL", "SEC_ERROR")),
    (
        RequestFailure.REFUSED,
        (
            *("CONNECTION_REFUSED", "CONNECTIONREFUSED", "CONNECTION REFUSED"),
            *("COULD NOT CONNECT TO THE SERVER", "CONNECT CALL FAILED"),
        ),
    ),
    (
        RequestFailure.UNREACHABLE,
        (
            *(
                "CONNECTION_RESET",
                "CONNECTION_CLOSED",
                "CONNECTION_ABORTED",
                "CONNECTION_FAILED",
                "EMPTY_RESPONSE",
            ),
            *(
                "ADDRESS_UNREACHABLE",
                "INTERNET_DISCONNECTED",
                "NETWORK_CHANGED",
                "HTTP2_",
                "QUIC_",
                "NS_ERROR_NET_",
            ),
            *("TUNNEL_CONNECTION", "PROXY_CONNECTION", "NS_ERROR_PROXY"),
            *("CONNECTION WAS LOST", "CONNECTION APPEARS TO BE OFFLINE"),
            *("SOCKET CONNECTION TO", "FAILED TO CONNECT", "CONNECTION DROPPED"),
        ),
    ),
    (RequestFailure.TIMEOUT, ("TIMED_OUT", "NET_TIMEOUT", "REQUEST TIMED OUT")),
    (RequestFailure.ABORTED, ("ERR_ABORTED", "BINDING_ABORTED", "(CANCELED)", "CANCELLED")),
    (RequestFailure.RESOURCE_POLICY, ("BLOCKED_BY_RESPONSE", "BLOCKED_BY_ORB", "CORP")),
    # Firefox: an extension cancels a request with NS_ERROR_ABORT, and its own protection names the kind of tracker.
    (
        RequestFailure.BLOCKED,
        ("BLOCKED_BY_CLIENT", "CONTENT BLOCKER", "NS_ERROR_ABORT", "TRACKING_URI", "FINGERPRINTING_URI"),
    ),
    (RequestFailure.CSP, ("BLOCKED_BY_CSP", "CSP", "CONTENT SECURITY POLICY")),
    (RequestFailure.LOCAL_NETWORK, ("BLOCKED_BY_LOCAL_NETWORK",)),
    (RequestFailure.NOT_HTTP, ("UNKNOWN_URL_SCHEME",)),
)
NOT_MODIFIED = 304
"""Its headers are added to those of the stored response, which the recording does not have."""
_OF_DEBUGGERS = re.compile(r"^\[Fiddler\] |<title>Charles Error Report")
"""How the page begins with which a proxy for debugging answers in place of a server that it does not reach."""


def exchange_of(entry: Entry, name: str) -> Exchange:
    """An entry as an exchange; `name` is the recording's. Safari has the words of a blocked response alone."""
    response = entry.response
    headers = pairs(response.get("headers"))
    secrets = redact.secrets_of(entry.headers)
    content = str(object_of(response.get("content")).get("text") or "")
    kept = tuple((key, redact.text(value, secrets)) for key, value in redact.answer_headers(headers))
    status = entry.status
    answer = FetchResponse(status, kept) if status else _in_safaris_words(entry)
    by_debugger = _OF_DEBUGGERS.search(content) is not None
    unchecked = is_of_worker(entry) or status == NOT_MODIFIED
    if is_refused_by_policy(entry.error) or by_debugger or is_refused_of_worker(entry):
        answer = None
    elif answer is not None and unchecked and not entry.error and answer.value(ALLOW_ORIGIN) is None:
        answer = FetchResponse(
            status, (*kept, (ALLOW_ORIGIN, str(entry.origin)), (ALLOW_CREDENTIALS, "true"))
        )
    unrecorded = refuses_preflight(entry.error) and not status
    return Exchange(
        probe="P1" if entry.is_preflight or unrecorded else _probe(entry),
        method="OPTIONS" if unrecorded else entry.method,
        url=redact.url(entry.url),
        place=SourcePlace(Layer.LIVE, f"har {name}", f"/log/entries/{entry.index}"),
        sent=redact.sent_headers(entry.headers),
        answer=answer,
        # An empty text is a body that the browser did not keep: Chromium has none of what CORS blocked.
        body=redact.body(status, dict(headers), content, secrets) if status and content else None,
        failure=None if answer else _failure(entry, content if by_debugger else ""),
        milliseconds=round(number(entry.recorded.get("time"))),
        address=_address(entry.recorded),
        headless=not status and answer is not None,
    )


def _address(recorded: Json) -> str | None:
    """Where the address is that the browser connected to; None if the recording does not have it."""
    space = address_space(str(recorded.get("serverIPAddress") or "unknown"))
    names = {AddressSpace.LOOPBACK: "loopback", AddressSpace.LOCAL: "private"}
    return names.get(space, "public") if recorded.get("serverIPAddress") else None


def _probe(entry: Entry) -> str:
    return "P3" if entry.header("authorization") is not None else "P4"


def _in_safaris_words(entry: Entry) -> FetchResponse | None:
    names = [name.lower() for name, _ in entry.headers]
    return blocked_response(entry.error, str(entry.origin), entry.method, names)


def _failure(entry: Entry, words: str) -> RequestFailure:
    """Why there is no response, by the browser's reasons, or by a proxy's `words` in place of one."""
    if is_refused_of_worker(entry):
        return RequestFailure.BY_WORKER
    parts = (entry.recorded, entry.response)
    reasons = [str(part.get(key, "")) for part in parts for key in ("_blockedReason", "statusText")]
    return failure_of(" ".join((entry.error, *reasons, words)))


def failure_of(error: str) -> RequestFailure:
    """What a browser's text of an error tells: one of `FAILURES`, or that a response is hidden."""
    text = error.upper()
    return next(
        (failure for failure, marks in FAILURES if any(mark in text for mark in marks)), RequestFailure.HIDDEN
    )
