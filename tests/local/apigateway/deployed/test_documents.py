"""APIs described by an OpenAPI document: the same faults, in another spelling."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.apigateway.deployed.templates import deployed, function, invocation, permission
from tests.local.deployed_api import Api

Deploy = Callable[..., Api]
X = "x-amazon-apigateway-"
TRUST = {
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ]
}
ALLOW = ("Origin", "Headers", "Methods")
POOL = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Nosuch"
DENY = """
def handler(event, context):
    statement = {"Action": "execute-api:Invoke", "Effect": "Deny", "Resource": "*"}
    return {"principalId": "user", "policyDocument": {"Statement": [statement]}}
"""
SCHEMES = {
    "users": {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        f"{X}authtype": "cognito_user_pools",
        f"{X}authorizer": {"type": "cognito_user_pools", "providerARNs": [POOL]},
    },
    "guard": {
        "type": "apiKey",
        "name": "Token",
        "in": "header",
        f"{X}authtype": "custom",
        f"{X}authorizer": {"type": "token", "authorizerUri": invocation("Guard")},
    },
    "sigv4": {"type": "apiKey", "name": "Authorization", "in": "header", f"{X}authtype": "awsSigv4"},
    "key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
}


def proxied(**more: Any) -> dict[str, Any]:
    integration = {"type": "aws_proxy", "httpMethod": "POST", "uri": invocation()}
    return {"responses": {}, f"{X}integration": integration, **more}


def preflight(swagger: bool, **integration: Any) -> dict[str, Any]:
    string = {"type": "string"} if swagger else {"schema": {"type": "string"}}
    headers = {f"Access-Control-Allow-{each}": string for each in ALLOW}
    mapped = {f"method.response.header.{name}": "'*'" for name in headers}
    plain = {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "passthroughBehavior": "when_no_match",
        "responses": {"default": {"statusCode": "200", "responseParameters": mapped}},
    }
    return {
        "responses": {"200": {"description": "", "headers": headers}},
        "security": [],
        f"{X}integration": {**plain, **integration},
    }


def document(swagger: bool) -> dict[str, Any]:
    """The same API in both versions."""
    item = {"type": "object", "required": ["name"], "properties": {"name": {"$ref": "REF/Name"}}}
    schemas = json.loads(
        json.dumps({"Item": item, "Name": {"type": "string"}}).replace(
            "REF", "#/definitions" if swagger else "#/components/schemas"
        )
    )
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Item"}}}
    wants = (
        {"parameters": [{"in": "body", "name": "Item", "schema": {"$ref": "#/definitions/Item"}}]}
        if swagger
        else {"requestBody": {"content": content}}
    )
    paths = {
        "/open/deep/{id}": {"get": proxied(security=[]), "options": preflight(swagger)},
        "/users": {"get": proxied(), "options": preflight(swagger)},
        "/guard": {"get": proxied(security=[{"guard": []}])},
        "/iam": {"get": proxied(security=[{"sigv4": []}])},
        "/key": {"get": proxied(security=[{"key": []}])},
        "/strict": {"options": preflight(swagger, requestTemplates={}, passthroughBehavior="never")},
        "/items": {"post": proxied(security=[], **{f"{X}request-validator": "body"}, **wants)},
        "/any/{proxy+}": {f"{X}any-method": proxied(security=[])},
    }
    plain = {
        "info": {"title": "documented", "version": "7"},
        "paths": paths,
        "security": [{"users": []}],
        f"{X}request-validators": {"body": {"validateRequestBody": True, "validateRequestParameters": False}},
        f"{X}gateway-responses": {
            "DEFAULT_4XX": {
                "responseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}
            }
        },
    }
    if swagger:
        return {"swagger": "2.0", **plain, "securityDefinitions": SCHEMES, "definitions": schemas}
    return {"openapi": "3.0.1", **plain, "components": {"securitySchemes": SCHEMES, "schemas": schemas}}


def template(body: dict[str, Any], **settings: Any) -> dict[str, Any]:
    made = {
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": body, **settings}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}},
        "Function": function(),
        "Permission": permission(),
        "Guard": function(DENY),
        "GuardPermission": permission("Guard", "${Api}/authorizers/*"),
    }
    return deployed(made)


@pytest.fixture(scope="module", params=[True, False], ids=["swagger", "openapi"])
def documented(request: pytest.FixtureRequest, deploy: Deploy) -> Api:
    return deploy(template(document(request.param)))


UNAUTHORIZED = (401, "UnauthorizedException", '{"message":"Unauthorized"}')
MISSING = (403, "MissingAuthenticationTokenException", '{"message":"Missing Authentication Token"}')
CASES = [
    ("GET", "/open/deep/1", (200, None, "ok")),
    ("GET", "/open", MISSING),
    ("OPTIONS", "/users", (200, None, "")),
    ("GET", "/users", UNAUTHORIZED),
    ("GET", "/guard", UNAUTHORIZED),
    ("GET", "/iam", MISSING),
    ("GET", "/key", (403, "ForbiddenException", '{"message":"Forbidden"}')),
    ("OPTIONS", "/strict", (415, "BadRequestException", '{"message":"Unsupported Media Type"}')),
    ("POST", "/items", (400, "BadRequestException", '{"message":"Invalid request body"}')),
    ("DELETE", "/any/a/b", (200, None, "ok")),
]


@pytest.mark.parametrize(("method", "path", "expected"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_a_documented_method_answers_like_one_of_its_own(
    documented: Api, method: str, path: str, expected: tuple[int, str | None, str]
) -> None:
    answer = documented.send(method, path)
    assert answer.summary == expected
    allowed = method == "OPTIONS" or answer.status != 200 or "/any" in path or "/open" in path
    assert (answer.header("Access-Control-Allow-Origin") == "*") is allowed


def test_a_documented_authorizer_and_model_are_asked(documented: Api) -> None:
    assert documented.send("GET", "/guard", {"Token": "t"}).summary[:2] == (403, "AccessDeniedException")
    typed = {"Content-Type": "application/json"}
    assert documented.send("POST", "/items", typed, b'{"name": "x"}').status == 200
    assert documented.send("POST", "/items", typed, b'{"name": 1}').status == 400


def test_properties_beside_a_body_are_laid_over_it(deploy: Deploy, client: Callable[[str], Any]) -> None:
    body = document(swagger=False)
    made = deploy(
        template(body, Name="over", EndpointConfiguration={"Types": ["REGIONAL"]}, BinaryMediaTypes=["a/b"])
    )
    shown = client("apigateway").get_rest_api(restApiId=made.id)
    assert (shown["name"], shown["version"], shown["binaryMediaTypes"]) == ("over", "7", ["a/b"])
    assert shown["endpointConfiguration"]["types"] == ["REGIONAL"]


def test_a_changed_body_takes_the_place_of_the_old_one(deploy: Deploy, client: Callable[[str], Any]) -> None:
    made = deploy(template(document(swagger=False)))
    gateway = client("apigateway")
    root = gateway.get_rest_api(restApiId=made.id)["rootResourceId"]
    changed = {**document(swagger=True), "paths": {"/new": {"get": proxied(security=[])}}}
    for each in list(_resolved_uris(changed)):
        each["uri"] = gateway.get_integration(
            restApiId=made.id, resourceId=_resource(gateway, made.id, "/users"), httpMethod="GET"
        )["uri"]
    del changed["securityDefinitions"]["guard"]
    gateway.put_rest_api(restApiId=made.id, mode="overwrite", body=json.dumps(changed).encode())
    paths = {each["path"]: each["id"] for each in gateway.get_resources(restApiId=made.id)["items"]}
    assert set(paths) == {"/", "/new"}
    assert paths["/"] == root
    assert [each["name"] for each in gateway.get_authorizers(restApiId=made.id)["items"]] == ["users"]
    assert made.send("GET", "/new").status == 403
    gateway.create_deployment(restApiId=made.id, stageName="next")
    assert made.send("GET", "/new", stage="next").summary == (200, None, "ok")


@pytest.mark.parametrize("mode", ["merge", "overwrite"])
def test_a_document_that_is_refused_changes_nothing(client: Callable[[str], Any], mode: str) -> None:
    gateway = client("apigateway")
    mock = {"responses": {}, f"{X}integration": {"type": "mock"}}
    refused = {"responses": {}, f"{X}integration": {"type": "http", "httpMethod": "GET", "uri": "nowhere"}}

    def body(title: str, operation: dict[str, Any]) -> bytes:
        info = {"title": title, "version": "1"}
        return json.dumps({"openapi": "3.0.1", "info": info, "paths": {"/": {"get": operation}}}).encode()

    id_ = gateway.import_rest_api(body=body("before", mock))["id"]
    before = gateway.get_resources(restApiId=id_, embed=["methods"])["items"]
    with pytest.raises(ClientError, match="Invalid HTTP endpoint specified for URI"):
        gateway.put_rest_api(restApiId=id_, mode=mode, body=body("after", refused))
    assert gateway.get_rest_api(restApiId=id_)["name"] == "before"
    assert gateway.get_resources(restApiId=id_, embed=["methods"])["items"] == before


def _resolved_uris(body: dict[str, Any]) -> Any:
    for item in body["paths"].values():
        for operation in item.values():
            if "uri" in operation[f"{X}integration"]:
                yield operation[f"{X}integration"]


def _resource(gateway: Any, api: str, path: str) -> str:
    items = gateway.get_resources(restApiId=api)["items"]
    return str(next(each["id"] for each in items if each["path"] == path))


def test_a_stack_that_changes_the_body_changes_the_api_in_place(
    deploy: Deploy, client: Callable[[str], Any]
) -> None:
    body = document(swagger=False)
    made = deploy(template(body, Name="kept", Description="one"))
    body["paths"]["/users"]["get"]["security"] = []
    body["info"]["title"] = "other"
    again = deploy(template(body, Name="kept", Description="two"), made)
    assert again.id == made.id
    assert again.send("GET", "/users").summary == (200, None, "ok")
    shown = client("apigateway").get_rest_api(restApiId=made.id)
    assert (shown["name"], shown["description"]) == ("kept", "two")


def test_a_document_with_faults_makes_no_api(client: Callable[[str], Any]) -> None:
    gateway = client("apigateway")
    before = len(gateway.get_rest_apis()["items"])
    options = {**preflight(swagger=False), "responses": {"200": {"description": ""}}}
    body = {"openapi": "3.0.1", "paths": {"/x": {"options": options}}}
    with pytest.raises(gateway.exceptions.BadRequestException) as refused:
        gateway.import_rest_api(body=json.dumps(body).encode())
    words = str(refused.value)
    assert "Unable to put integration response on 'OPTIONS' for resource at path '/x'" in words
    assert "method.response.header.Access-Control-Allow-Origin" in words
    assert len(gateway.get_rest_apis()["items"]) == before
