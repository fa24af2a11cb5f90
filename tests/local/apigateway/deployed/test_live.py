"""What the control plane tells of an API: its live resources tried, its deployment exported."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.local.apigateway.deployed.templates import api, function, invocation, mock, permission, proxy, ref
from tests.local.apigateway.deployed.test_guards import AUTHORIZER, authorizer
from tests.local.deployed_api import Api

Deploy = Callable[..., Api]


@pytest.fixture(scope="module")
def made(deploy: Deploy) -> Api:
    methods = {
        "GET /ok": proxy(RequestParameters={"method.request.querystring.q": False}),
        "OPTIONS /ok": mock(),
        "GET /throws": proxy(),
        "GET /malformed": proxy(),
        "GET /unpermitted": proxy("Closed"),
        "GET /get": proxy(integration={"IntegrationHttpMethod": "GET"}),
        "GET /slow": proxy("Patient", {"TimeoutInMillis": 200}),
        "OPTIONS /nostatus": mock({"RequestTemplates": {"application/json": "{}"}}),
        "OPTIONS /pattern": mock(
            {"IntegrationResponses": [{"StatusCode": "200", "SelectionPattern": "5.."}]}
        ),
        "GET /guarded": proxy(AuthorizationType="CUSTOM", AuthorizerId=ref("Token"), ApiKeyRequired=True),
    }
    resources = {
        "Closed": function(),
        "Patient": function(Timeout=10),
        "PatientPermission": permission("Patient"),
        "Guard": function(AUTHORIZER),
        "GuardPermission": permission("Guard", "${Api}/authorizers/*"),
        "Token": authorizer(AuthorizerUri=invocation("Guard")),
    }
    return deploy(api(methods, resources))


@pytest.fixture
def gateway(client: Callable[[str], Any]) -> Any:
    return client("apigateway")


def where(gateway: Any, made: Api, path: str, verb: str) -> dict[str, str]:
    items = gateway.get_resources(restApiId=made.id, limit=500)["items"]
    resource = next(each["id"] for each in items if each["path"] == path)
    return {"restApiId": made.id, "resourceId": resource, "httpMethod": verb}


def test_a_test_invocation_tells_the_answer_and_its_log(gateway: Any, made: Api) -> None:
    tried = gateway.test_invoke_method(
        **where(gateway, made, "/ok", "GET"), pathWithQueryString="/ok?q=1", headers={"X-A": "1"}
    )
    assert (tried["status"], tried["body"]) == (200, "ok")
    assert tried["headers"]["Access-Control-Allow-Origin"] == "*"
    assert tried["multiValueHeaders"]["Content-Type"] == ["application/json"]
    lines = [line.partition(" : ")[2] for line in tried["log"].splitlines()[1:]]
    assert tried["log"].startswith("Execution log for request ")
    assert lines[1:5] == [
        "HTTP Method: GET, Resource Path: /ok",
        "Method request path: {}",
        "Method request query string: {q=1}",
        "Method request headers: {X-A=1}",
    ]
    assert lines[6].startswith(
        "Endpoint request URI: https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/arn:"
    )
    assert '"stage": "test-invoke-stage"' in tried["log"]
    assert lines[-2:] == ["Successfully completed execution", "Method completed with status: 200"]


REASONS = [
    (
        "GET",
        "/throws",
        502,
        "Lambda execution failed with status 200 due to customer function error: no. ",
    ),
    (
        "GET",
        "/malformed",
        502,
        "Execution failed due to configuration error: Malformed Lambda proxy response",
    ),
    ("GET", "/unpermitted", 500, "configuration error: Invalid permissions on Lambda function"),
    ("GET", "/get", 500, "configuration error: Unable to determine service/operation name to be authorized"),
    ("GET", "/slow", 504, "Execution failed due to a timeout error"),
    (
        "OPTIONS",
        "/nostatus",
        500,
        "Unable to parse statusCode. It should be an integer that is defined in the request",
    ),
    (
        "OPTIONS",
        "/pattern",
        500,
        "No match for output mapping and no default output mapping configured. Endpoint",
    ),
]


@pytest.mark.parametrize(("verb", "path", "status", "words"), REASONS, ids=[each[1] for each in REASONS])
def test_the_log_says_why_a_method_fails(
    gateway: Any, made: Api, verb: str, path: str, status: int, words: str
) -> None:
    tried = gateway.test_invoke_method(**where(gateway, made, path, verb))
    assert tried["status"] == status
    assert words in tried["log"]
    assert f"Method completed with status: {status}" in tried["log"]


def test_the_log_keeps_tokens_to_itself(gateway: Any, made: Api) -> None:
    tried = gateway.test_invoke_method(
        **where(gateway, made, "/ok", "GET"), headers={"Authorization": "Bearer sesame"}
    )
    assert "sesame" not in tried["log"]
    assert "Authorization=****" in tried["log"]


def test_a_test_invocation_asks_neither_authorizer_nor_key(gateway: Any, made: Api) -> None:
    assert gateway.test_invoke_method(**where(gateway, made, "/guarded", "GET"))["status"] == 200
    with pytest.raises(gateway.exceptions.NotFoundException):
        gateway.test_invoke_method(**where(gateway, made, "/guarded", "PUT"))


def test_an_authorizer_can_be_tried_alone(gateway: Any, made: Api) -> None:
    (found,) = gateway.get_authorizers(restApiId=made.id)["items"]
    one = {"restApiId": made.id, "authorizerId": found["id"]}
    tried = gateway.test_invoke_authorizer(**one, headers={"Token": "allow"})
    assert (tried["clientStatus"], tried["principalId"]) == (200, "user")
    assert json.loads(tried["policy"])["Statement"][0]["Effect"] == "Allow"
    assert gateway.test_invoke_authorizer(**one)["clientStatus"] == 401
    failed = gateway.test_invoke_authorizer(**one, headers={"Token": "throw"})
    assert failed["clientStatus"] == 500
    assert "AuthorizerConfigurationException" in failed["log"]


def test_a_method_that_was_mended_works_when_tried_and_at_its_stage_when_deployed(
    gateway: Any, deploy: Deploy
) -> None:
    stale = deploy(api({"GET /x": proxy(AuthorizationType="AWS_IAM")}))
    method = where(gateway, stale, "/x", "GET")
    operations = [
        {"op": "replace", "path": "/authorizationType", "value": "NONE"},
        {"op": "add", "path": "/requestParameters/method.request.header.X-A", "value": "true"},
        {"op": "replace", "path": "/apiKeyRequired", "value": "false"},
    ]
    changed = gateway.update_method(**method, patchOperations=operations)
    assert (changed["authorizationType"], changed["requestParameters"]) == (
        "NONE",
        {"method.request.header.X-A": True},
    )
    assert gateway.test_invoke_method(**method)["status"] == 200
    assert stale.send("GET", "/x").status == 403
    gateway.create_deployment(restApiId=stale.id, stageName="dev")
    assert stale.send("GET", "/x").status == 200
    with pytest.raises(gateway.exceptions.BadRequestException, match="Invalid patch path"):
        gateway.update_method(**method, patchOperations=[{"op": "add", "path": "/nosuch", "value": "x"}])


@pytest.mark.parametrize("kind", ["oas30", "swagger"])
def test_an_export_is_what_was_deployed_and_can_be_imported_again(gateway: Any, made: Api, kind: str) -> None:
    asked = {"restApiId": made.id, "stageName": "dev", "exportType": kind}
    whole = gateway.get_export(**asked, parameters={"extensions": "apigateway"}, accepts="application/json")
    assert whole["contentType"] == "application/json"
    body = whole["body"].read()
    document = json.loads(body)
    got = document["paths"]["/ok"]["get"]
    assert got["x-amazon-apigateway-integration"]["type"] == "aws_proxy"
    assert [each["name"] for each in got["parameters"]] == ["q"]
    assert list(document["paths"]["/guarded"]["get"]["security"][0].values()) == [[]]
    again = gateway.import_rest_api(body=body)["id"]
    here, there = (_shape(gateway, each) for each in (made.id, again))
    assert here == there
    gateway.delete_rest_api(restApiId=again)
    bare = json.loads(gateway.get_export(**asked)["body"].read())
    assert "x-amazon-apigateway-integration" not in bare["paths"]["/ok"]["get"]
    yaml = gateway.get_export(**asked, accepts="application/yaml")
    assert (yaml["contentType"], yaml["body"].read()[:1] != b"{") == ("application/yaml", True)


def _shape(gateway: Any, api_id: str) -> Any:
    """The methods of an API without the ids in them."""
    items = gateway.get_resources(restApiId=api_id, embed=["methods"], limit=500)["items"]
    return {
        (each["path"], verb): (
            method["authorizationType"],
            method.get("apiKeyRequired"),
            method["methodIntegration"]["type"],
            method["methodIntegration"].get("uri"),
            [
                sorted(one.items(), key=str)
                for one in method["methodIntegration"].get("integrationResponses", {}).values()
            ],
            method.get("methodResponses", {}).keys(),
        )
        for each in items
        for verb, method in each.get("resourceMethods", {}).items()
    }


def _responses(method: Any) -> list[dict[str, Any]]:
    return list(method["methodIntegration"].get("integrationResponses", {}).values())


def test_an_export_of_a_stage_that_is_not_there_is_not_found(gateway: Any, made: Api) -> None:
    with pytest.raises(gateway.exceptions.NotFoundException):
        gateway.get_export(restApiId=made.id, stageName="nosuch", exportType="oas30")
    with pytest.raises(gateway.exceptions.BadRequestException):
        gateway.get_export(restApiId=made.id, stageName="dev", exportType="raml")
