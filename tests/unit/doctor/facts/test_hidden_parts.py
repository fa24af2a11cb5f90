"""A part of a healthy API that a macro, an included file, a nested stack or an import gives accuses nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from accountsctl.commands.doctor.cors import DiagnosisSources, find_out
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.facts.templates import read_templates
from accountsctl.doctor.facts.templates.common import Reader
from accountsctl.doctor.facts.templates.document import read_document
from accountsctl.doctor.facts.templates.resolving import Resolver
from tests.unit.doctor.facts.test_unknown_values import (
    HEADERS,
    Body,
    diagnosed,
    healthy,
    hides,
    moves_away,
    properties,
)

Change = Callable[[Body], object]
INCLUDE = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://b/k"}}}
OF_NESTED = {"Fn::GetAtt": ["Nested", "Outputs.Api"]}
OF_CUSTOM = {"Fn::GetAtt": "Custom.Api"}
GIVERS = {
    "Nested": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "x"}},
    "Custom": {"Type": "Custom::Names", "Properties": {"ServiceToken": "arn"}},
}
EXPORT = {"Export": {"Name": "shared"}}
MOCK_TEMPLATES = (*HEADERS[:3], "ResponseTemplates")


def all_properties(name: str, value: Body) -> Change:
    """A resource whose properties stand in a file."""
    return lambda body: body["Resources"][name].update(Properties=value)


def at_the_resource(name: str) -> Change:
    """A resource to which a macro may give its properties."""

    def change(body: Body) -> None:
        del body["Resources"][name]["Properties"]
        body["Resources"][name].update(INCLUDE)

    return change


def exported(value: object) -> Change:
    return lambda body: body.update(Outputs={"Shared": {"Value": value, **EXPORT}})


HIDDEN_PARTS: dict[str, tuple[Change, ...]] = {
    "a method's properties": (all_properties("Options", INCLUDE),),
    "a method": (at_the_resource("Options"),),
    "a permission's properties": (all_properties("MayCall", INCLUDE),),
    "a verb, by a macro": (hides("Options", "HttpMethod", value=INCLUDE),),
    "a method's verb among its properties": (
        lambda body: properties(body, "Options").pop("HttpMethod"),
        hides("Options", "Fn::Transform", value=INCLUDE["Fn::Transform"]),
    ),
    "the template": (moves_away("Options", "MayCall"), lambda body: body.update(INCLUDE)),
    "the verb, by a nested stack": (hides("Options", "HttpMethod", value=OF_NESTED), moves_away(**GIVERS)),
    "the API, by a custom resource": (hides("Options", "RestApiId", value=OF_CUSTOM), moves_away(**GIVERS)),
    "the permission, by a stack set": (
        moves_away(
            "MayCall",
            Everywhere={
                "Type": "AWS::CloudFormation::StackSet",
                "Properties": {"Parameters": [{"ParameterKey": "F", "ParameterValue": {"Ref": "Function"}}]},
            },
        ),
    ),
    "the permission, by an import": (moves_away("MayCall"), exported({"Fn::GetAtt": ["Function", "Arn"]})),
    "a permission's function": (hides("MayCall", "FunctionName", value="{{resolve:ssm:/shop/function}}"),),
    "the templates of a response": (
        hides("Options", *HEADERS, value={}),
        hides("Options", *MOCK_TEMPLATES, value={"Fn::ImportValue": "templates"}),
    ),
    "the code of a function": (
        all_properties(
            "Function",
            {
                "Runtime": "python3.13",
                "Handler": "index.handler",
                "Code": {
                    "ZipFile": {
                        "Fn::Sub": "most = ${Hidden}\ndef handler(event, context):\n    return answer()"
                    }
                },
            },
        ),
    ),
    "the statements of a policy": (hides("Api", "Policy", value={"Statement": [{"Ref": "Hidden"}]}),),
}


@pytest.mark.parametrize("name", HIDDEN_PARTS)
def test_a_part_that_is_given_elsewhere_accuses_nothing(name: str) -> None:
    body = healthy()
    for change in HIDDEN_PARTS[name]:
        change(body)
    assert not diagnosed(body, "authorization").fails


def test_a_url_that_is_exported_gives_no_other_stack_the_function() -> None:
    body = healthy()
    moves_away("MayCall")(body)
    exported({"Fn::Sub": "https://${Function}.example.com"})(body)
    found = diagnosed(body)
    assert found.root is not None
    assert found.root.card.id == "int.no-permission"


def of_get(template: Body, *, cookies: bool = False) -> Diagnosis:
    apis = read_templates({"t.json": json.dumps(template)})
    query = Query("https://app.example.com", "/items", "GET", (("authorization", "x"),), cookies)
    (found,) = find_out(DiagnosisSources(static=lambda: apis), query).diagnoses
    return found


MOCK: dict[str, Any] = {
    "type": "mock",
    "requestTemplates": {"application/json": '{"statusCode": 200}'},
    "responses": {"default": {"statusCode": "200", "responseParameters": {}}},
}
ALLOW = "method.response.header.Access-Control-Allow-"
MOCK["responses"]["default"]["responseParameters"] = {
    f"{ALLOW}{name}": "'*'" for name in ("Origin", "Methods")
} | {f"{ALLOW}Headers": "'authorization'"}
DECLARED: dict[str, Any] = {
    f"Access-Control-Allow-{name}": {"type": "string"} for name in ("Origin", "Methods", "Headers")
}
CALLED = {"type": "http_proxy", "httpMethod": "GET", "uri": "https://b.example.com"}


def with_document(get: object, options: object) -> Body:
    paths = {"/items": {"get": get, "options": options}}
    api = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": {"swagger": "2.0", "paths": paths}}}
    return {"Resources": {"Api": api}}


GET: Body = {"x-amazon-apigateway-integration": CALLED}


def preflight(headers: object) -> Body:
    return {"x-amazon-apigateway-integration": MOCK, "responses": {"200": {"headers": headers}}}


def test_a_document_without_declared_headers_is_accused() -> None:
    found = of_get(with_document(GET, preflight({})))
    assert found.root is not None
    assert found.root.card.id == "preflight.method-response-undeclared"


@pytest.mark.parametrize(
    ("get", "options"),
    [
        (GET, preflight(DECLARED)),
        (INCLUDE, preflight(DECLARED)),
        ({**GET, **INCLUDE}, preflight(DECLARED)),
        (GET, INCLUDE),
        (GET, {"Fn::If": ["Unknown", preflight(DECLARED), preflight({})]}),
        (GET, preflight(INCLUDE)),
    ],
)
def test_an_operation_of_a_document_that_stands_elsewhere_accuses_nothing(
    get: object, options: object
) -> None:
    assert not of_get(with_document(get, options)).fails


def serverless(kind: str, api: Body, events: object) -> Body:
    function = {"Handler": "a.b", "Runtime": "python3.13", "CodeUri": "src", "Events": events}
    return {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            "Api": {"Type": f"AWS::Serverless::{kind}", "Properties": {"StageName": "dev", **api}},
            "Function": {"Type": "AWS::Serverless::Function", "Properties": function},
        },
    }


def event(kind: str, named: str) -> Body:
    return {"Get": {"Type": kind, "Properties": {named: {"Ref": "Api"}, "Path": "/items", "Method": "get"}}}


CORS = {"AllowOrigin": "'*'", "AllowHeaders": "'authorization'"}


@pytest.mark.parametrize(
    "template",
    [
        serverless("Api", {"Cors": CORS}, INCLUDE),
        serverless("Api", {"Cors": CORS}, {"Get": INCLUDE}),
        serverless("Api", {"Cors": CORS}, {"Get": {"Type": "Api", "Properties": INCLUDE}}),
        serverless("Api", INCLUDE, event("Api", "RestApiId")),
        serverless("Api", {"Cors": {"AllowOrigin": "'*'", **INCLUDE}}, event("Api", "RestApiId")),
        serverless("HttpApi", INCLUDE, event("HttpApi", "ApiId")),
        serverless("HttpApi", {"CorsConfiguration": INCLUDE}, event("HttpApi", "ApiId")),
    ],
)
def test_a_part_of_a_sam_template_that_stands_elsewhere_accuses_nothing(template: Body) -> None:
    assert not of_get(template).fails


@pytest.mark.parametrize("cors", [{"Ref": "Hidden"}, {"Fn::ImportValue": "cors"}, INCLUDE])
def test_a_configuration_that_is_not_known_may_allow_cookies(cors: Body) -> None:
    template = serverless("HttpApi", {"CorsConfiguration": cors}, event("HttpApi", "ApiId"))
    template["Parameters"] = {"Hidden": {"Type": "String"}}
    assert not of_get(template, cookies=True).fails


@pytest.mark.parametrize("kind", ["Api", "HttpApi"])
def test_a_sam_api_without_cors_is_accused(kind: str) -> None:
    named = "ApiId" if kind == "HttpApi" else "RestApiId"
    assert of_get(serverless(kind, {}, event(kind, named))).fails


def test_routes_of_an_exported_http_api_may_stand_in_another_stack() -> None:
    api: Body = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "x", "ProtocolType": "HTTP"}}
    template: Body = {"Resources": {"Api": api}}
    assert of_get(template).fails
    cors = {"AllowOrigins": ["*"], "AllowHeaders": ["authorization"], "AllowMethods": ["GET"]}
    api["Properties"]["CorsConfiguration"] = cors
    template["Outputs"] = {"Api": {"Value": {"Ref": "Api"}, **EXPORT}}
    assert not of_get(template).fails


@pytest.mark.parametrize(
    ("permission", "passes"),
    [
        ({"Principal": "apigateway.amazonaws.com"}, True),
        ({"Principal": "*", "Action": "lambda:InvokeFunction"}, True),
        ({"Principal": "*", "Action": "lambda:*"}, True),
        ({"Principal": "*", "Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE"}, False),
        ({"Principal": "*", "Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": True}, False),
    ],
)
def test_a_permission_for_the_function_s_url_lets_no_api_call_it(permission: Body, passes: bool) -> None:
    body = healthy()
    all_properties("MayCall", {"FunctionName": {"Ref": "Function"}, **permission})(body)
    found = diagnosed(body)
    assert (found.outcome is DiagnosisOutcome.PASS) is passes
    assert passes or (found.root is not None and found.root.card.id == "int.no-permission")


def test_the_statement_of_the_healthy_template_is_read() -> None:
    """That a hidden policy is silent says nothing of one that is always silent."""
    body = healthy()
    properties(body, "Api")["Policy"] = {
        "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]
    }
    assert diagnosed(body).fails


def test_outputs_and_parameters_of_nested_stacks_are_read_once() -> None:
    """Once for a template, not for each function: of 1,000 it took 10 s."""
    body = healthy()
    exported({"Fn::GetAtt": ["Function", "Arn"]})(body)
    document = read_document("t.json", json.dumps(body))
    reader = Reader(document, Resolver(document))
    assert reader.exported == {"Function"}
    assert reader.exported is reader.exported
    assert reader.handed_on is reader.handed_on
