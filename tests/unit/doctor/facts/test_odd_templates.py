"""Templates that are legal and rarely seen, and those that are not: a verdict, or a fault with file and line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accountsctl.doctor.facts.templates import read_templates
from accountsctl.doctor.facts.unknown import is_unknown
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
        {"D": {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": NUMBER}}},
        {"M": method(Integration={"Type": {"Fn::Select": [NUMBER, ["MOCK", "AWS"]]}})},
        {"M": method(AuthorizationType={"Fn::FindInMap": ["No", "Such", "Map"]})},
        {"M": method(AuthorizationType={"Fn::Split": ["", "a"]})},
        {"M": "text"},
        {"M": {"Type": "AWS::ApiGateway::Method", "Properties": "text"}},
        {"Fn::ForEach::All": ["X", ["a", "b"], {"${X}": method()}]},
        {"F": {"Type": "AWS::Lambda::Function", "Properties": {"Environment": {"Variables": {"Environment": "dev"}}}}},
        {"S": resource("Stage", StageName="dev", Variables={"Integration": "on", "Ref": "main", "Events": "all"})},
        {"A": {"Type": "AWS::Serverless::Application", "Properties": {"Parameters": {"Environment": "dev"}}}},
        {
            "F": {
                "Type": "AWS::Serverless::Function",
                "Properties": {
                    "Events": {
                        "Put": {"Type": "S3", "Properties": {"Bucket": "b", "Events": "s3:ObjectCreated:*"}},
                        "Get": {
                            "Type": "Api",
                            "Properties": {
                                "Path": "/",
                                "Method": "get",
                                "RestApiId": {"Ref": "Api"},
                                "RequestParameters": ["method.request.header.X-One"],
                            },
                        },
                    }
                },
            }
        },
    ],
)  # fmt: skip
def test_an_odd_template_is_read_without_a_crash(resources: dict[str, Any]) -> None:
    assert read(**resources).kind == "REST"


def nested(step: Any, depth: int = 20) -> Any:
    """A value that a function puts into itself so many times."""
    value: Any = NUMBER
    for _ in range(depth):
        value = step(value)
    return value


@pytest.mark.parametrize(
    "value",
    [
        nested(lambda value: {"Fn::Sub": ["${a}${a}", {"a": value}]}),
        # Python writes a text in a text with twice as many backslashes each time.
        nested(lambda value: {"Fn::Join": ["", [{"a": value, "b": "'\""}]]}),
    ],
)
def test_a_text_that_doubles_at_each_step_is_one_that_only_the_deployment_knows(value: Any) -> None:
    (found,) = read(M=method(Integration={"Type": "AWS", "Uri": value})).routes["/"].values()
    assert is_unknown(found.integration.uri)
    assert len(found.integration.uri) < 2_000_000


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"Fn::Sub": ["a${x}b${Y}", {"x": ["1", "2"]}]}, "a1,2b${Y}"),
        ({"Fn::Join": ["-", ["a", ["b", "c"], True]]}, "a-b,c-true"),
        ({"Fn::Sub": "${Number}/${Api.Arn}/${!Kept}"}, "${Number}/${Api.Arn}/${Kept}"),
    ],
)
def test_functions_put_texts_together_as_cloudformation_writes_them(value: Any, text: str) -> None:
    (found,) = read(M=method(Integration={"Type": "AWS", "Uri": value})).routes["/"].values()
    assert found.integration.uri == text


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "templates": (
        {"M": method(Integration={"Type": "MOCK", "RequestTemplates": "text"})},
        "Resources.M.Properties.Integration.RequestTemplates is not an object.",
    ),
    "responses": (
        {"M": method(Integration={"Type": "MOCK", "IntegrationResponses": {"a": 1}})},
        "Resources.M.Properties.Integration.IntegrationResponses is not a list.",
    ),
    "declared": ({"M": method(MethodResponses="text")}, "Resources.M.Properties.MethodResponses is not a list."),
    "parameters": (
        {"M": method(RequestParameters=["a"])},
        "Resources.M.Properties.RequestParameters is not an object.",
    ),
    "variables": (
        {"S": resource("Stage", StageName="dev", Variables=["a"])},
        "Resources.S.Properties.Variables is not an object.",
    ),
    "settings": (
        {"S": resource("Stage", StageName="dev", MethodSettings="text")},
        "Resources.S.Properties.MethodSettings is not a list.",
    ),
    "events": (
        {"F": {"Type": "AWS::Serverless::Function", "Properties": {"Events": ["a"]}}},
        "Resources.F.Properties.Events is not an object.",
    ),
    "join": (
        {"M": method(Integration={"Uri": {"Fn::Join": "x"}})},
        "Resources.M.Properties.Integration.Uri.Fn::Join is not a list of 2.",
    ),
    "if": (
        {"M": method(ApiKeyRequired={"Fn::If": ["a"]})},
        "Resources.M.Properties.ApiKeyRequired.Fn::If is not a list of 3.",
    ),
    "sub": (
        {"M": method(AuthorizationType={"Fn::Sub": ["a"]})},
        "Resources.M.Properties.AuthorizationType.Fn::Sub is not a list of 2.",
    ),
    "ref": (
        {"M": method(AuthorizationType={"Ref": ["a"]})},
        "Resources.M.Properties.AuthorizationType.Ref is not a name.",
    ),
    "own parent": (
        {"R": resource("Resource", ParentId={"Ref": "R"}, PathPart="a")},
        "Resources.R is not below another resource: its ParentId leads back to itself.",
    ),
    "parent of its parent": (
        {
            "R": resource("Resource", ParentId={"Ref": "S"}, PathPart="a"),
            "S": resource("Resource", ParentId={"Ref": "R"}, PathPart="b"),
        },
        "Resources.R is not below another resource: its ParentId leads back to itself.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_part_in_another_form_is_a_fault_with_its_line(name: str) -> None:
    resources, what = WRONG[name]
    text = json.dumps({"Resources": {"Api": API, **resources}}, indent=1)
    with pytest.raises(ProjectError) as caught:
        read_templates({"template.json": text})
    first = caught.value.faults[0]
    assert (first.what, first.file) == (what, "template.json")
    key = what.partition(" ")[0].rpartition(".")[2]
    assert f'"{key}"' in text.splitlines()[first.line - 1]


def test_a_macro_may_take_any_form() -> None:
    made = {"M": method(MethodResponses="text")}
    text = json.dumps({"Transform": "OurMacro", "Resources": {"Api": API, **made}})
    assert read_templates({"template.json": text})


def test_a_condition_that_refers_to_itself_is_a_fault() -> None:
    conditions = {"A": {"Condition": "B"}, "B": {"Fn::Not": [{"Condition": "A"}]}}
    with pytest.raises(ProjectError) as caught:
        read(conditions=conditions, M={**method(), "Condition": "A"})
    assert [fault.what for fault in caught.value.faults] == [
        f"Conditions.{name} is not a condition of others: it leads back to itself." for name in ("A", "B")
    ]


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


DEEP = 60
"""At each step twice as much: worked out one by one, this has no end."""


def test_conditions_that_rest_on_others_twice_are_worked_out_once() -> None:
    twice = {
        f"C{step}": {"Fn::And": [{"Condition": f"C{step + 1}"}, {"Condition": f"C{step + 1}"}]}
        for step in range(DEEP)
    }
    last = {f"C{DEEP}": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}}
    api = read(conditions={**twice, **last}, M={**method(), "Condition": "C0"})
    assert list(api.routes) == ["/"]


def test_a_default_of_a_parameter_is_no_function() -> None:
    twice = {
        f"P{step}": {"Type": "String", "Default": {"Fn::Sub": f"${{P{step + 1}}}${{P{step + 1}}}"}}
        for step in range(DEEP)
    }
    api = read(parameters=twice, M=method({"Ref": "P0"}))  # type: ignore[arg-type]
    assert api.partial


def test_a_path_of_many_resources_is_followed() -> None:
    root = {"Fn::GetAtt": ["Api", "RootResourceId"]}
    parts = {
        f"P{step}": resource("Resource", ParentId={"Ref": f"P{step - 1}"} if step else root, PathPart="a")
        for step in range(2000)
    }
    api = read(**parts, M=resource("Method", ResourceId={"Ref": "P1999"}, HttpMethod="GET"))
    assert list(api.routes) == ["/a" * 2000]


def test_a_text_that_opens_many_placeholders_and_closes_none_is_read() -> None:
    api = read(Api={**API, "Properties": {"Name": {"Fn::Sub": "${" * 100_000}}})
    assert api.name == "Api"
