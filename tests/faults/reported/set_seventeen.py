"""Public reports, seventeenth set: written down after the doctor had been corrected by the sixteenth.

They were collected by the themes of APIs on AWS that people ask about; each was rebuilt before the doctor saw any: 18
of these 20 were named first or among at most two at the first run.
"""

from __future__ import annotations

from typing import Any

from accountsctl.doctor.diagnosis.targets import Query
from tests.faults.reported.answers import ISSUER, TIMEOUT, token
from tests.faults.reported.apis import SAM, sam
from tests.faults.reported.pasted import Pasted
from tests.faults.reported.report import ANY, REST, Report, Response, passed
from tests.faults.reported.servers import JSON, allowed, answer
from tests.faults.reported.set_fourteen import BUCKET
from tests.faults.reported.set_sixteen import PREFLIGHT_FAILED
from tests.faults.reported.templates import Shown, with_code

SIGNED_URL = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=abc"
FROM_CACHE = (("server", "AmazonS3"), ("x-cache", "Hit from cloudfront"), ("x-amz-cf-id", "abc"))
SEVENTEEN = (
    # An image that the page has loaded without CORS before.
    Report(
        "fast-average-color/fast-average-color#117",
        ("client.cached-without-cors",),
        None,
        None,
        url="https://d111111abcdef8.cloudfront.net/photo.jpg",
        asks=(),
        failure="net::ERR_FAILED",
        before=answer(200, ("content-type", "image/jpeg"), *FROM_CACHE),
    ),
    Report(
        "porsche-design-system/porsche-design-system#1469",
        ("edge.cf-origin-header", "edge.s3-no-cors"),
        None,
        answer(200, ("content-type", "image/png"), *FROM_CACHE),
        url="https://aws.designsystem.porsche.com/porsche-design-system.png?v=1.5.8",
        asks=(),
        browser="firefox",
    ),
    # The ID token where the method's scopes ask for the access token.
    Report(
        "aws/chalice#1761",
        ("auth.cognito-id-with-scope",),
        passed(),
        Response(401, "UnauthorizedException", "Unauthorized"),
        token=token(token_use="id", iss=ISSUER, exp=4000000000, aud="client"),
    ),
    # OPTIONS reaches the application, which fails there.
    Report(
        "mathom/xrayvision#6",
        ("preflight.proxy-any-lambda", "int.throws"),
        Response(500, body='{"message": "An uncaught exception happened."}', headers=JSON),
        url=REST,
        method="POST",
        asks=("content-type",),
    ),
    # The upload's Content-Type was not signed: S3 refuses it, with CORS headers.
    Report(
        "transloadit/uppy#1233",
        ("auth.iam-bad-signature",),
        allowed("content-type", status=200, server=(("server", "AmazonS3"),)),
        answer(403, *ANY, *BUCKET, body="<Error><Code>SignatureDoesNotMatch</Code></Error>"),
        url=f"https://uploads.s3.eu-west-1.amazonaws.com/a.pdf?{SIGNED_URL}",
        method="PUT",
        asks=("content-type",),
        kind="xhr",
    ),
    # The bucket's rules lack PUT.
    Report(
        "kfei/vue-s3-dropzone#10",
        ("edge.s3-no-cors",),
        answer(403, *BUCKET),
        url=f"https://my-uploads.s3.us-west-2.amazonaws.com/photo.jpg?{SIGNED_URL}",
        method="PUT",
        asks=("cache-control", "content-type"),
        kind="xhr",
    ),
    Report(
        "reapit/foundations#4215",
        ("auth.throttle",),
        allowed("authorization", "content-type", "api-version"),
        answer(429, ("server", "Kestrel"), *JSON, ("content-length", "60")),
        url="https://platform.reapit.cloud/contacts",
        asks=("api-version", "authorization"),
    ),
    Report(
        "connorjoleary/DeepCite#59",
        ("int.gateway-timeout",),
        passed(("content-type",)),
        TIMEOUT,
        method="POST",
        asks=("content-type",),
        milliseconds=29_050,
    ),
)


def _with_quotes() -> dict[str, Any]:
    """An HTTP API whose CORS configuration has the quotes that a REST API's needs."""
    cors = {
        "AllowCredentials": True,
        "AllowMethods": "'GET,POST,OPTIONS'",
        "AllowHeaders": "'Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token'",
        "AllowOrigins": "'http://localhost:9000'",
    }
    event = {"Type": "HttpApi", "Properties": {"ApiId": {"Ref": "MyApi"}, "Path": "/items", "Method": "get"}}
    function = {"CodeUri": "s3://bucket/key", "Handler": "index.handler", "Runtime": "nodejs22.x"}
    return {
        "Transform": SAM,
        "Resources": {
            "MyApi": {"Type": "AWS::Serverless::HttpApi", "Properties": {"CorsConfiguration": cors}},
            "Fn": {
                "Type": "AWS::Serverless::Function",
                "Properties": {**function, "Events": {"Get": event}},
            },
        },
    }


# The template of a function as the Amplify CLI writes it.
COMMENTED_OUT = """exports.handler = async (event) => {
    console.log(`EVENT: ${JSON.stringify(event)}`);
    return {
        statusCode: 200,
    //  Uncomment below to enable CORS requests
    //  headers: {
    //      "Access-Control-Allow-Origin": "*",
    //      "Access-Control-Allow-Headers": "*"
    //  },
        body: JSON.stringify('Hello from Lambda!'),
    };
};
"""
SHOWN_SEVENTEEN = (
    Shown("aws-amplify/docs#3204", ("acao.missing-actual",), with_code(COMMENTED_OUT, Cors="'*'")),
    Shown(
        "aws/aws-sam-cli#2637",
        ("acao.invalid", "httpapi.origin-not-listed"),
        _with_quotes(),
        headers=("authorization",),
        origin="http://localhost:9000",
    ),
)
PRIVATE = sam(EndpointConfiguration={"Type": "PRIVATE"}, Cors="'*'")
PASTED_SEVENTEEN = (
    # http is redirected to https.
    Pasted(
        "jpsim/AWSPics#24",
        ("preflight.redirect",),
        "Access to XMLHttpRequest at 'https://pics.example.com/Prod/login' from origin 'https://d111.cloudfront.net' "
        "has been blocked by CORS policy: Response to preflight request doesn't pass access control check: Redirect is "
        "not allowed for a preflight request.",
    ),
    Pasted(
        "aws-samples/aws-modern-application-workshop#204",
        ("client.mixed",),
        "Blocked loading mixed active content \u201chttp://mysfits-nlb-x.elb.eu-west-1.amazonaws.com/mysfits\u201d",
    ),
    Pasted(
        "aws-amplify/amplify-js#6695",
        ("client.mixed",),
        "Mixed Content: The page at 'https://master.d1n9105puc6llp.amplifyapp.com/' was loaded over HTTPS, but "
        "requested an insecure XMLHttpRequest endpoint 'http://203.0.113.92:5000/signals'. This request has been "
        "blocked; the content must be served over HTTPS.",
    ),
    Pasted(
        "aws/chalice#1472",
        ("acao.wildcard-credentials",),
        "Access to XMLHttpRequest at 'https://abc.execute-api.us-east-1.amazonaws.com/api/custom_cors' from origin "
        "'https://www.example.com' has been blocked by CORS policy: The value of the 'Access-Control-Allow-Origin' "
        "header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.",
    ),
    Pasted(
        "OSU-Sustainability-Office/energy-dashboard#140",
        ("deploy.unreachable",),
        "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
        "http://localhost:3000/allbuildings. (Reason: CORS request did not succeed).",
        Query(origin="http://localhost:8080"),
    ),
    # A bucket of another owner, by transfer acceleration.
    Pasted(
        "jwplayer/jwplatform-node#19",
        ("edge.s3-no-cors",),
        "Access to XMLHttpRequest at 'https://jwplatform-upload.s3-accelerate.amazonaws.com/secretlink' from origin "
        f"'https://mywebsite.com' has been blocked by CORS policy: {PREFLIGHT_FAILED}",
        Query(method="PUT"),
    ),
    # An emulator checks the signature of the preflight.
    Pasted(
        "floci-io/floci#2412",
        ("preflight.authenticated", "edge.s3-no-cors"),
        f"""$ curl -i -X OPTIONS 'http://localhost:4566/bucket/key?{SIGNED_URL}' \\
  -H 'Origin: http://localhost:3000' -H 'Access-Control-Request-Method: PUT'
HTTP/1.1 403 Forbidden
content-type: application/xml

<?xml version="1.0" encoding="UTF-8"?><Error><Code>SignatureDoesNotMatch</Code></Error>
""",
    ),
    Pasted(
        "onmyway133/blog#1058",
        ("deploy.private",),
        "GET https://q6t71pmdq7.execute-api.eu-north-1.amazonaws.com/prod/items net::ERR_NAME_NOT_RESOLVED",
        template=PRIVATE,
    ),
    Pasted(
        "awsdocs/aws-lambda-developer-guide#494",
        ("function-url.no-permission",),
        """$ curl -sv "https://abcdefghij0123456789.lambda-url.us-east-1.on.aws/"
> GET / HTTP/1.1
> Host: abcdefghij0123456789.lambda-url.us-east-1.on.aws
>
< HTTP/1.1 403 Forbidden
< Content-Type: application/json
< x-amzn-ErrorType: AccessDeniedException
<
{"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/"}
""",
    ),
    Pasted(
        "LeanerCloud/CUDly#390",
        ("acao.duplicate",),
        """$ curl -si -H "Origin: https://dash.example.com" https://33pz7pomb.lambda-url.us-east-1.on.aws/api/health
HTTP/1.1 200 OK
Access-Control-Allow-Origin: https://app.example.com
Access-Control-Allow-Origin: https://dash.example.com
Access-Control-Allow-Credentials: true

{"status":"ok"}
""",
    ),
)
