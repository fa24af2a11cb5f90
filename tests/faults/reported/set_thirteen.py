"""Public reports, thirteenth set: of APIs on AWS, written down after the doctor had been corrected by the twelfth.

Each was rebuilt, and its cause written down, before the doctor saw any: 16 of these 20 were named right or among at
most two at the first run, 11 of them alone. Of two of the others, it named a card that says the same.
"""

from __future__ import annotations

from tests.faults.reported.answers import BAD, FAILED, SIGNED
from tests.faults.reported.apis import sam
from tests.faults.reported.options import FORBIDDEN
from tests.faults.reported.report import ALLOW, ANY, DOMAIN, OPEN, Report, Response, passed
from tests.faults.reported.servers import JSON, LOCAL, UVICORN, allowed, answer
from tests.faults.reported.set_nine import WERKZEUG
from tests.faults.reported.templates import Shown

EDGE = "https://d111111abcdef8.cloudfront.net"
OPTIONS = (
    Report(
        "ministackorg/ministack#406",
        ("acao.wildcard-credentials",),
        answer(
            200,
            *ANY,
            (f"{ALLOW}methods", "GET, POST, PUT, DELETE, HEAD, OPTIONS, PATCH"),
            (f"{ALLOW}headers", "*"),
            ("access-control-expose-headers", "*"),
        ),
        url="http://a1b2c3.execute-api.localhost:4566/live/api/hello",
        asks=("content-type",),
        method="POST",
        credentials=True,
        origin=LOCAL,
    ),
    Report(
        "aws/aws-sam-cli#2287",
        ("client.json-content-type", "acah.custom"),
        answer(200, *OPEN, WERKZEUG, *JSON),
        url="https://xxxxxx.ngrok.io/widgets",
        method="POST",
        asks=("content-type",),
        origin="https://yyyyyy.ngrok.io",
    ),
    # The router has no route for OPTIONS, and the middleware runs after it.
    Report(
        "aws-powertools/powertools-lambda-typescript#4506",
        ("preflight.proxy-any-lambda", "preflight.non-2xx"),
        Response(404, body='{"statusCode":404,"error":"NotFoundError"}', headers=JSON),
        method="POST",
        asks=("content-type",),
        browser="safari",
    ),
    Report(
        "aws-powertools/powertools-lambda-python#8267",
        ("preflight.proxy-any-lambda", "preflight.non-2xx"),
        answer(500, *JSON, *UVICORN),
        url="http://localhost:8000/items",
        method="POST",
        asks=("content-type",),
        origin=LOCAL,
    ),
    # The custom domain has no base path mapping.
    Report("Miserlou/django-zappa#100", ("deploy.no-mapping",), FORBIDDEN, url=DOMAIN),
    Report(
        "brefphp/bref#922",
        ("preflight.binary-media",),
        FAILED,
        url="https://abc123.execute-api.eu-west-3.amazonaws.com/dev/items",
        method="POST",
        asks=("content-type",),
    ),
)
RESPONSES = (
    Report(
        "aws/aws-sam-cli#4161",
        ("acao.missing-actual",),
        allowed("content-type", "authorization", origin="http://localhost:3010", server=(WERKZEUG,)),
        answer(200, *JSON, WERKZEUG),
        url="http://127.0.0.1:3000/hello",
        asks=("content-type",),
        origin="http://localhost:3010",
    ),
    Report(
        "aws/aws-sam-cli#7848",
        ("acao.list",),
        None,
        answer(
            200,
            (f"{ALLOW}origin", "https://*.someservice.dev, https://someservice.com"),
            (f"{ALLOW}headers", "*"),
            (f"{ALLOW}methods", "POST"),
            *JSON,
            WERKZEUG,
        ),
        url="http://127.0.0.1:8080/sentry",
        method="POST",
        asks=(),
        origin=LOCAL,
    ),
    Report(
        "aws/aws-sam-cli#9087",
        ("auth.lambda-deny", "acao.missing-error-path"),
        allowed("authorization", origin=LOCAL, server=(WERKZEUG,)),
        answer(403, *JSON, WERKZEUG, ("content-length", "23")),
        url="http://127.0.0.1:3001/items",
        origin=LOCAL,
    ),
    Report(
        "aws-amplify/amplify-js#4850",
        ("auth.iam-expired",),
        passed(SIGNED),
        Response(403, "ExpiredTokenException", "The security token included in the request is expired"),
        asks=SIGNED,
    ),
    # The custom domain is set, and the header has the distribution's.
    Report(
        "awslabs/aws-api-gateway-developer-portal#255",
        ("acao.host",),
        Response(
            200,
            headers=(
                (f"{ALLOW}origin", EDGE),
                (f"{ALLOW}methods", "GET,POST,OPTIONS"),
                (f"{ALLOW}headers", ",".join(("content-type", *SIGNED))),
            ),
        ),
        asks=SIGNED,
        origin="https://developer.example.com",
    ),
    Report(
        "nulib/meadow#2385",
        ("edge.cf-origin-header",),
        None,
        answer(
            200,
            ("content-type", "application/x-mpegURL"),
            ("server", "AmazonS3"),
            ("x-cache", "Hit from cloudfront"),
            ("x-amz-cf-id", "V3G_qw2bYLEIc"),
        ),
        url=f"{EDGE}/streaming/video.m3u8",
        asks=(),
    ),
    Report(
        "sloev/python-lambdarest#83",
        ("acao.missing-actual",),
        passed(("content-type",)),
        Response(200, body="{}", headers=JSON),
        method="POST",
        asks=("content-type",),
    ),
    # What onError returns has no headers.
    Report(
        "spring-media/aws-lambda-router#69",
        ("acao.missing-error-path",),
        passed(("content-type",)),
        Response(500, body='{"error":"Error"}', headers=JSON),
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "boostercloud/booster#907",
        ("int.throws",),
        passed(("content-type",)),
        BAD,
        url="https://abc123.execute-api.eu-west-1.amazonaws.com/production/graphql",
        method="POST",
        asks=("content-type",),
        origin="https://studio.apollographql.com",
    ),
    Report(
        "clemsonMakerspace/unified-makerspace#89",
        ("acao.host",),
        None,
        Response(200, body="{}", headers=((f"{ALLOW}origin", EDGE), *JSON)),
        url="https://api.example.com/visits",
        asks=(),
        origin="https://visit.example.com",
    ),
    Report(
        "localstack/localstack#8673",
        ("acao.missing-actual",),
        None,
        answer(200, *JSON, ("server", "hypercorn-h11")),
        url="http://localhost:4566/_aws/ses",
        asks=(),
        origin="http://localhost",
    ),
)
HIDDEN = (
    Report(
        "dherault/serverless-offline#334",
        ("expose.missing",),
        None,
        answer(
            200,
            (f"{ALLOW}origin", LOCAL),
            ("access-control-expose-headers", "WWW-Authenticate,Server-Authorization"),
            ("Content-Range", "languages 0-9/20"),
            *JSON,
        ),
        url="http://localhost:4000/languages",
        asks=(),
        origin=LOCAL,
    ),
)
HELLO = """
def lambda_handler(_, __):
    return {
        "statusCode": 200,
        "body": "hello world",
    }
"""
SHOWN = (
    # The API is named by a string, and the permission has it instead of the API's id.
    Shown(
        "aws/serverless-application-model#3393",
        ("int.wrong-source-arn", "int.no-permission"),
        {
            "Transform": "AWS::Serverless-2016-10-31",
            "Resources": {
                "CustomAPI": {"Type": "AWS::Serverless::Api", "Properties": {"StageName": "v1"}},
                "HelloWorldFunction": {
                    "Type": "AWS::Serverless::Function",
                    "Properties": {
                        "Handler": "index.lambda_handler",
                        "InlineCode": HELLO,
                        "Runtime": "python3.11",
                        "Events": {
                            "HelloWorld": {
                                "Type": "Api",
                                "Properties": {"RestApiId": "CustomAPI", "Path": "/hello", "Method": "get"},
                            }
                        },
                    },
                },
            },
        },
        path="/hello",
    ),
    # The example of the documentation.
    Shown(
        "awsdocs/aws-sam-developer-guide#155",
        ("acao.scheme", "acao.invalid"),
        sam(
            Cors={
                "AllowMethods": "'POST, GET'",
                "AllowHeaders": "'X-Forwarded-For'",
                "AllowOrigin": "'www.example.com'",
                "MaxAge": "'600'",
                "AllowCredentials": True,
            }
        ),
        headers=("x-forwarded-for",),
        origin="https://www.example.com",
    ),
)
SET_THIRTEEN = (*OPTIONS, *RESPONSES)
