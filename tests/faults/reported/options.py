"""Public reports whose preflight failed, and the cause that each thread found."""

from __future__ import annotations

from tests.faults.changes import drops, sets
from tests.faults.reported.apis import (
    ALLOWED,
    COGNITO,
    STAR,
    body,
    distribution,
    function_url,
    http,
    mock,
    proxied,
    rest,
    sam,
)
from tests.faults.reported.report import (
    ALLOW,
    DOMAIN,
    EDGE,
    FUNCTION,
    HTTP,
    REST,
    Report,
    Response,
)

UNAUTHORIZED = Response(401, "UnauthorizedException", "Unauthorized")
NO_ROUTE = Response(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
FORBIDDEN = Response(403, "ForbiddenException", "Forbidden")
ROOT = REST.removesuffix("items")
SECURED = {
    "security": [{"users": []}],
    "securityDefinitions": {
        "users": {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authtype": "cognito_user_pools",
            "x-amazon-apigateway-authorizer": {
                "type": "cognito_user_pools",
                "providerARNs": ["arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Demo00001"],
            },
        }
    },
}
NOT_ALLOWED = (
    "<html>This distribution is not configured to allow the HTTP request method that was used.</html>"
)
PAGE = (("content-type", "text/html"), ("server", "CloudFront"), ("x-cache", "Error from cloudfront"))


AUTHORIZED_OPTIONS = (
    Report(
        "aws/serverless-application-model#717",
        ("preflight.cognito",),
        UNAUTHORIZED,
        template=sam(Auth=COGNITO, Cors=STAR),
    ),
    Report(
        "aws/serverless-application-model#957",
        ("preflight.cognito",),
        UNAUTHORIZED,
        template=sam(Auth=COGNITO, Cors="'*'"),
    ),
    Report(
        "open-constructs/cdk-serverless#372",
        ("preflight.cognito",),
        UNAUTHORIZED,
        template=body({"/items": {"get": proxied(), "options": mock(**ALLOWED)}}, **SECURED),
    ),
    Report(
        "aws/aws-cdk#21419",
        ("preflight.cognito",),
        UNAUTHORIZED,
        template=rest(
            sets("ItemsOptions", AuthorizationType="COGNITO_USER_POOLS", AuthorizerId={"Ref": "Authorizer"})
        ),
    ),
    Report(
        "aws/aws-cdk#8778",
        ("preflight.api-key",),
        FORBIDDEN,
        asks=("x-api-key",),
        template=rest(
            sets("ItemsOptions", ApiKeyRequired=True),
            sets("ItemsGet", ApiKeyRequired=True, AuthorizationType="NONE", AuthorizerId=None),
        ),
    ),
    Report(
        "aws/serverless-application-model#1786",
        ("preflight.api-key",),
        FORBIDDEN,
        asks=("x-api-key",),
        template=sam(Auth={"ApiKeyRequired": True}, Cors=STAR),
    ),
    Report("saltstack/salt#33802", ("preflight.api-key",), FORBIDDEN, asks=("x-api-key",)),
    Report(
        "apex/up#105", ("preflight.api-key",), FORBIDDEN, asks=("content-type", "x-api-key"), method="POST"
    ),
    Report(
        "aws/chalice#1418",
        ("preflight.iam",),
        NO_ROUTE,
        method="POST",
        asks=("authorization", "x-amz-date", "x-amz-security-token"),
        template=body(
            {
                "/items": {
                    "post": {**proxied(), "security": [{"sigv4": []}]},
                    "options": {**proxied(), "security": [{"sigv4": []}]},
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
        ),
    ),
    Report(
        "Miserlou/Zappa#494",
        ("preflight.iam",),
        NO_ROUTE,
        asks=("authorization", "x-amz-date"),
        template=rest(
            sets("AppProxyAny", AuthorizationType="AWS_IAM", AuthorizerId=None), drops("AppProxyOptions")
        ),
        url=REST.replace("items", "app/users"),
    ),
    Report(
        "anomalyco/sst#5493",
        ("httpapi.default-route",),
        Response(
            401,
            message="Unauthorized",
            gateway=False,
            headers=(("apigw-requestid", "AbCdEf="), (f"{ALLOW}origin", "*")),
        ),
        url=HTTP,
        template=http(
            "ANY /items", cors={"AllowOrigins": ["*"], "AllowHeaders": ["*"], "AllowMethods": ["*"]}, jwt=True
        ),
    ),
    Report(
        "jamesmbourne/aws4-axios#671",
        ("function-url.no-cors",),
        Response(403, "AccessDeniedException", "Forbidden"),
        url=FUNCTION,
        asks=("authorization", "x-amz-date"),
        template=function_url("AWS_IAM"),
    ),
)
NO_OPTIONS = (
    Report(
        "logandk/serverless-wsgi#20",
        ("preflight.proxy-root", "deploy.wrong-path"),
        NO_ROUTE,
        url=ROOT,
        template=body({"/{proxy+}": {"x-amazon-apigateway-any-method": proxied()}}),
    ),
    Report(
        "mikestaub/serverless-express#43",
        ("preflight.proxy-root", "deploy.wrong-path"),
        NO_ROUTE,
        url=f"{ROOT}api/",
        template=body({"/api/{proxy+}": {"x-amazon-apigateway-any-method": proxied()}}),
    ),
    Report(
        "joostfarla/serverless-cors-plugin#17",
        ("preflight.no-options", "deploy.stale"),
        NO_ROUTE,
        asks=("x-custom-auth",),
    ),
    Report(
        "aws/aws-cdk#28512",
        ("preflight.no-options", "preflight.child-resource"),
        NO_ROUTE,
        method="POST",
        asks=("content-type",),
        template=body({"/": {"options": mock(**ALLOWED)}, "/items": {"post": proxied()}}),
    ),
    Report(
        "aws/aws-sam-cli#2526",
        ("preflight.no-options", "httpapi.no-cors"),
        Response(404, message="Not Found", gateway=False, headers=(("apigw-requestid", "AbCdEf="),)),
        url=HTTP,
        method="POST",
        template=http("POST /{path+}"),
    ),
    Report(
        "aws/serverless-application-model#1603",
        ("preflight.proxy-any-lambda",),
        Response(
            404,
            gateway=False,
            headers=(("apigw-requestid", "AbCdEf="), (f"{ALLOW}origin", "https://thedomain.com")),
            body="not found",
        ),
        url=HTTP,
        template=http(
            "ANY /{any+}",
            cors={
                "AllowOrigins": ["https://thedomain.com"],
                "AllowHeaders": ["authorization"],
                "AllowMethods": ["GET", "PUT", "POST", "DELETE"],
            },
        ),
        origin="https://thedomain.com",
    ),
    Report(
        "CodeGenieApp/serverless-express#553",
        ("preflight.proxy-any-lambda", "int.gateway-timeout", "int.lambda-timeout"),
        Response(
            503, message="Service Unavailable", gateway=False, headers=(("apigw-requestid", "AbCdEf="),)
        ),
        url=HTTP,
        asks=("x-api-key",),
        template=http("ANY /{proxy+}"),
        milliseconds=30020,
    ),
    Report(
        "middyjs/middy#796",
        ("edge.cf-methods",),
        Response(403, body=NOT_ALLOWED, headers=PAGE, gateway=False),
        url=EDGE,
    ),
)
AT_EDGE = (
    Report("Miserlou/Zappa#1248", ("deploy.no-mapping",), FORBIDDEN, url=DOMAIN),
    Report(
        "amplify-education/serverless-domain-manager#57",
        ("deploy.no-mapping",),
        FORBIDDEN,
        url=DOMAIN,
        asks=("content-type",),
        method="POST",
    ),
    Report("aws-cloudformation/cloudformation-coverage-roadmap#571", ("edge.cf-host",), FORBIDDEN, url=EDGE),
    Report(
        "Droplr/serverless-api-cloudfront#15",
        ("edge.cf-host",),
        Response(403, body="<html>The request could not be satisfied.</html>", headers=PAGE, gateway=False),
        url=EDGE,
        template={
            "Resources": {
                **rest()["Resources"],
                **distribution(
                    {"Fn::Sub": "${Api}.execute-api.eu-west-1.amazonaws.com"},
                    AllowedMethods=["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
                    ForwardedValues={"QueryString": True, "Headers": ["*"]},
                ),
            }
        },
    ),
    Report(
        "aws/aws-cdk#20090", ("edge.cf-host",), Response(403, "AccessDeniedException", "Forbidden"), url=EDGE
    ),
)
OPTIONS = (*AUTHORIZED_OPTIONS, *NO_OPTIONS, *AT_EDGE)
