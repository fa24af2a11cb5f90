"""CloudFormation templates of small APIs, in which each method has one fault or is the healthy counterpart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

REGION = "eu-west-1"
TRUST = {
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ]
}
HANDLER = """
import time
def handler(event, context):
    kind = event.get("path", "").rpartition("/")[2]
    if kind == "throws":
        raise ValueError("no")
    if kind in ("slow", "timeout"):
        time.sleep(1.5)
    if kind == "malformed":
        return {"statusCode": 200, "extra": 1}
    if kind == "text":
        return "hello"
    return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "*"}, "body": "ok"}
"""


def allowing(*actions: str) -> dict[str, Any]:
    """An inline policy of a role."""
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return {"PolicyName": "allowed", "PolicyDocument": document}


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def att(name: str, attribute: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": [name, attribute]}


def sub(text: str) -> dict[str, str]:
    return {"Fn::Sub": text}


def invocation(function: str = "Function") -> dict[str, str]:
    """The integration URI of a function of the template."""
    return sub(
        "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
        + (function if "$" in function else f"${{{function}.Arn}}")
        + "/invocations"
    )


def function(code: str = HANDLER, **more: Any) -> dict[str, Any]:
    properties = {
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "Role": att("Role", "Arn"),
        "Code": {"ZipFile": code},
        **more,
    }
    return {"Type": "AWS::Lambda::Function", "Properties": properties}


def permission(name: str = "Function", source: str = "${Api}/*/*/*") -> dict[str, Any]:
    properties = {
        "FunctionName": ref(name),
        "Action": "lambda:InvokeFunction",
        "Principal": "apigateway.amazonaws.com",
        "SourceArn": sub("arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:" + source),
    }
    return {"Type": "AWS::Lambda::Permission", "Properties": properties}


def proxy(
    name: str = "Function", integration: Mapping[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    """The properties of a method with a Lambda proxy integration."""
    plain = {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": invocation(name)}
    return {"AuthorizationType": "NONE", "Integration": {**plain, **(integration or {})}, **more}


def mock(integration: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A preflight as CDK and the console make it."""
    names = {
        f"method.response.header.Access-Control-Allow-{each}" for each in ("Origin", "Headers", "Methods")
    }
    mapped = dict.fromkeys(names, "'*'")
    plain = {
        "Type": "MOCK",
        "RequestTemplates": {"application/json": '{"statusCode": 200}'},
        "IntegrationResponses": [{"StatusCode": "200", "ResponseParameters": mapped}],
    }
    responses = [{"StatusCode": "200", "ResponseParameters": dict.fromkeys(names, True)}]
    return {
        "AuthorizationType": "NONE",
        "MethodResponses": responses,
        "Integration": {**plain, **(integration or {})},
        **more,
    }


def without(properties: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """A method whose integration lacks some properties."""
    kept = {key: value for key, value in properties["Integration"].items() if key not in names}
    return {**properties, "Integration": kept}


def api(
    methods: Mapping[str, dict[str, Any]],
    resources: Mapping[str, Any] | None = None,
    settings: Mapping[str, Any] | None = None,
    stage: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A template; `methods` by ``"GET /path"`` with paths of one segment, `settings` of the RestApi."""
    made: dict[str, Any] = {
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "faults", **(settings or {})}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}},
        "Function": function(),
        "Permission": permission(),
        **(resources or {}),
    }
    paths = sorted({key.split(" ")[1] for key in methods} - {"/"})
    names = {path: f"Path{number}" for number, path in enumerate(paths)}
    for path, name in names.items():
        made[name] = {
            "Type": "AWS::ApiGateway::Resource",
            "Properties": {
                "RestApiId": ref("Api"),
                "ParentId": att("Api", "RootResourceId"),
                "PathPart": path[1:],
            },
        }
    for number, (key, properties) in enumerate(methods.items()):
        verb, path = key.split(" ")
        where = ref(names[path]) if path in names else att("Api", "RootResourceId")
        made[f"Method{number}"] = {
            "Type": "AWS::ApiGateway::Method",
            "Properties": {"RestApiId": ref("Api"), "ResourceId": where, "HttpMethod": verb, **properties},
        }
    return deployed(made, stage)


def deployed(made: dict[str, Any], stage: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The template of `made`, with a deployment of everything that it snapshots, and the stage dev."""
    held = [name for name, each in made.items() if _held(each)]
    digest = hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()[:8]
    made[f"Deployment{digest}"] = {
        "Type": "AWS::ApiGateway::Deployment",
        "Properties": {"RestApiId": ref("Api")},
        "DependsOn": held,
    }
    made["Stage"] = {
        "Type": "AWS::ApiGateway::Stage",
        "Properties": {
            "RestApiId": ref("Api"),
            "DeploymentId": ref(f"Deployment{digest}"),
            "StageName": "dev",
            **(stage or {}),
        },
    }
    return {"Resources": made, "Outputs": {"Api": {"Value": ref("Api")}}}


def _held(resource: Mapping[str, Any]) -> bool:
    kind = resource["Type"].removeprefix("AWS::ApiGateway::")
    return kind in ("Method", "Authorizer", "GatewayResponse", "RequestValidator", "Model")
