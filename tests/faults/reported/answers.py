"""Public reports whose request was sent and whose response the page did not get, and the cause that each found."""

from __future__ import annotations

import base64
import json

from tests.faults.changes import drops, guarded, sets
from tests.faults.reported.apis import ALLOWED, body, function_url, mock, proxied, rest, sam
from tests.faults.reported.report import (
    ANY,
    FUNCTION,
    Report,
    Response,
    passed,
)

EXPIRED = Response(401, "UnauthorizedException", "The incoming token has expired")
DENIED = Response(403, "AccessDeniedException", "User is not authorized to access this resource")
INCOMPLETE = "Authorization header requires 'Credential' parameter."
NOT_SIGNED = Response(403, "IncompleteSignatureException", INCOMPLETE)
BAD = Response(502, "InternalServerErrorException", "Internal server error")
FAILED = Response(500, "InternalServerErrorException", "Internal server error")
TIMEOUT = Response(504, "InternalServerErrorException", "Endpoint request timed out")
BARE = Response(200, body="{}", headers=(("content-type", "application/json"),))
IAM = rest(sets("ItemsGet", AuthorizationType="AWS_IAM", AuthorizerId=None))
REQUEST_AUTHORIZER = guarded("ItemsGet", seconds=3600)
SIGNED = ("authorization", "x-amz-date", "x-amz-security-token")


def token(**claims: object) -> str:
    """A token with these claims, unsigned."""
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJub25lIn0.{body}.c2ln"


ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Demo00001"
AUTHORIZERS = (
    Report(
        "serverless/serverless#3191",
        ("auth.cognito-expired",),
        passed(),
        EXPIRED,
        rest(drops("Default4XX")),
        token=token(token_use="id", iss=ISSUER, exp=1000),
    ),
    Report(
        "ustaxcourt/ef-cms-flexion#1063",
        ("auth.cognito-expired",),
        passed(),
        EXPIRED,
        rest(drops("Default4XX")),
    ),
    Report("aws-amplify/amplify-js#8152", ("auth.cognito-expired",), passed(), EXPIRED),
    Report(
        "amazon-archives/amazon-cognito-identity-js#274",
        ("auth.cognito-access-no-scope",),
        passed(),
        Response(401, "UnauthorizedException", "Unauthorized"),
        rest(),
        token=token(token_use="access", iss=ISSUER, exp=4000000000),
    ),
    Report(
        "serverless/serverless#6176", ("auth.authorizer-cache",), passed(), DENIED, rest(REQUEST_AUTHORIZER)
    ),
    Report("auth0-samples/jwt-rsa-aws-custom-authorizer#8", ("auth.authorizer-cache",), passed(), DENIED),
    Report(
        "aws-solutions/digital-evidence-archive-on-aws#65",
        ("auth.authorizer-cache",),
        passed(),
        Response(403, "AccessDeniedException", "User is not authorized to access this resource", ANY),
    ),
    Report(
        "awslabs/aws-api-gateway-developer-portal#320",
        ("auth.iam-denied",),
        passed(SIGNED),
        Response(
            403,
            "AccessDeniedException",
            "User: arn:aws:sts::123456789012:assumed-role/x/y is not authorized to perform: execute-api:Invoke",
        ),
        asks=SIGNED,
    ),
    Report(
        "aws-amplify/amplify-flutter#1539",
        ("auth.iam-not-cognito",),
        passed(),
        Response(403, "IncompleteSignatureException", INCOMPLETE, ANY),
        IAM,
    ),
    Report("aws-amplify/amplify-js#7911", ("auth.iam-not-cognito",), passed(), NOT_SIGNED),
    Report(
        "aws-amplify/amplify-js#13378",
        ("auth.iam-not-cognito",),
        passed(),
        Response(403, "IncompleteSignatureException", INCOMPLETE),
        IAM,
    ),
    Report(
        "aws-amplify/amplify-js#3567",
        ("auth.iam-bad-signature",),
        passed(SIGNED),
        Response(
            403,
            "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided.",
        ),
        asks=SIGNED,
    ),
    Report(
        "awslabs/aws-sdk-rust#515",
        ("function-url.no-permission",),
        None,
        Response(403, "AccessDeniedException", "Forbidden"),
        function_url("NONE", {"AllowOrigins": ["*"]}, public=False),
        url=FUNCTION,
        asks=(),
    ),
    Report(
        "aws/chalice#12",
        ("deploy.wrong-path",),
        None,
        Response(403, "MissingAuthenticationTokenException", "Missing Authentication Token"),
        body({"/item": {"get": proxied()}}),
        asks=(),
    ),
)
FUNCTIONS = (
    Report("aws-amplify/amplify-js#6931", ("int.throws", "int.malformed"), passed(), BAD),
    Report("slank/awsgi#16", ("int.malformed",), passed(), BAD),
    Report(
        "bustle/shep#303",
        ("int.no-permission",),
        None,
        FAILED,
        body({"/items": {"get": proxied()}}),
        asks=(),
    ),
    Report("VdoCipher/cloudhopper#2", ("int.no-permission",), passed(), FAILED),
    Report(
        "aws/serverless-application-model#704",
        ("int.http-method",),
        passed(("content-type",)),
        FAILED,
        {
            "Resources": {
                **sam(
                    DefinitionBody={
                        "swagger": "2.0",
                        "paths": {"/items": {"get": proxied(httpMethod="GET"), "options": mock(**ALLOWED)}},
                    }
                )["Resources"]
            },
            "Transform": "AWS::Serverless-2016-10-31",
        },
        asks=("content-type",),
    ),
    Report(
        "aws/serverless-application-model#2498",
        ("int.gateway-timeout",),
        passed(("content-type",)),
        TIMEOUT,
        sam(
            method="post",
            function={"Timeout": 120},
            Cors={"AllowOrigin": "'*'", "AllowMethods": "'POST, OPTIONS'", "AllowHeaders": "'*'"},
        ),
        asks=("content-type",),
        method="POST",
        milliseconds=29030,
    ),
    Report(
        "aws-amplify/amplify-cli#3032",
        ("int.gateway-timeout", "int.aurora-resume"),
        passed(),
        TIMEOUT,
        method="POST",
        milliseconds=29100,
    ),
    Report(
        "koki-develop/lgtm-generator#10",
        ("gwresp.413",),
        passed(("content-type",)),
        Response(
            413,
            body="HTTP content length exceeded 10485760 bytes.",
            headers=(
                ("content-type", "text; charset=utf-8"),
                ("x-cache", "Error from cloudfront"),
                ("via", "1.1 60c0.cloudfront.net (CloudFront)"),
                ("x-amz-cf-pop", "NRT20-C4"),
            ),
            gateway=False,
        ),
        method="POST",
        asks=("content-type",),
        note=" 10 MB",
    ),
    Report(
        "koki-develop/lgtm-generator#10",
        ("gwresp.413",),
        passed(("content-type",)),
        Response(413, "BadRequestException", "Request Too Long", (("x-cache", "Error from cloudfront"),)),
        method="POST",
        asks=("content-type",),
        note=" 6 MB",
    ),
    Report(
        "avantifellows/plio-frontend#96",
        ("gwresp.413",),
        passed(),
        Response(413, "RequestTooLargeException", "Request Too Long"),
        method="POST",
    ),
    Report(
        "awslabs/aws-api-gateway-developer-portal#296",
        ("acao.missing-error-path", "acao.missing-actual"),
        passed(("content-type",)),
        Response(
            413,
            body='<html lang="en"><pre>PayloadTooLargeError: request entity too large</pre></html>',
            headers=(("content-type", "text/html; charset=utf-8"), ("x-powered-by", "Express")),
        ),
        method="POST",
        asks=("content-type",),
    ),
)
ANSWERS = (*AUTHORIZERS, *FUNCTIONS)
