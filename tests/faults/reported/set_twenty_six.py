"""Public reports, twenty-sixth set: twenty threads of API Gateway with Chrome's recording, and most with a template.

At the first run the doctor named the cause alone in 13 and as one of two in 4; it called three deployments stale. Of
those three one needs a header that no browser sends with a preflight, and is not here.
"""

from __future__ import annotations

from tests.faults.reported.apis import ALLOWED, COGNITO, SAM, STAR, Template, body, mock, proxied, sam
from tests.faults.reported.report import ALLOW, ANY, REST, Headers, Report, Response, passed
from tests.faults.reported.set_twenty_three import by_function
from tests.faults.reported.templates import Shown

HTTP_API: Headers = (("apigw-requestid", "Q1ea3GcAIAM="),)
BY_FUNCTION: Headers = (("x-amzn-trace-id", "Root=1-68e9;Sampled=0"),)
HASHED = ("authorization", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token")
SIGNED = ("authorization", "content-type", "x-amz-date", "x-amz-security-token")
FAILED = "Internal server error"
BAD_GATEWAY = Response(502, "InternalServerErrorException", FAILED)
NO_ROUTE = Response(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
ITEMS = REST.removesuffix("/dev/items")


def throttled(limit: int | None) -> Template:
    """A function for every path, of which this many may run at a time; None: as many as the account allows."""
    limited = {} if limit is None else {"ReservedConcurrentExecutions": limit}
    return sam(path="/{proxy+}", method="any", function=limited)


def allowing(origin: str, *more: tuple[str, str]) -> Response:
    """A preflight that allows this origin."""
    listed = (("origin", origin), ("methods", "GET,POST,OPTIONS"), ("headers", "Content-Type"))
    return Response(200, headers=(*((f"{ALLOW}{name}", value) for name, value in listed), *more))


def calling_by(role: str, **resources: Template) -> Template:
    """An HTTP API that calls its authorizer's function by this role."""
    code = {"Handler": "index.handler", "Runtime": "python3.13", "CodeUri": "s3://bucket/key"}
    event = {"Type": "HttpApi", "Properties": {"Path": "/items", "Method": "get", "ApiId": {"Ref": "Api"}}}
    authorizer = {
        "AuthorizerPayloadFormatVersion": "2.0",
        "EnableSimpleResponses": True,
        "FunctionArn": {"Fn::GetAtt": ["Authorizer", "Arn"]},
        "FunctionInvokeRole": {"Fn::GetAtt": [role, "Arn"]},
        "Identity": {"Headers": ["Authorization"]},
    }
    api = {
        "CorsConfiguration": {"AllowOrigins": ["*"], "AllowHeaders": ["*"], "AllowMethods": ["*"]},
        "Auth": {"DefaultAuthorizer": "Function", "Authorizers": {"Function": authorizer}},
    }
    function = "AWS::Serverless::Function"
    own: Template = {
        "Api": {"Type": "AWS::Serverless::HttpApi", "Properties": api},
        "Items": {"Type": function, "Properties": {**code, "Events": {"Get": event}}},
        "Authorizer": {"Type": function, "Properties": code},
    }
    return {"Transform": SAM, "Resources": {**own, **resources}}


# The role that SAM makes for the authorizer's function, which Lambda alone may assume.
BY_OWN_ROLE = calling_by("AuthorizerRole")
LISTED = sam(Cors={**STAR, "AllowHeaders": "'Content-Type,X-Amz-Date,Authorization,X-Amz-Security-Token'"})
UNLISTED = passed(("authorization", "x-amz-date", "x-amz-security-token"))

SHOWN_TWENTY_SIX = (
    Shown(
        "aws/serverless-application-model#2049",
        ("auth.lambda-authorizer-500",),
        BY_OWN_ROLE,
        headers=("authorization",),
    ),
)
TWENTY_SIX = (
    Report(
        "aws/serverless-application-model#2049",
        ("auth.lambda-authorizer-500",),
        Response(204, headers=(*ANY, (f"{ALLOW}headers", "*"), *HTTP_API), gateway=False),
        Response(500, headers=(*ANY, *HTTP_API), gateway=False, body='{"message":"Internal Server Error"}'),
        BY_OWN_ROLE,
        url=f"{ITEMS}/items",
    ),
    Report(
        "aws/chalice#670",
        ("auth.lambda-authorizer-500",),
        passed(),
        Response(500, "AuthorizerConfigurationException", body='{"message":null}'),
        by_function("Authorization"),
    ),
    Report(
        "aws/chalice#1310",
        ("preflight.binary-media",),
        Response(500, "InternalServerErrorException", FAILED),
        None,
        body(
            {"/items": {"post": proxied(), "options": mock(**ALLOWED)}},
            **{"x-amazon-apigateway-binary-media-types": ["*/*"]},
        ),
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "claudiajs/claudia-api-builder#65",
        ("acao.wildcard-credentials", "client.credentials"),
        allowing("*", (f"{ALLOW}credentials", "true")),
        method="POST",
        asks=("content-type",),
        credentials=True,
    ),
    # The function's package lacks a module.
    Report(
        "aws-samples/lambda-refarch-webapp#50",
        ("int.throws",),
        passed(),
        BAD_GATEWAY,
        sam(Cors=STAR, Auth={**COGNITO, "AddDefaultAuthorizerToCorsPreflight": False}),
    ),
    Report(
        "middyjs/middy#313",
        ("int.throws",),
        passed(("content-type",)),
        BAD_GATEWAY,
        sam(method="post", Cors=STAR),
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "jeremydaly/lambda-api#143",
        ("acao.missing-error-path",),
        passed(("authorization",), *BY_FUNCTION),
        Response(404, headers=BY_FUNCTION, body='{"error":"Route not found"}'),
        sam(path="/{proxy+}", method="any"),
    ),
    # The middleware looks for Origin where a REST API's event has none.
    Report(
        "middyjs/middy#1497",
        ("acao.missing-actual",),
        passed(),
        Response(200, headers=BY_FUNCTION, body="{}"),
        sam(Cors=STAR),
    ),
    # The URL of the API ends with a slash, and the page adds one.
    Report(
        "aws-samples/aws-serverless-saas-workshop#50",
        ("deploy.wrong-path",),
        NO_ROUTE,
        None,
        body({"/items": {"post": proxied(), "options": mock(**ALLOWED)}}),
        url=f"{ITEMS}/dev//items",
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "FridgeFinder/CFM_Backend#32",
        ("acao.invalid",),
        allowing("www.communityfridgefinder.com"),
        None,
        sam(method="post", Cors={**STAR, "AllowOrigin": "'www.communityfridgefinder.com'"}),
        method="POST",
        asks=("content-type",),
        origin="https://www.communityfridgefinder.com",
    ),
    Report("aws/aws-pdk#408", ("acah.custom",), UNLISTED, None, LISTED, asks=HASHED),
    Report("aws-amplify/amplify-flutter#2321", ("acah.custom",), UNLISTED, asks=HASHED, kind="xhr"),
    Report(
        "mapbox/deprecated-hookshot#10",
        ("preflight.no-options",),
        NO_ROUTE,
        None,
        sam(method="post"),
        method="POST",
        asks=("content-type",),
    ),
    # Content-Type stands twice in SignedHeaders.
    Report(
        "aws-amplify/amplify-js#1646",
        ("auth.iam-bad-signature",),
        passed(SIGNED),
        Response(403, "InvalidSignatureException", headers=(("content-length", "1120"),)),
        sam(
            method="post",
            Cors=STAR,
            Auth={"DefaultAuthorizer": "AWS_IAM", "AddDefaultAuthorizerToCorsPreflight": False},
        ),
        method="POST",
        asks=SIGNED,
        kind="xhr",
    ),
    Report(
        "aws-samples/amazon-transcribe-news-media-analysis#39",
        ("acam.missing",),
        allowing("*"),
        None,
        body({"/items": {"delete": proxied(), "options": mock(**ALLOWED)}}),
        method="DELETE",
        asks=("content-type",),
    ),
    # The authorizer's policy names the method of the request that it was called for.
    Report(
        "nihemak/aws-sls-spa-sample-api#53",
        ("auth.authorizer-cache",),
        passed(),
        Response(403, "AccessDeniedException", "User is not authorized to access this resource"),
        by_function("Authorization"),
    ),
    Report(
        "aws/aws-cdk#7184",
        ("preflight.cognito",),
        Response(401, "UnauthorizedException", "Unauthorized"),
        None,
        sam(Cors=STAR, Auth=COGNITO),
    ),
    # The links that the API gives lack its stage.
    Report(
        "stac-utils/stac-fastapi-elasticsearch-opensearch#220",
        ("deploy.no-stage",),
        None,
        Response(403, "ForbiddenException", "Forbidden"),
        sam(path="/{proxy+}", method="any"),
        url=f"{ITEMS}/collections",
        asks=(),
    ),
    # The dashboard's requests come faster than two functions answer.
    Report(
        "nasa/cumulus#2406",
        ("int.lambda-throttled",),
        passed(("authorization",), *BY_FUNCTION),
        Response(500, "InternalServerErrorException", FAILED),
        throttled(2),
    ),
)
