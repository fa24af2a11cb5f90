"""The headers of a response that people paste below a console's sentence, as DevTools shows them."""

from __future__ import annotations

import re

from accountsctl.doctor.browser.fetch import Headers
from accountsctl.doctor.observed.gateway_bodies import status_of_type
from accountsctl.model.cors_headers import ALLOW_ORIGIN

_HEADER = re.compile(r"^[<-]*\s*(?P<name>[A-Za-z][\w-]{1,60})\s*:\s*(?P<value>.*)$")
"""A value may stand in the next line, as DevTools' panel is copied."""
_STATUS = re.compile(r"^Status(?: Code)?\s*:\s*\D{0,4}([2-5]\d\d)\b", re.IGNORECASE)
_OF_REQUEST = re.compile(r"^Request\s+Headers\b", re.IGNORECASE)
_OF_RESPONSES = frozenset(
    {
        "age",
        "allow",
        "apigw-requestid",
        "cf-ray",
        "content-encoding",
        "content-length",
        "date",
        "etag",
        "location",
        "server",
        "set-cookie",
        "strict-transport-security",
        "transfer-encoding",
        "vary",
        "via",
        "www-authenticate",
        "x-amz-apigw-id",
        "x-amz-cf-id",
        "x-amz-id-2",
        "x-amz-request-id",
        "x-amzn-errortype",
        "x-amzn-requestid",
        "x-cache",
        "x-frame-options",
        "x-powered-by",
    }
)
"""Headers that only responses have, which code and configuration hardly name."""
_LEAST = 2


def response_below(text: str) -> tuple[int, Headers]:
    """The status and the headers of the first response in a text; 0 and empty for what it does not have.

    A response that allows an origin is not that of which a sentence says that the header is missing.
    """
    found: list[tuple[str, str]] = []
    status, name = 0, ""
    for line in filter(None, map(str.strip, text.splitlines())):
        header, stated = _HEADER.match(line), _STATUS.match(line)
        if name:
            found.append((name, line))
        elif stated is not None:
            status = status or int(stated[1])
        elif header is not None and header["value"]:
            found.append((header["name"].lower(), header["value"]))
        elif _OF_REQUEST.match(line) or (header is None and _is_of_response(found)):
            break
        elif header is None:
            found = []
        name = header["name"].lower() if header is not None and not header["value"] and not name else ""
    if ALLOW_ORIGIN in {name for name, _ in found}:
        return 0, ()
    return status, tuple(found) if _is_of_response(found) else ()


def _is_of_response(found: list[tuple[str, str]]) -> bool:
    return len({name for name, _ in found} & _OF_RESPONSES) >= _LEAST


def status_by_headers(headers: Headers, *, preflight: bool) -> int:
    """The status that goes with API Gateway's kind of an error; 0 if the headers name none."""
    kind = next((value for name, value in headers if name == "x-amzn-errortype"), "").split(":")[0]
    return status_of_type(kind, preflight=preflight) if kind else 0
