"""Public reports, eighth set: of APIs on AWS, collected after the doctor had been corrected by the seventh.

Each was rebuilt, and its cause written down, before the doctor saw any: 11 of these 12 were named right or among at
most two at the first run, 7 of them alone. Of 31 that a search found, 19 were in earlier sets.
"""

from __future__ import annotations

from tests.faults.reported.answers import BAD, BARE
from tests.faults.reported.report import ALLOW, ANY, Report, Response, passed
from tests.faults.reported.servers import ITEMS, JSON, LOCAL, allowed, answer

UNAUTHORIZED = Response(401, "UnauthorizedException", "Unauthorized")
MISSING_TOKEN = Response(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
SIGNED = ("authorization", "x-amz-date", "x-amz-security-token")
HTML = ("content-type", "text/html")
OPTIONS = (
    Report("aws-samples/aws-serverless-workshops#97", ("preflight.cognito",), UNAUTHORIZED, method="POST"),
    Report("mlops-club/awscdk-minecraft#36", ("preflight.cognito",), UNAUTHORIZED, origin=LOCAL),
    Report("aws-amplify/amplify-js#1654", ("preflight.iam",), MISSING_TOKEN, asks=SIGNED, origin=LOCAL),
    Report(
        "swagger-api/swagger-ui#5731",
        ("preflight.proxy-any-lambda", "preflight.no-options"),
        answer(405, ("allow", "GET, POST")),
        url=ITEMS,
        asks=("token",),
    ),
    Report(
        "floci-io/floci#2847",
        ("preflight.mock-no-headers", "httpapi.no-cors", "preflight.proxy-any-lambda"),
        answer(200, *JSON),
        url="http://localhost:4566/restapis/abc/dev/_user_request_/test",
        method="POST",
        asks=("content-type",),
        origin=LOCAL,
    ),
    Report(
        "localstack/localstack#3964",
        ("acam.missing",),
        answer(
            200,
            *ANY,
            (f"{ALLOW}methods", "HEAD,GET,PUT,POST,DELETE,OPTIONS"),
            (f"{ALLOW}headers", "content-type"),
        ),
        url="http://localhost:4566/restapis/abc/dev/_user_request_/items/1",
        method="PATCH",
        asks=("content-type",),
        origin=LOCAL,
    ),
    Report(
        "kyma-project/kyma#11126",
        ("acam.missing",),
        answer(
            200,
            *ANY,
            (f"{ALLOW}methods", "GET,POST,PUT,DELETE"),
            (f"{ALLOW}headers", "Authorization,Content-Type,*"),
            ("server", "istio-envoy"),
        ),
        url=ITEMS,
        method="PATCH",
        asks=("authorization", "content-type"),
    ),
)
RESPONSES = (
    Report("claudiajs/claudia-api-builder#37", ("auth.no-token",), None, UNAUTHORIZED, asks=()),
    Report(
        "aprin-labs/archimedes#1749",
        ("auth.waf",),
        allowed("content-type"),
        answer(403, ("server", "awselb/2.0"), HTML),
        url="https://api.example.com/api/rigor/verify",
        method="POST",
        asks=("content-type",),
        sends=9_000,
    ),
    # The default time of a function: three seconds.
    Report(
        "aws-samples/aws-serverless-workshops#23",
        ("int.lambda-timeout",),
        passed(),
        BAD,
        method="POST",
        milliseconds=3_090,
    ),
    Report(
        "tinrab/url-shortener-lambda#1",
        ("acao.missing-actual",),
        passed(("content-type",)),
        BARE,
        method="POST",
        asks=("content-type",),
    ),
)
# Without the token, an authorizer that looks at another header is one of many that answer 401.
UNDETERMINED_401 = (
    Report(
        "aws-samples/aws-serverless-workshops#50",
        ("auth.cognito-identity-source",),
        passed(),
        UNAUTHORIZED,
        method="POST",
    ),
)
SET_EIGHT = (*OPTIONS, *RESPONSES)
