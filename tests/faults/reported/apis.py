"""The APIs of public reports, as small as they were shown: SAM, CloudFormation, OpenAPI, HTTP APIs."""

from __future__ import annotations

from typing import Any

from tests.faults.base import stage, template
from tests.faults.changes import Change
from tests.faults.reported.report import ORIGIN

Template = dict[str, Any]
SAM = "AWS::Serverless-2016-10-31"
POOL = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Demo00001"
COGNITO = {"DefaultAuthorizer": "Pool", "Authorizers": {"Pool": {"UserPoolArn": POOL}}}
STAR = {"AllowOrigin": "'*'", "AllowHeaders": "'*'", "AllowMethods": "'*'"}
CALLS = (
    "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:eu-west-1:123456789012:function:items/invocations"
)
ARN = "arn:aws:lambda:eu-west-1:123456789012:function:items"


def rest(*changes: Change) -> Template:
    """A REST API of explicit methods, changed as the thread shows it."""
    body = template(ORIGIN)
    for change in changes:
        change(body, ORIGIN)
    body["Parameters"]["authusersUserPoolArn"]["Default"] = POOL
    return body


def sam(
    *, method: str = "get", path: str = "/items", function: Template | None = None, **api: Any
) -> Template:
    """A function behind a SAM API of `api`'s properties."""
    event = {"Type": "Api", "Properties": {"Path": path, "Method": method, "RestApiId": {"Ref": "Api"}}}
    code = {"Handler": "index.handler", "Runtime": "nodejs22.x", "CodeUri": "s3://bucket/key"}
    return {
        "Transform": SAM,
        "Resources": {
            "Api": {"Type": "AWS::Serverless::Api", "Properties": {"StageName": "dev", **api}},
            "Items": {
                "Type": "AWS::Serverless::Function",
                "Properties": {**code, **(function or {}), "Events": {"Get": event}},
            },
        },
    }


def body(paths: Template, **more: Any) -> Template:
    """A REST API whose Body is OpenAPI, with a permission for the function."""
    document = {"swagger": "2.0", "info": {"title": "items", "version": "1"}, "paths": paths, **more}
    return {
        "Resources": {
            "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": document}},
            "Deployment": {
                "Type": "AWS::ApiGateway::Deployment",
                "Properties": {"RestApiId": {"Ref": "Api"}},
            },
            "Stage": stage(),
        }
    }


def proxied(**integration: Any) -> Template:
    """An operation that calls the function."""
    calls = {"type": "aws_proxy", "httpMethod": "POST", "uri": CALLS, **integration}
    return {"responses": {}, "x-amazon-apigateway-integration": calls}


def mock(request: str = '{"statusCode": 200}', **headers: str) -> Template:
    """An OPTIONS operation: a MOCK with a request template, and the headers that it maps."""
    table = {f"method.response.header.Access-Control-Allow-{name}": value for name, value in headers.items()}
    declared = {f"Access-Control-Allow-{name}": {"type": "string"} for name in headers}
    return {
        "responses": {"200": {"description": "", "headers": declared}},
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "requestTemplates": {"application/json": request},
            "responses": {"default": {"statusCode": "200", "responseParameters": table}},
        },
    }


ALLOWED = {"Origin": "'*'", "Headers": "'Content-Type,Authorization'", "Methods": "'GET,POST,OPTIONS'"}


def http(route: str, *, cors: Template | None = None, jwt: bool = False, **function: Any) -> Template:
    """An HTTP API of one route that calls the function."""
    api: Template = {"Name": "items", "ProtocolType": "HTTP"}
    if cors is not None:
        api["CorsConfiguration"] = cors
    guarded = {"AuthorizationType": "JWT", "AuthorizerId": {"Ref": "Jwt"}} if jwt else {}
    issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Demo00001"
    own = {"ApiId": {"Ref": "Api"}}
    resources: Template = {
        "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": api},
        "Stage": {
            "Type": "AWS::ApiGatewayV2::Stage",
            "Properties": {**own, "StageName": "$default", "AutoDeploy": True},
        },
        "Calls": {
            "Type": "AWS::ApiGatewayV2::Integration",
            "Properties": {**own, "IntegrationType": "AWS_PROXY", "IntegrationUri": ARN},
        },
        "Route": {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {
                **own,
                "RouteKey": route,
                "Target": {"Fn::Join": ["/", ["integrations", {"Ref": "Calls"}]]},
                **guarded,
            },
        },
    }
    if jwt:
        resources["Jwt"] = {
            "Type": "AWS::ApiGatewayV2::Authorizer",
            "Properties": {
                **own,
                "Name": "jwt",
                "AuthorizerType": "JWT",
                "IdentitySource": ["$request.header.Authorization"],
                "JwtConfiguration": {"Issuer": issuer, "Audience": ["client"]},
            },
        }
    return {"Resources": resources}


def function_url(auth: str, cors: Template | None = None, *, public: bool = True) -> Template:
    """A function with a URL; `public` with the permission that lets everyone call it."""
    url: Template = {"TargetFunctionArn": {"Ref": "Items"}, "AuthType": auth}
    if cors is not None:
        url["Cors"] = cors
    code = {"ZipFile": "def handler(event, context):\n    return {'statusCode': 200, 'body': ''}\n"}
    resources: Template = {
        "Items": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Runtime": "python3.13",
                "Handler": "index.handler",
                "Role": "arn:aws:iam::123456789012:role/items",
                "Code": code,
            },
        },
        "Url": {"Type": "AWS::Lambda::Url", "Properties": url},
    }
    if public:
        everyone = {"FunctionName": {"Ref": "Items"}, "Principal": "*"}
        for action in ("InvokeFunctionUrl", "InvokeFunction"):
            resources[action] = {
                "Type": "AWS::Lambda::Permission",
                "Properties": {"Action": f"lambda:{action}", **everyone},
            }
    return {"Resources": resources}


def distribution(origin: Any, **behavior: Any) -> Template:
    """A CloudFront distribution before an origin."""
    return {
        "Edge": {
            "Type": "AWS::CloudFront::Distribution",
            "Properties": {
                "DistributionConfig": {
                    "Enabled": True,
                    "Origins": [{"Id": "api", "DomainName": origin}],
                    "DefaultCacheBehavior": {"TargetOriginId": "api", **behavior},
                }
            },
        }
    }
