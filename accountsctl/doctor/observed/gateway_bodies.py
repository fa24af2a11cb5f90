"""What API Gateway's own words tell of a response of which curl without -i shows the body alone.

The messages are those of the gateway responses, as captured; what an application says is not among them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class GatewayRefusal:
    """The status and the x-amzn-ErrorType that go with a message; the type is empty for an HTTP API's."""

    status: int
    error_type: str = ""


_MESSAGES = (
    ("Missing Authentication Token", GatewayRefusal(403, "MissingAuthenticationTokenException")),
    ("Forbidden", GatewayRefusal(403, "ForbiddenException")),
    (r"Forbidden\. For .*", GatewayRefusal(403, "AccessDeniedException")),
    ("Unauthorized", GatewayRefusal(401, "UnauthorizedException")),
    ("The incoming token has expired", GatewayRefusal(401, "UnauthorizedException")),
    (
        r"User(: anonymous|: arn:.*)? is not authorized to (access this resource|perform).*",
        GatewayRefusal(403, "AccessDeniedException"),
    ),
    (
        r".*(requires 'Credential' parameter|key=value pair \(missing equal-sign\)).*",
        GatewayRefusal(403, "IncompleteSignatureException"),
    ),
    ("The security token included in the request is expired", GatewayRefusal(403, "ExpiredTokenException")),
    (
        "The security token included in the request is invalid.*",
        GatewayRefusal(403, "UnrecognizedClientException"),
    ),
    ("The request signature we calculated .*", GatewayRefusal(403, "InvalidSignatureException")),
    ("Signature expired: .*", GatewayRefusal(403, "InvalidSignatureException")),
    ("Too Many Requests", GatewayRefusal(429, "TooManyRequestsException")),
    ("Limit Exceeded", GatewayRefusal(429, "LimitExceededException")),
    # Of a function that failed; of a configuration that is wrong it is 500.
    ("Internal server error", GatewayRefusal(502, "InternalServerErrorException")),
    ("Endpoint request timed out", GatewayRefusal(504, "InternalServerErrorException")),
    # HTTP APIs.
    ("Not Found", GatewayRefusal(404)),
    ("Internal Server Error", GatewayRefusal(500)),
    ("Service Unavailable", GatewayRefusal(503)),
)
_BODY = re.compile(r'^\s*\{\s*"[Mm]essage"\s*:\s*"(?P<said>(?:[^"\\]|\\.){1,4000})"\s*\}', re.DOTALL)
_PATTERNS = tuple((re.compile(message, re.DOTALL), refusal) for message, refusal in _MESSAGES)


def refusal_of(body: str) -> GatewayRefusal | None:
    """What goes with a body; None if its words are not API Gateway's."""
    found = _BODY.match(body)
    if found is None:
        return None
    said = found["said"].replace('\\"', '"')
    return next((refusal for pattern, refusal in _PATTERNS if pattern.fullmatch(said)), None)


_FAILED = "InternalServerErrorException"
"""Of a function that failed with 502; of a preflight's MOCK, which calls none, with 500."""
_OF_TYPES = {refusal.error_type: refusal.status for _, refusal in reversed(_MESSAGES) if refusal.error_type}


def status_of_type(error_type: str, *, preflight: bool) -> int:
    """The usual status of an x-amzn-ErrorType; 0 if it is not one of these."""
    if error_type == _FAILED:
        return 500 if preflight else 502
    return _OF_TYPES.get(error_type, 0)
