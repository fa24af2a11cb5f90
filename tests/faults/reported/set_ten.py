"""Public reports, tenth set: of APIs on AWS, written down with the ninth before the doctor saw either.

19 of these 20 were named right or among at most two at the first run, 13 of them alone.
"""

from __future__ import annotations

from tests.faults.changes import sets
from tests.faults.reported.answers import ISSUER, SIGNED, token
from tests.faults.reported.apis import (
    ALLOWED,
    STAR,
    body,
    distribution,
    function_url,
    mock,
    proxied,
    rest,
    sam,
)
from tests.faults.reported.options import SECURED, UNAUTHORIZED
from tests.faults.reported.report import Report, Response, passed
from tests.faults.reported.servers import JSON, LOCAL, answer
from tests.faults.reported.set_nine import HTTP_API
from tests.faults.reported.templates import Shown, with_code

EDGE = "https://d111111abcdef8.cloudfront.net"
BY_EDGE = (("x-cache", "Error from cloudfront"), ("via", "1.1 abc.cloudfront.net (CloudFront)"))
OPTIONS = (
    Report(
        "techresolve.blog, OPTIONS request to API Gateway endpoint URL",
        ("preflight.lambda-authorizer",),
        Response(
            403,
            "AccessDeniedException",
            "User is not authorized to access this resource with an explicit deny",
        ),
        method="POST",
        asks=("authorization", "content-type"),
    ),
    # The lambda server of serverless-offline has no route for OPTIONS.
    Report(
        "dherault/serverless-offline#1910",
        ("preflight.no-options",),
        answer(404, *JSON, ("cache-control", "no-cache")),
        url="http://localhost:3002/2015-03-31/functions/items-dev-get/invocations",
        method="POST",
        asks=(
            "amz-sdk-invocation-id",
            "amz-sdk-request",
            "authorization",
            "content-type",
            "x-amz-date",
            "x-amz-user-agent",
        ),
        origin=LOCAL,
    ),
    # CloudFront sends /api to the bucket of the pages.
    Report(
        "ks888/LambStatus#167",
        ("edge.cf-methods", "edge.s3-no-cors"),
        answer(403, ("content-type", "text/html"), ("server", "CloudFront"), *BY_EDGE),
        url=f"{EDGE}/api/settings",
        asks=("authorization", "content-type"),
        origin="https://statuspage-adminpages3.s3.us-east-2.amazonaws.com",
    ),
    # An HTTP API before the REST API gives OPTIONS a type that its template is not for.
    Report(
        "aws/aws-sam-cli#2483",
        ("preflight.mock-no-template", "preflight.mock-passthrough-415"),
        Response(
            500,
            "InternalServerErrorException",
            "Internal server error",
            headers=(HTTP_API,),
        ),
        url="https://api.myorg.net/assets/upload",
        method="POST",
        asks=("content-type",),
        origin="https://portal.myorg.net",
    ),
    Report(
        "hashicorp/waypoint#4233",
        ("function-url.no-cors",),
        answer(200, *JSON, ("x-amzn-requestid", "8f4c")),
        template=function_url("NONE"),
        url="https://abcdefghij0123456789.lambda-url.eu-west-1.on.aws/items",
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "serverless/serverless#7141",
        ("edge.cf-methods",),
        answer(403, ("content-type", "text/html"), ("server", "CloudFront"), *BY_EDGE),
        template={
            "Resources": {
                **body({"/courses": {"get": proxied(), "options": mock(**ALLOWED)}})["Resources"],
                **distribution(
                    {"Fn::Sub": "${Api}.execute-api.${AWS::Region}.amazonaws.com"},
                    ViewerProtocolPolicy="redirect-to-https",
                    ForwardedValues={
                        "QueryString": False,
                        "Headers": [
                            "Authorization",
                            "Access-Control-Request-Headers",
                            "Access-Control-Request-Method",
                        ],
                    },
                ),
            }
        },
        url=f"{EDGE}/courses",
        origin="http://localhost:3002",
    ),
)
RESPONSES = (
    # The clock of the client is behind.
    Report(
        "aws-amplify/amplify-js#7913",
        ("auth.iam-clock",),
        passed(SIGNED),
        Response(
            403,
            "InvalidSignatureException",
            "Signature expired: 20210520T172834Z is now earlier than 20210520T201503Z (20210520T202003Z - 5 min.)",
        ),
        asks=SIGNED,
    ),
    Report(
        "openillumi.com, API Gateway 401 with Cognito access tokens",
        ("auth.cognito-access-no-scope",),
        passed(),
        UNAUTHORIZED,
        token=token(token_use="access", iss=ISSUER, exp=4000000000),
        browser="firefox",
    ),
    Report(
        "Droplr/serverless-api-cloudfront#4",
        ("edge.cf-authorization",),
        passed(),
        Response(401, "UnauthorizedException", "Unauthorized", headers=BY_EDGE),
        template={
            "Resources": {
                **rest()["Resources"],
                **distribution(
                    {"Fn::Sub": "${Api}.execute-api.${AWS::Region}.amazonaws.com"},
                    AllowedMethods=["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
                    ForwardedValues={"QueryString": True, "Cookies": {"Forward": "all"}, "Headers": []},
                ),
            },
            "Parameters": rest()["Parameters"],
        },
        url="https://api.example.com/items",
    ),
    # Amplify signs, and the authorizer wants a token.
    Report(
        "aws-amplify/amplify-js#824",
        ("auth.sigv4-to-cognito",),
        passed(SIGNED),
        UNAUTHORIZED,
        url="https://api.example.com/",
        asks=SIGNED,
        origin=LOCAL,
    ),
    Report(
        "serverless/serverless#3896",
        ("auth.cognito-expired",),
        passed(),
        Response(401, "UnauthorizedException", "The incoming token has expired"),
        template=body(
            {"/items": {"get": {**proxied(), "security": [{"users": []}]}, "options": mock(**ALLOWED)}},
            securityDefinitions=SECURED["securityDefinitions"],
        ),
    ),
    Report(
        "ministackorg/ministack#591",
        ("acao.missing-actual",),
        None,
        answer(200, *JSON),
        url="http://localhost:4566/us-east-1_abc/.well-known/openid-configuration",
        asks=(),
        origin="http://localhost:5173",
    ),
    Report(
        "aws/aws-cdk#17924",
        ("acao.missing-actual",),
        passed(("content-type",)),
        Response(200, body="{}", headers=JSON),
        template=body(
            {"/{proxy+}": {"x-amazon-apigateway-any-method": proxied(), "options": mock(**ALLOWED)}}
        ),
        asks=("content-type",),
    ),
    # Chalice's own answer to an exception of a view.
    Report(
        "aws/chalice#970",
        ("acao.missing-error-path", "int.throws"),
        passed(),
        Response(
            500,
            body='{"Code":"InternalServerError","Message":"An internal server error occurred."}',
            headers=(*JSON, ("x-amzn-trace-id", "Root=1-5bd1")),
        ),
        origin="http://localhost:4200",
    ),
)
HELLO = """
exports.handler = async (event) => {
    // TODO implement
    const response = {
        statusCode: 200,
    //  Uncomment below to enable CORS requests
    //  headers: {
    //      "Access-Control-Allow-Origin": "*"
    //  },
        body: JSON.stringify('Hello from Lambda!'),
    };
    return response;
};
"""
SURVIVAL = """
'use strict';
module.exports.handler = (event, context, callback) => {
  const { product } = JSON.parse(event.body);
  const response = {
    statusCode: 200,
    headers: {
      'Access-Control-Allow-Origin': 'https://app.example.com',
      'Access-Control-Allow-Credentials': '*',
    },
    body: JSON.stringify({ product: product }),
  };
  callback(null, response);
};
"""
CREDENTIALS = {**STAR, "AllowOrigin": "'https://app.example.com'", "AllowHeaders": "'Content-Type'"}
SHOWN = (
    Shown(
        "jwstanly.com, How to solve SAM 403 errors on CORS preflight",
        ("preflight.api-key",),
        sam(
            Auth={"ApiKeyRequired": True, "UsagePlan": {"CreateUsagePlan": "PER_API"}},
            Cors={**STAR, "AllowOrigin": "'https://app.example.com'"},
        ),
        headers=("x-api-key",),
    ),
    Shown(
        "aws/serverless-application-model#387",
        ("client.json-content-type", "acah.custom"),
        sam(method="post", path="/test", Cors="'*'"),
        path="/test",
        method="POST",
        headers=("content-type",),
    ),
    Shown(
        "saltstack/salt#34528",
        ("preflight.iam",),
        rest(
            sets("ItemsGet", AuthorizationType="AWS_IAM", AuthorizerId=None),
            sets("ItemsOptions", AuthorizationType="AWS_IAM"),
        ),
        headers=SIGNED,
    ),
    Shown(
        "rgfindl/serverless-contact-us-form#5",
        ("preflight.no-options",),
        sam(method="post", path="/contact"),
        path="/contact",
        method="POST",
        headers=("content-type",),
    ),
    Shown(
        "aws-amplify/amplify-cli#5763", ("acao.missing-actual",), with_code(HELLO, Cors=STAR), headers=SIGNED
    ),
    Shown(
        "serverless/blog#548",
        ("acac.not-true",),
        with_code(SURVIVAL, method="post", Cors={**CREDENTIALS, "AllowCredentials": True}),
        method="POST",
        headers=("content-type",),
        credentials=True,
    ),
)
SET_TEN = (*OPTIONS, *RESPONSES)
