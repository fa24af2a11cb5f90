"""HTTP APIs choose routes by path and verb, and their $default stage stands in no URL."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accountsctl.commands.doctor.cors import DiagnosisSources, find_out
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.facts.templates import read_templates

V2 = "AWS::ApiGatewayV2::"
CORS = {"AllowOrigins": ["http://localhost:4200"], "AllowMethods": ["*"], "AllowHeaders": ["*"]}
ARN = "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/*/items/{id}"


def api(*routes: str, cors: Any = CORS, authorization: str = "NONE", **properties: Any) -> dict[str, Any]:
    resources: dict[str, Any] = {
        "Api": {
            "Type": f"{V2}Api",
            "Properties": {"ProtocolType": "HTTP", "Name": "shop", "CorsConfiguration": cors, **properties},
        },
        "Work": {"Type": f"{V2}Integration", "Properties": {"IntegrationUri": {"Fn::GetAtt": ["Fn", "Arn"]}}},
        "Fn": {"Type": "AWS::Lambda::Function", "Properties": {}},
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
    assert diagnosed(api(*routes, cors=None)).outcome is not DiagnosisOutcome.BLOCKED


def test_a_permission_with_the_name_of_a_path_parameter_covers_the_route() -> None:
    assert diagnosed(api("GET /items/{id}")).outcome is DiagnosisOutcome.PASS


def test_a_guarded_route_that_takes_options_refuses_it_though_cors_is_configured() -> None:
    found = diagnosed(api("ANY /items/{id}", authorization="JWT"))
    assert found.root is not None
    assert found.root.card.id == "preflight.cognito"


def test_an_origin_may_be_listed_by_its_scheme() -> None:
    cors = {**CORS, "AllowOrigins": ["http://*"]}
    assert diagnosed(api("GET /items/{id}", cors=cors)).outcome is DiagnosisOutcome.PASS


def test_quick_create_sends_everything_to_its_target() -> None:
    made = api(Target={"Fn::GetAtt": ["Fn", "Arn"]})
    assert diagnosed(made).outcome is not DiagnosisOutcome.BLOCKED


def test_the_default_stage_stands_in_no_url() -> None:
    url = "https://abc123.execute-api.eu-west-1.amazonaws.com/items/7"
    assert diagnosed(api("GET /items/{id}"), path=None, url=url).outcome is DiagnosisOutcome.PASS
