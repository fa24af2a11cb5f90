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

ORIGIN = "https://app.example.com"
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
    failure: str | None = None
    key: str = "message"

    def exchange(self) -> Exchange:
        """It as an exchange."""
        typed = (("x-amzn-ErrorType", self.error_type),) if self.error_type else ()
        body = self.message if self.key == "" else json.dumps({self.key: self.message})
        answer = None if self.failure else FetchResponse(self.status, (*typed, *self.headers))
        name = "P1" if self.preflight else "P3"
        verb = "OPTIONS" if self.preflight else "GET"
        return Exchange(
            name, verb, URL, SourcePlace(Layer.LIVE, f"http:{name}"), {}, answer, body, self.failure
        )


def passed() -> Exchange:
    """A preflight that went well."""
    return Exchange("P1", "OPTIONS", URL, SourcePlace(Layer.LIVE, "http:P1"), {}, ALLOWED)


def ask(**changes: Any) -> PageRequest:
    """A page's request with a token."""
    plain = {"origin": ORIGIN, "path": "/items", "url": URL, "credential": Credential.TOKEN}
    return PageRequest(**{**plain, **changes})


COGNITO = (
    "auth.sigv4-to-cognito",
    "auth.cognito-identity-source",
    "auth.cognito-wrong-pool",
    "auth.cognito-expired",
    "auth.cognito-access-no-scope",
    "auth.cognito-id-with-scope",
    "auth.cognito-scope-mismatch",
    "auth.cognito-regex",
    "auth.cognito-other-client",
)
RECORDED: tuple[Recorded, ...] = (
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
    Recorded(("acao.duplicate",), 200, headers=(*CORS, *CORS)),
    Recorded(("acao.host",), 200, headers=(("Access-Control-Allow-Origin", "https://other.example.com"),)),
    Recorded(
        ("edge.cf-error-page",), 200, message="<html>", key="", headers=(("Content-Type", "text/html"),)
    ),
    Recorded(("edge.cf-origin-header",), 200, headers=(("X-Cache", "Hit from cloudfront"),)),
    Recorded(("deploy.wrong-host",), 0, failure="dns", preflight=True),
    Recorded(("deploy.tls",), 0, failure="tls", preflight=True),
    Recorded(("client.blocked",), 0, failure="blocked", preflight=True),
    Recorded(("client.csp",), 0, failure="csp", preflight=True),
    Recorded(("client.lna",), 0, failure="local network", preflight=True),
    Recorded(("preflight.non-2xx",), 409, preflight=True, headers=CORS),
    # sets
    Recorded(
        ("httpapi.default-route", "preflight.proxy-any-lambda"), 401, message="Unauthorized", preflight=True
    ),
    Recorded(
        ("edge.cf-methods", "edge.get-body", "preflight.proxy-any-lambda"),
        403,
        message="<html>",
        key="",
        headers=(("Content-Type", "text/html"), ("Server", "CloudFront")),
        preflight=True,
    ),
    Recorded(
        ("edge.cf-methods",),
        403,
        message="This distribution is not configured to allow the HTTP request method that was used for this request.",
        headers=(("Content-Type", "text/html"), ("Server", "CloudFront")),
        preflight=True,
    ),
    Recorded(
        ("edge.proxy-error",),
        413,
        message="<html><h1>413 Request Entity Too Large</h1></html>",
        key="",
        headers=(("Content-Type", "text/html"), ("Server", "nginx")),
    ),
    Recorded(
        ("edge.proxy-error",),
        504,
        message="<html><center><h1>504 Gateway Time-out</h1></center></html>",
        key="",
        headers=(("Content-Type", "text/html"), ("Server", "awselb/2.0")),
    ),
    Recorded(("client.redirect",), 301, headers=(("Location", "https://api.example.com/items/"),)),
    Recorded(("auth.api-key", "auth.waf"), 403, "ForbiddenException", "Forbidden"),
    Recorded(
        ("auth.iam-no-token", "edge.cf-authorization", "deploy.stale"),
        403,
        "MissingAuthenticationTokenException",
        "Missing Authentication Token",
    ),
    Recorded(
        (
            "preflight.proxy-root",
            "preflight.child-resource",
            "preflight.no-options",
            "preflight.iam",
            "deploy.stage-in-domain-path",
            "deploy.wrong-path",
            "deploy.stale",
        ),
        403,
        "MissingAuthenticationTokenException",
        "Missing Authentication Token",
        preflight=True,
    ),
    Recorded(
        ("auth.iam-not-cognito", "auth.route-missing+token", "deploy.stale"),
        403,
        "IncompleteSignatureException",
        INCOMPLETE,
    ),
    Recorded(
        ("auth.iam-not-cognito", "auth.route-missing+token", "deploy.stale"),
        403,
        "IncompleteSignatureException",
        INCOMPLETE_NEW,
    ),
    Recorded(
        ("preflight.cognito", "preflight.lambda-authorizer"),
        401,
        "UnauthorizedException",
        "Unauthorized",
        preflight=True,
    ),
    Recorded(
        (*COGNITO, "auth.pool-unreachable", "edge.cf-authorization"),
        401,
        "UnauthorizedException",
        "Unauthorized",
    ),
    Recorded(
        ("auth.lambda-deny", "auth.authorizer-cache"),
        403,
        "AccessDeniedException",
        "User is not authorized to access this resource with an explicit deny",
        key="Message",
    ),
    Recorded(
        ("auth.lambda-authorizer-500", "auth.pool-unreachable"), 500, "AuthorizerConfigurationException", None
    ),
    Recorded(
        (
            "int.malformed",
            "int.throws",
            "int.lambda-timeout",
            "int.aurora-resume",
            "int.lambda-throttled",
            "int.response-too-big",
            "auth.not-attached",
        ),
        502,
        "InternalServerErrorException",
        "Internal server error",
    ),
    Recorded(
        ("int.gateway-timeout", "int.aurora-resume"),
        504,
        "InternalServerErrorException",
        "Endpoint request timed out",
    ),
    Recorded(
        (
            "int.no-permission",
            "int.wrong-source-arn",
            "int.http-method",
            "int.stage-variable",
            "int.selection-pattern",
            "int.lambda-throttled",
        ),
        500,
        "InternalServerErrorException",
        "Internal server error",
    ),
    Recorded(
        (
            "preflight.mock-no-template",
            "preflight.mock-status-unmapped",
            "preflight.binary-media",
            "int.no-permission",
            "int.wrong-source-arn",
            "int.http-method",
            "int.stage-variable",
            "int.selection-pattern",
            "int.lambda-throttled",
        ),
        500,
        "InternalServerErrorException",
        "Internal server error",
        preflight=True,
    ),
    Recorded(
        (
            "deploy.no-stage",
            "deploy.no-mapping",
            "deploy.default-endpoint-disabled",
            "deploy.private",
            "deploy.mtls",
            "deploy.stage-in-domain-path",
            "preflight.api-key",
            "edge.cf-host",
        ),
        403,
        "ForbiddenException",
        "Forbidden",
        preflight=True,
    ),
)
