"""Which requests to send to find out what an API answers a page: at most eight, and none that changes anything.

    P1  the preflight, exactly as the browser sends it
    P2  the same from a foreign origin
    P3  the request itself with the token
    P4  the same without
    P5  a GET with the token of a path that does not exist: how the API refuses an unknown route
    P6  the preflight of that path
    P7  the preflight at API Gateway's own host, where the page calls a custom domain
    P8  the request itself from the foreign origin

A request that may change something (POST, PUT, ...) is sent only when asked for. P1, P3 and P4 are also the
names of what a browser's recording shows (`doctor.har`), so that both are read alike. The sender adds the
token; a plan holds none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from accountsctl.doctor.browser import redact
from accountsctl.doctor.browser.fetch import Headers, sent_headers
from accountsctl.doctor.browser.page_request import Credential, PageRequest
from accountsctl.doctor.browser.urls import base_of
from accountsctl.doctor.browser.verdict import FetchResponse
from accountsctl.doctor.facts.exchanges import OWN_REQUEST, Exchange
from accountsctl.doctor.facts.places import Layer, SourcePlace
from accountsctl.doctor.facts.request_failures import RequestFailure

MOST = 8
READING = frozenset({"GET", "HEAD", "OPTIONS"})
FOREIGN = "https://accountsctl-doctor.invalid"
NO_SUCH_ROUTE = "/accountsctl-doctor/no-such-route"
NO_VALUE = "x"
"""The value of a header of which only the name was given."""


@dataclass(frozen=True)
class Probe:
    """One request to send. `authorized`: with the token, which the sender adds. `headers` may hold an API key."""

    id: str
    method: str
    url: str
    headers: Headers = field(repr=False)
    authorized: bool = False
    body: bytes | None = None


@dataclass(frozen=True)
class ProbePlan:
    """What to send, in order, and what was left out: (what, why)."""

    probes: tuple[Probe, ...]
    not_reported: tuple[tuple[str, str], ...] = ()


def plan(
    ask: PageRequest, *, token: bool = False, send_actual: bool = False, base: str = "", own_url: str = ""
) -> ProbePlan:
    """The requests for what a page asks. `token`: there is one to send; `base` is the API's root URL where it is
    known; `own_url` is the same request at API Gateway's own host."""
    reads = ask.method.upper() in READING
    nowhere = f"{base or base_of(ask.url)}{NO_SUCH_ROUTE}"
    preflight = ask.preflight
    foreign = replace(ask, origin=FOREIGN).preflight
    actual = (reads or send_actual) and not _lacks_key(ask)
    probes = [
        *([Probe("P1", "OPTIONS", ask.url, preflight)] if preflight is not None else []),
        *([Probe("P2", "OPTIONS", ask.url, foreign)] if foreign is not None else []),
        *([_actual("P3", ask, authorized=True)] if actual and token else []),
        *([_actual("P4", ask)] if actual else []),
        *([Probe("P5", "GET", nowhere, _own(ask, ask.origin), authorized=True)] if token else []),
        *([Probe("P6", "OPTIONS", nowhere, preflight)] if preflight is not None else []),
        *(
            [Probe("P7", "OPTIONS", own_url, preflight)]
            if own_url and own_url != ask.url and preflight is not None
            else []
        ),
        *([_actual("P8", replace(ask, origin=FOREIGN), authorized=token)] if reads and actual else []),
    ]
    return ProbePlan(tuple(probes[:MOST]), tuple(_left_out(ask, token=token, actual=actual)))


def _left_out(ask: PageRequest, *, token: bool, actual: bool) -> Iterable[tuple[str, str]]:
    if _lacks_key(ask):
        yield "the answer to a request with an API key", "No key was given; --header x-api-key:KEY sends one."
    elif not actual:
        yield (
            f"the answer to {ask.method} itself",
            "It may change something; --send-actual sends it all the same.",
        )
    elif ask.credential is Credential.SIGNATURE:
        yield "the answer to a signed request", "The doctor has no key of the page's user to sign with."
    elif not token and ask.credential is Credential.TOKEN:
        yield "the answer to a request with a token", "No token was given; --token sends one."


def _lacks_key(ask: PageRequest) -> bool:
    """Whether the page sends an API key that is not known: what comes back without it is not what the page gets."""
    return any(name.lower() == "x-api-key" and value in ("", NO_VALUE) for name, value in ask.headers)


def _own(ask: PageRequest, origin: str) -> Headers:
    """The headers of the request itself, but for the Authorization that the sender adds."""
    own = [(name, value or "x") for name, value in sent_headers(ask.request)]
    accepts = any(name.lower() == "accept" for name, _ in own)
    return (
        *(() if accepts else (("Accept", "*/*"),)),
        *((name, value) for name, value in own if name.lower() != "authorization"),
        ("Origin", origin),
    )


def _actual(id_: str, ask: PageRequest, *, authorized: bool = False) -> Probe:
    body = b"{}" if ask.body else None
    return Probe(id_, ask.method, ask.url, _own(ask, ask.origin), authorized, body)


def exchange(
    probe: Probe,
    answer: FetchResponse | None,
    body: str,
    *,
    failure: RequestFailure | None = None,
    milliseconds: int = 0,
    token: str = "",
) -> Exchange:
    """What was sent and what came back, without secrets. `failure` is set if no response came."""
    secrets = [token, *redact.secrets_of(probe.headers)]
    authorization = (("Authorization", token),) if probe.authorized and token else ()
    kept = _kept(answer, secrets) if answer else None
    return Exchange(
        probe=probe.id,
        method=probe.method,
        url=redact.url(probe.url),
        place=SourcePlace(Layer.LIVE, f"{OWN_REQUEST} {probe.id}"),
        sent=redact.sent_headers((*probe.headers, *authorization)),
        answer=kept,
        body=redact.body(answer.status, dict(answer.headers), body, secrets) if answer else "",
        failure=failure,
        milliseconds=milliseconds,
    )


def _kept(answer: FetchResponse, secrets: list[str]) -> FetchResponse:
    headers = redact.answer_headers(answer.headers)
    return FetchResponse(answer.status, tuple((name, redact.text(value, secrets)) for name, value in headers))
