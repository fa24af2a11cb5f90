"""A healthy API as one template, small enough to break in one place: the base of every fault.

``/items`` and ``/items/{id}`` for signed-in users, ``/app`` with ``{proxy+}``, ``/status`` without a proxy. The
function stands in the template, so that its code can be broken too.
"""

from __future__ import annotations

from typing import Any

ALLOW = "Access-Control-Allow-"
CORS_HEADERS = "Authorization,Content-Type"
CODE = """import json

HEADERS = {"Access-Control-Allow-Origin": "ORIGIN", "Access-Control-Allow-Credentials": "true", "Vary": "Origin"}


def answer(status, body):
    return {"statusCode": status, "headers": HEADERS, "body": json.dumps(body)}


def handler(event, context):
    if event["httpMethod"] == "OPTIONS":
        allow = {"Access-Control-Allow-Methods": "GET", "Access-Control-Allow-Headers": "authorization,content-type"}
        return {"statusCode": 204, "headers": {**HEADERS, **allow}, "body": ""}
    return answer(200, {"path": event["path"]})
"""
SUB = "Fn::Sub"
URI = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations"
LAMBDA_ROLE = {
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ]
}


def template(origin: str) -> dict[str, Any]:
    """The healthy API, for pages of `origin`. Its parameter authusersUserPoolArn is the pool of those who sign in."""
    resources: dict[str, Any] = {
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "zoo"}},
        "Authorizer": _authorizer(),
        **_function(origin),
        **{f"Default{kind}": _gateway_response(f"DEFAULT_{kind}", origin) for kind in ("4XX", "5XX")},
        "Items": _resource("items"),
        "Item": _resource("{id}", "Items"),
        "App": _resource("app"),
        "AppProxy": _resource("{proxy+}", "App"),
        "Status": _resource("status"),
        "ItemsGet": method("Items", "GET"),
        "ItemsPost": method("Items", "POST"),
        "ItemGet": method("Item", "GET"),
        "ItemPut": method("Item", "PUT"),
        "AppAny": method("App", "ANY"),
        "AppProxyAny": method("AppProxy", "ANY"),
        "StatusGet": _status(origin),
    }
    verbs = {"Items": "GET,OPTIONS,POST", "Item": "GET,OPTIONS,PUT", "Status": "GET,OPTIONS"}
    for name in ("Items", "Item", "App", "AppProxy", "Status"):
        resources[f"{name}Options"] = options(
            name, origin, verbs.get(name, "DELETE,GET,OPTIONS,PATCH,POST,PUT")
        )
    methods = [name for name, each in resources.items() if each["Type"].endswith("::Method")]
    resources |= _deployment(methods)
    root = "https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/dev"
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": {"authusersUserPoolArn": {"Type": "String"}},
        "Resources": resources,
        "Outputs": {"RootUrl": {"Value": {SUB: root}}, "ApiId": {"Value": {"Ref": "Api"}}},
    }


def _authorizer() -> dict[str, Any]:
    return {
        "Type": "AWS::ApiGateway::Authorizer",
        "Properties": {
            "RestApiId": {"Ref": "Api"},
            "Name": "users",
            "Type": "COGNITO_USER_POOLS",
            "IdentitySource": "method.request.header.Authorization",
            "ProviderARNs": [{"Ref": "authusersUserPoolArn"}],
        },
    }


def _function(origin: str) -> dict[str, Any]:
    """The function, its role, and API Gateway's permission to invoke it."""
    return {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": LAMBDA_ROLE}},
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Runtime": "python3.13",
                "Handler": "index.handler",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Timeout": 10,
                "Code": {"ZipFile": CODE.replace("ORIGIN", origin)},
            },
        },
        "Permission": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "Action": "lambda:InvokeFunction",
                "FunctionName": {"Ref": "Function"},
                "Principal": "apigateway.amazonaws.com",
                "SourceArn": {
                    SUB: "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/*/*"
                },
            },
        },
    }


def stage() -> dict[str, Any]:
    """The stage of a template, which a test may change."""
    return {
        "Type": "AWS::ApiGateway::Stage",
        "Properties": {
            "RestApiId": {"Ref": "Api"},
            "DeploymentId": {"Ref": "Deployment"},
            "StageName": "dev",
        },
    }


def _deployment(methods: list[str]) -> dict[str, Any]:
    """The deployment, made after every method and gateway response, and its stage."""
    return {
        "Deployment": {
            "Type": "AWS::ApiGateway::Deployment",
            "DependsOn": [*methods, "Default4XX", "Default5XX"],
            "Properties": {"RestApiId": {"Ref": "Api"}},
        },
        "Stage": stage(),
    }


def _resource(part: str, parent: str | None = None) -> dict[str, Any]:
    above = {"Ref": parent} if parent else {"Fn::GetAtt": ["Api", "RootResourceId"]}
    properties = {"RestApiId": {"Ref": "Api"}, "ParentId": above, "PathPart": part}
    return {"Type": "AWS::ApiGateway::Resource", "Properties": properties}


def method(resource: str, verb: str) -> dict[str, Any]:
    """A method for signed-in users that calls the function."""
    return {
        "Type": "AWS::ApiGateway::Method",
        "Properties": {
            "RestApiId": {"Ref": "Api"},
            "ResourceId": {"Ref": resource},
            "HttpMethod": verb,
            "AuthorizationType": "COGNITO_USER_POOLS",
            "AuthorizerId": {"Ref": "Authorizer"},
            "Integration": {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": {SUB: URI}},
        },
    }


def options(resource: str, origin: str, verbs: str) -> dict[str, Any]:
    """OPTIONS as a MOCK that allows `origin`, with credentials."""
    headers = {
        f"{ALLOW}Origin": f"'{origin}'",
        f"{ALLOW}Methods": f"'{verbs}'",
        f"{ALLOW}Headers": f"'{CORS_HEADERS}'",
        f"{ALLOW}Credentials": "'true'",
    }
    return _mock(resource, "OPTIONS", "204", headers)


def _status(origin: str) -> dict[str, Any]:
    return _mock("Status", "GET", "200", {f"{ALLOW}Origin": f"'{origin}'", f"{ALLOW}Credentials": "'true'"})


def _mock(resource: str, verb: str, status: str, headers: dict[str, str]) -> dict[str, Any]:
    table = {f"method.response.header.{name}": value for name, value in headers.items()}
    return {
        "Type": "AWS::ApiGateway::Method",
        "Properties": {
            "RestApiId": {"Ref": "Api"},
            "ResourceId": {"Ref": resource},
            "HttpMethod": verb,
            "AuthorizationType": "NONE",
            "Integration": {
                "Type": "MOCK",
                "RequestTemplates": {"application/json": f'{{"statusCode": {status}}}'},
                "IntegrationResponses": [{"StatusCode": status, "ResponseParameters": table}],
            },
            "MethodResponses": [{"StatusCode": status, "ResponseParameters": dict.fromkeys(table, True)}],
        },
    }


def _gateway_response(kind: str, origin: str) -> dict[str, Any]:
    return {
        "Type": "AWS::ApiGateway::GatewayResponse",
        "Properties": {
            "RestApiId": {"Ref": "Api"},
            "ResponseType": kind,
            "ResponseParameters": {
                f"gatewayresponse.header.{ALLOW}Origin": f"'{origin}'",
                f"gatewayresponse.header.{ALLOW}Credentials": "'true'",
            },
        },
    }
