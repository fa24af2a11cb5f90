"""HTTP APIs choose routes by path and verb, and their $default stage stands in no URL."""

from __future__ import annotations

import json
from time import perf_counter
from typing import Any

import pytest

from accountsctl.commands.doctor.cors import DiagnosisSources, find_out
from accountsctl.doctor.catalogue.scene import Scene
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.facts.templates import read_templates

V2 = "AWS::ApiGatewayV2::"
CORS = {"AllowOrigins": ["http://localhost:4200"], "AllowMethods": ["*"], "AllowHeaders": ["*"]}
ARN = "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/*"


ANSWERS = "def handler(event, context):\n    return {'statusCode': 200, 'body': '[]'}\n"
REFUSES = """def handler(event, context):
    if event["requestContext"]["http"]["method"] != "GET":
        return {"statusCode": 405}
    return {"statusCode": 200, "body": "[]"}
"""


def api(
    *routes: str, cors: Any = CORS, authorization: str = "NONE", code: str = "", **properties: Any
) -> dict[str, Any]:
    resources: dict[str, Any] = {
        "Api": {
            "Type": f"{V2}Api",
            "Properties": {"ProtocolType": "HTTP", "Name": "shop", "CorsConfiguration": cors, **properties},
        },
        "Work": {"Type": f"{V2}Integration", "Properties": {"IntegrationUri": {"Fn::GetAtt": ["Fn", "Arn"]}}},
        "Fn": {
            "Type": "AWS::Lambda::Function",
            "Properties": {"Runtime": "python3.13", "Handler": "index.handler", "Code": {"ZipFile": code}},
        },
        "MayCall": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "FunctionName": {"Ref": "Fn"},
                "Principal": "apigateway.amazonaws.com",
                "SourceArn": {"Fn::Sub": ARN},
            },
        },
    }
    for number, key in enumerate(routes):
        resources[f"Route{number}"] = {
            "Type": f"{V2}Route",
            "Properties": {
                "ApiId": {"Ref": "Api"},
                "RouteKey": key,
                "Target": {"Fn::Sub": "integrations/${Work}"},
                "AuthorizationType": authorization,
            },
        }
    return {"Resources": resources}


def diagnosed(body: dict[str, Any], **query: Any) -> Diagnosis:
    apis = read_templates({"template.json": json.dumps(body)})
    asked = Query("http://localhost:4200", **{"path": "/items/7", "method": "GET", **query})
    (found,) = find_out(DiagnosisSources(static=lambda: apis), asked).diagnoses
    return found


@pytest.mark.parametrize("routes", [("GET /items/{id}", "ANY /{proxy+}"), ("GET /items/{id}", "$default")])
def test_options_falls_to_a_less_specific_route(routes: tuple[str, ...]) -> None:
    assert not diagnosed(api(*routes, cors=None)).fails


def test_a_permission_with_the_name_of_a_path_parameter_covers_the_route() -> None:
    body = api("GET /items/{id}")
    body["Resources"]["MayCall"]["Properties"]["SourceArn"] = {"Fn::Sub": f"{ARN}/items/{{id}}"}
    assert diagnosed(body).outcome is DiagnosisOutcome.PASS


def root_of(found: Diagnosis) -> str | None:
    return found.root.card.id if found.root else None


@pytest.mark.parametrize("authorization", ["JWT", "CUSTOM", "AWS_IAM"])
@pytest.mark.parametrize("cors", [CORS, None])
@pytest.mark.parametrize("key", ["ANY /items/{id}", "ANY /{proxy+}", "$default"])
def test_a_guarded_route_that_takes_options_refuses_it(key: str, cors: Any, authorization: str) -> None:
    found = diagnosed(api(key, cors=cors, authorization=authorization))
    assert root_of(found) == "httpapi.default-route"


@pytest.mark.parametrize("key", ["ANY /items/{id}", "ANY /{proxy+}", "$default", "OPTIONS /items/{id}"])
def test_a_function_that_gets_options_gives_the_status_though_cors_is_configured(key: str) -> None:
    found = diagnosed(api(key, "GET /items/{id}", code=REFUSES), headers=(("x-page", "1"),))
    assert root_of(found) == "preflight.proxy-any-lambda"


def test_a_status_that_the_function_gives_to_all_methods_is_right_for_options() -> None:
    asked = {"headers": (("x-page", "1"),)}
    assert diagnosed(api("ANY /items/{id}", code=ANSWERS), **asked).outcome is DiagnosisOutcome.PASS


def test_a_route_for_options_without_an_authorizer_frees_the_preflight() -> None:
    made = api("$default", authorization="JWT")
    made["Resources"]["Free"] = api("OPTIONS /{proxy+}")["Resources"]["Route0"]
    assert diagnosed(made).outcome is DiagnosisOutcome.PASS


def test_a_route_for_options_with_an_authorizer_is_at_fault_itself() -> None:
    found = diagnosed(api("GET /items/{id}", "OPTIONS /items/{id}", authorization="JWT"))
    assert root_of(found) == "preflight.cognito"


@pytest.mark.parametrize("key", ["ANY /items/{id}", "$default"])
def test_the_fix_of_a_guarded_route_is_a_route_for_options_alone(key: str) -> None:
    body = api(key, authorization="JWT")
    found = diagnosed(body)
    apis = read_templates({"template.json": json.dumps(body)})
    assert found.root is not None
    for operation in found.root.card.operations(Scene(apis[0], found.ask, preflight=True), body):
        operation.apply(body)
    assert diagnosed(body).outcome is DiagnosisOutcome.PASS
    assert body["Resources"]["Route0"]["Properties"]["AuthorizationType"] == "JWT"


def test_an_origin_may_be_listed_by_its_scheme() -> None:
    cors = {**CORS, "AllowOrigins": ["http://*"]}
    assert diagnosed(api("GET /items/{id}", cors=cors)).outcome is DiagnosisOutcome.PASS


def test_quick_create_sends_everything_to_its_target() -> None:
    made = api(Target={"Fn::GetAtt": ["Fn", "Arn"]})
    assert not diagnosed(made).fails


@pytest.mark.parametrize(("key", "root"), [("GET /items/{id}", None), ("GET /other", "deploy.wrong-path")])
def test_quick_create_with_a_route_key_sends_that_alone(key: str, root: str | None) -> None:
    assert root_of(diagnosed(api(Target={"Fn::GetAtt": ["Fn", "Arn"]}, RouteKey=key))) == root


@pytest.mark.parametrize("written", ["Body", "DefinitionBody"])
def test_an_api_with_a_document_has_the_routes_beside_it_too(written: str) -> None:
    made = api("ANY /items/{id}", authorization="AWS_IAM")
    made["Resources"]["Api"]["Properties"][written] = {"openapi": "3.0.1", "paths": {}}
    made["Resources"]["Api"]["Type"] = f"{V2}Api" if written == "Body" else "AWS::Serverless::HttpApi"
    assert root_of(diagnosed(made)) == "httpapi.default-route"


@pytest.mark.parametrize("headers", [(), (("authorization", "x"),)])
def test_a_method_that_no_route_takes_is_not_found_whatever_is_sent(headers: Any) -> None:
    """A REST API complains of the token; an HTTP API has the same 404 for both."""
    found = diagnosed(api("GET /items/{id}"), method="PUT", headers=headers)
    assert root_of(found) == "deploy.wrong-path"


def test_the_default_stage_stands_in_no_url() -> None:
    url = "https://abc123.execute-api.eu-west-1.amazonaws.com/items/7"
    assert diagnosed(api("GET /items/{id}"), path=None, url=url).outcome is DiagnosisOutcome.PASS


@pytest.mark.slow
def test_a_thousand_routes_of_an_http_api_are_found_in_a_second() -> None:
    routes = [f"/items{number}" for number in range(1000)]
    events = {
        f"E{number}": {"Type": "HttpApi", "Properties": {"Path": route, "Method": "get"}}
        for number, route in enumerate(routes)
    }
    code = {"Handler": "index.handler", "Runtime": "nodejs22.x", "InlineCode": "", "Events": events}
    function = {"Type": "AWS::Serverless::Function", "Properties": code}
    body = {"Transform": "AWS::Serverless-2016-10-31", "Resources": {"Items": function}}
    (api,) = read_templates({"t.json": json.dumps(body)}, {})
    begun = perf_counter()
    assert all(api.route_for(route, "GET") == route for route in routes)
    assert perf_counter() - begun < 1  # with a table for each: several
