"""What Safari says of a response that it blocked: its recording has the words, and no response.

Web Inspector writes a failed load with status 0, no headers, and the error in `response._error`
(Source/WebInspectorUI/UserInterface/Controllers/HARBuilder.js of WebKit). The words are those of
Source/WebCore/loader/CrossOriginAccessControl.cpp.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from accountsctl.doctor.browser.fetch import Headers
from accountsctl.doctor.browser.verdict import FetchResponse
from accountsctl.model.cors_headers import ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN

_STATUS = re.compile(r"(?:Access-Control-Allow-Origin|not successful)\.? Status code: (\d{3})")
_HEADER = re.compile(r"Request header field (\S+) is not allowed by Access-Control-Allow-Headers")
_METHOD = re.compile(r"Method \S+ is not allowed by Access-Control-Allow-Methods")
_PREFLIGHT = re.compile("Preflight response is not successful|Request header field|Method .* is not allowed")


def refuses_preflight(error: str) -> bool:
    """Whether Safari did not send the request, because of the response to its preflight."""
    return _PREFLIGHT.match(error) is not None


def blocked_response(error: str, origin: str, method: str, names: Iterable[str]) -> FetchResponse | None:
    """The response that Safari blocked, as far as its words tell it; None if they tell nothing.

    `names` are the request's headers. Headers that Safari did not complain of are those that it would take.
    """
    found = _STATUS.search(error)
    if found:
        return FetchResponse(int(found[1]), ())
    every = (*_of_origin(origin), (ALLOW_METHODS, method), (ALLOW_HEADERS, ",".join(names)))
    refused = _HEADER.match(error)
    if refused:
        left = ",".join(name for name in names if name.lower() != refused[1].lower())
        return FetchResponse(200, (*every[:-1], (ALLOW_HEADERS, left)))
    if _METHOD.match(error):
        return FetchResponse(200, (*every[:-2], every[-1]))
    said: dict[str, Headers] = {
        "Cannot use wildcard in Access-Control-Allow-Origin": ((ALLOW_ORIGIN, "*"),),
        "Credentials flag is true, but Access-Control-Allow-Credentials": ((ALLOW_ORIGIN, origin),),
        "Access-Control-Allow-Origin cannot contain more than one origin": (
            (ALLOW_ORIGIN, f"{origin}, {origin}"),
        ),
    }
    headers = next((headers for words, headers in said.items() if error.startswith(words)), None)
    return FetchResponse(200, headers) if headers is not None else None


def _of_origin(origin: str) -> Headers:
    return ((ALLOW_ORIGIN, origin), (ALLOW_CREDENTIALS, "true"))


def needs_credentials(error: str) -> bool:
    """Whether Safari's words show that the page's code asked for credentials."""
    return "credentials flag is true" in error.lower()
