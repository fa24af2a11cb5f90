"""The names of the headers of CORS, in lower case. Source: https://fetch.spec.whatwg.org/#http-cors-protocol."""

from __future__ import annotations

ALLOW_ORIGIN = "access-control-allow-origin"
ALLOW_METHODS = "access-control-allow-methods"
ALLOW_HEADERS = "access-control-allow-headers"
ALLOW_CREDENTIALS = "access-control-allow-credentials"
EXPOSE_HEADERS = "access-control-expose-headers"
MAX_AGE = "access-control-max-age"
REQUEST_METHOD = "access-control-request-method"
REQUEST_HEADERS = "access-control-request-headers"


def titled(name: str) -> str:
    """A header's name as people write it: ``Access-Control-Allow-Origin``."""
    return "-".join(word.capitalize() for word in name.split("-"))
