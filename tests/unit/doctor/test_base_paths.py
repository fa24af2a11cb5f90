"""Custom domains: which of their paths lead to which API, and which to none.

https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from accountsctl.commands.doctor.cors import DiagnosisSources, find_out
from accountsctl.doctor.diagnosis.diagnose import Diagnosis
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.facts.deployed.parts import domains
from accountsctl.doctor.facts.templates import read_templates
from tests.unit.commands.doctor.recordings import causes

HOST = "https://api.example.com"
UNMAPPED = ["deploy.no-mapping"]


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def rest() -> dict[str, Any]:
    """A REST API that takes GET on every path, with CORS headers."""
    value = "'*'"
    answer = {
        "statusCode": "200",
        "responseParameters": {"method.response.header.Access-Control-Allow-Origin": value},
    }
    mock = {"type": "MOCK", "requestTemplates": {"application/json": '{"statusCode": 200}'}}
    declared = {"200": {"headers": {"Access-Control-Allow-Origin": {"schema": {"type": "string"}}}}}
    get = {
        "responses": declared,
        "x-amazon-apigateway-integration": {**mock, "responses": {"default": answer}},
    }
    return resource("ApiGateway::RestApi", Body={"openapi": "3.0.1", "paths": {"/{proxy+}": {"get": get}}})


def mapped(base: Any, api: Any = "Api", domain: Any = None) -> dict[str, Any]:
    target = {"Ref": api} if isinstance(api, str) else api
    stated = {"DomainName": domain or {"Ref": "Domain"}, "RestApiId": target, "Stage": "dev"}
    return resource("ApiGateway::BasePathMapping", **stated, **({"BasePath": base} if base else {}))


DOMAIN = resource("ApiGateway::DomainName", DomainName="api.example.com")
OTHERS: dict[str, Any] = {"Outputs": {"Name": {"Value": {"Ref": "Domain"}, "Export": {"Name": "domain"}}}}


def found_of(path: str, more: dict[str, Any] | None = None, **resources: Any) -> Diagnosis:
    body = {
        "Parameters": {"P": {"Type": "String"}},
        "Resources": {"Api": rest(), **resources},
        **(more or {}),
    }
    apis = read_templates({"t.json": json.dumps(body)})
    query = Query(origin="https://app.example.com", url=f"{HOST}{path}")
    (found,) = find_out(DiagnosisSources(static=lambda: apis), query).diagnoses
    return found


@pytest.mark.parametrize(
    ("path", "resources", "more", "expected"),
    [
        ("/orders/1", {"Domain": DOMAIN, "M": mapped("orders")}, {}, []),
        # The root, for which the API has no route.
        ("/orders", {"Domain": DOMAIN, "M": mapped("orders")}, {}, ["deploy.wrong-path"]),
        ("/users/1", {"Domain": DOMAIN, "M": mapped("orders")}, {}, UNMAPPED),
        ("/orders2/1", {"Domain": DOMAIN, "M": mapped("orders")}, {}, UNMAPPED),
        ("/users/1", {"Domain": DOMAIN, "M": mapped("orders"), "N": mapped(None)}, {}, []),
        ("/dev/1", {"Domain": DOMAIN, "M": mapped("orders")}, {}, ["deploy.stage-in-domain-path"]),
        # What only the deployment or another stack knows.
        ("/users/1", {"Domain": DOMAIN, "M": mapped({"Ref": "P"})}, {}, []),
        ("/users", {"Domain": DOMAIN, "M": mapped({"Ref": "P"})}, {}, []),
        ("/", {"Domain": DOMAIN, "M": mapped({"Ref": "P"})}, {}, []),
        ("/users/1", {"Domain": DOMAIN, "M": mapped("orders")}, OTHERS, []),
        ("/users/1", {"M": mapped("orders", domain="api.example.com")}, {}, []),
        # Another API of the domain, here or elsewhere.
        ("/users/1", {"Domain": DOMAIN, "M": mapped("orders"), "N": mapped("users", {"Ref": "P"})}, {}, []),
        ("/x/1", {"Domain": DOMAIN, "M": mapped("orders"), "N": mapped("users", {"Ref": "P"})}, {}, UNMAPPED),
    ],
)
def test_a_path_below_no_base_path_is_refused_by_the_domain(
    path: str, resources: dict[str, Any], more: dict[str, Any], expected: list[str]
) -> None:
    found = found_of(path, more, **resources)
    assert causes(found) == expected
    if expected == UNMAPPED:
        assert found.walk.blocked_status == 403


def test_the_base_path_of_a_domain_in_another_stack_is_not_the_apis() -> None:
    assert found_of("/orders/1", M=mapped("orders", domain="api.example.com")).ask.path == "/1"


def test_a_url_calls_the_api_whose_base_path_it_names() -> None:
    resources = {"Domain": DOMAIN, "M": mapped("orders"), "Users": rest(), "N": mapped("users", "Users")}
    assert found_of("/users/1", **resources).api == "Users"
    assert found_of("/orders/1", **resources).api == "Api"


@pytest.mark.parametrize(
    ("mappings", "maps"),
    [
        ([{"basePath": "orders", "restApiId": "a", "stage": "dev"}], False),
        ([{"basePath": "(none)", "restApiId": "a", "stage": "dev"}], True),
        ([{"basePath": "orders", "restApiId": "a"}, {"basePath": "users", "restApiId": "b"}], True),
    ],
)
def test_aws_reports_all_base_paths_of_a_domain(mappings: list[dict[str, str]], maps: bool) -> None:
    (found,) = domains([{"domainName": "api.example.com", "mappings": mappings}], "a")
    assert found.maps("/users/1") is maps


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("dev", []),
        ("prod", ["deploy.no-stage"]),
        ({"Ref": "P"}, []),
        ({"Fn::Sub": "x-${P}"}, ["deploy.no-stage"]),
    ],
)
def test_a_stage_that_only_the_deployment_knows_may_be_that_of_the_url(
    stage: Any, expected: list[str]
) -> None:
    stated = {"RestApiId": {"Ref": "Api"}, "StageName": stage}
    resources = {"Api": rest(), "Stage": resource("ApiGateway::Stage", **stated)}
    body = {"Parameters": {"P": {"Type": "String"}}, "Resources": resources}
    apis = read_templates({"t.json": json.dumps(body)})
    url = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/items"
    query = Query(origin="https://app.example.com", url=url)
    (found,) = find_out(DiagnosisSources(static=lambda: apis), query).diagnoses
    assert causes(found) == expected
