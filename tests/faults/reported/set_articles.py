"""Questions of AWS re:Post, articles and pull requests, with a template or a recording that they show.

At the first run of each the doctor named the cause first in 16 of 18, and as one of two in another; it took what AWS
WAF answers for the application's error. `pasted-questions.txt` has those of the same search that show text alone: of
these 24 it named 11 first, 2 as one of two, and no more than two in 5 that no one could tell; 4 were wrong, and 2 not
read.
"""

from __future__ import annotations

from tests.faults.reported.apis import (
    ALLOWED,
    COGNITO,
    STAR,
    Template,
    body,
    distribution,
    http,
    mock,
    proxied,
    sam,
)
from tests.faults.reported.report import ALLOW, ANY, EDGE, HTTP, REST, Headers, Report, Response, passed
from tests.faults.reported.servers import EDGE_FUNCTION, JSON, LOCAL, SUPABASE, UVICORN, allowed, answer
from tests.faults.reported.set_pages import FAILED, FORBIDDEN
from tests.faults.reported.set_twenty_two import NO_TOKEN
from tests.faults.reported.templates import Shown, with_code

BY_HTTP_API: Headers = (("apigw-requestid", "Q1ea3GcAIAM="),)
BY_CLOUDFRONT: Headers = (
    ("x-cache", "Error from cloudfront"),
    ("via", "1.1 abc.cloudfront.net (CloudFront)"),
)
DENIED = "User is not authorized to access this resource with an explicit deny"
ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
HELLO = (
    "exports.handler = async (event) => {\n"
    "  const response = { statusCode: 200, body: JSON.stringify('Hello from Lambda!') };\n"
    "  return response;\n"
    "};\n"
)


def without_template() -> Template:
    """An OPTIONS operation whose MOCK has no request template."""
    operation = mock(**ALLOWED)
    del operation["x-amazon-apigateway-integration"]["requestTemplates"]
    return operation


def signed_in() -> Template:
    """An HTTP API whose function answers OPTIONS, and that has no CORS configuration for its own refusals."""
    found = http("GET /items", jwt=True)
    route = {"Fn::Join": ["/", ["integrations", {"Ref": "Calls"}]]}
    properties = {"ApiId": {"Ref": "Api"}, "RouteKey": "OPTIONS /items", "Target": route}
    found["Resources"]["Options"] = {"Type": "AWS::ApiGatewayV2::Route", "Properties": properties}
    return found


def denying() -> Template:
    """A SAM API with a Lambda authorizer."""
    by_function = {"FunctionArn": {"Fn::GetAtt": ["Authorizer", "Arn"]}}
    auth = {"DefaultAuthorizer": "Own", "Authorizers": {"Own": by_function}}
    found = sam(Cors=STAR, Auth={**auth, "AddDefaultAuthorizerToCorsPreflight": False})
    code = {"Handler": "index.handler", "Runtime": "python3.13", "CodeUri": "s3://bucket/key"}
    found["Resources"]["Authorizer"] = {"Type": "AWS::Serverless::Function", "Properties": code}
    return found


def behind_edge() -> Template:
    """An API behind a distribution that passes on the Host of its own."""
    found = body({"/items": {"get": proxied(), "options": mock(**ALLOWED)}})
    host = {"Fn::Join": ["", [{"Ref": "Api"}, ".execute-api.", {"Ref": "AWS::Region"}, ".amazonaws.com"]]}
    found["Resources"].update(distribution(host, OriginRequestPolicyId=ALL_VIEWER))
    return found


SHOWN_ARTICLES = (
    Shown(
        "Code-4-Community/branch#277",
        ("preflight.no-options",),
        body({"/items": {"get": proxied(), "post": proxied()}}),
        headers=("content-type",),
    ),
    Shown(
        "volcengine.com/article/2679892",
        ("preflight.mock-no-template",),
        body({"/items": {"put": proxied(), "options": without_template()}}),
        method="PUT",
        headers=("authorization", "content-type"),
    ),
    Shown(
        "dev.classmethod.jp/articles/cors-on-rest-api-of-api-gateway",
        ("acao.missing-actual",),
        with_code(HELLO),
    ),
)
SET_ARTICLES = (
    Report(
        "repost.aws/questions/QUOapdPrBBT7yRSERUdSolmw",
        ("httpapi.error-without-cors", "httpapi.no-cors"),
        answer(204, *ANY, (f"{ALLOW}headers", "authorization"), *BY_HTTP_API),
        answer(401, ("www-authenticate", "Bearer"), *BY_HTTP_API, *JSON, body='{"message":"Unauthorized"}'),
        signed_in(),
        url=HTTP,
    ),
    # A CAPTCHA, which AWS WAF sends with 405 and no CORS headers.
    Report(
        "repost.aws/questions/QUejKQAjEZQx-z8-WVnHDM9w",
        ("auth.waf",),
        passed(("content-type",)),
        answer(405, ("x-amzn-waf-action", "captcha"), ("content-length", "0")),
        sam(method="post", Cors=STAR),
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "repost.aws/questions/QUJlezWkvHThKqngnejA1iYA",
        ("deploy.no-stage", "client.stale-config"),
        FORBIDDEN,
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "repost.aws/questions/QUp0DAM_5YTk6vThSiM2kcLg",
        ("deploy.no-mapping", "deploy.stage-in-domain-path"),
        None,
        FORBIDDEN,
        url="https://api.example.com/v1/hello",
        asks=(),
    ),
    Report(
        "openillumi.com/serverless-cors-error-fix-api-gateway-lambda",
        ("int.malformed", "int.throws"),
        passed(("content-type",)),
        Response(502, FAILED, "Internal server error"),
        body({"/items": {"post": proxied(), "options": mock(**ALLOWED)}}),
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "dev.classmethod.jp/articles/lambda-authorizer-response-header-customize",
        ("auth.lambda-deny",),
        passed(),
        Response(403, "AccessDeniedException", DENIED),
        denying(),
    ),
    Report(
        "zenn.dev/shikira/articles/93d7b78dbe9023",
        ("edge.cf-host",),
        None,
        Response(403, "ForbiddenException", "Forbidden", headers=BY_CLOUDFRONT),
        behind_edge(),
        url=EDGE,
        asks=(),
    ),
    Report(
        "wagtail/wagtail.org#356",
        ("edge.cf-methods",),
        answer(403, ("server", "CloudFront"), ("content-type", "text/html"), *BY_CLOUDFRONT),
        url="https://releases.example.com/latest.txt",
        asks=("x-requested-with",),
    ),
    Report(
        "roastdev.com/post/not-all-cors-errors-are-cors-errors",
        ("acao.missing-error-path", "int.throws"),
        allowed("content-type", origin=LOCAL, status=200, server=UVICORN),
        answer(500, *UVICORN, ("content-type", "text/plain; charset=utf-8")),
        url="http://localhost:8000/analyze",
        method="POST",
        asks=("content-type",),
        origin=LOCAL,
    ),
    Report(
        "openillumi.com/en/en-spring-security-cors-401-to-0-error-fix",
        ("acao.missing-error-path",),
        allowed("authorization", origin=LOCAL, status=200, server=(("vary", "Origin"),)),
        answer(401, ("www-authenticate", 'Basic realm="Realm"'), ("x-frame-options", "DENY"), *JSON),
        url="http://localhost:8080/api/user",
        origin=LOCAL,
    ),
    Report(
        "simonw/datasette#453",
        ("acao.missing-error-path",),
        None,
        answer(400, *UVICORN, *JSON),
        url="https://latest.datasette.io/fixtures.json?sql=select+a",
        asks=(),
    ),
    Report(
        "openillumi.com/en/en-supabase-edge-function-cors-error-fix-deno",
        ("preflight.proxy-any-lambda",),
        answer(
            500, ("server", "cloudflare"), ("x-deno-execution-id", "7f1c"), ("content-type", "text/plain")
        ),
        url=EDGE_FUNCTION,
        method="POST",
        asks=SUPABASE,
        origin=LOCAL,
    ),
    Report(
        "dev.classmethod.jp/articles/how-to-prevent-cors-error-on-api-level-error",
        ("auth.no-token",),
        passed(("content-type",)),
        Response(401, "UnauthorizedException", "Unauthorized"),
        sam(Cors=STAR, Auth={**COGNITO, "AddDefaultAuthorizerToCorsPreflight": False}),
        asks=("content-type",),
    ),
    # The function passes its response to the callback as an error.
    Report(
        "gist.github.com/cuperman/504dd15115001bbf0a349b7e70c416ed",
        ("int.throws", "int.malformed"),
        Response(502, FAILED, "Internal server error"),
        template=sam(path="/people", method="options"),
        url=REST.replace("items", "people"),
    ),
    Report(
        "repost.aws/questions/QUJdMGgFV3TaSTnRLs3vxMfQ",
        ("preflight.no-options",),
        NO_TOKEN,
        method="POST",
        asks=("content-type",),
        origin="http://my-bucket.s3-website-us-east-1.amazonaws.com",
    ),
)
