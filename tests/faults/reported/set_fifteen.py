"""Public reports, fifteenth set: of APIs on AWS, written down together with the fourteenth.

They were taken in the order in which a search found them, if the thread settles the cause; each was rebuilt before
the doctor saw any: 14 of these 18 were named right or among at most two at the first run, 8 of them alone.
"""

from __future__ import annotations

from tests.faults.reported.answers import BAD, DENIED
from tests.faults.reported.options import PAGE
from tests.faults.reported.report import ALLOW, ANY, DOMAIN, OPEN, Headers, Report, Response, passed
from tests.faults.reported.servers import JSON, LOCAL, allowed, answer, origins
from tests.faults.reported.set_fourteen import BUCKET, CLOUDFRONT, MOVED, XML
from tests.faults.reported.set_nine import DEFAULT_HEADERS

BASE_HTTP: Headers = (("server", "BaseHTTP/0.6 Python/3.8.2"),)
LOCALSTACK: Headers = (
    *ANY,
    (f"{ALLOW}methods", "HEAD,GET,PUT,POST,DELETE,OPTIONS,PATCH"),
    (
        f"{ALLOW}headers",
        "authorization,content-type,content-md5,cache-control,x-amz-content-sha256,x-amz-date,x-amz-security-token,"
        "x-amz-user-agent,x-amz-target,x-amz-acl,x-amz-version-id,x-localstack-target,x-amz-tagging",
    ),
)
HAPI: Headers = (("content-type", "application/json; charset=utf-8"), ("cache-control", "no-cache"))
REFUSED = '{"message":"CORS error: Some headers are not allowed"}'
OPTIONS = (
    Report(
        "localstack/localstack#3924",
        ("acao.wildcard-credentials",),
        answer(200, *LOCALSTACK),
        url="http://localhost:4566/restapis/a1b2c3/dev/_user_request_/api/",
        method="POST",
        asks=("content-type",),
        credentials=True,
        origin=LOCAL,
    ),
    Report(
        "localstack/localstack#796",
        ("preflight.non-2xx", "preflight.no-options"),
        answer(404, *LOCALSTACK, *BASE_HTTP),
        url="http://localhost:4576/",
        method="POST",
        asks=("authorization", "x-amz-date", "x-amz-user-agent"),
        origin=LOCAL,
    ),
    # A MOCK for OPTIONS is not implemented.
    Report(
        "localstack/localstack#399",
        ("preflight.no-options",),
        answer(404, *JSON, *BASE_HTTP, ("content-length", "90")),
        url="http://localhost:4567/restapis/a1b2c3/dev/_user_request_/user",
        method="POST",
        asks=("content-type",),
        origin=LOCAL,
    ),
    Report(
        "localstack/localstack#4277",
        ("acah.custom",),
        answer(200, *LOCALSTACK),
        url="http://localhost:4566/",
        method="POST",
        asks=("amz-sdk-invocation-id", "amz-sdk-request", "authorization", "content-type", "x-amz-date"),
        origin=LOCAL,
    ),
    Report(
        "dherault/serverless-offline#53",
        ("acah.custom", "acah.authorization"),
        answer(200, *HAPI, ("content-length", str(len(REFUSED))), ("vary", "origin"), body=REFUSED),
        url="https://localhost.example.com:3000/accounts",
        method="POST",
        asks=("authorization", "content-type", "x-amz-date"),
        origin="https://localhost.example.com:3001",
    ),
    Report(
        "dherault/serverless-offline#39",
        ("preflight.mock-no-headers",),
        answer(200, *HAPI),
        url="http://localhost:3092/SomeEndpoint",
        method="POST",
        asks=("content-type",),
        origin="http://localhost:3091",
    ),
    Report(
        "serverless/serverless#4037",
        ("client.acao-request-header",),
        Response(200, headers=(*OPEN, (f"{ALLOW}headers", DEFAULT_HEADERS))),
        method="POST",
        asks=("access-control-allow-origin", "content-type"),
        origin="http://localhost:3001",
    ),
    Report(
        "localstack/localstack#316",
        ("acah.custom",),
        answer(200, *LOCALSTACK),
        url="http://localhost:4572/dev-inventory-loader/a.csv",
        method="PUT",
        asks=("content-disposition", "content-type", "x-amz-meta-name"),
        origin=LOCAL,
    ),
    # The rule of the bucket does not allow Content-Type.
    Report(
        "jamhall/s3rver#346",
        ("edge.s3-no-cors", "acah.custom"),
        answer(403, *XML, ("x-amz-request-id", "8B01"), ("x-amz-id-2", "KNx0=")),
        url="http://localhost:4569/example/6jDdcYvGgWJZgDezh",
        method="PUT",
        asks=("content-type",),
        origin="http://localhost:8888",
    ),
    # The bucket is in another region.
    Report(
        "bradleyg/django-s3direct#82",
        ("preflight.redirect", "deploy.wrong-host"),
        MOVED,
        url="https://s3-us-west-2.amazonaws.com/bucket",
        method="POST",
        asks=("x-requested-with",),
        origin="http://localhost:8000",
    ),
)
RESPONSES = (
    # A router whose error() leaves out headers that its list does not name.
    Report(
        "jeremydaly/lambda-api#156",
        ("acao.missing-error-path",),
        passed(),
        Response(404, body='{"error":"Not found"}', headers=JSON),
    ),
    # The dependencies of the function were not packed.
    Report("awslabs/amazon-s3-find-and-forget#171", ("int.throws",), passed(), BAD),
    # The distribution does not hand on Origin.
    Report(
        "wangsijie/blog#51",
        ("edge.cf-origin-header",),
        None,
        answer(
            200,
            ("content-type", "application/json"),
            ("server", "AmazonS3"),
            ("x-cache", "Miss from cloudfront"),
            ("x-amz-cf-id", "V3G_qw2bYLEIc"),
        ),
        url=f"{CLOUDFRONT}/data.json",
        asks=(),
    ),
    Report(
        "localstack/localstack#1687",
        ("acao.duplicate",),
        None,
        answer(200, *origins("*", "*"), *JSON, *BASE_HTTP),
        url="http://localhost:4567/restapis/a1b2c3/dev/_user_request_/user",
        asks=(),
        origin=LOCAL,
    ),
    # Every header is handed on, Host too.
    Report(
        "Droplr/serverless-api-cloudfront#29",
        ("edge.cf-host",),
        None,
        answer(403, *PAGE, body="<html>Bad request.</html>"),
        url=DOMAIN,
        asks=(),
    ),
    Report("serverless-projects/serverless-authorizers#1", ("auth.authorizer-cache",), passed(), DENIED),
)
# Nothing is blocked: the page reads a header as null.
HIDDEN = (
    Report(
        "anomalyco/guide#485",
        ("expose.missing",),
        allowed("content-type", "authorization", "x-amz-date"),
        answer(200, *ANY, ("etag", '"9b2cf5"'), *BUCKET[1:]),
        url="https://uploads.s3.us-east-1.amazonaws.com/private/a.mp4?partNumber=1&uploadId=abc",
        method="PUT",
        asks=("authorization", "content-type", "x-amz-date"),
    ),
    Report(
        "adobe/S3Mock#1023",
        ("expose.missing",),
        allowed("content-type", origin=LOCAL),
        answer(200, (f"{ALLOW}origin", LOCAL), ("etag", '"9b2cf5"')),
        url="http://localhost:9090/bucket/a.mp4?partNumber=1&uploadId=abc&X-Amz-Signature=99ab",
        method="PUT",
        asks=("content-type",),
        origin=LOCAL,
    ),
)
SET_FIFTEEN = (*OPTIONS, *RESPONSES)
