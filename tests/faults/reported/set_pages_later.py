"""More questions and articles, written down after the doctor had been corrected by the first ones (`set_pages`).

13 of 15 were named first or among at most two at the first run: not the host of a VPC endpoint, and not what Lambda
answers for a function that throws behind a URL.
"""

from __future__ import annotations

from tests.faults.reported.apis import ALLOWED, body, http, mock, proxied
from tests.faults.reported.report import ALLOW, ANY, EDGE, FUNCTION, HTTP, REST, Report, Response, passed
from tests.faults.reported.servers import JSON, allowed, answer, origins
from tests.faults.reported.set_pages import FAILED, FORBIDDEN, SIGNED, STORE
from tests.faults.reported.set_twenty_two import NO_TOKEN

POOL = "https://mydomain.auth.us-east-1.amazoncognito.com"
CACHED = (("server", "AmazonS3"), ("x-cache", "Hit from cloudfront"), ("content-type", "text/css"))
BY_CLOUDFRONT = (
    ("server", "CloudFront"),
    ("x-cache", "Error from cloudfront"),
    ("content-type", "text/html"),
)
EVERY = {"AllowOrigins": ["*"], "AllowHeaders": ["authorization"], "AllowMethods": ["GET"]}
SET_PAGES_LATER = (
    # A page cannot fetch what leads to a page to sign in.
    Report(
        "iamdevbox.com/posts/cors-errors-in-oauth-flows-complete-troubleshooting-guide",
        ("client.redirect",),
        None,
        answer(302, ("location", f"{POOL}/login?client_id=abc"), ("x-amz-cognito-request-id", "6803")),
        url=f"{POOL}/oauth2/authorize?client_id=abc",
        asks=(),
        credentials=True,
    ),
    Report(
        "cors-handbook.com/posts/cors-and-oauth2-flow-common-pitfalls",
        ("acao.wildcard-credentials",),
        None,
        answer(200, *ANY, (f"{ALLOW}credentials", "true"), *JSON, body="{}"),
        url="https://api.example.com/me",
        asks=(),
        credentials=True,
    ),
    Report(
        "cplus-django.wekeepcoding.com/article/21577994",
        ("deploy.wrong-path",),
        None,
        NO_TOKEN,
        body({"/get-list": {"get": proxied(), "options": mock(**ALLOWED)}}),
        url=REST.removesuffix("/items"),
        asks=(),
    ),
    Report(
        "fizz.today/waf-oversizehandling-match",
        ("auth.waf",),
        None,
        answer(403, ("server", "awselb/2.0"), ("content-type", "text/html"), ("content-length", "118")),
        url="https://api.example.com/documents",
        method="POST",
        asks=(),
        sends=631_000,
    ),
    Report(
        "codinginthetrenches.com/2021/06/26/cross-origin-headers-cors-aws-s3-and-aws-cloudfront",
        ("edge.cf-origin-header",),
        None,
        answer(200, *CACHED),
        url="https://static.example.com/app.css",
        asks=(),
        kind="stylesheet",
    ),
    Report(
        "httpfixer.dev/fix/cors/aws-lambda",
        ("int.throws",),
        allowed("content-type"),
        answer(502, ("x-amzn-requestid", "7f1c"), ("content-length", "21"), *JSON),
        url=FUNCTION,
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "repost.aws/es/knowledge-center/malformed-502-api-gateway",
        ("int.throws",),
        passed(("content-type",)),
        Response(502, FAILED, "Internal server error"),
        method="POST",
        asks=("content-type",),
        milliseconds=310,
    ),
    Report(
        "aws-solutions/media-services-application-mapper#164",
        ("deploy.vpce-host",),
        FORBIDDEN,
        url="https://vpce-0123456789abcdef0-abcd1234.execute-api.us-east-1.vpce.amazonaws.com/msam/cached",
        asks=("x-api-key",),
    ),
    Report(
        "docs.aws.amazon.com/AmazonS3/latest/userguide/cors-troubleshooting",
        ("edge.s3-no-cors",),
        answer(403, *STORE),
        url=SIGNED,
        method="PUT",
        asks=("content-type", "x-amz-meta-owner"),
    ),
    Report(
        "oneuptime.com/blog/post/2026-02-12-fix-s3-cors-errors-in-browser-applications",
        ("edge.s3-no-cors",),
        None,
        answer(200, ("server", "AmazonS3"), *JSON, body="{}"),
        url="https://my-bucket.s3.amazonaws.com/data.json",
        asks=(),
        kind="xhr",
    ),
    Report(
        "webuildup.live/2026/04/fixing-api-gateway-cors-errors-enable",
        ("deploy.stale",),
        NO_TOKEN,
        template=body({"/items": {"post": proxied(), "options": mock(**ALLOWED)}}),
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "corsapi.com/en/blog/aws-api-gateway-cors-lambda-proxy-integration-preflight",
        ("auth.throttle",),
        Response(429, "TooManyRequestsException", "Too Many Requests"),
    ),
    Report(
        "blogv1-5yh.pages.dev/blog/cors-api-gateway",
        ("client.credentials", "acao.wildcard-credentials"),
        answer(204, *passed().headers, ("apigw-requestid", "Q1=")),
        template=http("GET /items", cors=EVERY),
        url=HTTP,
        credentials=True,
    ),
    Report(
        "weekly.elfitz.com/2019/03/12/set-up-cors-serverless-api-gateway",
        ("acao.list",),
        None,
        Response(200, headers=(*origins("https://localhost:8000,https://app.example.com"), *JSON), body="{}"),
        asks=(),
    ),
    Report(
        "cors-handbook.com/posts/cors-for-aws-appsync",
        ("edge.cf-methods",),
        answer(403, *BY_CLOUDFRONT),
        url=EDGE.replace("items", "graphql"),
        method="POST",
        asks=("authorization", "content-type", "x-api-key"),
    ),
)
