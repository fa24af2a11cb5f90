"""Public reports, ninth set: of APIs on AWS, collected after the doctor had been corrected by the eighth.

Each was rebuilt, and its cause written down, before the doctor saw any: 18 of these 20 were named right or among at
most two at the first run, 12 of them alone.
"""

from __future__ import annotations

from tests.faults.changes import preflight
from tests.faults.reported.answers import FAILED, SIGNED
from tests.faults.reported.apis import ALLOWED, body, mock, proxied, rest
from tests.faults.reported.options import NO_ROUTE, SECURED, UNAUTHORIZED
from tests.faults.reported.report import ALLOW, ANY, OPEN, Report, Response, passed
from tests.faults.reported.servers import JSON, LOCAL, answer
from tests.faults.reported.templates import Shown

DEFAULT_HEADERS = "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token,X-Amz-User-Agent"
HTTP_API = ("apigw-requestid", "ZqX1ghLEDoEEJ5g=")
WERKZEUG = ("server", "Werkzeug/1.0.1 Python/3.8.16")
SAM_LOCAL = "http://127.0.0.1:3000/test"
CUSTOM = {
    "securityDefinitions": {
        "authorize": {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authtype": "custom",
            "x-amazon-apigateway-authorizer": {
                "type": "token",
                "authorizerUri": (
                    "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/"
                    "arn:aws:lambda:eu-west-1:123456789012:function:authorize/invocations"
                ),
                "authorizerResultTtlInSeconds": 0,
            },
        }
    }
}
SIGV4 = {
    "securityDefinitions": {
        "sigv4": {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authtype": "awsSigv4",
        }
    },
    "security": [{"sigv4": []}],
}
OPTIONS = (
    # The route has an authorizer, and no cors=True.
    Report("aws/chalice#1609", ("preflight.no-options",), NO_ROUTE, origin="http://localhost:8080"),
    # The example's template: OPTIONS by a MOCK without contentHandling, and every type is binary.
    Report(
        "CodeGenieApp/serverless-express#58",
        ("preflight.binary-media",),
        FAILED,
        template=body(
            {
                "/{proxy+}": {
                    "x-amazon-apigateway-any-method": proxied(),
                    "options": mock(**ALLOWED),
                }
            },
            **{"x-amazon-apigateway-binary-media-types": ["*/*"]},
        ),
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "jeremydaly/lambda-api#105",
        ("preflight.cognito",),
        UNAUTHORIZED,
        template=body(
            {
                "/v1/{proxy+}": {
                    "x-amazon-apigateway-any-method": {**proxied(), "security": [{"users": []}]},
                }
            },
            securityDefinitions=SECURED["securityDefinitions"],
        ),
        url="https://abc123.execute-api.eu-west-1.amazonaws.com/dev/v1/items",
    ),
    Report(
        "awslabs/aws-api-gateway-developer-portal#227",
        ("preflight.iam",),
        NO_ROUTE,
        asks=SIGNED,
        origin="https://d111111abcdef8.cloudfront.net",
    ),
    Report(
        "serverless/serverless#1955",
        ("acah.custom",),
        Response(
            200,
            headers=(
                *ANY,
                (f"{ALLOW}headers", DEFAULT_HEADERS),
                (f"{ALLOW}methods", "OPTIONS,GET"),
                (f"{ALLOW}credentials", "true"),
            ),
        ),
        asks=("x-cowabunga",),
    ),
    Report(
        "aws/aws-sam-cli#1645",
        ("acac.not-true",),
        answer(
            200,
            (f"{ALLOW}origin", "http://localhost:9000"),
            (f"{ALLOW}methods", "GET,OPTIONS,POST"),
            (f"{ALLOW}headers", "*"),
            WERKZEUG,
        ),
        url=SAM_LOCAL,
        method="POST",
        asks=("content-type",),
        credentials=True,
        origin="http://localhost:9000",
    ),
    Report(
        "aws-observability/aws-rum-web#38",
        ("acah.custom",),
        Response(200, headers=(*OPEN, (f"{ALLOW}headers", DEFAULT_HEADERS))),
        asks=("content-type", "x-amzn-trace-id"),
        method="POST",
    ),
    Report(
        "aws-samples/amazon-s3-multipart-upload-transfer-acceleration#19",
        ("auth.resource-policy",),
        Response(
            403,
            "AccessDeniedException",
            "User: anonymous is not authorized to perform: execute-api:Invoke on resource: "
            "arn:aws:execute-api:us-east-1:********3690:1z14m6zgql/prod/OPTIONS/initialize with an explicit deny",
        ),
        method="POST",
        asks=("content-type",),
        origin=LOCAL,
    ),
    Report(
        "aws/aws-sam-cli#1381",
        ("acao.invalid",),
        answer(
            200,
            (f"{ALLOW}origin", "'*'"),
            (f"{ALLOW}methods", "'GET,OPTIONS,POST'"),
            (f"{ALLOW}headers", "'Content-Type'"),
            WERKZEUG,
        ),
        url=SAM_LOCAL,
        method="POST",
        asks=("content-type",),
        origin="http://localhost:8080",
    ),
    # Gin answers OPTIONS itself.
    Report(
        "awslabs/aws-lambda-go-api-proxy#24",
        ("preflight.proxy-any-lambda", "preflight.no-options"),
        Response(404, body="404 page not found", headers=(("content-type", "text/plain"),)),
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "aws-samples/orthanc-cdk-deployment#6",
        ("preflight.authenticated",),
        answer(
            401,
            ("www-authenticate", 'Basic realm="Orthanc Secure Area"'),
            ("x-cache", "Error from cloudfront"),
            ("via", "1.1 abc.cloudfront.net (CloudFront)"),
        ),
        url="https://d111111abcdef8.cloudfront.net/dicom-web/studies",
    ),
    Report(
        "awslabs/nx-plugin-for-aws#1007",
        ("httpapi.origin-not-listed",),
        answer(204, HTTP_API),
        url="https://abc123.execute-api.eu-west-1.amazonaws.com/echo",
        method="POST",
        asks=("authorization", "content-type"),
        origin="https://game.example.com",
    ),
    Report(
        "cisagov/XFD#1064",
        ("acao.wildcard-credentials", "client.credentials"),
        Response(200, headers=(*OPEN, (f"{ALLOW}headers", DEFAULT_HEADERS))),
        method="POST",
        asks=("content-type",),
        credentials=True,
    ),
)
RESPONSES = (
    Report(
        "aws-amplify/amplify-js#1544",
        ("acao.missing-error-path",),
        passed(SIGNED),
        Response(400, body='{"error":"no"}', headers=JSON),
        asks=SIGNED,
        origin=LOCAL,
    ),
    Report(
        "aws/aws-sam-cli#3803",
        ("acao.missing-actual", "httpapi.origin-not-listed", "httpapi.no-cors"),
        None,
        answer(200, *JSON, WERKZEUG),
        url="http://localhost:3000/test",
        asks=(),
        origin="https://localhost:8001",
    ),
    Report(
        "laardee/serverless-authentication-boilerplate#47",
        ("auth.lambda-deny",),
        passed(),
        UNAUTHORIZED,
        template=body(
            {"/items": {"get": {**proxied(), "security": [{"authorize": []}]}, "options": mock(**ALLOWED)}},
            **CUSTOM,
        ),
    ),
    Report("amazon-archives/aws-apigateway-importer#195", ("auth.lambda-deny",), passed(), UNAUTHORIZED),
    Report(
        "mhart/aws4#68",
        ("auth.iam-bad-signature",),
        passed(SIGNED),
        Response(
            403,
            "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
            "Access Key and signing method. Consult the service documentation for details.",
        ),
        asks=SIGNED,
        origin=LOCAL,
    ),
)
SHOWN = (
    Shown(
        "serverless/serverless#3303",
        ("acam.missing",),
        rest(preflight("Methods", lambda _: "'OPTIONS,ANY'", "AppOptions")),
        path="/app",
        method="PUT",
        headers=("authorization",),
    ),
    Shown(
        "aws/aws-pdk#161",
        ("preflight.iam",),
        body({"/items": {"get": proxied(), "options": mock(**ALLOWED)}}, **SIGV4),
        headers=("authorization", "x-amz-date", "x-amz-security-token"),
    ),
)
SET_NINE = (*OPTIONS, *RESPONSES)
