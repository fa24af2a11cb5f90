"""Public reports, fourteenth set: of APIs on AWS, written down after the doctor had been corrected by the thirteenth.

They were taken in the order in which a search found them, if the thread settles the cause; each was rebuilt before
the doctor saw any: 12 of these 19 were named right or among at most two at the first run, 9 of them alone.
"""

from __future__ import annotations

from tests.faults.reported.answers import SIGNED, TIMEOUT
from tests.faults.reported.options import UNAUTHORIZED
from tests.faults.reported.report import ALLOW, DOMAIN, HTTP, OPEN, Headers, Report, Response, passed
from tests.faults.reported.servers import JSON, LOCAL, allowed, answer
from tests.faults.reported.set_nine import DEFAULT_HEADERS, HTTP_API

CLOUDFRONT = "https://d111111abcdef8.cloudfront.net"
XML: Headers = (("content-type", "application/xml"),)
BUCKET: Headers = (
    *XML,
    ("server", "AmazonS3"),
    ("x-amz-request-id", "A0BB30E2E957A744"),
    ("x-amz-id-2", "hYEV="),
)
BY_EDGE: Headers = (("x-cache", "Error from cloudfront"), ("x-amz-cf-id", "dw-N_pLmOmEq"))
VARY: Headers = (
    ("vary", "Origin"),
    ("vary", "Access-Control-Request-Method"),
    ("vary", "Access-Control-Request-Headers"),
)
NO_TOKEN = Response(
    401, message="Unauthorized", headers=(HTTP_API, *JSON, ("www-authenticate", "Bearer")), gateway=False
)
MOVED = answer(301, *BUCKET)
OPTIONS = (
    # A $default route with an authorizer.
    Report("umccr/htsget-rs#156", ("httpapi.default-route",), NO_TOKEN, url=HTTP),
    # The API of Lambda itself allows no page.
    Report(
        "aws/aws-sdk-js#432",
        ("edge.aws-service",),
        Response(
            403,
            "MissingAuthenticationTokenException",
            "Missing Authentication Token",
            (("x-amzn-requestid", "675e16b7-040a"), *JSON),
            gateway=False,
        ),
        url="https://lambda.us-east-1.amazonaws.com/2014-11-13/functions/myLambdaFunction/invoke-async/",
        method="POST",
        asks=(*SIGNED, "x-amz-user-agent"),
        origin="null",
    ),
    # The endpoint of the user pool was set to the domain of the hosted UI.
    Report(
        "aws-amplify/amplify-js#12717",
        ("deploy.wrong-host", "deploy.wrong-path"),
        answer(
            403,
            ("server", "Server"),
            ("x-amz-cognito-request-id", "680332af-3245-4835"),
            ("x-application-context", "application:prod:8443"),
        ),
        url="https://auth.example.com/",
        method="POST",
        asks=("content-type", "x-amz-target", "x-amz-user-agent", "cache-control"),
        origin=LOCAL,
    ),
    Report(
        "component/s3#7",
        ("preflight.redirect",),
        answer(307, *BUCKET, ("location", "https://kaleida-images.s3-us-west-2.amazonaws.com/a.png")),
        url="https://kaleida-images.s3.amazonaws.com/a.png",
        method="PUT",
        asks=("content-type",),
    ),
    # The bucket is in another region.
    Report(
        "TTLabs/EvaporateJS#152",
        ("preflight.redirect", "deploy.wrong-host"),
        MOVED,
        url="https://s3.amazonaws.com/temp-uploads-development/test_877550306.png?uploads",
        method="POST",
        asks=("authorization", "x-amz-acl", "x-amz-date"),
        origin="http://localhost:8080",
    ),
    # The name of the bucket was not set.
    Report(
        "willwebberley/FlaskDirectUploader#11",
        ("deploy.wrong-host", "client.stale-config"),
        answer(403, *BUCKET),
        url="https://none.s3.amazonaws.com/default_name?AWSAccessKeyId=AKIAEXAMPLE&Expires=1415740199&Signature=gRuJ",
        method="PUT",
        asks=("content-type", "x-amz-acl"),
        origin="http://0.0.0.0:5000",
    ),
    Report(
        "nasa/cumulus-api#145",
        ("acah.authorization",),
        Response(
            200,
            headers=(*OPEN, (f"{ALLOW}headers", "Content-Type,X-Amz-Date,X-Api-Key,X-Amz-Security-Token")),
        ),
    ),
    # The middleware did not read the list of headers as the gateway hands it on.
    Report(
        "rs/cors#141",
        ("acah.authorization", "acah.custom"),
        Response(204, headers=VARY),
        method="POST",
        asks=("authorization", "content-type"),
    ),
    # No CORS configuration for PUT in Spring.
    Report(
        "aws-amplify/amplify-js#1039",
        ("httpapi.origin-not-listed", "acam.missing"),
        answer(403, *VARY, ("content-length", "20"), body="Invalid CORS request"),
        url="http://localhost:8080/items/1",
        method="PUT",
        asks=("content-type",),
        origin="http://localhost:4200",
    ),
    Report(
        "amancevice/python-lambda-gateway#7",
        ("preflight.no-options", "preflight.proxy-any-lambda"),
        answer(501, ("server", "BaseHTTP/0.6 Python/3.9.1"), ("content-type", "text/html;charset=utf-8")),
        url="http://localhost:8000/",
        method="POST",
        asks=("content-type",),
        origin=LOCAL,
    ),
    Report(
        "serverless/serverless#2182",
        ("acac.not-true", "acao.wildcard-credentials"),
        Response(200, headers=(*OPEN, (f"{ALLOW}headers", DEFAULT_HEADERS))),
        method="POST",
        asks=("content-type",),
        credentials=True,
    ),
)
RESPONSES = (
    Report(
        "aws-samples/aws-serverless-webapp-workshop#33",
        ("acao.missing-actual",),
        passed(("authorization", "content-type")),
        Response(201, body="{}", headers=JSON),
        method="POST",
        asks=("authorization", "content-type"),
    ),
    Report(
        "awslabs/speke-reference-server#3",
        ("edge.cf-origin-header", "edge.s3-no-cors"),
        None,
        answer(
            200, ("server", "AmazonS3"), ("x-cache", "Hit from cloudfront"), ("x-amz-cf-id", "V3G_qw2bYLEIc")
        ),
        url=f"{CLOUDFRONT}/key",
        asks=(),
    ),
    Report(
        "PRX/Infrastructure#215",
        ("edge.cf-origin-header",),
        None,
        answer(
            200,
            ("content-type", "font/woff2"),
            ("server", "AmazonS3"),
            ("x-cache", "Hit from cloudfront"),
            ("x-amz-cf-id", "V3G_qw2bYLEIc"),
        ),
        url="https://cdn.example.com/font.woff2",
        asks=(),
    ),
    # The distribution does not hand on Authorization.
    Report(
        "Droplr/serverless-api-cloudfront#11",
        ("edge.cf-authorization",),
        passed(),
        Response(401, "UnauthorizedException", "Unauthorized", BY_EDGE),
        url=f"{CLOUDFRONT}/items",
    ),
    Report(
        "cinely/mule-uploader#42",
        ("client.redirect", "deploy.wrong-host"),
        None,
        MOVED,
        url="https://s3.amazonaws.com/bucket-name/17625200?uploads=&X-Amz-Date=20150117T120000Z&X-Amz-Signature=00e4",
        method="POST",
        asks=(),
    ),
    Report(
        "gaul/s3proxy#492",
        ("auth.iam-bad-signature", "acao.missing-error-path"),
        allowed("content-type"),
        answer(403, *XML, ("server", "Jetty(9.4.48.v20220622)")),
        url="https://s3proxy.example.com/bucket/a.png?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=99ab",
        method="PUT",
        asks=("content-type",),
    ),
    Report("apex/up#274", ("int.gateway-timeout",), passed(), TIMEOUT, milliseconds=29_040),
    # A custom authorizer's own refusal.
    Report("aws/aws-cdk#33437", ("auth.lambda-deny",), passed(), UNAUTHORIZED, url=DOMAIN),
)
SET_FOURTEEN = (*OPTIONS, *RESPONSES)
