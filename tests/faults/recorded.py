"""Answers as API Gateway gives them, for the causes that only an answer tells, and for those that answers cannot tell.

Bodies and error types are those that people captured (the sources stand on the cards).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from accountsctl.doctor.browser.page_request import Credential, PageRequest
from accountsctl.doctor.browser.verdict import FetchResponse
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.facts.places import Layer, SourcePlace
from accountsctl.doctor.facts.request_failures import RequestFailure

ORIGIN = "https://app.example.com"
DOMAIN = "https://api.example.com/items"
FUNCTION = "https://abc123.lambda-url.eu-west-1.on.aws/items"
OTHER = "http://localhost:8080/api/items"
URL = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/items"
CORS = (("Access-Control-Allow-Origin", "*"),)
ALLOWED = FetchResponse(
    204,
    (
        *CORS,
        ("Access-Control-Allow-Methods", "GET,PUT,OPTIONS"),
        ("Access-Control-Allow-Headers", "authorization,content-type,x-amz-date"),
    ),
)
INCOMPLETE = "Authorization header requires 'Credential' parameter. It requires 'Signature' too."
INCOMPLETE_NEW = (
    "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with "
    "Base64): 'abc='."
)


@dataclass(frozen=True)
class Recorded:
    """What came back: for the preflight or the request itself, and the causes that it may be of."""

    ids: tuple[str, ...]
    status: int
    error_type: str = ""
    message: Any = None
    preflight: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    failure: RequestFailure | None = None
    key: str = "message"
    url: str = URL
    credential: Credential = Credential.TOKEN
    address: str | None = None

    def exchange(self) -> Exchange:
        """It as an exchange."""
        typed = (("x-amzn-ErrorType", self.error_type),) if self.error_type else ()
        body = self.message if self.key == "" else json.dumps({self.key: self.message})
        answer = None if self.failure else FetchResponse(self.status, (*typed, *self.headers))
        name = "P1" if self.preflight else "P3"
        verb = "OPTIONS" if self.preflight else "GET"
        return Exchange(
            name,
            verb,
            self.url,
            SourcePlace(Layer.LIVE, f"http:{name}"),
            {},
            answer,
            body,
            self.failure,
            address=self.address,
        )


def passed() -> Exchange:
    """A preflight that went well."""
    return Exchange("P1", "OPTIONS", URL, SourcePlace(Layer.LIVE, "http:P1"), {}, ALLOWED)


def ask(**changes: Any) -> PageRequest:
    """A page's request with a token."""
    plain = {"origin": ORIGIN, "path": "/items", "url": URL, "credential": Credential.TOKEN}
    return PageRequest(**{**plain, **changes})


ONE_CAUSE: tuple[Recorded, ...] = (
    Recorded(
        ("edge.no-behavior",),
        200,
        message="<!doctype html>",
        key="",
        headers=(("Content-Type", "text/html"), ("X-Cache", "Hit from cloudfront")),
        url=f"{ORIGIN}/api/items",
    ),
    # one cause each
    Recorded(
        ("auth.iam-clock",),
        403,
        "InvalidSignatureException",
        "Signature expired: 20260101T000000Z is now ...",
    ),
    Recorded(
        ("auth.iam-bad-signature",),
        403,
        "InvalidSignatureException",
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret ...",
    ),
    Recorded(
        ("auth.iam-unknown-key",),
        403,
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
    ),
    Recorded(
        ("auth.iam-unknown-key",),
        403,
        "AccessDeniedException",
        "The security token included in the request is invalid.",
        key="Message",
    ),
    Recorded(
        ("auth.iam-expired",),
        403,
        "ExpiredTokenException",
        "The security token included in the request is expired",
    ),
    Recorded(
        ("auth.iam-denied",),
        403,
        "AccessDeniedException",
        "User: arn:aws:sts::123456789012:assumed-role/x/y is not authorized to perform: execute-api:Invoke on ...",
        key="Message",
    ),
    Recorded(
        ("auth.resource-policy",),
        403,
        "AccessDeniedException",
        "User: anonymous is not authorized to perform: execute-api:Invoke on resource: ...",
        preflight=True,
        key="Message",
    ),
    Recorded(("auth.cognito-expired",), 401, "UnauthorizedException", "The incoming token has expired"),
    Recorded(("auth.throttle",), 429, "TooManyRequestsException", "Too Many Requests"),
    Recorded(("auth.quota",), 429, "LimitExceededException", "Limit Exceeded"),
    Recorded(("gwresp.413",), 413, "RequestTooLargeException", "Request Too Long"),
    Recorded(
        ("preflight.mock-passthrough-415",),
        415,
        "BadRequestException",
        "Unsupported Media Type",
        preflight=True,
    ),
    Recorded(
        ("preflight.validator",),
        400,
        "BadRequestException",
        "Missing required request parameters: [X-Tenant]",
        preflight=True,
    ),
    Recorded(("preflight.redirect",), 301, preflight=True, headers=(("Location", "https://example.com/"),)),
    Recorded(("preflight.proxy-any-lambda",), 405, preflight=True, message="no", headers=CORS),
    Recorded(("acao.missing-actual",), 200, message="fine"),
    Recorded(("acao.missing-error-path",), 404, message="not there"),
    Recorded(
        ("httpapi.error-without-cors",), 401, message="Unauthorized", headers=(("apigw-requestid", "Ab="),)
    ),
    Recorded(("acao.duplicate",), 200, headers=(*CORS, *CORS)),
    Recorded(("acao.host",), 200, headers=(("Access-Control-Allow-Origin", "https://other.example.com"),)),
    Recorded(
        ("edge.cf-error-page",), 200, message="<html>", key="", headers=(("Content-Type", "text/html"),)
    ),
    Recorded(("edge.s3-no-cors",), 200, headers=(("Server", "AmazonS3"),)),
    Recorded(("edge.s3-no-cors",), 403, preflight=True, headers=(("Server", "AmazonS3"),)),
    Recorded(("edge.cf-origin-header",), 200, headers=(("X-Cache", "Hit from cloudfront"),)),
    Recorded(("deploy.wrong-host",), 0, failure=RequestFailure.DNS, preflight=True),
    Recorded(("deploy.tls",), 0, failure=RequestFailure.TLS, preflight=True),
    Recorded(("deploy.no-https",), 0, failure=RequestFailure.NO_HTTPS, preflight=True),
    Recorded(("client.blocked",), 0, failure=RequestFailure.BLOCKED, preflight=True),
    Recorded(("client.csp",), 0, failure=RequestFailure.CSP, preflight=True),
    Recorded(("client.lna",), 0, failure=RequestFailure.LOCAL_NETWORK, preflight=True),
    Recorded(("client.not-http",), 0, failure=RequestFailure.NOT_HTTP),
    Recorded(("client.aborted",), 0, failure=RequestFailure.ABORTED),
    Recorded(("client.resource-policy",), 0, failure=RequestFailure.RESOURCE_POLICY),
    Recorded(("client.cached-without-cors",), 0, failure=RequestFailure.CACHED),
    Recorded(("deploy.unreachable",), 0, failure=RequestFailure.UNREACHABLE),
    Recorded(("preflight.authenticated",), 401, preflight=True, url=OTHER),
    Recorded(("preflight.non-2xx",), 409, preflight=True, headers=CORS),
)
