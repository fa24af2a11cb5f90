"""Public reports, twenty-second set: written down after the doctor had been corrected by the seventeenth.

Most of them show a console or a curl and no more. 14 of 20 were named first or among at most two at the first run; two
of LocalStack, which say too little, and one of another set are not here.
"""

from __future__ import annotations

from accountsctl.doctor.diagnosis.targets import Query
from tests.faults.reported.apis import sam
from tests.faults.reported.pasted import Pasted
from tests.faults.reported.report import BY_GATEWAY, EDGE, Headers, Report, Response, passed
from tests.faults.reported.servers import answer
from tests.faults.reported.set_sixteen import NO_HEADER, PREFLIGHT_FAILED

NO_TOKEN = Response(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
BY_EDGE: Headers = (
    *BY_GATEWAY,
    ("x-amzn-errortype", "MissingAuthenticationTokenException"),
    ("x-cache", "Error from cloudfront"),
    ("via", "1.1 abc.cloudfront.net (CloudFront)"),
)
TWENTY_TWO = (
    # A method with AWS_IAM is called without a signature.
    Report(
        "amazon-archives/aws-cognito-angular-quickstart#153",
        ("auth.iam-no-token",),
        passed(("content-type",)),
        NO_TOKEN,
        asks=("content-type",),
        method="POST",
        kind="xhr",
    ),
    Report(
        "aws-amplify/amplify-js#5398",
        ("auth.iam-no-token",),
        None,
        NO_TOKEN,
        sam(Cors="'*'", Auth={"DefaultAuthorizer": "AWS_IAM"}),
        asks=(),
        kind="xhr",
    ),
    # CloudFront passes /api on, which the API does not have.
    Report(
        "aws-solutions-library-samples/secure-media-delivery-at-the-edge-on-aws#35",
        ("deploy.wrong-path",),
        None,
        answer(403, *BY_EDGE),
        url=EDGE.replace("/items", "/api/token"),
        asks=(),
    ),
)
PASTED_TWENTY_TWO = (
    Pasted(
        "dwyl/learn-aws-lambda#77",
        ("preflight.no-options", "deploy.stale"),
        "XMLHttpRequest cannot load https://abc123.execute-api.us-east-1.amazonaws.com/prod/LambdaTest. Response to "
        f"preflight request doesn't pass access control check: {NO_HEADER} Origin 'http://localhost:8000' is therefore "
        "not allowed access. The response had HTTP status code 403.",
        Query(method="POST"),
    ),
    Pasted(
        "nginx/nginx-gateway-fabric#5315",
        ("acao.duplicate",),
        "$ curl -i -H 'Origin: https://app.example.com' https://api.example.com/items\n"
        "HTTP/1.1 200 OK\nServer: nginx\nAccess-Control-Allow-Origin: https://app.example.com\n"
        "access-control-allow-origin: *\nContent-Type: application/json\n\n[]\n",
    ),
    Pasted(
        "adamchainz/django-cors-headers#97",
        ("acao.duplicate",),
        "XMLHttpRequest cannot load https://api.example.com/items/. The 'Access-Control-Allow-Origin' header contains "
        "multiple values 'http://localhost:9000, *', but only one is allowed. Origin 'http://localhost:9000' is "
        "therefore not allowed access.",
    ),
    Pasted(
        "amazon-archives/aws-sdk-mobile-analytics-js#29",
        ("client.blocked",),
        "POST https://mobileanalytics.us-east-1.amazonaws.com/2014-06-05/events net::ERR_BLOCKED_BY_CLIENT",
    ),
    Pasted(
        "amplitude/Amplitude-JavaScript#558",
        ("client.blocked",),
        "POST https://api.amplitude.com/ net::ERR_BLOCKED_BY_CLIENT",
    ),
    Pasted(
        "getsentry/sentry-javascript#3203",
        ("acah.custom",),
        "Access to fetch at 'https://abc.execute-api.us-east-1.amazonaws.com/dev/items' from origin "
        "'http://localhost:3000' has been blocked by CORS policy: Request header field sentry-trace is not allowed by "
        "Access-Control-Allow-Headers in preflight response.",
    ),
    # A redirect leads to a bucket.
    Pasted(
        "getodk/central-frontend#1727",
        ("edge.s3-no-cors",),
        "Access to XMLHttpRequest at 'https://my-bucket.s3.eu-west-1.amazonaws.com/blob-1?X-Amz-Signature=abc' "
        "(redirected from 'https://odk.example.com/v1/projects/1/forms/f/attachments/a.csv') from origin "
        f"'https://odk.example.com' has been blocked by CORS policy: {NO_HEADER}",
    ),
    Pasted(
        "flutter/flutter#53745",
        ("client.redirect",),
        "Access to XMLHttpRequest at 'https://aws.amazon.com/s3/' (redirected from 'https://s3.amazonaws.com/') from "
        f"origin 'http://localhost:5000' has been blocked by CORS policy: {NO_HEADER}",
    ),
    Pasted(
        "angular/angular#41931",
        ("edge.s3-no-cors",),
        "Access to XMLHttpRequest at 'https://my-bucket.s3.amazonaws.com/upload.png?AWSAccessKeyId=A&Expires=1"
        f"&Signature=abc' from origin 'http://localhost:4200' has been blocked by CORS policy: {PREFLIGHT_FAILED}",
        Query(method="PUT"),
    ),
    Pasted(
        "amazon-archives/amazon-cognito-identity-js#549",
        ("edge.s3-no-cors",),
        "OPTIONS https://s3.amazonaws.com/mybucket/photo.png 403 (Forbidden)\n"
        "XMLHttpRequest cannot load https://s3.amazonaws.com/mybucket/photo.png. Response to preflight request doesn't "
        f"pass access control check: {NO_HEADER} Origin 'http://localhost:4200' is therefore not allowed access. The "
        "response had HTTP status code 403.",
    ),
    # The root of a stage has a slash at its end.
    Pasted(
        "stackery/php-lambda-layer#31",
        ("deploy.wrong-path",),
        "$ curl -i https://abc123.execute-api.ap-southeast-1.amazonaws.com/Prod\n"
        "HTTP/2 403\ncontent-type: application/json\nx-amzn-errortype: MissingAuthenticationTokenException\n"
        'x-amz-apigw-id: abc=\n\n{"message":"Missing Authentication Token"}\n',
    ),
    Pasted(
        "amplify-education/serverless-domain-manager#20",
        ("deploy.wrong-path",),
        "$ curl -i https://api.example.com/dev/items\n"
        "HTTP/2 403\ncontent-type: application/json\nx-amzn-errortype: MissingAuthenticationTokenException\n"
        'x-amz-apigw-id: abc=\n\n{"message":"Missing Authentication Token"}\n',
    ),
    # A token for a pool is sent where a signature is asked for, or to a path that the API does not have.
    Pasted(
        "amazon-archives/aws-cognito-angular-quickstart#50",
        ("auth.iam-not-cognito", "auth.route-missing+token"),
        '$ curl -i -H "Authorization: Bearer eyJraWQiOiJhIn0.eyJzdWIiOiIxIn0.c2ln" '
        "https://abc123.execute-api.us-east-1.amazonaws.com/dev/items\n"
        "HTTP/1.1 403 Forbidden\nContent-Type: application/json\nx-amzn-ErrorType: IncompleteSignatureException\n\n"
        '{"message":"\'eyJraWQiOiJhIn0\' not a valid key=value pair (missing equal-sign) in Authorization header: '
        "'Bearer eyJraWQiOiJhIn0'.\"}\n",
    ),
)
