"""Public reports of the first set whose request itself was refused, or never sent."""

from __future__ import annotations

from dataclasses import replace

from tests.faults.reported.answers import BAD, TIMEOUT
from tests.faults.reported.apis import COGNITO, sam
from tests.faults.reported.report import (
    ANY,
    EDGE,
    Headers,
    Report,
    Response,
    passed,
)

NO_METHOD = Response(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
UNAUTHORIZED = Response(401, "UnauthorizedException", "Unauthorized")
FORBIDDEN = Response(403, "ForbiddenException", "Forbidden")
AUTHORIZER = Response(500, "AuthorizerConfigurationException")
BY_CLOUDFRONT: Headers = (
    ("server", "CloudFront"),
    ("x-cache", "Error from cloudfront"),
    ("via", "1.1 60c0.cloudfront.net (CloudFront)"),
    ("x-amz-cf-pop", "NRT20-C4"),
    ("x-amz-cf-id", "AbCdEf=="),
)
ITEMS = Response(200, body="[]", headers=(("content-type", "application/json"),))
CLOUDFRONT = "https://d222222abcdef8.cloudfront.net"
LOGIN = "https://shop.auth.ap-southeast-2.amazoncognito.com/"
CORS_FOR_ALL = {"AllowMethods": "'*'", "AllowHeaders": "'Content-Type'", "AllowOrigin": "'*'"}
REFUSALS = (
    Report(
        "aws/serverless-application-model#1983",
        ("auth.no-token",),
        None,
        UNAUTHORIZED,
        sam(Cors="'*'", Auth={**COGNITO, "AddDefaultAuthorizerToCorsPreflight": False}),
        asks=(),
        origin="http://localhost:3000",
    ),
    Report("scartill/easysam#25", ("auth.no-token",), None, UNAUTHORIZED, asks=()),
    Report("aws-amplify/amplify-js#1855", ("auth.iam-no-token",), None, NO_METHOD, asks=()),
    Report(
        "qiita.com/hshota28/items/08ff662f4c995e02ffb7",
        ("deploy.stale", "deploy.wrong-path"),
        None,
        NO_METHOD,
        asks=(),
    ),
    Report("jch254/serverless-node-dynamodb-api#10", ("auth.lambda-deny",), passed(), UNAUTHORIZED),
    Report("serverless/examples#305", ("auth.lambda-authorizer-500",), passed(), AUTHORIZER),
    Report("serverless/serverless#829", ("auth.lambda-authorizer-500",), passed(), AUTHORIZER, method="POST"),
    Report(
        "massif-press/compcon#2237",
        ("auth.quota",),
        passed(("x-api-key",)),
        Response(429, "LimitExceededException", "Limit Exceeded"),
        asks=("x-api-key",),
    ),
    Report(
        "aws/context-ontology-accelerator#135",
        ("auth.waf",),
        passed(("authorization", "content-type")),
        replace(FORBIDDEN, headers=ANY),
        asks=("authorization", "content-type"),
        method="POST",
        sends=12000,
    ),
    Report(
        "aws-samples/cloudfront-authorization-at-edge#233",
        ("client.redirect",),
        None,
        Response(307, headers=(*ANY, ("location", f"{LOGIN}oauth2/authorize?client_id=1")), gateway=False),
        url=EDGE,
        asks=(),
        redirected=Response(302, headers=(("location", f"{LOGIN}login?client_id=1"),), gateway=False),
    ),
    Report(
        "aws/context-ontology-accelerator#130",
        ("client.csp",),
        None,
        None,
        url=f"{LOGIN}oauth2/token",
        method="POST",
        asks=(),
        failure="net::ERR_BLOCKED_BY_CSP",
    ),
)
FUNCTIONS = (
    Report(
        "anomalyco/guide#199",
        ("int.throws",),
        passed(("content-type",)),
        BAD,
        method="POST",
        asks=("content-type",),
    ),
    Report("aws-samples/sample-connected-mobility-solution-on-aws#58", ("int.throws",), passed(), BAD),
    Report(
        "aws/serverless-application-model#840",
        ("int.lambda-timeout",),
        passed(("content-type",)),
        BAD,
        sam(Cors=CORS_FOR_ALL),
        asks=("content-type",),
        milliseconds=3050,
    ),
    Report(
        "serverless/serverless#4819",
        ("int.gateway-timeout",),
        passed(("content-type",)),
        TIMEOUT,
        method="POST",
        asks=("content-type",),
        milliseconds=29040,
    ),
)
