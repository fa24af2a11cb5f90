"""What a browser's console says of a verdict, word for word.

Chromium: third_party/blink, cors_error_string.cc; Safari: CrossOriginAccessControl.cpp of WebKit; Firefox:
`firefox_console`.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from accountsctl.doctor.browser.cors_error import CorsError
from accountsctl.doctor.browser.fetch import Profile
from accountsctl.doctor.browser.firefox_console import firefox_text
from accountsctl.doctor.browser.initiators import initiator_of_library
from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.browser.verdict import Phase, Verdict

PREFLIGHT = "Response to preflight request doesn't pass access control check: "
MISSING = "No 'Access-Control-Allow-Origin' header is present on the requested resource"
NOT_EQUAL = "that is not equal to the supplied origin"
NOT_STAR = "must not be the wildcard '*' when the request's credentials mode is 'include'"
NOT_OK = "It does not have HTTP ok status"
NO_REDIRECT = "Redirect is not allowed for a preflight request"
"""The parts of the console's sentences that others quote."""
_ORIGIN = "The 'Access-Control-Allow-Origin' header"
_CHECKS: Mapping[str, str] = {
    CorsError.MISSING_ALLOW_ORIGIN: f"{MISSING}.",
    CorsError.WILDCARD_ORIGIN: "The value of the 'Access-Control-Allow-Origin' header in the response "
    f"{NOT_STAR}.",
    CorsError.MULTIPLE_ORIGINS: f"{_ORIGIN} contains multiple values '{{}}', but only one is allowed.",
    CorsError.INVALID_ORIGIN: f"{_ORIGIN} contains the invalid value '{{}}'.",
    CorsError.ORIGIN_MISMATCH: f"{_ORIGIN} has a value '{{}}' {NOT_EQUAL}.",
    CorsError.INVALID_ALLOW_CREDENTIALS: "The value of the 'Access-Control-Allow-Credentials' header in the response "
    "is '{}' which must be 'true' when the request's credentials mode is 'include'.",
    CorsError.INVALID_STATUS: f"{NOT_OK}.",
    CorsError.DISALLOWED_REDIRECT: f"{NO_REDIRECT}.",
}
_OF_ORIGIN = (
    CorsError.MISSING_ALLOW_ORIGIN,
    CorsError.ORIGIN_MISMATCH,
    CorsError.INVALID_ORIGIN,
    CorsError.INVALID_STATUS,
)
_LISTS: Mapping[str, str] = {
    CorsError.INVALID_ALLOW_METHODS: "Cannot parse Access-Control-Allow-Methods response header field in "
    "preflight response.",
    CorsError.INVALID_ALLOW_HEADERS: "Cannot parse Access-Control-Allow-Headers response header field in "
    "preflight response.",
    CorsError.METHOD_DISALLOWED: "Method {} is not allowed by Access-Control-Allow-Methods in preflight "
    "response.",
    CorsError.HEADER_DISALLOWED: "Request header field {} is not allowed by Access-Control-Allow-Headers "
    "in preflight response.",
    CorsError.REDIRECT_NOT_ALLOWED: "Redirects are not allowed.",
    CorsError.INVALID_REDIRECT: "Redirect location '{}' has a disallowed scheme for cross-origin requests.",
    CorsError.CORS_DISABLED_SCHEME: "Cross origin requests are only supported for protocol schemes: chrome, "
    "chrome-extension, data, http, https.",
    CorsError.REDIRECT_CONTAINS_CREDENTIALS: "Redirect location '{}' contains a username and password, which is "
    "disallowed for cross-origin requests.",
}


def console_text(verdict: Verdict, ask: PageRequest, blocked: int = 0) -> str:
    """The console's line; the status of an answer that is an error; empty where all is well.

    `blocked` is the status of the response that the browser blocked, which Safari and Firefox name.
    """
    url = ask.url or ask.path
    if verdict.ok:
        return (
            f"{ask.method} {url} {verdict.status} ({_phrase(verdict.status)})"
            if verdict.status >= 400
            else ""
        )
    error = verdict.error
    if verdict.phase is Phase.REQUEST:
        return _unsent(error, url, ask)
    if ask.profile is Profile.WEBKIT and error in _OF_ORIGIN:
        return _in_webkit(verdict, ask, blocked)
    of_firefox = firefox_text(error, verdict.parameter, verdict.url or url, blocked)
    if ask.profile is Profile.FIREFOX and of_firefox:
        return of_firefox
    said = _CHECKS.get(error, _LISTS.get(error, error)).format(verdict.parameter)
    before = PREFLIGHT if verdict.phase is Phase.PREFLIGHT and error in _CHECKS else ""
    called = f"'{verdict.url}' (redirected from '{url}')" if verdict.hop and verdict.url else f"'{url}'"
    sender = ask.sent_by or initiator_of_library(ask.library)
    return f"Access to {sender} at {called} from origin '{ask.origin}' has been blocked by CORS policy: {before}{said}"


def _in_webkit(verdict: Verdict, ask: PageRequest, status: int) -> str:
    """Safari's words: the same for a header that is missing and for one with another origin."""
    if verdict.phase is Phase.PREFLIGHT and not 200 <= status <= 299:
        return f"Preflight response is not successful. Status code: {status}"
    return f"Origin {ask.origin} is not allowed by Access-Control-Allow-Origin. Status code: {status}"


def _unsent(error: str, url: str, ask: PageRequest) -> str:
    if error == CorsError.MIXED_CONTENT:
        return (
            f"Mixed Content: The page at '{ask.origin}' was loaded over HTTPS, but requested an insecure resource "
            f"'{url}'. This request has been blocked; the content must be served over HTTPS."
        )
    return f"{ask.method} {url} net::{error}"


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
