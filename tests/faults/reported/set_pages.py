"""Questions with answers, articles and AWS's knowledge center, written down after the twenty-second set.

26 of 30 were named first or among at most two at the first run. Of the others two are not here: no recording tells
which fault of an integration gives a 500, and test_vpc_endpoint has the other.
"""

from __future__ import annotations

from typing import Any

from tests.faults.reported.apis import ALLOWED, CALLS, COGNITO, Template, body, http, mock, proxied, sam
from tests.faults.reported.report import (
    ALLOW,
    ANY,
    BY_GATEWAY,
    ORIGIN,
    REST,
    Headers,
    Report,
    Response,
    passed,
)
from tests.faults.reported.servers import JSON, LOCAL, answer
from tests.faults.reported.set_twenty_two import NO_TOKEN

STORE: Headers = (("server", "AmazonS3"), ("content-type", "application/xml"))
READABLE: Headers = (*STORE, (f"{ALLOW}origin", ORIGIN))
FORBIDDEN = Response(403, "ForbiddenException", "Forbidden")
FAILED = "InternalServerErrorException"
SIGNED = "https://my-bucket.s3.us-east-1.amazonaws.com/a.png?X-Amz-SignedHeaders=content-type%3Bhost&X-Amz-Signature=ab"
WRONG = (
    "<Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does not match the "
    "signature you provided.</Message></Error>"
)
UPLOAD = answer(200, (f"{ALLOW}methods", "GET, PUT"), (f"{ALLOW}headers", "content-type"), *READABLE)
CORS = {"AllowMethods": "'GET,POST'", "AllowHeaders": "'Content-Type,Authorization'", "AllowOrigin": "'*'"}
ALL = {"AllowOrigins": ["*"], "AllowMethods": ["*"], "AllowHeaders": ["*"]}
OF_ITEMS = {"/items": {"get": proxied(), "options": mock(**ALLOWED)}}


def integrated(*, header: bool, **more: Any) -> Template:
    """An operation that calls the function through mapping templates."""
    name = f"method.response.header.{ALLOW.title()}Origin"
    response = {"statusCode": "200", **({"responseParameters": {name: "'*'"}} if header else {})}
    calls = {"type": "aws", "httpMethod": "POST", "uri": CALLS, "responses": {"default": response}, **more}
    return {"responses": {"200": {"description": ""}}, "x-amazon-apigateway-integration": calls}


def at_domain() -> Template:
    """An API at a domain, whose mapping names the stage."""
    found = body(OF_ITEMS)
    found["Resources"]["Domain"] = {
        "Type": "AWS::ApiGateway::DomainName",
        "Properties": {"DomainName": "api.example.com", "EndpointConfiguration": {"Types": ["REGIONAL"]}},
    }
    mapping = {"DomainName": {"Ref": "Domain"}, "RestApiId": {"Ref": "Api"}, "Stage": {"Ref": "Stage"}}
    found["Resources"]["Mapping"] = {"Type": "AWS::ApiGateway::BasePathMapping", "Properties": mapping}
    return found


def private() -> Template:
    """A private API."""
    found = body(OF_ITEMS)
    found["Resources"]["Api"]["Properties"]["EndpointConfiguration"] = {"Types": ["PRIVATE"]}
    return found


OF_OPTIONS = (
    Report(
        "cloudunfold.com/blog/api-gateway-http-api-with-cors-and-authorization",
        ("httpapi.default-route",),
        answer(401, ("apigw-requestid", "Q1="), ("www-authenticate", "Bearer"), *JSON),
        template=http("$default", cors=ALL, jwt=True),
        url="https://abc123.execute-api.us-east-1.amazonaws.com/",
    ),
    Report(
        "repost.aws/questions/QUcGyz1u8GSqqXNbjdCqx5Eg",
        ("preflight.binary-media",),
        Response(500, FAILED, "Internal server error"),
        template=body(OF_ITEMS, **{"x-amazon-apigateway-binary-media-types": ["*/*"]}),
    ),
    Report(
        "zenn.dev/maretol/articles/f653d02cd1e964",
        ("preflight.cognito",),
        Response(401, "UnauthorizedException", "Unauthorized"),
        template=sam(Cors=CORS, Auth=COGNITO),
    ),
    # A store of another region than the URL's redirects.
    Report(
        "bigendiandata.com/2019-10-04-Deepdive_S3_CORS",
        ("preflight.redirect",),
        answer(307, ("location", SIGNED.replace("us-east-1", "us-west-2")), *STORE),
        url=SIGNED,
        method="PUT",
        asks=("content-type",),
    ),
    Report(
        "media-processing-workflows.com/fixing-cors-preflight-errors-on-s3-uploads",
        ("edge.s3-no-cors",),
        answer(403, *STORE),
        url=SIGNED,
        method="PUT",
        asks=("content-type",),
    ),
    Report(
        "repost.aws/knowledge-center/api-gateway-cors-errors",
        ("deploy.private",),
        FORBIDDEN,
        template=private(),
        note="#private",
    ),
    Report(
        "repost.aws/knowledge-center/api-gateway-403-custom-domain",
        ("deploy.stage-in-domain-path",),
        NO_TOKEN,
        template=at_domain(),
        url="https://api.example.com/dev/items",
    ),
    Report(
        "medium.com/@pdrasko/aws-api-gateway-and-multiple-cors-origins",
        ("acao.host",),
        Response(
            200, headers=((f"{ALLOW}origin", "https://dev.example.com"), (f"{ALLOW}headers", "authorization"))
        ),
    ),
    Report(
        "peng.fyi/post/cors-error-with-504",
        ("edge.proxy-error",),
        answer(504, ("content-type", "text/html")),
        url="https://app2.example.com/user",
        milliseconds=30_000,
    ),
    # The routes of FastAPI know no OPTIONS.
    Report(
        "hkim-dev.github.io/web_dev/Understanding-and-Resolving-CORS-Errors-in-AWS-Serverless-APIs",
        ("preflight.proxy-any-lambda",),
        Response(405, headers=(("allow", "POST"), *JSON), body='{"detail":"Method Not Allowed"}'),
        method="POST",
        asks=("content-type",),
        origin=LOCAL,
    ),
    Report(
        "blog.bassemdy.com/fixing-cors-aws-api-gateway-terraform",
        ("preflight.no-options",),
        NO_TOKEN,
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "tech-reader.blog/2026/01/aws-api-gateway-error-custom-domain",
        ("deploy.no-mapping",),
        FORBIDDEN,
        url="https://api.example.com/users",
    ),
)
OF_REQUESTS = (
    Report(
        "openillumi.com/?p=8459",
        ("acao.missing-actual",),
        passed(("content-type",)),
        Response(200, headers=JSON, body="{}"),
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "repost.aws/knowledge-center/waf-upload-blocked-files",
        ("auth.waf",),
        passed(),
        FORBIDDEN,
        method="POST",
        sends=20_000,
    ),
    Report(
        "repost.aws/knowledge-center/api-gateway-cors-errors",
        ("int.non-proxy-missing-map",),
        passed(),
        Response(200, headers=JSON, body="{}"),
        body({"/items": {"get": integrated(header=False), "options": mock(**ALLOWED)}}),
    ),
    Report(
        "theburningmonk.com/2020/04/hit-the-6mb-lambda-payload-limit-heres-what-you-can-do",
        ("gwresp.413",),
        passed(("content-type",)),
        Response(413, "RequestTooLargeException", "Request Too Long"),
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "advancedweb.hu/how-to-setup-cors-for-lambda-proxy-integration",
        ("acao.wildcard-credentials",),
        None,
        Response(200, headers=(*ANY, *JSON), body="{}"),
        asks=(),
        credentials=True,
    ),
    Report(
        "openillumi.com/?p=49852",
        ("edge.cf-origin-header", "edge.s3-no-cors"),
        None,
        answer(
            200, ("server", "AmazonS3"), ("x-cache", "Hit from cloudfront"), ("content-type", "font/woff2")
        ),
        url="https://d111111abcdef8.cloudfront.net/fonts/a.woff2",
        asks=(),
        kind="font",
    ),
    Report(
        "repost.aws/knowledge-center/malformed-502-api-gateway",
        ("int.malformed",),
        passed(),
        Response(502, FAILED, "Internal server error"),
    ),
    Report(
        "aws.amazon.com/premiumsupport/knowledge-center/api-gateway-504-errors",
        ("int.gateway-timeout",),
        passed(),
        Response(504, FAILED, "Endpoint request timed out"),
        milliseconds=29_060,
    ),
    Report(
        "linden.consulting/en/blog/api-gateway-403-missing-auth",
        ("deploy.wrong-path",),
        None,
        NO_TOKEN,
        body({"/user/{id}": {"get": proxied(), "options": mock(**ALLOWED)}}),
        url=f"{REST.removesuffix('items')}users/123",
        asks=(),
    ),
    Report(
        "newbedev.com/api-gateway-custom-authorizer-control-error-message-and-code",
        ("auth.lambda-authorizer-500",),
        passed(),
        Response(500, "AuthorizerConfigurationException", body='{"message":null}'),
    ),
    Report(
        "dev.to/marcogrcr/api-gateway-lambda-authorizer-lambda-proxy-integration-failure-modes",
        ("auth.lambda-deny",),
        passed(),
        Response(
            403,
            "AccessDeniedException",
            "User is not authorized to access this resource with an explicit deny",
        ),
    ),
    Report(
        "repost.aws/knowledge-center/aws-appsync-graphql-request-unauth-error",
        ("auth.cognito-expired",),
        answer(200, *passed(("authorization", "content-type")).headers),
        answer(401, *ANY, *BY_GATEWAY[1:], body='{"errors":[{"message":"Token has expired."}]}'),
        url="https://abcdefghijklmnopqrstuvwxyz.appsync-api.us-east-1.amazonaws.com/graphql",
        method="POST",
        asks=("authorization", "content-type"),
    ),
    # The page sends another Content-Type than the one that was signed; the second one sends FormData.
    Report(
        "openillumi.com/?p=116922",
        ("auth.iam-bad-signature",),
        UPLOAD,
        answer(403, *READABLE, body=WRONG),
        url=SIGNED,
        method="PUT",
        asks=("content-type",),
    ),
    Report(
        "openillumi.com/?p=70884",
        ("auth.iam-bad-signature",),
        UPLOAD,
        answer(403, *READABLE, body=WRONG),
        url=SIGNED,
        method="PUT",
        asks=(),
        sends=500,
    ),
    Report(
        "repost.aws/knowledge-center/api-gateway-429-limit",
        ("auth.quota",),
        passed(("x-api-key",)),
        Response(429, "LimitExceededException", "Limit Exceeded"),
        asks=("x-api-key",),
    ),
    # The guide advises to refuse other types once CORS is enabled; the page sends a form.
    Report(
        "docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors-console",
        ("int.media-type",),
        None,
        Response(415, "BadRequestException", "Unsupported Media Type"),
        body(
            {
                "/items": {"post": integrated(header=True, passthroughBehavior="never")},
            }
        ),
        method="POST",
        asks=(),
        sends=300,
    ),
)
SET_PAGES = (*OF_OPTIONS, *OF_REQUESTS)
