"""The role by which an integration calls its function: what a template tells of it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from accountsctl.commands.doctor.cors import DiagnosisSources, find_out
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.facts.templates import read_templates
from tests.unit.commands.doctor.recordings import causes

ARN = {"Fn::GetAtt": ["Fn", "Arn"]}
OTHER = {"Fn::GetAtt": ["Other", "Arn"]}
URI = {"Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations"}
CODE = "def h(e, c):\n    return {'statusCode': 200, 'headers': {'Access-Control-Allow-Origin': '*'}, 'body': ''}\n"


def trust(service: Any = "apigateway.amazonaws.com") -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return {"Statement": [statement]}


def allows(action: Any = "lambda:InvokeFunction", resource: Any = ARN, **more: Any) -> dict[str, Any]:
    return {"Statement": [{"Effect": "Allow", "Action": action, "Resource": resource, **more}]}


def role(*documents: Any, service: Any = "apigateway.amazonaws.com", **more: Any) -> dict[str, Any]:
    policies = [{"PolicyName": "p", "PolicyDocument": document} for document in documents]
    stated = {
        "AssumeRolePolicyDocument": trust(service),
        **({"Policies": policies} if policies else {}),
        **more,
    }
    return {"Type": "AWS::IAM::Role", "Properties": stated}


def attached(document: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::IAM::Policy",
        "Properties": {"Roles": [{"Ref": "Role"}], "PolicyDocument": document},
    }


def function(**more: Any) -> dict[str, Any]:
    code = {"Code": {"ZipFile": CODE}, "Handler": "index.h", "Runtime": "python3.13", **more}
    return {"Type": "AWS::Lambda::Function", "Properties": code}


def rest(credentials: Any) -> dict[str, Any]:
    called = {"type": "aws_proxy", "httpMethod": "POST", "uri": URI, "credentials": credentials}
    document = {"openapi": "3.0.1", "paths": {"/x": {"get": {"x-amazon-apigateway-integration": called}}}}
    return {"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": document}}}


def http(credentials: Any) -> dict[str, Any]:
    api = {"ApiId": {"Ref": "Api"}}
    target = {"Fn::Sub": "integrations/${Call}"}
    called = {"IntegrationType": "AWS_PROXY", "IntegrationUri": ARN, "CredentialsArn": credentials}
    return {
        "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"ProtocolType": "HTTP"}},
        "Call": {"Type": "AWS::ApiGatewayV2::Integration", "Properties": {**api, **called}},
        "Route": {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {**api, "RouteKey": "GET /x", "Target": target},
        },
    }


@pytest.mark.parametrize("kind", [rest, http])
@pytest.mark.parametrize(
    ("resources", "fault"),
    [
        ({"Role": role(allows())}, ""),
        ({"Role": role(allows("lambda:*", "*"))}, ""),
        ({"Role": role(allows("lambda:Invoke*"))}, ""),
        ({"Role": role(), "P": attached(allows())}, ""),
        ({"Role": role(allows(), service="lambda.amazonaws.com")}, "assume"),
        ({"Role": role(allows("logs:*", "*"))}, "InvokeFunction"),
        ({"Role": role(allows(resource=OTHER)), "Other": function()}, "InvokeFunction"),
        ({"Role": role(), "P": attached(allows("logs:*", "*"))}, "InvokeFunction"),
        # What the template does not tell.
        ({"Role": role()}, ""),
        ({"Role": {"Type": "AWS::IAM::Role", "Properties": {}}}, ""),
        ({"Role": role(allows(), service={"Ref": "P"})}, ""),
        ({"Role": role(ManagedPolicyArns=["arn:aws:iam::aws:policy/service-role/AWSLambdaRole"])}, ""),
        ({"Role": role(allows({"Ref": "P"}))}, ""),
        ({"Role": role(allows(resource={"Ref": "P"}))}, ""),
        ({"Role": role(allows(Condition={"Bool": {"a": "b"}}))}, ""),
        ({"Role": role({"Fn::If": ["C", allows(), allows()]}, {"Ref": "P"})}, ""),
        ({"Role": role(Policies={"Ref": "P"})}, ""),
    ],
)
def test_a_role_that_may_not_call_the_function_is_the_cause(kind: Any, resources: Any, fault: str) -> None:
    parameters = {"P": {"Type": "String"}}
    body = {
        "Parameters": parameters,
        "Resources": {"Fn": function(), **resources, **kind({"Fn::GetAtt": ["Role", "Arn"]})},
    }
    apis = read_templates({"t.json": json.dumps(body)})
    (found,) = find_out(
        DiagnosisSources(static=lambda: apis), Query(origin="https://app.example.com")
    ).diagnoses
    assert causes(found) in ([], ["httpapi.no-cors"], ["int.no-permission"])
    assert ("int.no-permission" in causes(found)) is bool(fault)
    if found.root is not None:
        assert fault in found.root.evidence[0].observed


@pytest.mark.parametrize(
    ("resource", "is_fault"),
    [
        ({"Ref": "Live"}, False),
        ({"Fn::Sub": "${Fn.Arn}:live"}, False),
        ({"Fn::Sub": "${Fn.Arn}:*"}, False),
        ({"Fn::Sub": "${Fn.Arn}*"}, False),
        (["*"], False),
        ([ARN, {"Ref": "Live"}], False),
        (ARN, True),
        ({"Fn::Sub": "${Fn.Arn}:blue"}, True),
    ],
)
def test_the_arn_of_a_function_is_not_that_of_its_alias(resource: Any, *, is_fault: bool) -> None:
    live = {"FunctionName": {"Ref": "Fn"}, "FunctionVersion": "1", "Name": "live"}
    resources = rest({"Fn::GetAtt": ["Role", "Arn"]}) | {
        "Fn": function(),
        "Live": {"Type": "AWS::Lambda::Alias", "Properties": live},
        "Role": role(allows(resource=resource)),
    }
    text = json.dumps({"Resources": resources}).replace("${Fn.Arn}/invocations", "${Live}/invocations")
    (found,) = read_templates({"t.json": text})
    integration = found.routes["/x"]["GET"].integration
    assert integration is not None
    assert bool(integration.role_fault) is is_fault


def test_a_role_that_api_gateway_may_not_assume_does_not_call_another_service_either() -> None:
    called = {
        "type": "aws",
        "uri": "arn:aws:apigateway:eu-west-1:states:action/StartExecution",
        "credentials": {"Fn::GetAtt": ["Role", "Arn"]},
    }
    document = {"openapi": "3.0.1", "paths": {"/x": {"get": {"x-amazon-apigateway-integration": called}}}}
    api = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": document}}
    for service, fault in (("states.amazonaws.com", "assume"), ("apigateway.amazonaws.com", "")):
        body = {"Resources": {"Api": api, "Role": role(allows("states:*"), service=service)}}
        (found,) = read_templates({"t.json": json.dumps(body)})
        integration = found.routes["/x"]["GET"].integration
        assert integration is not None
        assert fault in integration.role_fault
        assert bool(integration.role_fault) is bool(fault)
