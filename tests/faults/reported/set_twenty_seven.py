"""Public reports, twenty-seventh set: 23 threads of CloudFront, AppSync, stores, emulators, firewalls and curl.

At the first run the doctor named the cause alone in 11, one as a warning, and as one of two in 5. The other 7: three
recordings of a page and an API with one origin that it did not look into, a checksum in a presigned URL, a host that
curl's notes alone name, a body below a bare status line, and a function URL without what curl had shown of it.
"""

from __future__ import annotations

from typing import Any

from tests.faults.reported.apis import STAR, Template, body, distribution, mock, proxied, sam
from tests.faults.reported.report import ALLOW, ANY, EDGE, ORIGIN, Headers, Report, Response, passed
from tests.faults.reported.set_twenty_seven_texts import NO_MATCH
from tests.faults.reported.templates import Shown

SITE = EDGE.removesuffix("/items")
FROM_CLOUDFRONT: Headers = (
    ("via", "1.1 abc.cloudfront.net (CloudFront)"),
    ("x-cache", "Error from cloudfront"),
)
APPSYNC = "https://abcdefghijklmnop.appsync-api.eu-west-1.amazonaws.com/graphql"
STORE: Headers = (("server", "AmazonS3"), ("x-amz-request-id", "A1"))
SIGNED = ("authorization", "content-type", "x-amz-date", "x-amz-security-token")
FOR_PAGE: Headers = ((f"{ALLOW}origin", ORIGIN), (f"{ALLOW}methods", "GET, POST, PUT"))
OPENED = Response(200, headers=(*ANY, (f"{ALLOW}methods", "POST"), (f"{ALLOW}headers", "*")), gateway=False)
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:authorizer"
OF_FUNCTION = {"DefaultAuthorizer": "Fn", "Authorizers": {"Fn": {"FunctionArn": FUNCTION}}}
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"


def beside_site(api: Template, **behavior: Any) -> Template:
    """The API behind /api/* of the distribution that has the site's bucket as its default."""
    edge = distribution("site.s3.eu-west-1.amazonaws.com", CachePolicyId=CACHING_DISABLED)
    config = edge["Edge"]["Properties"]["DistributionConfig"]
    config["Origins"][0]["Id"] = config["DefaultCacheBehavior"]["TargetOriginId"] = "site"
    host = {"Fn::Join": ["", [{"Ref": "Api"}, ".execute-api.eu-west-1.amazonaws.com"]]}
    config["Origins"].append({"Id": "api", "DomainName": host, "OriginPath": "/dev"})
    methods = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]
    config["CacheBehaviors"] = [
        {"PathPattern": "/api/*", "TargetOriginId": "api", "AllowedMethods": methods, **behavior}
    ]
    return {**api, "Resources": {**api["Resources"], **edge}}


def from_appsync(message: str) -> Response:
    """AppSync's refusal, which every page may read."""
    error = f'{{"errors":[{{"errorType":"UnauthorizedException","message":"{message}"}}]}}'
    return Response(401, "UnauthorizedException", headers=ANY, body=error, gateway=False)


# What the Amplify CLI writes for a REST API of signed-in users.
GEN1 = body(
    {
        "/items": {
            "x-amazon-apigateway-any-method": {**proxied(), "security": [{"sigv4": []}]},
            "options": mock(
                Origin="'*'",
                Methods="'DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT'",
                Headers="'Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token'",
            ),
        }
    },
    securityDefinitions={
        "sigv4": {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authtype": "awsSigv4",
        }
    },
)
SHOWN_TWENTY_SEVEN = (
    Shown(
        "aws-amplify/amplify-cli#2308",
        ("acah.custom",),
        GEN1,
        headers=("authorization", "x-amz-date", "x-amz-security-token", "x-tenant-id"),
    ),
)
# A checksum of the object's parts is in ETag, which the bucket does not expose.
HIDDEN_TWENTY_SEVEN = (
    Report(
        "Techiebutler/freeframe#131",
        ("expose.missing",),
        Response(200, headers=FOR_PAGE, gateway=False),
        Response(200, headers=(FOR_PAGE[0], ("etag", '"5d41402abc4b"')), gateway=False),
        url="https://media.fsn1.your-objectstorage.com/raw/a.mp4?uploadId=2~abc&partNumber=1"
        "&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=abc",
        method="PUT",
        asks=(),
    ),
)
TWENTY_SEVEN = (
    # The URL was signed with a Content-Type that the request does not have.
    Report(
        "willwebberley/NodeDirectUploader#13",
        ("auth.iam-bad-signature",),
        Response(200, headers=(*ANY, (f"{ALLOW}methods", "PUT"), *STORE), gateway=False),
        Response(
            403,
            headers=(*ANY, *STORE),
            gateway=False,
            body=f"<Error><Code>SignatureDoesNotMatch</Code><Message>{NO_MATCH}</Message></Error>",
        ),
        url="https://my-bucket.s3.amazonaws.com/cat.png?AWSAccessKeyId=A&Content-Type=image%2Fpng&Expires=1"
        "&Signature=abc",
        method="PUT",
        asks=(),
        kind="xhr",
    ),
    Report(
        "NC-DIT-Open-Source/Public-Comment-Analyzer#11",
        ("edge.cf-header",),
        None,
        Response(401, headers=FROM_CLOUDFRONT, body='{"error":"Unauthorized"}'),
        beside_site(
            sam(path="/api/{proxy+}", method="any", Cors=STAR),
            CachePolicyId=CACHING_DISABLED,
        ),
        url=f"{SITE}/api/status/1",
        origin=SITE,
        asks=("x-access-key",),
    ),
    # The web ACL's rule compares what it reads of the body, which is 8 KB.
    Report(
        "RoboFinSystems/robosystems#821",
        ("auth.waf", "gwresp.waf-custom"),
        Response(
            200,
            headers=(*FOR_PAGE, (f"{ALLOW}headers", "authorization, content-type"), ("server", "uvicorn")),
            gateway=False,
        ),
        Response(
            413,
            headers=(("server", "awselb/2.0"), ("content-type", "application/json")),
            gateway=False,
            body='{"error": "Request payload too large."}',
        ),
        url="https://api.example.com/v1/documents/1",
        method="PUT",
        asks=("authorization", "content-type"),
        sends=12000,
    ),
    Report(
        "aws/context-ontology-accelerator#135",
        ("auth.waf",),
        passed(("authorization", "content-type")),
        Response(403, "ForbiddenException", "Forbidden", headers=ANY),
        method="POST",
        asks=("authorization", "content-type"),
        sends=20000,
    ),
    # The configured domain ends with a slash, and the library adds one.
    Report(
        "aws-samples/bedrock-chat#1120",
        ("deploy.wrong-path",),
        None,
        Response(404, headers=(("server", "Server"), ("x-amz-cognito-request-id", "e1")), gateway=False),
        url="https://chat.auth.us-east-1.amazoncognito.com//oauth2/token",
        method="POST",
        asks=(),
        origin=SITE,
    ),
    # LocalStack does not know the port that its container has outside.
    Report(
        "localstack/lstk#226",
        ("httpapi.origin-not-listed",),
        Response(403, headers=(("server", "TwistedWeb/24.3.0"),), gateway=False),
        url="https://localhost.localstack.cloud:4567/_localstack/info",
        origin="https://snowflake.localhost.localstack.cloud:4567",
        asks=("content-type",),
        method="POST",
    ),
    Report(
        "aws-samples/sample-collaborative-ai-dlc#186",
        ("edge.cf-error-page",),
        None,
        Response(
            200,
            headers=(*FROM_CLOUDFRONT, ("content-type", "text/html"), ("server", "AmazonS3")),
            gateway=False,
            body="<!doctype html>",
        ),
        url=f"{SITE}/api/projects",
        origin=SITE,
    ),
    # The configuration that the hosting service made lacks how the API authorizes.
    Report(
        "aws-amplify/amplify-js#4270",
        ("auth.no-token",),
        OPENED,
        from_appsync("Missing authorization header"),
        url=APPSYNC,
        method="POST",
        asks=("content-type", "x-amz-user-agent"),
        kind="xhr",
    ),
    Report(
        "aws-amplify/amplify-cli#3485",
        ("auth.api-key",),
        OPENED,
        from_appsync("You are not authorized to make this call."),
        url=APPSYNC,
        method="POST",
        asks=("content-type", "x-amz-user-agent", "x-api-key"),
        kind="xhr",
    ),
    # The SDK put the checksum of an empty body into the URL.
    Report(
        "crafter-station/petdex#465",
        ("auth.iam-bad-signature",),
        Response(
            204,
            headers=(*FOR_PAGE, (f"{ALLOW}headers", "content-type"), ("server", "cloudflare")),
            gateway=False,
        ),
        Response(400, headers=(("server", "cloudflare"), ("content-type", "application/xml")), gateway=False),
        url="https://acct.r2.cloudflarestorage.com/pets/pet.json?X-Amz-Algorithm=AWS4-HMAC-SHA256"
        "&X-Amz-Signature=abc&x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-sdk-checksum-algorithm=CRC32",
        method="PUT",
        asks=("content-type",),
        kind="xhr",
    ),
    Report(
        "trendmicro/serverless-survey-forms#12",
        ("edge.cf-authorization",),
        None,
        Response(401, "UnauthorizedException", "Unauthorized", headers=FROM_CLOUDFRONT),
        beside_site(
            sam(path="/api/v1/users/me", Auth=OF_FUNCTION),
            ForwardedValues={"QueryString": True, "Headers": ["Origin", "Accept"]},
        ),
        url=f"{SITE}/api/v1/users/me",
        origin=SITE,
    ),
    # The signature is of the API's host, and CloudFront's is called.
    Report(
        "aws-amplify/amplify-js#1339",
        ("auth.iam-bad-signature",),
        passed(SIGNED, FROM_CLOUDFRONT[0]),
        Response(403, "InvalidSignatureException", headers=(*FROM_CLOUDFRONT, ("content-length", "1120"))),
        url=EDGE,
        method="POST",
        asks=SIGNED,
        kind="xhr",
    ),
    Report(
        "localstack/localstack#8769",
        ("acah.custom",),
        Response(
            204,
            headers=(
                (f"{ALLOW}origin", "https://app.localstack.cloud"),
                (f"{ALLOW}methods", "HEAD,GET,PUT,POST,DELETE,OPTIONS,PATCH"),
                (f"{ALLOW}headers", "authorization,content-type,x-amz-user-agent,x-localstack-target"),
            ),
            gateway=False,
        ),
        url="http://localhost:4566/graphql/abc",
        origin="https://app.localstack.cloud",
        method="POST",
        asks=("content-type", "x-api-key"),
    ),
)
