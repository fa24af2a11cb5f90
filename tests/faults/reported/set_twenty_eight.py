"""Public reports, twenty-eighth set: eleven threads, written down after the doctor was corrected by the set before.

At the first run the doctor named the cause alone in 3 and as one of two in 2. The other 6 were kinds of their own: what
an HTTP API's JWT authorizer refuses, CloudFront's own error and a script at the page's origin, a checksum that was
signed, a part whose ETag the page cannot read, and a page of the site in place of a file.
"""

from __future__ import annotations

import json

from tests.faults.reported.answers import token
from tests.faults.reported.apis import Template, http
from tests.faults.reported.pasted import Pasted
from tests.faults.reported.report import ALLOW, ANY, ORIGIN, Headers, Report, Response, chromium
from tests.faults.reported.set_twenty_seven import FROM_CLOUDFRONT, SITE
from tests.faults.reported.templates import Shown

API = "https://abc123.execute-api.eu-west-1.amazonaws.com"
OF_HTTP_API: Headers = (*ANY, ("apigw-requestid", "Q1ea3GcAIAM="))
UPLOAD = "https://my-bucket.s3.us-west-2.amazonaws.com/v.mp4?uploadId=abc"


def with_auth0() -> Template:
    """An HTTP API whose authorizer has Auth0's issuer without the slash at its end."""
    cors = {"AllowOrigins": ["*"], "AllowHeaders": ["*"], "AllowMethods": ["*"]}
    template = http("GET /questions", cors=cors, jwt=True)
    rules = {"Issuer": "https://shop.eu.auth0.com", "Audience": ["https://auth0-jwt-authorizer"]}
    template["Resources"]["Jwt"]["Properties"]["JwtConfiguration"] = rules
    return template


def by_serverless() -> Template:
    """What the Serverless Framework compiles for `cors: true`."""
    rest = {"RestApiId": {"Ref": "ApiGatewayRestApi"}}
    method = {**rest, "ResourceId": {"Ref": "ApiGatewayResourceItems"}, "AuthorizationType": "NONE"}
    arn = {"Fn::GetAtt": ["ItemsLambdaFunction", "Arn"]}
    path = ":lambda:path/2015-03-31/functions/"
    uri = {"Fn::Join": ["", ["arn:aws:apigateway:", {"Ref": "AWS::Region"}, path, arn, "/invocations"]]}
    calls = {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": uri}
    root = {"Fn::GetAtt": ["ApiGatewayRestApi", "RootResourceId"]}
    code = {"Code": {"S3Bucket": "b", "S3Key": "k"}, "Handler": "handler.items", "Runtime": "nodejs22.x"}
    may_call = {
        "FunctionName": arn,
        "Action": "lambda:InvokeFunction",
        "Principal": "apigateway.amazonaws.com",
    }
    parts = {
        "ApiGatewayRestApi": ("ApiGateway::RestApi", {"Name": "dev-items"}),
        "ApiGatewayResourceItems": ("ApiGateway::Resource", {**rest, "ParentId": root, "PathPart": "items"}),
        "ApiGatewayMethodItemsOptions": ("ApiGateway::Method", {**method, **preflight_of_serverless()}),
        "ApiGatewayMethodItemsGet": (
            "ApiGateway::Method",
            {**method, "HttpMethod": "GET", "Integration": calls},
        ),
        "ApiGatewayDeployment1": ("ApiGateway::Deployment", {**rest, "StageName": "dev"}),
        "ItemsLambdaFunction": ("Lambda::Function", code),
        "MayCall": ("Lambda::Permission", may_call),
    }
    return {
        "Resources": {
            name: {"Type": f"AWS::{kind}", "Properties": own} for name, (kind, own) in parts.items()
        }
    }


def preflight_of_serverless() -> Template:
    """Its method for OPTIONS, with its list of headers until 2022."""
    named = "method.response.header.Access-Control-Allow-"
    headers = "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token,X-Amz-User-Agent"
    allowed = {f"{named}Origin": "'*'", f"{named}Headers": f"'{headers}'", f"{named}Methods": "'OPTIONS,GET'"}
    mock = {
        "Type": "MOCK",
        "RequestTemplates": {"application/json": "{statusCode:200}"},
        "ContentHandling": "CONVERT_TO_TEXT",
        "IntegrationResponses": [{"StatusCode": "200", "ResponseParameters": allowed}],
    }
    declared = [{"StatusCode": "200", "ResponseParameters": dict.fromkeys(allowed, True)}]
    return {"HttpMethod": "OPTIONS", "Integration": mock, "MethodResponses": declared}


def of_both(*reports: Report) -> str:
    """One recording of several requests."""
    logs = [json.loads(chromium(report))["log"] for report in reports]
    return json.dumps({"log": {**logs[0], "entries": [entry for log in logs for entry in log["entries"]]}})


SHOWN_TWENTY_EIGHT = (
    Shown("serverless/serverless#11168", ("acah.custom",), by_serverless(), headers=("x-amzn-trace-id",)),
)
TWENTY_EIGHT = (
    # The page has the stage in its URL, and asks for its scripts without it.
    Report(
        "adnanrahic/serverless-side-rendering-react-next#3",
        ("deploy.no-stage",),
        None,
        Response(403, "ForbiddenException", "Forbidden"),
        url=f"{API}/_next/static/main.js",
        origin=API,
        asks=(),
        kind="script",
    ),
    Report(
        "mbeher2200/DarkHours#241",
        ("edge.proxy-error",),
        None,
        Response(
            504,
            headers=(*FROM_CLOUDFRONT, ("server", "CloudFront"), ("content-type", "text/html")),
            gateway=False,
            body="<html>",
        ),
        url=f"{SITE}/api/night",
        origin=SITE,
        asks=(),
        milliseconds=30100,
    ),
    Report(
        "aws-samples/ask-around-me#3",
        ("auth.cognito-wrong-pool",),
        Response(204, headers=(*OF_HTTP_API, (f"{ALLOW}headers", "*")), gateway=False),
        Response(
            401,
            headers=(*OF_HTTP_API, ("www-authenticate", 'Bearer scope="" error="invalid_token"')),
            gateway=False,
            body='{"message":"Unauthorized"}',
        ),
        with_auth0(),
        url=f"{API}/questions",
        token=token(iss="https://shop.eu.auth0.com/", aud=["https://auth0-jwt-authorizer"], exp=4000000000),
        browser="firefox",
    ),
    # CloudFront signs for the function URL, and the page has to hash the body of a POST.
    Report(
        "cdklabs/cdk-nextjs#87",
        ("auth.iam-bad-signature",),
        None,
        Response(403, "InvalidSignatureException", headers=FROM_CLOUDFRONT, gateway=False),
        url=f"{SITE}/form",
        origin=SITE,
        asks=("next-action",),
        method="POST",
    ),
    Report(
        "seaweedfs/seaweedfs#10216",
        ("auth.iam-bad-signature",),
        Response(200, headers=(*ANY, (f"{ALLOW}methods", "PUT"), (f"{ALLOW}headers", "*")), gateway=False),
        Response(400, headers=ANY, gateway=False, body="<Error><Code>BadDigest</Code></Error>"),
        url="http://localhost:8333/bucket/1?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=abc"
        "&x-amz-checksum-crc32=AAAAAA%3D%3D",
        method="PUT",
        asks=("content-type",),
    ),
    # The preflight is answered by one layer, and the request by another that allows every origin.
    Report(
        "expressjs/cors#278",
        ("acao.wildcard-credentials",),
        Response(
            200,
            headers=(
                (f"{ALLOW}origin", ORIGIN),
                (f"{ALLOW}credentials", "true"),
                (f"{ALLOW}headers", "content-type"),
            ),
            gateway=False,
        ),
        Response(200, headers=ANY, gateway=False, body="{}"),
        url="https://api.example.com/graphql",
        method="POST",
        asks=("content-type",),
        credentials=True,
        browser="firefox",
    ),
)
# The parts' ETags are hidden, and the store does not know which parts to put together.
MULTIPART = of_both(
    Report(
        "a part",
        (),
        Response(200, headers=(*ANY, (f"{ALLOW}methods", "PUT")), gateway=False),
        Response(200, headers=(*ANY, ("etag", '"a"')), gateway=False),
        url=f"{UPLOAD}&partNumber=1",
        method="PUT",
        asks=(),
    ),
    Report(
        "its end", (), None, Response(400, headers=ANY, gateway=False), url=UPLOAD, method="POST", asks=()
    ),
)
PASTED_TWENTY_EIGHT = (
    Pasted(
        "aws-amplify/amplify-hosting#4099",
        ("edge.page-instead",),
        "$ curl -sI https://main.d1abc.amplifyapp.com/assets/index-Ab12.js\nHTTP/2 200\ncontent-type: text/html\n"
        "server: AmazonS3\nx-cache: Hit from cloudfront\n\n",
    ),
    Pasted(
        "brikis98/devops-book#12",
        ("function-url.no-permission",),
        "$ curl https://abcdefghij0123456789.lambda-url.us-east-2.on.aws/\n"
        '{\n  "Message": "Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws."\n}\n',
    ),
    Pasted(
        "Budibase/budibase#9902",
        ("client.csp",),
        "budibase-client.js?v=2.3.16:1 The source list for the Content Security Policy directive 'connect-src' "
        "contains an invalid source: 'https://s3.*.amazonaws.com'. It will be ignored.\n"
        "Refused to connect to 'https://my-assets.s3.ap-southeast-2.amazonaws.com/a.png?X-Amz-Signature=abc' because "
        "it violates the following Content Security Policy directive: \"connect-src 'self' https://*.budibase.net\".",
    ),
)
