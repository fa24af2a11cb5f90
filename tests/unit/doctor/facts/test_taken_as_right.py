"""What a template leaves to the deployment is taken to be right, and named under what was not checked.

Each has its counterpart that is written out, of which nothing is to be said.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

import pytest

from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome, diagnose
from accountsctl.doctor.diagnosis.subject import Subject
from accountsctl.doctor.diagnosis.targets import Query, page_requests
from accountsctl.doctor.facts.templates import read_templates

Body = dict[str, Any]
ORIGIN = "https://app.example.com"
HEADERS = {
    "Access-Control-Allow-Origin": "'*'",
    "Access-Control-Allow-Methods": "'PUT'",
    "Access-Control-Allow-Headers": "'content-type,authorization,x-api-key'",
}
MAPPED = {f"method.response.header.{name}": value for name, value in HEADERS.items()}
MOCK = {
    "Type": "MOCK",
    "RequestTemplates": {"application/json": '{"statusCode": 200}'},
    "IntegrationResponses": [{"StatusCode": "200", "ResponseParameters": MAPPED}],
}
RESPONSES = [{"StatusCode": "200", "ResponseParameters": dict.fromkeys(MAPPED, True)}]
POOL = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Abc123456"
UNKNOWN = {"Parameters": {"P": {"Type": "String"}}, "Conditions": {"C": {"Fn::Equals": [{"Ref": "P"}, "x"]}}}


def method(verb: str, **settings: object) -> Body:
    stated = {
        "RestApiId": {"Ref": "Api"},
        "ResourceId": {"Ref": "Items"},
        "HttpMethod": verb,
        "AuthorizationType": "NONE",
        "Integration": MOCK,
        "MethodResponses": RESPONSES,
        **settings,
    }
    return {"Type": "AWS::ApiGateway::Method", "Properties": stated}


def rest_api(put: Mapping[str, object] | None = None, **resources: Body) -> Body:
    items = {
        "RestApiId": {"Ref": "Api"},
        "ParentId": {"Fn::GetAtt": ["Api", "RootResourceId"]},
        "PathPart": "items",
    }
    stage = {"RestApiId": {"Ref": "Api"}, "StageName": "prod"}
    return {
        **copy.deepcopy(UNKNOWN),
        "Resources": {
            "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "items"}},
            "Items": {"Type": "AWS::ApiGateway::Resource", "Properties": items},
            "Stage": {"Type": "AWS::ApiGateway::Stage", "Properties": stage},
            "Put": method("PUT", **(put or {})),
            "Options": method("OPTIONS"),
            **resources,
        },
    }


def authorizer(arn: object) -> Body:
    stated = {"RestApiId": {"Ref": "Api"}, "Type": "COGNITO_USER_POOLS", "ProviderARNs": [arn]}
    return {"Type": "AWS::ApiGateway::Authorizer", "Properties": stated}


def diagnosed(body: Body) -> Diagnosis:
    """The request for the last method of the path that is not OPTIONS: GET or PUT."""
    (api,) = read_templates({"template.json": json.dumps(body)})
    (*_, request) = page_requests(api, Query(origin=ORIGIN), ())
    return diagnose(Subject((api,)), request)


def not_checked(body: Body) -> list[str]:
    found = diagnosed(body)
    assert found.outcome is DiagnosisOutcome.PASS
    return [what for what, _ in found.not_checked]


def under(condition: str | None, body: Body) -> Body:
    return {**body, "Condition": condition} if condition else body


def test_a_method_under_a_condition_is_taken_to_be_there() -> None:
    assert not_checked(rest_api(Options=under("C", method("OPTIONS")))) == ["the condition C"]
    assert not_checked(rest_api(Options=under(None, method("OPTIONS")))) == []
    known = rest_api(Options=under("C", method("OPTIONS")))
    known["Parameters"]["P"]["Default"] = "x"
    assert not_checked(known) == []


def test_a_condition_of_the_api_itself_or_of_a_method_that_is_not_called_says_nothing() -> None:
    body = rest_api(Options=under("C", method("OPTIONS")))
    body["Resources"]["Api"]["Condition"] = "C"
    assert not_checked(body) == []
    assert not_checked(rest_api(Other=under("C", method("DELETE")))) != ["the condition C"]


def test_a_condition_in_an_openapi_document_is_named_too() -> None:
    named = {name: {"type": "string"} for name in HEADERS}
    answer = {"default": {"statusCode": "200", "responseParameters": MAPPED}}
    mock = {"type": "mock", "requestTemplates": MOCK["RequestTemplates"], "responses": answer}
    operation = {"responses": {"200": {"headers": named}}, "x-amazon-apigateway-integration": mock}
    for options, expected in (
        ({"Fn::If": ["C", operation, {"Ref": "AWS::NoValue"}]}, ["the condition C"]),
        (operation, []),
    ):
        document = {"swagger": "2.0", "paths": {"/items": {"put": operation, "options": options}}}
        api = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": document}}
        assert not_checked({**UNKNOWN, "Resources": {"Api": api}}) == expected


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        ({"Fn::ImportValue": "pool"}, ["the user pool that the authorizer Users trusts"]),
        ({"Ref": "P"}, ["the user pool that the authorizer Users trusts"]),
        ({"Fn::GetAtt": ["Pool", "Arn"]}, []),
        (POOL, []),
    ],
)
def test_a_user_pool_that_stands_elsewhere_is_named(arn: object, expected: list[str]) -> None:
    put = {"AuthorizationType": "COGNITO_USER_POOLS", "AuthorizerId": {"Ref": "Users"}}
    body = rest_api(put, Users=authorizer(arn), Pool={"Type": "AWS::Cognito::UserPool", "Properties": {}})
    assert not_checked(body) == expected


def test_a_key_without_a_usage_plan_in_the_template_is_named() -> None:
    body = rest_api({"ApiKeyRequired": True})
    client = "whether the page sends no x-api-key"
    assert not_checked(body) == ["the usage plan of the API key", client]
    stages = [{"ApiId": {"Ref": "Api"}, "Stage": {"Ref": "Stage"}}]
    body["Resources"]["Plan"] = {"Type": "AWS::ApiGateway::UsagePlan", "Properties": {"ApiStages": stages}}
    of_plan = {"UsagePlanId": {"Ref": "Plan"}, "KeyId": "k", "KeyType": "API_KEY"}
    body["Resources"]["Key"] = {"Type": "AWS::ApiGateway::UsagePlanKey", "Properties": of_plan}
    assert not_checked(body) == [client]


def with_code(line: str) -> Body:
    code = (
        "import os\n"
        "def handler(event, context):\n"
        '    headers = {"Content-Type": "text/plain"}\n'
        f"    {line}\n"
        '    return {"statusCode": 200, "headers": headers, "body": "x"}\n'
    )
    event = {"Type": "Api", "Properties": {"Path": "/items", "Method": "get"}}
    stated = {
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "InlineCode": code,
        "Events": {"Get": event},
    }
    function = {"Type": "AWS::Serverless::Function", "Properties": stated}
    return {"Transform": "AWS::Serverless-2016-10-31", "Resources": {"Function": function}}


NAME = '"Access-Control-Allow-Origin"'


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f'headers.update({{{NAME}: os.environ["ORIGIN"]}})', ["the origin that the code allows"]),
        (f'headers[{NAME}] = os.environ["ORIGIN"]', ["the origin that the code allows"]),
        (f'headers[{NAME}] = event["headers"]["origin"]', []),
        (f'headers[{NAME}] = "*"', []),
        (f'headers[{NAME}] = "{ORIGIN}"', []),
    ],
)
def test_an_origin_that_code_works_out_is_named(line: str, expected: list[str]) -> None:
    assert not_checked(with_code(line)) == expected


def http_api(**outputs: Body) -> Body:
    route = {"ApiId": {"Ref": "Http"}, "RouteKey": "PUT /items", "Target": "integrations/x"}
    return {
        "Resources": {
            "Http": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"ProtocolType": "HTTP"}},
            "Put": {"Type": "AWS::ApiGatewayV2::Route", "Properties": route},
        },
        "Outputs": outputs,
    }


@pytest.mark.parametrize("export", [{}, {"Export": {"Name": "sls-shop-dev-HttpApiId"}}])
def test_an_output_that_is_not_exported_on_purpose_excuses_no_missing_options(export: Body) -> None:
    """The Serverless Framework exports the ids of every stack."""
    found = diagnosed(http_api(Id={"Value": {"Ref": "Http"}, **export}))
    assert found.root is not None
    assert found.root.card.id == "preflight.no-options"
    assert [what for what, _ in found.not_checked] == ["routes in other stacks"]
    assert "The output Id gives Http" in found.not_checked[0][1]


def test_a_url_as_an_output_gives_no_id_and_an_export_lets_routes_stand_elsewhere() -> None:
    url = diagnosed(
        http_api(Url={"Value": {"Fn::Sub": "https://${Http}.execute-api.eu-west-1.amazonaws.com"}})
    )
    assert url.fails
    assert url.not_checked == ()
    assert not diagnosed(http_api(Id={"Value": {"Ref": "Http"}, "Export": {"Name": "id"}})).fails


def test_a_missing_permission_is_accused_though_an_output_gives_the_function() -> None:
    body = with_code(f'headers[{NAME}] = "*"')
    del body["Resources"]["Function"]["Properties"]["Events"]
    body |= {"Outputs": {"Function": {"Value": {"Fn::GetAtt": ["Function", "Arn"]}}}}
    uri = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${Function.Arn}/invocations"
    proxy = {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": {"Fn::Sub": uri}}
    body["Resources"] |= rest_api({"HttpMethod": "GET", "Integration": proxy})["Resources"]
    found = diagnosed(body)
    assert found.root is not None
    assert found.root.card.id == "int.no-permission"
    assert [what for what, _ in found.not_checked] == ["permissions in other stacks"]


@pytest.mark.parametrize("options", [True, False])
def test_who_may_call_a_method_of_hidden_authorization_is_not_guessed(options: bool) -> None:
    either = {"Fn::If": ["C", "COGNITO_USER_POOLS", "NONE"]}
    put = {"HttpMethod": "GET", "AuthorizationType": either, "AuthorizerId": {"Ref": "Users"}}
    body = rest_api(put, Users=authorizer(POOL))
    if not options:
        del body["Resources"]["Options"]
    assert not_checked(body) == ["who may call GET /items"]
    body["Resources"]["Put"]["Properties"]["AuthorizationType"] = "COGNITO_USER_POOLS"
    assert diagnosed(body).fails is not options


@pytest.mark.parametrize(
    ("allowed", "root"),
    [("x-token", None), ("authorization", None), (None, "preflight.no-options")],
)
def test_a_token_in_a_header_that_only_the_deployment_knows_is_guessed_no_name(
    allowed: str | None, root: str | None
) -> None:
    put = {"HttpMethod": "GET", "AuthorizationType": "COGNITO_USER_POOLS", "AuthorizerId": {"Ref": "Users"}}
    body = rest_api(put, Users=authorizer(POOL))
    body["Resources"]["Users"]["Properties"]["IdentitySource"] = {"Ref": "P"}
    mapped = {**MAPPED, "method.response.header.Access-Control-Allow-Headers": f"'{allowed}'"}
    answer = [{"StatusCode": "200", "ResponseParameters": mapped}]
    body["Resources"]["Options"] = method("OPTIONS", Integration={**MOCK, "IntegrationResponses": answer})
    if allowed is None:
        del body["Resources"]["Options"]
    found = diagnosed(body)
    assert (found.root.card.id if found.root else None) == root


def test_a_header_that_a_request_template_sets_is_neither_missing_nor_known() -> None:
    line = "#set($context.responseOverride.header.Access-Control-Allow-Origin = $input.params('Origin'))"
    without = {name: value for name, value in MAPPED.items() if not name.endswith("Allow-Origin")}
    for template, expected in ((f'{line}\n{{"statusCode": 200}}', False), ('{"statusCode": 200}', True)):
        mock = {
            **MOCK,
            "RequestTemplates": {"application/json": template},
            "IntegrationResponses": [{"StatusCode": "200", "ResponseParameters": without}],
        }
        found = diagnosed(rest_api(Options=method("OPTIONS", Integration=mock)))
        assert (found.outcome is DiagnosisOutcome.BLOCKED) is expected
        assert expected or "access-control-allow-origin" in str(found.not_checked).lower()


def test_a_function_url_whose_configuration_stands_in_a_file_is_there_and_accused_of_nothing() -> None:
    include = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://b/k"}}}
    for config, blocked in ((include, False), ({"AuthType": "NONE"}, True)):
        body = with_code('headers["X-Frame-Options"] = "DENY"')
        body["Resources"]["Function"]["Properties"] |= {"Events": {}, "FunctionUrlConfig": config}
        assert diagnosed(body).fails is blocked
