"""What Firefox's console says of a response that it blocks.

Gecko: nsCORSListenerProxy.cpp, which checks Access-Control-Allow-Origin before the status of a preflight; the words are
those of security.properties. https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS/Errors
"""

from __future__ import annotations

from collections.abc import Mapping

from accountsctl.doctor.browser.cors_error import CorsError

_ORIGIN = "\u2018Access-Control-Allow-Origin\u2019"
_LIST = "CORS header \u2018Access-Control-Allow-"
_REASONS: Mapping[str, str] = {
    CorsError.MISSING_ALLOW_ORIGIN: f"CORS header {_ORIGIN} missing",
    CorsError.WILDCARD_ORIGIN: f"Credential is not supported if the CORS header {_ORIGIN} is \u2018*\u2019",
    CorsError.MULTIPLE_ORIGINS: f"Multiple CORS header {_ORIGIN} not allowed",
    CorsError.INVALID_ORIGIN: f"CORS header {_ORIGIN} does not match \u2018{{}}\u2019",
    CorsError.ORIGIN_MISMATCH: f"CORS header {_ORIGIN} does not match \u2018{{}}\u2019",
    CorsError.INVALID_ALLOW_CREDENTIALS: f"expected \u2018true\u2019 in {_LIST}Credentials\u2019",
    CorsError.INVALID_STATUS: "CORS preflight response did not succeed",
    CorsError.DISALLOWED_REDIRECT: "CORS request external redirect not allowed",
    CorsError.REDIRECT_NOT_ALLOWED: "CORS request external redirect not allowed",
    CorsError.METHOD_DISALLOWED: f"Did not find method in {_LIST}Methods\u2019",
    CorsError.HEADER_DISALLOWED: "header \u2018{}\u2019 is not allowed according to header "
    "\u2018Access-Control-Allow-Headers\u2019 from CORS preflight response",
    CorsError.INVALID_ALLOW_METHODS: f"invalid token \u2018{{}}\u2019 in {_LIST}Methods\u2019",
    CorsError.INVALID_ALLOW_HEADERS: f"invalid token \u2018{{}}\u2019 in {_LIST}Headers\u2019",
}


def firefox_text(code: str, parameter: str, url: str, status: int) -> str:
    """The sentence for a code of the judge; empty if Firefox has none for it. `status` is 0 if it is not known."""
    reason = _REASONS.get(code, "").format(parameter)
    if not reason:
        return ""
    shown = f" Status code: {status}." if status else ""
    return (
        f"Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {url}. "
        f"(Reason: {reason}).{shown}"
    )
