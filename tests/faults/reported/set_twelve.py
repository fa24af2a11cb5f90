"""Public reports, twelfth set: of APIs on AWS, written down after the doctor had been corrected by the eleventh.

Each was rebuilt, and its cause written down, before the doctor saw any: 18 of these 20 were named right or among at
most two at the first run, 12 of them alone.
"""

from __future__ import annotations

from tests.faults.reported.answers import BAD, FAILED, ISSUER, NOT_SIGNED, SIGNED, token
from tests.faults.reported.apis import ALLOWED, COGNITO, STAR, body, mock, proxied, sam
from tests.faults.reported.options import NO_ROUTE, UNAUTHORIZED
from tests.faults.reported.report import ALLOW, ANY, OPEN, Report, Response, passed
from tests.faults.reported.servers import JSON, LOCAL, answer
from tests.faults.reported.set_nine import DEFAULT_HEADERS, HTTP_API
from tests.faults.reported.templates import Shown

EDGE = "https://d111111abcdef8.cloudfront.net"
OPTIONS = (
    Report(
        "super-easy-forms/super-easy-forms#29",
        ("preflight.no-options",),
        NO_ROUTE,
        url="https://4s6l9213ge.execute-api.us-east-1.amazonaws.com/DeploymentStage/",
        method="POST",
        asks=("content-type",),
        origin="null",
    ),
    # The name of the resource is in the base URL and in the path.
    Report(
        "anomalyco/guide#48",
        ("deploy.wrong-path",),
        NO_ROUTE,
        template=body({"/notes": {"post": proxied(), "options": mock(**ALLOWED)}}),
        url="https://abc123.execute-api.us-east-1.amazonaws.com/dev/notes/notes",
        method="POST",
        asks=("authorization", "content-type"),
        origin=LOCAL,
    ),
    Report(
        "aws-amplify/amplify-js#3007",
        ("preflight.mock-no-template",),
        FAILED,
        asks=SIGNED,
        origin="http://localhost:4200",
    ),
    Report(
        "aws/aws-cdk#25923",
        ("acao.list",),
        answer(
            204,
            (f"{ALLOW}origin", "https://sitea.com,https://siteb.com"),
            (f"{ALLOW}methods", "*"),
            (f"{ALLOW}headers", "*"),
            (f"{ALLOW}credentials", "true"),
            HTTP_API,
        ),
        url="https://abc123.execute-api.us-east-1.amazonaws.com/items",
        asks=("content-type",),
        method="POST",
        credentials=True,
        origin="https://sitea.com",
    ),
    Report(
        "dherault/serverless-offline#57",
        ("preflight.no-options",),
        answer(404, ("content-type", "application/json; charset=utf-8"), ("cache-control", "no-cache")),
        url="http://localhost:3000/dev/items",
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "awslabs/aws-js-s3-explorer#38",
        ("edge.s3-no-cors",),
        answer(
            403, ("content-type", "application/xml"), ("server", "AmazonS3"), ("x-amz-request-id", "8B01")
        ),
        url="https://bucket.s3.amazonaws.com/test2/test10Mb.file?uploads",
        method="POST",
        asks=(*SIGNED, "x-amz-user-agent"),
        origin="https://site.com",
    ),
)
RESPONSES = (
    Report(
        "apollographql/apollo-server#315",
        ("acao.missing-actual",),
        Response(200, headers=(*OPEN, (f"{ALLOW}headers", DEFAULT_HEADERS))),
        Response(200, body='{"data":{}}', headers=JSON),
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "awslabs/aws-mobile-appsync-sdk-js#200",
        ("int.gateway-timeout",),
        answer(200, *passed(("x-amz-user-agent", "authorization")).headers),
        answer(504, *JSON, ("x-amzn-requestid", "7f1c"), ("x-cache", "Error from cloudfront")),
        url="https://abcdefghijklmnopqrstuvwxyz.appsync-api.us-east-1.amazonaws.com/graphql",
        method="POST",
        asks=("authorization", "content-type", "x-amz-user-agent"),
        origin=LOCAL,
        milliseconds=30_120,
    ),
    Report(
        "middyjs/middy#266",
        ("int.throws",),
        passed(("content-type",)),
        BAD,
        method="POST",
        asks=("content-type",),
    ),
    # A warm function keeps the headers of the response before.
    Report(
        "middyjs/middy#1263",
        ("acao.host", "acao.scheme"),
        None,
        Response(200, body="{}", headers=((f"{ALLOW}origin", "https://example.org"), *JSON)),
        asks=(),
        origin=LOCAL,
    ),
    # The API is guarded by IAM; the page sends a JWT.
    Report(
        "aws-amplify/amplify-js#7749",
        ("auth.iam-not-cognito",),
        passed(),
        NOT_SIGNED,
        url="https://abc123.execute-api.us-east-1.amazonaws.com/dev/items",
        origin=LOCAL,
    ),
    Report(
        "aws-amplify/amplify-js#3706",
        ("auth.cognito-access-no-scope",),
        passed(),
        UNAUTHORIZED,
        token=token(token_use="access", iss=ISSUER, exp=4000000000),
        origin="http://localhost:4200",
    ),
    Report(
        "aws-amplify/amplify-hosting#527",
        ("client.redirect",),
        None,
        answer(301, ("location", "https://www.example.com/data.json"), ("server", "CloudFront")),
        url="https://example.com/data.json",
        asks=(),
        origin="https://example.com",
        redirected=answer(200, *JSON, ("x-cache", "Hit from cloudfront")),
    ),
    Report(
        "awslabs/cognito-at-edge#57",
        ("client.redirect",),
        None,
        answer(
            302,
            (
                "location",
                "https://auth.example.com/authorize?redirect_uri=https://d111111abcdef8.cloudfront.net",
            ),
            ("x-cache", "LambdaGeneratedResponse from cloudfront"),
        ),
        url=f"{EDGE}/api/items",
        asks=(),
        origin=EDGE,
        redirected=answer(302, ("location", "https://auth.example.com/login")),
    ),
    # The handler writes to the headers of an undefined output.
    Report(
        "apollographql/apollo-server#759",
        ("int.throws",),
        None,
        BAD,
        url="https://abc123.execute-api.eu-west-1.amazonaws.com/Prod/graphql",
        method="POST",
        asks=(),
    ),
)
EVENT = {"Type": "Api", "Properties": {"Path": "/hello", "Method": "GET"}}
SHOWN = (
    Shown(
        "aws-amplify/amplify-js#3456",
        ("preflight.cognito",),
        sam(path="/session", Auth=COGNITO, Cors="'*'"),
        path="/session",
        headers=("authorization",),
    ),
    # The example of the documentation.
    Shown(
        "aws-powertools/powertools-lambda-python#3373",
        ("preflight.binary-media",),
        {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Transform": "AWS::Serverless-2016-10-31",
            "Globals": {
                "Api": {
                    "TracingEnabled": True,
                    "Cors": {
                        "AllowOrigin": "'https://example.com'",
                        "AllowHeaders": "'Content-Type,Authorization,X-Amz-Date'",
                        "MaxAge": "'300'",
                    },
                    "BinaryMediaTypes": ["*~1*"],
                },
            },
            "Resources": {
                "ApiFunction": {
                    "Type": "AWS::Serverless::Function",
                    "Properties": {
                        "Handler": "app.lambda_handler",
                        "Runtime": "python3.13",
                        "CodeUri": "api_handler/",
                        "Events": {"AnyApiEvent": EVENT},
                    },
                }
            },
        },
        path="/hello",
        headers=("authorization",),
        origin="https://example.com",
    ),
    Shown(
        "CodeGenieApp/serverless-express#90",
        ("acah.custom",),
        body(
            {
                "/login": {
                    "post": proxied(),
                    "options": mock(
                        Origin="'http://34.215.214.199:3000'",
                        Headers=f"'{DEFAULT_HEADERS},Access-Control-Allow-Headers'",
                        Methods="'OPTIONS,POST'",
                    ),
                }
            }
        ),
        path="/login",
        method="POST",
        headers=("content-type", "sessionid"),
        origin="http://34.215.214.199:3000",
    ),
    Shown(
        "aws/serverless-application-model#2350",
        ("preflight.api-key",),
        sam(
            Auth={
                **COGNITO,
                "AddDefaultAuthorizerToCorsPreflight": False,
                "ApiKeyRequired": True,
                "UsagePlan": {"CreateUsagePlan": "PER_API"},
            },
            Cors=STAR,
        ),
        headers=("authorization", "x-api-key"),
    ),
)
# Nothing is blocked: the page reads a header as null.
HIDDEN = (
    Report(
        "kndt84/aws-api-gateway-client#40",
        ("expose.missing",),
        passed(SIGNED),
        Response(200, body="[]", headers=(*ANY, *JSON, ("x-pagination-total-count", "20"))),
        asks=SIGNED,
    ),
)
SET_TWELVE = (*OPTIONS, *RESPONSES)
