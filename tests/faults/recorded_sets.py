"""Answers that several causes share: the set that an answer alone cannot tell apart."""

from __future__ import annotations

from accountsctl.doctor.browser.page_request import Credential
from tests.faults.recorded import DOMAIN, FUNCTION, INCOMPLETE, INCOMPLETE_NEW, ONE_CAUSE, Recorded

COGNITO = (
    "auth.cognito-identity-source",
    "auth.cognito-wrong-pool",
    "auth.lambda-deny",
    "auth.cognito-access-no-scope",
    "auth.cognito-id-with-scope",
    "auth.cognito-scope-mismatch",
    "auth.cognito-regex",
    "auth.cognito-other-client",
)
BROKEN_INTEGRATIONS = (
    "int.no-permission",
    "int.wrong-source-arn",
    "int.http-method",
    "int.stage-variable",
    "int.selection-pattern",
    "int.lambda-throttled",
)
SEVERAL_CAUSES: tuple[Recorded, ...] = (
    Recorded(
        ("httpapi.no-cors",),
        204,
        headers=(("apigw-requestid", "AbCdEf="),),
        key="",
        message="",
        preflight=True,
    ),
    Recorded(
        (
            "preflight.no-options",
            "deploy.wrong-path",
            "deploy.default-endpoint-disabled",
            "preflight.proxy-any-lambda",
        ),
        404,
        message="Not Found",
        headers=(("apigw-requestid", "AbCdEf="),),
        preflight=True,
    ),
    Recorded(("function-url.no-cors",), 200, key="", message="", preflight=True, url=FUNCTION),
    Recorded(
        ("httpapi.default-route", "preflight.proxy-any-lambda"), 401, message="Unauthorized", preflight=True
    ),
    Recorded(
        ("edge.cf-methods", "edge.cf-host"),
        403,
        message="<html>",
        key="",
        headers=(("Content-Type", "text/html"), ("Server", "CloudFront")),
        preflight=True,
        url=DOMAIN,
    ),
    Recorded(
        ("edge.cf-methods",),
        403,
        message="This distribution is not configured to allow the HTTP request method that was used for this request.",
        headers=(("Content-Type", "text/html"), ("Server", "CloudFront")),
        preflight=True,
        url=DOMAIN,
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
        url=DOMAIN,
    ),
    Recorded(
        ("auth.iam-no-token", "deploy.stale"),
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
        url=DOMAIN,
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
        url=DOMAIN,
    ),
    Recorded(
        ("auth.no-token",),
        401,
        "UnauthorizedException",
        "Unauthorized",
        credential=Credential.NONE,
    ),
    Recorded(
        ("function-url.no-cors",),
        403,
        "AccessDeniedException",
        "Forbidden",
        preflight=True,
        key="Message",
        url=FUNCTION,
    ),
    Recorded(
        ("function-url.iam", "function-url.no-permission"),
        403,
        "AccessDeniedException",
        "Forbidden",
        key="Message",
        url=FUNCTION,
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
        BROKEN_INTEGRATIONS,
        500,
        "InternalServerErrorException",
        "Internal server error",
    ),
    Recorded(
        (
            "preflight.mock-no-template",
            "preflight.mock-status-unmapped",
            "preflight.binary-media",
            *BROKEN_INTEGRATIONS,
        ),
        500,
        "InternalServerErrorException",
        "Internal server error",
        preflight=True,
    ),
    Recorded(
        (
            "deploy.no-stage",
            "deploy.default-endpoint-disabled",
            "deploy.private",
            "preflight.api-key",
        ),
        403,
        "ForbiddenException",
        "Forbidden",
        preflight=True,
    ),
    Recorded(
        (
            "deploy.no-mapping",
            "deploy.mtls",
            "deploy.stage-in-domain-path",
            "preflight.api-key",
            "edge.cf-host",
        ),
        403,
        "ForbiddenException",
        "Forbidden",
        preflight=True,
        url=DOMAIN,
    ),
)
RECORDED = (*ONE_CAUSE, *SEVERAL_CAUSES)
