"""`call` and `doctor` over an HTTP API and function URLs of a custom stack, in a project without any REST API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.local.apigateway.deployed.templates import att, ref
from tests.local.http_apis.templates import http_api
from tests.local.identity.templates import resource
from tests.local.project import LocalProject

pytestmark = pytest.mark.slow

API = "custom/shop#Api"


def template() -> dict[str, Any]:
    secured = {"AuthorizationType": "JWT", "AuthorizerId": ref("Authorizer")}
    made = http_api({"GET /orders": {}, "GET /orders/{id}": {}, "GET /private": secured})
    function = made["Resources"]["Function"]
    permission = {"FunctionName": ref("Function"), "Principal": "*"}
    made["Resources"] |= {
        "Url": resource("Lambda::Url", TargetFunctionArn=att("Function", "Arn"), AuthType="AWS_IAM"),
        "ByUrl": resource(
            "Lambda::Permission",
            Action="lambda:InvokeFunctionUrl",
            FunctionUrlAuthType="AWS_IAM",
            **permission,
        ),
        "Invoked": resource(
            "Lambda::Permission", Action="lambda:InvokeFunction", InvokedViaFunctionUrl=True, **permission
        ),
        "Other": function,
        "Closed": resource("Lambda::Url", TargetFunctionArn=att("Other", "Arn"), AuthType="NONE"),
    }
    return made


def write(root: Path, path: str, content: object) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(json.dumps(content))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProject]:
    root = tmp_path_factory.mktemp("targets")
    write(root, "backend-config.json", {"custom": {"shop": {"service": "customCloudformation"}}})
    write(root, "amplify/backend/custom/shop/template.json", template())
    write(root, "amplify/.config/project-config.json", {"projectName": "shop", "version": "1"})
    environment = {"cloud": "local", "region": "eu-west-1", "stackName": "shop-dev", "parameters": {}}
    write(root, "amplify/environments/dev.json", environment)
    made = LocalProject(root)
    made.run("env", "checkout", "dev")
    made.run("push", "--yes")
    yield made
    made.run("local", "stop")


def test_several_endpoints_are_listed_with_what_they_are(project: LocalProject) -> None:
    said = project.run("call", "GET", "/orders", expect=2).err
    assert "custom/shop#Api (HTTP API), custom/shop#Closed (function URL), custom/shop#Url" in said
    close = project.run("call", "GET", "/orders", "--api", "custom/shop#Urls", expect=2).err
    assert 'Did you mean "custom/shop#Url"?' in close


def test_an_open_route_of_an_http_api_needs_no_pool(project: LocalProject) -> None:
    event = project.run("call", "GET", "/orders/7", "--api", API).json
    assert (event["routeKey"], event["pathParameters"]) == ("GET /orders/{id}", {"id": "7"})


def test_a_route_that_does_not_exist_is_answered_with_those_that_do(project: LocalProject) -> None:
    said = project.run("call", "GET", "/nope", "--api", API, expect=1).err
    assert "The API has /orders (GET), /orders/{id} (GET), /private (GET)." in said


def test_a_token_that_a_jwt_route_does_not_take_is_explained(project: LocalProject) -> None:
    said = project.run("call", "GET", "/private", "--api", API, "-H", "Authorization: no", expect=1).err
    assert "401" in said
    assert "takes a current token" in said


def test_a_function_url_takes_signed_requests(project: LocalProject) -> None:
    refused = project.run("call", "GET", "/text", "--api", "Url", expect=1).err
    assert "--iam" in refused
    assert project.run("call", "GET", "/text", "--api", "Url", "--iam").out == "plain\n"


def test_a_function_url_whose_policy_lets_no_one_in_is_explained(project: LocalProject) -> None:
    said = project.run("call", "GET", "/", "--api", "custom/shop#Closed", expect=1).err
    assert "lambda:InvokeFunctionUrl" in said


def test_doctor_cors_inspects_what_is_deployed_and_sends_to_the_http_api(project: LocalProject) -> None:
    found = project.run("doctor", "cors", "--path", "/orders", "--method", "GET", "--json", expect=None).json
    assert {each["target"].partition("/_aws/")[2].partition("/")[0] for each in found} == {
        "execute-api",
        "lambda-url",
    }
    assert "get_authorizers" not in json.dumps(found)
    closed = [each for each in found if (each["rootCause"] or {}).get("id") == "function-url.no-permission"]
    layers = {evidence["layer"] for each in closed for evidence in each["evidence"]}
    assert layers == {"live", "deployed", "static"}


def test_a_failure_shows_the_error_of_the_function_behind_it_and_doctor_names_it(
    project: LocalProject,
) -> None:
    said = project.run("call", "GET", "/orders/throws", "--api", API, expect=1).err
    assert "custom/shop#Function: ValueError: no" in said
    project.run("call", "GET", "/throws", "--api", "Url", "--iam", expect=1)

    found = project.run("doctor", "--json", expect=1).json["checks"]
    failing = {check["next"]: check["told"] for check in found if check["check"] == "calls"}
    assert "ValueError: no" in failing[f"accountsctl call GET /orders/throws --api {API}"]
    assert "ValueError: no" in failing["accountsctl call GET /throws --api custom/shop#Url"]
    open_to_all = " ".join(check["told"] for check in found if check["check"] == "access")
    assert "custom/shop#Closed answers anyone who knows its URL" in open_to_all
    assert f"{API} answers anyone who knows its URL: GET /orders, GET /orders/{{id}}" in open_to_all
    assert "Call it: accountsctl call GET / --iam --api custom/shop#Url" in [check["next"] for check in found]
