"""Public reports, eleventh set: of APIs on AWS, written down after the doctor had been corrected by the tenth.

Each was rebuilt, and its cause written down, before the doctor saw any: 19 of these 20 were named right or among at
most two at the first run, 13 of them alone.
"""

from __future__ import annotations

from tests.faults.changes import drops
from tests.faults.reported.answers import BAD, ISSUER, SIGNED, token
from tests.faults.reported.apis import STAR, body, proxied, rest
from tests.faults.reported.options import NO_ROUTE, UNAUTHORIZED
from tests.faults.reported.report import ALLOW, ANY, FUNCTION, OPEN, Report, Response, passed
from tests.faults.reported.servers import JSON, LOCAL, answer, origins
from tests.faults.reported.set_nine import DEFAULT_HEADERS, HTTP_API, WERKZEUG
from tests.faults.reported.templates import Shown, with_code

EDGE = "https://d111111abcdef8.cloudfront.net"
OPTIONS = (
    Report(
        "claudiajs/claudia-api-builder#18",
        ("acac.not-true",),
        Response(
            200,
            headers=(
                (f"{ALLOW}origin", "https://app.example.com"),
                (f"{ALLOW}methods", "GET,POST,OPTIONS"),
                (f"{ALLOW}headers", "Content-Type,Authorization"),
            ),
        ),
        method="POST",
        asks=("content-type",),
        credentials=True,
    ),
    # Without resolved origins sam local has no OPTIONS.
    Report(
        "aws/aws-sam-cli#4026",
        ("preflight.no-options", "httpapi.no-cors"),
        answer(403, *JSON, WERKZEUG, body='{"message":"Missing Authentication Token"}'),
        url="http://127.0.0.1:3000/items",
    ),
    # The middleware reads event.httpMethod, which version 2.0 of the payload does not have.
    Report(
        "dbartholomae/lambda-middleware#74",
        ("int.throws", "preflight.proxy-any-lambda"),
        answer(500, *JSON, HTTP_API, ("content-length", "35")),
        url="https://abc123.execute-api.eu-west-1.amazonaws.com/items",
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "pulumi/pulumi-awsx#545",
        ("preflight.no-options",),
        NO_ROUTE,
        url="https://abc123.execute-api.eu-west-1.amazonaws.com/stage/pet",
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "aws-samples/aws-amplify-ecommerce#8",
        ("acah.custom",),
        answer(
            200,
            *ANY,
            (f"{ALLOW}methods", "PUT,GET,POST,DELETE,PATCH,HEAD"),
            (
                f"{ALLOW}headers",
                "authorization,content-type,x-amz-content-sha256,x-amz-date,x-amz-security-token,x-amz-user-agent",
            ),
            ("x-amzn-requestid", "4c1f"),
        ),
        url="https://pinpoint.us-west-2.amazonaws.com/v1/apps/1234/endpoints/5678",
        method="PUT",
        asks=("amz-sdk-invocation-id", "amz-sdk-request", *SIGNED),
        origin="http://ecommerce-hostingbucket-dev.s3-website-us-west-2.amazonaws.com",
    ),
)
RESPONSES = (
    Report(
        "localstack/localstack#4689",
        ("acac.not-true",),
        answer(
            200,
            (f"{ALLOW}origin", LOCAL),
            (f"{ALLOW}methods", "HEAD,GET,PUT,POST,DELETE,OPTIONS,PATCH"),
            (f"{ALLOW}headers", "authorization,content-type"),
            (f"{ALLOW}credentials", "true"),
        ),
        answer(200, (f"{ALLOW}origin", LOCAL), *JSON),
        url="http://localhost:4566/restapis/abc/dev/_user_request_/items",
        asks=("content-type",),
        credentials=True,
        origin=LOCAL,
    ),
    # Two machines, one of which has another clock or another user agent: the thread does not tell.
    Report(
        "aws-amplify/amplify-js#7209",
        ("auth.iam-bad-signature", "auth.iam-clock"),
        passed(SIGNED),
        Response(403, "InvalidSignatureException", headers=(("x-cache", "Error from cloudfront"),)),
        asks=SIGNED,
    ),
    Report(
        "awslabs/aws-api-gateway-developer-portal#62",
        ("int.throws",),
        None,
        BAD,
        url="https://abc123.execute-api.us-west-2.amazonaws.com/prod/catalog?start=undefined&end=undefined",
        asks=(),
        origin="http://developer-portal-test-web-3.s3-website-us-west-2.amazonaws.com",
    ),
    # The integration calls with the caller's credentials, whose role may not invoke the function.
    Report(
        "aws-samples/api-gateway-secure-pet-store#24",
        ("auth.iam-denied",),
        passed(SIGNED),
        Response(
            403,
            "AccessDeniedException",
            "User: arn:aws:sts::123456789012:assumed-role/Cognito_PetStoreAuth_Role/CognitoIdentityCredentials is not "
            "authorized to perform: lambda:InvokeFunction on resource: "
            "arn:aws:lambda:us-east-1:123456789012:function:pets",
        ),
        asks=SIGNED,
        origin="null",
    ),
    Report(
        "amazon-archives/awsmobile-cli#53",
        ("int.lambda-timeout",),
        passed(SIGNED),
        BAD,
        asks=SIGNED,
        milliseconds=3_140,
    ),
    Report(
        "aws-solutions-library-samples/video-on-demand-on-aws#127",
        ("edge.cf-origin-header",),
        None,
        answer(
            200,
            ("content-type", "video/MP2T"),
            ("server", "AmazonS3"),
            ("x-cache", "Hit from cloudfront"),
            ("x-amz-cf-id", "V3G_qw2bYLEIc"),
        ),
        url=f"{EDGE}/out/v1/segment_1.ts",
        asks=(),
    ),
    Report(
        "aws-amplify/amplify-js#4209",
        ("auth.cognito-access-no-scope",),
        passed(),
        UNAUTHORIZED,
        rest(drops("Default4XX")),
        token=token(token_use="access", iss=ISSUER, exp=4000000000),
    ),
    Report("aws-amplify/amplify-js#3587", ("auth.cognito-access-no-scope",), passed(), UNAUTHORIZED),
    Report(
        "spektor.dev, CORS in AWS API Gateway with Lambda",
        ("acao.missing-actual",),
        Response(200, headers=(*OPEN, (f"{ALLOW}headers", DEFAULT_HEADERS))),
        Response(200, body='"Hello from Lambda!"', headers=JSON),
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "fastapi/fastapi#1663",
        ("acao.duplicate",),
        answer(200, *OPEN, (f"{ALLOW}headers", "content-type"), ("x-amzn-requestid", "9f2e")),
        answer(200, *origins("https://app.example.com", "*"), *JSON, ("x-amzn-requestid", "9f2f")),
        url=FUNCTION,
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "Miserlou/Zappa#1506",
        ("auth.sigv4-to-cognito",),
        passed(SIGNED),
        UNAUTHORIZED,
        rest(drops("Default4XX")),
        asks=SIGNED,
        origin=LOCAL,
    ),
    Report(
        "jch254/serverless-node-dynamodb-ui#3",
        ("auth.lambda-deny", "auth.cognito-expired"),
        passed(),
        UNAUTHORIZED,
        url="https://62xhj71jke.execute-api.ap-southeast-2.amazonaws.com/prod/items",
        token=token(iss="https://example.auth0.com/", aud="client", exp=1492128000),
        browser="firefox",
        origin="https://serverless-api.603.nu",
    ),
    # The group's role may not call the path.
    Report(
        "aws-amplify/amplify-cli#8019",
        ("auth.iam-denied",),
        passed(SIGNED),
        Response(
            403,
            "AccessDeniedException",
            "User: arn:aws:sts::123456789012:assumed-role/amplify-app-dev-authRole/CognitoIdentityCredentials is not "
            "authorized to perform: execute-api:Invoke on resource: "
            "arn:aws:execute-api:us-east-1:********9012:e2du5do64c/dev/GET/endpoint",
            headers=(("x-cache", "Error from cloudfront"),),
        ),
        asks=SIGNED,
        origin=LOCAL,
    ),
)
GRAPHQL = """
import json

def form_response(body, status):
    return {"statusCode": status, "body": json.dumps(body)}

def lambda_handler(event, context):
    query = json.loads(event["body"])
    return form_response({"data": query}, 200)
"""
SHOWN = (
    Shown(
        "aws/aws-sam-cli#2611",
        ("acao.missing-actual",),
        with_code(GRAPHQL, runtime="python3.13", method="post", Cors=STAR),
        method="POST",
        headers=("content-type",),
    ),
    Shown(
        "api3dao/airnode#1357",
        ("preflight.api-key",),
        body(
            {"/{endpointId}": {"post": proxied(), "options": proxied()}},
            securityDefinitions={"apiKey": {"type": "apiKey", "name": "x-api-key", "in": "header"}},
            security=[{"apiKey": []}],
        ),
        path="/0x12",
        method="POST",
        headers=("content-type", "x-api-key"),
    ),
)
SET_ELEVEN = (*OPTIONS, *RESPONSES)
