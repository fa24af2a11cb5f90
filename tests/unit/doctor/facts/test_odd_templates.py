"""Templates that are legal and rarely seen, and those that are not: a verdict, or a fault with file and line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accountsctl.doctor.facts.templates import read_templates
from accountsctl.model.errors import ProjectError

API: dict[str, Any] = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "shop"}}
OF_API = {"RestApiId": {"Ref": "Api"}}
NUMBER = {"Ref": "Number"}


def read(*, parameters: Any = None, conditions: Any = None, **resources: Any) -> Any:
    body = {
        "Parameters": {"Number": {"Type": "Number"}, **(parameters or {})},
        "Conditions": conditions or {},
        "Resources": {"Api": API, **resources},
    }
    (api,) = read_templates({"template.json": json.dumps(body)})
    return api


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::ApiGateway::{kind}", "Properties": {**OF_API, **properties}}


def method(verb: str = "GET", **properties: Any) -> dict[str, Any]:
    return resource(
        "Method", ResourceId={"Fn::GetAtt": ["Api", "RootResourceId"]}, HttpMethod=verb, **properties
    )


@pytest.mark.parametrize(
    "resources",
    [
        {"A": resource("Authorizer", Type="TOKEN", AuthorizerResultTtlInSeconds=NUMBER)},
        {"G": resource("GatewayResponse", ResponseType="DEFAULT_4XX", StatusCode=NUMBER)},
        {"F": {"Type": "AWS::Lambda::Function", "Properties": {"Timeout": NUMBER, "Handler": "index.handler"}}},
        {"Api": {**API, "Properties": {"Policy": NUMBER, "EndpointConfiguration": NUMBER}}},
        {"Api": {**API, "Properties": {"Policy": '{"Statement": []}'}}},
        {"M": method(Integration={"Type": "MOCK", "RequestTemplates": "text", "IntegrationResponses": "text"})},
        {"M": method(MethodResponses={"StatusCode": 200}, RequestParameters=["a"])},
        {"R": resource("Resource", ParentId={"Ref": "R"}, PathPart="a")},
        {"S": resource("Stage", StageName="dev", Variables=["a"], MethodSettings="text")},
        {"F": {"Type": "AWS::Serverless::Function", "Properties": {"Events": ["a", "b"]}}},
        {"D": {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": NUMBER}}},
        {"M": method(Integration={"Type": {"Fn::Select": [NUMBER, ["MOCK", "AWS"]]}})},
        {"M": method(Integration={"Uri": {"Fn::Join": ["x"]}, "Type": {"Fn::If": ["a"]}})},
        {"M": method(AuthorizationType={"Fn::FindInMap": ["No", "Such", "Map"]})},
        {"M": method(AuthorizationType={"Fn::Sub": [["a"], "b"]})},
        {"M": method(AuthorizationType={"Fn::Split": ["", "a"]})},
        {"M": "text"},
        {"M": {"Type": "AWS::ApiGateway::Method", "Properties": "text"}},
        {"Fn::ForEach::All": ["X", ["a", "b"], {"${X}": method()}]},
    ],
)  # fmt: skip
def test_an_odd_template_is_read_without_a_crash(resources: dict[str, Any]) -> None:
    assert read(**resources).kind == "REST"


def test_a_condition_that_refers_to_itself_is_not_known() -> None:
    conditions = {"A": {"Condition": "B"}, "B": {"Fn::Not": [{"Condition": "A"}]}}
    made = read(conditions=conditions, M={**method(), "Condition": "A"})
    assert set(made.routes["/"]) == {"GET"}


@pytest.mark.parametrize(
    ("condition", "exists"),
    [
        ({"Fn::Equals": [{"Ref": "Number"}, "1"]}, True),  # only the deployment knows
        ({"Fn::Equals": [{"Ref": "Two"}, "1"]}, False),
        ({"Fn::Not": [{"Fn::Equals": [{"Ref": "Two"}, "1"]}]}, True),
        ({"Fn::And": [{"Fn::Equals": ["1", "2"]}, {"Fn::Equals": [{"Ref": "Number"}, "1"]}]}, False),
        ({"Fn::Or": [{"Fn::Equals": ["1", "2"]}, {"Fn::Equals": [{"Ref": "Number"}, "1"]}]}, True),
        ({"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}, True),
    ],
)
def test_what_a_condition_drops_is_only_what_it_drops_for_certain(condition: Any, exists: bool) -> None:
    parameters = {"Two": {"Type": "String", "Default": "2"}}
    made = read(parameters=parameters, conditions={"C": condition}, M={**method(), "Condition": "C"})
    assert bool(made.routes) is exists


def test_the_default_of_an_ssm_parameter_is_its_name_and_no_value() -> None:
    parameters = {"Kind": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/shop/kind"}}
    made = read(parameters=parameters, M=method(AuthorizationType={"Ref": "Kind"}))
    assert made.routes["/"]["GET"].authorization == "${KIND}"


def test_the_variables_of_a_stage_may_stand_in_the_deployment() -> None:
    deployment = resource("Deployment", StageName="dev", StageDescription={"Variables": {"fn": "work"}})
    assert read(D=deployment).stages["dev"].variables == {"fn": "work"}


def test_a_form_that_cannot_be_read_is_a_fault_with_its_line() -> None:
    with pytest.raises(ProjectError) as refused:
        read_templates({"template.json": '{\n "Resources": {\n  "Api": [1}\n}'})
    assert "template.json:3" in str(refused.value.faults[0])
