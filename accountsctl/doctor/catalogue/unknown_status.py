"""The causes of a response of which a console's line tells neither the status nor any header.

What remains are the sentence, the step that failed, and the host that the page calls: of the causes that public reports
have for these, the two most frequent are the suspects. The question about the status splits them and the others.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.browser.urls import FOR_DATA
from accountsctl.doctor.catalogue.appsync import is_appsync
from accountsctl.doctor.catalogue.doubled_slashes import has_doubled_slash
from accountsctl.doctor.catalogue.likelihood import Likely
from accountsctl.doctor.catalogue.other_services import (
    OF_SERVICE_API,
    calls_whole_store,
    has_unset_part,
    is_service_api,
)
from accountsctl.doctor.catalogue.requests import (
    calls_api_itself,
    calls_distribution,
    calls_emulated_api,
    calls_function_url,
    is_opened_by_address,
    is_page_of_app,
    needs_preflight_for_response_headers,
)
from accountsctl.doctor.catalogue.splitting_question import SplittingQuestion
from accountsctl.doctor.facts.responders import is_local_cloud, is_object_store, is_store_of_aws

NOT_LISTED = "httpapi.origin-not-listed"
MOST_NAMED = 2
NO_OPTIONS = "preflight.no-options"
READING = ("GET", "HEAD")
WRONG_PATH = "deploy.wrong-path"
_STAGE_ALONE = re.compile(r"^/(?:dev\w*|prod\w*|stag(?:e|ing)|test|beta|default|v\d+)?/?$", re.IGNORECASE)
"""A path that ends with what people name their stages, or has none."""
# Pages to sign in, which no page may read: https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-endpoints.html
_SIGN_IN = re.compile(
    r"\.amazoncognito\.com/(?:login|logout|signup|oauth2/authorize)\b|^https://accounts\.google\.com/"
    r"|^https://login\.(?:microsoftonline|live)\.com/[^?]*/authorize\b|\.auth0\.com/authorize\b"
)


class CalledHost(StrEnum):
    """What the page calls, as far as the URL tells it."""

    API = "API Gateway"
    APPSYNC = "AppSync"
    FUNCTION_URL = "function URL"
    DISTRIBUTION = "CloudFront"
    STORE = "object store"
    OTHER = "other"


@dataclass(frozen=True)
class StatusRow:
    """The causes of one status, and in how many public reports each was the cause."""

    status: str
    causes: Mapping[str, float]


_OK, _MOVED = "200 to 299", "300 to 399"
# Counted on 30 November 2026 in the public reports of the tests (tests/faults/reported): for each of the 635 recordings
# the sentence of Chromium's console, of which 458 are about a missing Access-Control-Allow-Origin or a preflight's
# status. A report with several causes counts as a part of one for each. At most two of a status are listed.
OF_REQUESTS: Mapping[CalledHost, tuple[StatusRow, ...]] = {
    CalledHost.API: (
        StatusRow(_OK, {"acao.missing-actual": 20.5}),
        StatusRow("401", {"auth.cognito-expired": 5.5, "auth.no-token": 5}),
        StatusRow("403", {"auth.iam-no-token": 4, "deploy.wrong-path": 3}),
        StatusRow("413", {"gwresp.413": 4}),
        StatusRow("500 or 502", {"int.throws": 12.5, "int.malformed": 4}),
        StatusRow("503 or 504", {"int.gateway-timeout": 8.5}),
    ),
    # AppSync's own responses have CORS headers: what stands before it answers without them.
    CalledHost.APPSYNC: (
        StatusRow("503 or 504", {"int.gateway-timeout": 1}),
        StatusRow("403", {"auth.waf": 0.5}),
    ),
    CalledHost.FUNCTION_URL: (
        StatusRow(_OK, {"function-url.no-cors": 2}),
        StatusRow("403", {"function-url.no-permission": 1, "function-url.iam": 0.5}),
        StatusRow("500 or more", {"int.throws": 0.5}),
    ),
    CalledHost.DISTRIBUTION: (
        StatusRow(_OK, {"edge.cf-origin-header": 8.5, "edge.s3-no-cors": 2.5}),
        StatusRow(_MOVED, {"client.redirect": 3}),
    ),
    CalledHost.STORE: (StatusRow(_MOVED, {"client.redirect": 1}), StatusRow("403", {"edge.s3-no-cors": 2})),
    CalledHost.OTHER: (
        StatusRow(_OK, {"acao.missing-actual": 22, NOT_LISTED: 3.5}),
        StatusRow(_MOVED, {"client.redirect": 11.5}),
        StatusRow("400 to 412, or 500", {"acao.missing-error-path": 20, "int.throws": 3}),
        StatusRow("413, or 502 to 504", {"edge.proxy-error": 8, "gwresp.413": 3}),
        StatusRow("429", {"auth.throttle": 3.5}),
    ),
}
OF_PREFLIGHTS: Mapping[CalledHost, tuple[StatusRow, ...]] = {
    CalledHost.APPSYNC: (StatusRow("403", {"auth.waf": 1}), StatusRow("404", {"deploy.wrong-path": 0.5})),
    CalledHost.API: (
        StatusRow(_OK, {NOT_LISTED: 1, "preflight.mock-no-headers": 0.5}),
        StatusRow("401", {"preflight.cognito": 11, "httpapi.default-route": 2}),
        StatusRow("403", {NO_OPTIONS: 12.5, "preflight.iam": 5}),
        StatusRow("404 or 405", {"preflight.proxy-any-lambda": 3}),
        StatusRow("500 or more", {"preflight.binary-media": 8, "preflight.mock-no-template": 5.5}),
    ),
    CalledHost.FUNCTION_URL: (
        StatusRow(_OK, {"function-url.no-cors": 2}),
        StatusRow("403 or more", {"preflight.proxy-any-lambda": 0.5}),
    ),
    CalledHost.DISTRIBUTION: (
        StatusRow("401", {"preflight.authenticated": 1}),
        StatusRow("403", {"edge.cf-methods": 3.5, "edge.cf-host": 3}),
    ),
    CalledHost.STORE: (
        StatusRow(_MOVED, {"preflight.redirect": 5.5, "deploy.wrong-host": 2.5}),
        StatusRow("403", {"edge.s3-no-cors": 8}),
    ),
    CalledHost.OTHER: (
        StatusRow(_OK, {NOT_LISTED: 8, "preflight.mock-no-headers": 7.5}),
        StatusRow("401 or 403", {"preflight.authenticated": 15.5, "deploy.no-mapping": 3}),
        StatusRow("404 or 405", {NO_OPTIONS: 12, "preflight.proxy-any-lambda": 11}),
        StatusRow("500", {"int.throws": 1}),
        StatusRow("502 to 504", {"edge.proxy-error": 1.5}),
    ),
}
# Where the sentence says that the origin is allowed and the status refused, few are reported.
OF_REFUSED_PREFLIGHTS = {
    CalledHost.API: (NO_OPTIONS, "preflight.cognito", "preflight.iam", "preflight.proxy-any-lambda"),
    CalledHost.OTHER: ("preflight.authenticated", "preflight.proxy-any-lambda", NO_OPTIONS),
}
STATUSES: Mapping[str, Collection[int]] = {
    _OK: range(200, 300),
    _MOVED: range(300, 400),
    "401": (401,),
    "403": (403,),
    "413, or 502 to 504": (413,),
}
"""The statuses of the rows that are asked for where nothing else of a response is known."""
_UNROUTED = {400: NOT_LISTED, 404: NO_OPTIONS, 405: NO_OPTIONS, 501: NO_OPTIONS}
OF_STATUSES_OF_PREFLIGHTS: Mapping[CalledHost, Mapping[int, str]] = {
    CalledHost.API: {
        401: "preflight.cognito",
        403: NO_OPTIONS,
        404: "preflight.proxy-any-lambda",
        405: "preflight.proxy-any-lambda",
        500: "preflight.binary-media",
    },
    CalledHost.DISTRIBUTION: {403: "edge.cf-methods"},
    CalledHost.OTHER: {
        401: "preflight.authenticated",
        403: "preflight.authenticated",
        500: "preflight.proxy-any-lambda",
        **_UNROUTED,
    },
}
"""The most frequent cause of a preflight's status, by the same count."""
# The console of Lambda adds an API with this stage, a path by the function's name, and ANY for its method.
# https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html
_OF_TRIGGER = re.compile(r"\.execute-api\.[^/]+/default/[^/?]+/?$")


def causes_of_unknown_status(
    ask: PageRequest, *, preflight: bool, allowed: bool, may_be_preflight: bool = False
) -> Likely:
    """The likely causes, the most frequent first. `allowed`: the response allows the origin, and its status fails.

    `may_be_preflight`: the words may be about the preflight, though the request itself is assumed.
    """
    named = _by_url(ask, preflight=preflight, allowed=allowed)
    if named:
        return Likely(named)
    called = called_host(ask)
    if preflight and allowed:
        of_host = OF_REFUSED_PREFLIGHTS.get(called, OF_REFUSED_PREFLIGHTS[CalledHost.OTHER])
        return Likely(of_host[:MOST_NAMED], of_host[MOST_NAMED:])
    ordered = _ordered(ask, preflight=preflight)
    if preflight and _OF_TRIGGER.search(ask.url):
        first = "preflight.proxy-any-lambda"
        ordered = [first, *(id_ for id_ in ordered if id_ != first)]
    if preflight and needs_preflight_for_response_headers(ask):
        ordered = ["client.acao-request-header", *ordered]
    if has_doubled_slash(ask):
        ordered = [WRONG_PATH, *(id_ for id_ in ordered if id_ != WRONG_PATH)]
    elif called is CalledHost.API and _STAGE_ALONE.search(ask.url_path):
        # Of a URL as the console shows it, without the resource.
        ordered = [ordered[0], WRONG_PATH, *(id_ for id_ in ordered[1:] if id_ != WRONG_PATH)]
    if not preflight and called is CalledHost.API and may_be_preflight:
        ordered = [ordered[0], NO_OPTIONS, *ordered[1:]]
    return Likely(tuple(ordered[:MOST_NAMED]), tuple(ordered[MOST_NAMED:]))


def called_host(ask: PageRequest) -> CalledHost:
    """What the page calls. A distribution serves files, unless the path is of data, or the method changes some."""
    if calls_function_url(ask):
        return CalledHost.FUNCTION_URL
    if is_appsync(ask):
        return CalledHost.APPSYNC
    if calls_api_itself(ask) or calls_emulated_api(ask):
        return CalledHost.API
    if is_object_store(ask.url, None):
        return CalledHost.STORE
    return CalledHost.DISTRIBUTION if calls_distribution(ask) else CalledHost.OTHER


def _by_url(ask: PageRequest, *, preflight: bool, allowed: bool) -> tuple[str, ...]:
    """The causes that the URL, or the page's origin, names; empty if they leave any."""
    if has_unset_part(ask.url):
        return (WRONG_PATH,)
    if is_service_api(ask.host) or calls_whole_store(ask):
        return (OF_SERVICE_API,)
    if _SIGN_IN.search(ask.url):
        return ("edge.page-instead", "client.redirect")
    if is_object_store(ask.url, None):
        return ("edge.s3-no-cors", *_others_of_store(ask, preflight=preflight))
    if is_local_cloud(ask.url) and called_host(ask) is CalledHost.OTHER and not allowed:
        return (NOT_LISTED, "edge.s3-no-cors")
    by_address = is_opened_by_address(ask) and called_host(ask) is CalledHost.OTHER
    if (is_page_of_app(ask) or by_address) and not allowed:
        # Of a web site that works, whose origin is listed: an app has its code, and an address opens it too.
        return (NOT_LISTED, "preflight.mock-no-headers" if preflight else "acao.missing-actual")
    return ()


def _others_of_store(ask: PageRequest, *, preflight: bool) -> tuple[str, ...]:
    """What people meet at S3 as often as a missing rule: another region, and what an img left in the cache."""
    if not is_store_of_aws(ask.url):
        return ()
    if preflight:
        return ("preflight.redirect",)
    return ("client.cached-without-cors",) if ask.method in READING else ("client.redirect",)


def _rows(ask: PageRequest, *, preflight: bool) -> tuple[StatusRow, ...]:
    """The rows of what the page calls. A distribution of data, or of what is changed, has an API behind it."""
    called = called_host(ask)
    of_data = ask.method not in READING or FOR_DATA.search(ask.url)
    if called is CalledHost.DISTRIBUTION and of_data and not preflight:
        called = CalledHost.API
    rows = (OF_PREFLIGHTS if preflight else OF_REQUESTS)[called]
    return tuple(StatusRow(row.status, _possible(row.causes, ask)) for row in rows)


def _possible(causes: Mapping[str, float], ask: PageRequest) -> Mapping[str, float]:
    """The causes that a request may have: no response to GET says that the body is too large."""
    found = dict(causes)
    if ask.method in READING:
        found.pop("gwresp.413", None)
    if "x-api-key" in ask.names() and "preflight.iam" in found:
        found["preflight.api-key"] = found.pop("preflight.iam")
    return found


def _ordered(ask: PageRequest, *, preflight: bool) -> list[str]:
    """The causes of all rows, the most frequent first."""
    counted = {id_: number for row in _rows(ask, preflight=preflight) for id_, number in row.causes.items()}
    return sorted(counted, key=lambda id_: -counted[id_])


def causes_of_status(ask: PageRequest, status: int, *, preflight: bool) -> tuple[str, ...]:
    """The causes of a status of which nothing else is known; empty if no row has it."""
    if preflight and _OF_TRIGGER.search(ask.url) and status < 300:
        return ("preflight.proxy-any-lambda",)
    rows = (row for row in _rows(ask, preflight=preflight) if status in STATUSES.get(row.status, ()))
    return next((tuple(row.causes) for row in rows), ())


def causes_of_refusal(ask: PageRequest, status: int, *, preflight: bool) -> tuple[str, ...]:
    """The same of an error, where neither API Gateway nor an application is known to have answered."""
    called = called_host(ask)
    of_edge = called is CalledHost.DISTRIBUTION and preflight
    too_large = called is CalledHost.OTHER and not preflight and status == 413
    return causes_of_status(ask, status, preflight=preflight) if of_edge or too_large else ()


def of_either(first: str, ask: PageRequest, status: int) -> tuple[str, ...]:
    """A cause of a request's status, and the usual one of a preflight that has the same."""
    other = OF_STATUSES_OF_PREFLIGHTS.get(called_host(ask), {}).get(status, "")
    return (first, other) if other and other != first else (first,)


def question_of_status(ask: PageRequest, *, preflight: bool) -> SplittingQuestion:
    """What tells such causes apart first: the console's second line, or a recording, has it."""
    rows = _rows(ask, preflight=preflight)
    which = "the OPTIONS request" if preflight else f"the {ask.method} request"
    return SplittingQuestion(
        f"Which status does the response to {which} have?",
        "DevTools, Network, the request, Headers, Status Code; the column Status says CORS error",
        tuple((row.status, frozenset(row.causes)) for row in rows if row.causes),
        "another",
    )
