"""Public reports, second set: collected after the doctor had been corrected by the first.

Each was rebuilt, and its cause written down, before the doctor saw it: 21 of these 25 were named right or among at
most two at the first run. Two had been named before (PRX#412, cognito-identity-js#602): 20 of the other 23.
"""

from __future__ import annotations

from tests.faults.reported.answers import BAD, ISSUER, SIGNED, token
from tests.faults.reported.apis import body, mock, proxied
from tests.faults.reported.report import (
    ALLOW,
    EDGE,
    FUNCTION,
    HTTP,
    OPEN,
    ORIGIN,
    Headers,
    Report,
    Response,
    passed,
)
from tests.faults.reported.set_one import BY_DEFAULT, DEFAULTS, NO_METHOD

UNAUTHORIZED = Response(401, "UnauthorizedException", "Unauthorized")
JSON: Headers = (("content-type", "application/json"),)
S3: Headers = (("server", "AmazonS3"), ("x-amz-request-id", "F51174106260C689"), ("x-amz-id-2", "5nfrls"))
BUCKET = "https://bucket.s3.amazonaws.com/folder/photo.jpg"
FOR_ALL = {
    "Origin": "'*'",
    "Headers": "'Content-Type'",
    "Methods": "'DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT'",
}


def moved(status: int, location: str) -> Response:
    """A redirect of S3, whose preflight no rule of the bucket answers."""
    return Response(
        status, headers=(*S3, ("location", location), ("content-type", "application/xml")), gateway=False
    )


def cached(verdict: str) -> Response:
    """An object of S3 through CloudFront, without headers of CORS."""
    headers = (
        *S3,
        ("x-cache", f"{verdict} from cloudfront"),
        ("via", "1.1 60c0.cloudfront.net (CloudFront)"),
    )
    return Response(
        200, body="<rss/>", headers=(("content-type", "application/xml"), *headers), gateway=False
    )


SET_TWO = (
    Report("aws-amplify/docs#959", ("auth.cognito-access-no-scope",), passed(), UNAUTHORIZED, method="POST"),
    Report(
        "aws-amplify/docs#1137",
        ("auth.cognito-access-no-scope",),
        passed(),
        UNAUTHORIZED,
        token="Bearer " + token(token_use="access", iss=ISSUER, exp=4000000000),
    ),
    Report(
        "amazon-archives/amazon-cognito-identity-js#602",
        ("auth.sigv4-to-cognito",),
        passed(SIGNED),
        UNAUTHORIZED,
        asks=SIGNED,
        token="AWS4-HMAC-SHA256 Credential=ASIA/20171118/us-east-2/execute-api/aws4_request, Signature=6bcf",
    ),
    Report(
        "auth0/docs#3691",
        ("auth.iam-denied",),
        passed(SIGNED),
        Response(
            403,
            "AccessDeniedException",
            "User: arn:aws:sts::123456789012:assumed-role/auth0/x is not authorized to perform: execute-api:Invoke",
        ),
        asks=SIGNED,
    ),
    Report(
        "anomalyco/guide#28",
        ("int.malformed",),
        passed(("content-type",)),
        BAD,
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "anomalyco/sst#4555",
        ("acao.wildcard-credentials", "client.credentials"),
        Response(200, headers=(*OPEN, (f"{ALLOW}headers", "content-type")), gateway=False),
        url=FUNCTION,
        method="POST",
        asks=("content-type",),
        credentials=True,
        origin="http://localhost:3000",
    ),
    Report(
        "serverless-components/fullstack-app#14",
        ("httpapi.no-cors", "httpapi.error-without-cors", "acao.missing-actual"),
        None,
        Response(200, body="{}", headers=(*JSON, ("apigw-requestid", "AbCdEf=")), gateway=False),
        url=HTTP,
        asks=(),
        method="POST",
    ),
    Report(
        "evanchiu/serverless-galleria#7",
        ("preflight.no-options",),
        NO_METHOD,
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "keboola/developer-portal#140",
        ("auth.cognito-expired",),
        passed(),
        Response(401, "UnauthorizedException", "The incoming token has expired"),
    ),
    Report("mantil-io/mantil#13", ("deploy.wrong-path",), None, NO_METHOD, asks=()),
    Report("pulumi/pulumi-awsx#331", ("preflight.no-options",), NO_METHOD),
    Report("aws/aws-cdk#22402", ("preflight.cognito", "preflight.lambda-authorizer"), UNAUTHORIZED),
    Report(
        "aws/serverless-application-model#135",
        ("acao.missing-actual",),
        None,
        Response(200, body="{}", headers=JSON),
        body(
            {
                "/items": {
                    "get": proxied(
                        responses={
                            "default": {
                                "statusCode": "200",
                                "responseParameters": {
                                    "method.response.header.Access-Control-Allow-Origin": "'*'"
                                },
                            }
                        }
                    ),
                    "options": mock(**FOR_ALL),
                }
            }
        ),
        asks=(),
    ),
    Report(
        "boldare/terraform-modules#48",
        ("acao.missing-actual",),
        None,
        Response(
            200,
            body="{}",
            headers=(
                *JSON,
                ("x-cache", "Miss from cloudfront"),
                ("via", "1.1 60c0.cloudfront.net (CloudFront)"),
            ),
            gateway=False,
        ),
        url=EDGE,
        asks=(),
    ),
    Report(
        "smithy-lang/smithy#583",
        ("acah.custom",),
        BY_DEFAULT,
        asks=("amz-sdk-invocation-id", "amz-sdk-request", *SIGNED),
    ),
    Report(
        "apollo-server-integrations/apollo-server-integration-aws-lambda#85",
        ("acao.missing-actual",),
        passed(("content-type",)),
        Response(200, body='{"data":{}}', headers=JSON),
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "aws/aws-sdk-js#938",
        ("preflight.redirect",),
        Response(
            302,
            headers=(("location", "https://aws.amazon.com/iam/"), ("x-amzn-requestid", "675e16b7")),
            gateway=False,
        ),
        url="https://iam.amazonaws.com/",
        method="POST",
        asks=("authorization", "content-type", "x-amz-content-sha256", "x-amz-date", "x-amz-user-agent"),
        origin="http://localhost:9000",
    ),
    Report(
        "aws/aws-sdk-js-v3#1376",
        ("acah.custom",),
        Response(
            200,
            headers=(
                *OPEN,
                (f"{ALLOW}headers", f"{DEFAULTS},x-amz-user-agent,x-amz-content-sha256"),
                ("x-amzn-requestid", "675e16b7"),
            ),
            gateway=False,
        ),
        url="https://abc-ats.iot.eu-west-1.amazonaws.com/things/thing/shadow",
        asks=(
            "amz-sdk-invocation-id",
            "amz-sdk-request",
            "x-amz-content-sha256",
            "x-amz-user-agent",
            *SIGNED,
        ),
        origin="http://localhost:3000",
    ),
    Report("PRX/Infrastructure#412", ("edge.cf-origin-header",), None, cached("Hit"), url=EDGE, asks=()),
    Report(
        "cloudposse/terraform-aws-cloudfront-s3-cdn#25",
        ("edge.s3-no-cors",),
        None,
        cached("Miss"),
        url=EDGE,
        asks=(),
    ),
    Report(
        "boto/boto3#421",
        ("preflight.redirect",),
        moved(307, "https://bucket.s3.eu-central-1.amazonaws.com/folder/photo.jpg"),
        url=BUCKET,
        method="PUT",
        asks=("content-type",),
    ),
    Report(
        "transloadit/uppy#713",
        ("preflight.redirect",),
        Response(301, headers=(*S3, ("content-type", "application/xml")), gateway=False),
        url="https://s3.us-east-2.amazonaws.com/bucket/file.txt",
        method="PUT",
        asks=("content-type",),
    ),
    Report(
        "fortana-co/react-dropzone-uploader#26",
        ("preflight.redirect",),
        moved(307, "https://bucket.s3.us-east-2.amazonaws.com/folder/photo.jpg"),
        url=BUCKET,
        method="POST",
        asks=("x-requested-with",),
    ),
    Report("stackoverflow.com/q/36913196", ("auth.lambda-deny",), passed(), UNAUTHORIZED),
    Report(
        "stackoverflow.com/q/40149788",
        ("acao.missing-actual",),
        passed(("content-type",)),
        Response(200, body="{}", headers=JSON),
        method="POST",
        asks=("content-type",),
        origin=ORIGIN,
    ),
    # Three more, collected last: two of them were right or among two at the first run.
    Report(
        "bontare.com/memos/220",
        ("preflight.no-options", "httpapi.no-cors"),
        Response(404, message="Not Found", headers=(("apigw-requestid", "Ab="),), gateway=False),
        url=HTTP,
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "aws-amplify/amplify-cli#4937",
        ("int.throws",),
        passed(("content-type",)),
        BAD,
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "aws-samples/amazon-rekognition-engagement-meter#43",
        ("int.non-proxy-missing-map",),
        None,
        Response(400, body="{}", headers=JSON),
        asks=(),
    ),
)
