"""Public reports of the fourth set: preflights of servers for development, stores, and sign-ins."""

from __future__ import annotations

from tests.faults.reported.answers import token
from tests.faults.reported.report import ALLOW, Report
from tests.faults.reported.servers import JSON, LOCAL, answer, origins

STORES = (
    Report(
        "gbif/registry#94",
        ("preflight.redirect",),
        answer(301, ("location", "https://registry-api.gbif-dev.org/dataset/6663666e")),
        url="http://registry-api.gbif-dev.org/dataset/6663666e",
        origin=LOCAL,
    ),
    Report(
        "SpoonX/aurelia-api#140",
        ("preflight.redirect",),
        answer(301, ("location", "http://url.com/api/v1/product/3/"), ("server", "nginx")),
        url="http://url.com/api/v1/product/3",
        method="PUT",
        asks=("content-type",),
        origin="http://localhost:9000",
    ),
    # A method without CORS is no OPTIONS method either: `chalice local` fails on it.
    Report(
        "aws/chalice#761",
        ("preflight.no-options", "preflight.proxy-any-lambda"),
        answer(500, ("server", "BaseHTTP/0.3 Python/2.7.13")),
        url="http://localhost:8000/translate",
        method="POST",
        asks=("content-type",),
        origin="http://localhost:8080",
    ),
    Report(
        "dherault/serverless-offline#1692",
        ("preflight.no-options", "preflight.proxy-any-lambda", "httpapi.no-cors"),
        answer(404, ("content-type", "application/json; charset=utf-8")),
        url="http://localhost:4001/2015-03-31/functions/export/invocations",
        method="POST",
        asks=("authorization", "content-type", "x-amz-content-sha256", "x-amz-date"),
        origin=LOCAL,
    ),
    Report(
        "aws/aws-sam-cli#323",
        ("preflight.mock-no-headers", "preflight.proxy-any-lambda"),
        answer(200, ("server", "Werkzeug/0.16.0 Python/3.7.3"), *JSON),
        url="http://127.0.0.1:3000/orders/193061421222",
        method="PUT",
        asks=("content-type",),
        origin="http://localhost:8080",
    ),
    # The bucket has no CORS rules.
    Report(
        "localstack/localstack#9780",
        ("edge.s3-no-cors",),
        answer(
            403,
            ("content-type", "application/xml"),
            ("server", "TwistedWeb/24.3.0"),
            ("x-amz-request-id", "6be0ae74"),
            ("x-amz-id-2", "s9lzHYrFp76ZVxRcpX9"),
        ),
        url="http://s3.localhost.localstack.cloud:4566/my-bucket/key?X-Amz-Algorithm=AWS4-HMAC-SHA256",
        method="PUT",
        asks=("content-type",),
        origin=LOCAL,
    ),
    Report(
        "aws-amplify/amplify-js#1083",
        ("preflight.redirect",),
        answer(
            301,
            ("server", "AmazonS3"),
            ("x-amz-bucket-region", "us-east-2"),
            ("content-type", "application/xml"),
        ),
        url="https://s3.amazonaws.com/dealer.printmanager/public/test.csv",
        method="PUT",
        asks=("authorization", "content-type", "x-amz-content-sha256", "x-amz-date"),
        origin=LOCAL,
    ),
    # 401 for a token that has expired, without the headers that a 200 has.
    Report(
        "keycloak/keycloak#26782",
        ("auth.cognito-expired", "acao.missing-error-path"),
        answer(
            200,
            *origins(LOCAL),
            (f"{ALLOW}credentials", "true"),
            (f"{ALLOW}methods", "GET, HEAD, OPTIONS"),
            (f"{ALLOW}headers", "Origin, Accept, X-Requested-With, Content-Type, DPoP, Authorization"),
        ),
        answer(
            401,
            ("www-authenticate", 'Bearer realm="hawtio", error="invalid_token"'),
            *JSON,
            body='{"error":"invalid_token","error_description":"Token verification failed"}',
        ),
        url="http://localhost:8180/realms/hawtio/protocol/openid-connect/userinfo",
        origin=LOCAL,
        token="Bearer " + token(iss="http://localhost:8180/realms/hawtio", exp=1700000000),
        browser="firefox",
    ),
    Report(
        "keycloak/keycloak#22275",
        ("acao.missing-error-path",),
        None,
        answer(400, *JSON, body='{"error":"invalid_request"}'),
        url="https://sso.example.com/realms/r/protocol/openid-connect/token",
        method="POST",
        asks=(),
    ),
)
