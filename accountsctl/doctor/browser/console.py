"""What a browser's console says of a verdict, word for word.

Chromium: third_party/blink, cors_error_string.cc; Safari: CrossOriginAccessControl.cpp of WebKit.
"""

from __future__ import annotations

from http import HTTPStatus

from accountsctl.doctor.browser.fetch import Profile
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
_CHECKS = {
    "MissingAllowOriginHeader": f"{MISSING}.",
    "WildcardOriginNotAllowed": "The value of the 'Access-Control-Allow-Origin' header in the response "
    f"{NOT_STAR}.",
    "MultipleAllowOriginValues": f"{_ORIGIN} contains multiple values '{{}}', but only one is allowed.",
    "InvalidAllowOriginValue": f"{_ORIGIN} contains the invalid value '{{}}'.",
    "AllowOriginMismatch": f"{_ORIGIN} has a value '{{}}' {NOT_EQUAL}.",
    "InvalidAllowCredentials": "The value of the 'Access-Control-Allow-Credentials' header in the response is "
    "'{}' which must be 'true' when the request's credentials mode is 'include'.",
    "InvalidStatus": f"{NOT_OK}.",
    "DisallowedRedirect": f"{NO_REDIRECT}.",
}
_OF_ORIGIN = ("MissingAllowOriginHeader", "AllowOriginMismatch", "InvalidAllowOriginValue", "InvalidStatus")
_LISTS = {
    "InvalidAllowMethodsPreflightResponse": "Cannot parse Access-Control-Allow-Methods response header field in "
    "preflight response.",
    "InvalidAllowHeadersPreflightResponse": "Cannot parse Access-Control-Allow-Headers response header field in "
    "preflight response.",
    "MethodDisallowedByPreflightResponse": "Method {} is not allowed by Access-Control-Allow-Methods in preflight "
    "response.",
    "HeaderDisallowedByPreflightResponse": "Request header field {} is not allowed by Access-Control-Allow-Headers "
    "in preflight response.",
    "RedirectNotAllowed": "Redirects are not allowed.",
    "InvalidRedirect": "Redirect location '{}' has a disallowed scheme for cross-origin requests.",
    "CorsDisabledScheme": "Cross origin requests are only supported for protocol schemes: chrome, chrome-extension, "
    "data, http, https.",
    "RedirectContainsCredentials": "Redirect location '{}' contains a username and password, which is disallowed "
    "for cross-origin requests.",
}


def console_text(verdict: Verdict, ask: PageRequest, blocked: int = 0) -> str:
    """The console's line; the status of an answer that is an error; empty where all is well.

    `blocked` is the status of the response that the browser blocked, which Safari names.
    """
    url = ask.url or ask.path
    if verdict.ok:
        return (
            f"{ask.method} {url} {verdict.status} ({_phrase(verdict.status)})"
            if verdict.status >= 400
            else ""
        )
    code = verdict.code or ""
    if verdict.phase is Phase.REQUEST:
        return _unsent(code, url, ask)
    bare = code.removeprefix("Preflight")
    if ask.profile is Profile.WEBKIT and bare in _OF_ORIGIN:
        return _in_webkit(verdict, ask, blocked)
    said = _CHECKS.get(bare, _LISTS.get(bare, bare)).format(verdict.parameter)
    before = PREFLIGHT if verdict.phase is Phase.PREFLIGHT and bare in _CHECKS else ""
    called = f"'{verdict.url}' (redirected from '{url}')" if verdict.hop and verdict.url else f"'{url}'"
    return f"Access to fetch at {called} from origin '{ask.origin}' has been blocked by CORS policy: {before}{said}"


def _in_webkit(verdict: Verdict, ask: PageRequest, status: int) -> str:
    """Safari's words: the same for a header that is missing and for one with another origin."""
    if verdict.phase is Phase.PREFLIGHT and not 200 <= status <= 299:
        return f"Preflight response is not successful. Status code: {status}"
    return f"Origin {ask.origin} is not allowed by Access-Control-Allow-Origin. Status code: {status}"


def _unsent(code: str, url: str, ask: PageRequest) -> str:
    if code == "MixedContent":
        return (
            f"Mixed Content: The page at '{ask.origin}' was loaded over HTTPS, but requested an insecure resource "
            f"'{url}'. This request has been blocked; the content must be served over HTTPS."
        )
    return f"{ask.method} {url} net::{code}"


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
