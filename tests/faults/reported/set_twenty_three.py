"""Public reports, twenty-third set: threads of API Gateway with the whole template and Chrome's recording.

Of the 30 of the first run four stay at the page's own origin, to which CORS does not apply. Of the other 26 the doctor
named 22 first or among at most two with template and recording. Those that it did not name are here, and the one of
nine fresh ones after that.
"""

from __future__ import annotations

from typing import Any

from tests.faults.reported.apis import CALLS, STAR, Template, http, sam
from tests.faults.reported.report import ANY, HTTP, Report, Response, passed
from tests.faults.reported.templates import Shown

VPC_ENDPOINT = "https://vpce-0ab12cd34ef567890-1a2b3c4d.execute-api.eu-west-1.vpce.amazonaws.com/dev/items"
SIGNED = ("authorization", "x-amz-date", "x-amz-security-token")
IAM = sam(Cors="'*'", Auth={"DefaultAuthorizer": "AWS_IAM", "AddDefaultAuthorizerToCorsPreflight": False})


def by_function(identity: str, **authorizer: Any) -> Template:
    """A SAM API whose Lambda authorizer reads this header."""
    read = {"FunctionArn": {"Ref": "Authorizer"}, "Identity": {"Header": identity}, **authorizer}
    auth = {
        "DefaultAuthorizer": "Function",
        "Authorizers": {"Function": read},
        "AddDefaultAuthorizerToCorsPreflight": False,
    }
    return sam(Cors=STAR, Auth=auth)


def with_authorizing_function() -> Template:
    """An HTTP API whose route calls a Lambda authorizer, without simple responses."""
    body = http("GET /items", cors={"AllowOrigins": ["*"], "AllowHeaders": ["*"]}, jwt=True)
    body["Resources"]["Route"]["Properties"]["AuthorizationType"] = "CUSTOM"
    body["Resources"]["Jwt"]["Properties"] = {
        "ApiId": {"Ref": "Api"},
        "Name": "function",
        "AuthorizerType": "REQUEST",
        "AuthorizerUri": CALLS,
        "AuthorizerPayloadFormatVersion": "2.0",
        "IdentitySource": ["$request.header.Authorization"],
    }
    return body


MAPPED_TWICE = by_function("method.request.header.Authorization")
TWENTY_THREE = (
    # A group's role has no policy for the API.
    Report(
        "aws-amplify/amplify-js#13785",
        ("auth.iam-denied",),
        passed(SIGNED),
        Response(403, "AccessDeniedException", headers=(("content-length", "301"),)),
        IAM,
        asks=SIGNED,
    ),
    # A preflight names no API where the host is that of a VPC endpoint.
    Report(
        "aws-amplify/amplify-js#6514",
        ("deploy.vpce-host",),
        Response(403, "ForbiddenException", "Forbidden"),
        None,
        sam(EndpointConfiguration={"Type": "PRIVATE"}),
        url=VPC_ENDPOINT,
        asks=("x-apigw-api-id",),
    ),
    Report(
        "ivanderbu2/serverless-newsletter-signup#1",
        ("int.malformed",),
        passed(("content-type",)),
        Response(502, "InternalServerErrorException", "Internal server error"),
        sam(method="post", Cors="'*'"),
        method="POST",
        asks=("content-type",),
    ),
    # The console's Token Source takes the header's name, and was given a mapping.
    Report(
        "auth0/docs#5106",
        ("auth.cognito-identity-source",),
        passed(),
        Response(401, "UnauthorizedException", "Unauthorized"),
        MAPPED_TWICE,
    ),
    Report(
        "anomalyco/sst#1712",
        ("auth.lambda-authorizer-500",),
        Response(204, headers=(*ANY, ("access-control-allow-headers", "*"), ("apigw-requestid", "Q1="))),
        Response(
            500,
            message="Internal Server Error",
            headers=(*ANY, ("apigw-requestid", "Q1=")),
            gateway=False,
            body='{"message":"Internal Server Error"}',
        ),
        with_authorizing_function(),
        url=HTTP,
    ),
    # The function behind ANY reads JSON alone, and refuses OPTIONS for it.
    Report(
        "middyjs/middy#977",
        ("preflight.proxy-any-lambda",),
        Response(415, headers=(("content-length", "22"), ("x-amzn-trace-id", "Root=1-6a29;Sampled=0"))),
        None,
        sam(path="/{proxy+}", method="any"),
        method="POST",
        asks=("content-type",),
    ),
)
SHOWN_TWENTY_THREE = (
    Shown("auth0/docs#5106", ("auth.cognito-identity-source",), MAPPED_TWICE, headers=("authorization",)),
)
