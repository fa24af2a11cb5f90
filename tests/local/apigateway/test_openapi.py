"""OpenAPI documents as API Gateway reads them; `deployed` tests the APIs that are created from them."""

from __future__ import annotations

from typing import Any

import pytest

from accountsctl.localcloud.openapi import OpenApiError, parse, read
from accountsctl.localcloud.openapi.definition import MethodDefinition, ResponseDefinition

X = "x-amazon-apigateway-"
YAML = """
swagger: "2.0"
info: {title: api, description: what it is}
basePath: /v1
paths:
  /x/{id}:
    parameters:
      - {name: id, in: path, required: true, type: string}
    get:
      parameters:
        - $ref: "#/parameters/Page"
      responses:
        200: {description: ok, schema: {$ref: "#/definitions/Item"}}
        default: {description: other}
      x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: "https://a.example"}
parameters:
  Page: {name: page, in: query, type: string}
definitions:
  Item: {type: object}
"""


def method(document: dict[str, Any]) -> MethodDefinition:
    return read({"openapi": "3.0.1", **document})["paths"]["/x"]["GET"]


def test_a_yaml_document_is_read_with_its_references() -> None:
    described = read(parse(YAML))
    assert (described["name"], described["description"]) == ("api", "what it is")
    got = described["paths"]["/x/{id}"]["GET"]
    assert got["requestParameters"] == {
        "method.request.path.id": True,
        "method.request.querystring.page": False,
    }
    response: ResponseDefinition = {
        "responseParameters": {},
        "responseModels": {"application/json": "Item"},
    }
    assert got["methodResponses"] == {"200": response}
    assert got["integration"] is not None
    assert (got["integration"]["type"], got["integration"]["httpMethod"]) == ("HTTP_PROXY", "GET")
    assert described["warnings"] == ["The response default has no status code and is ignored."]


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ({}, "COGNITO_USER_POOLS"),
        ({"security": []}, "NONE"),
        ({"security": [{"signed": []}]}, "AWS_IAM"),
        ({"security": [{"open": ["a"]}]}, "NONE"),
        ({"security": [], f"{X}auth": {"type": "AWS_IAM"}}, "AWS_IAM"),
        ({"security": [{"nosuch": []}]}, "NONE"),
    ],
)
def test_an_operations_security_replaces_that_of_the_document(
    operation: dict[str, Any], expected: str
) -> None:
    schemes = {
        "pool": {"type": "apiKey", "name": "Authorization", f"{X}authorizer": {"type": "cognito_user_pools"}},
        "signed": {"type": "apiKey", f"{X}authtype": "awsSigv4"},
        "open": {"type": "oauth2"},
    }
    document = {
        "paths": {"/x": {"get": operation}},
        "security": [{"pool": ["a/b"]}],
        "components": {"securitySchemes": schemes},
    }
    assert method(document)["authorizationType"] == expected


def test_scopes_and_the_default_identity_source_come_from_the_scheme() -> None:
    scheme = {
        "type": "apiKey",
        "name": "Token",
        "in": "header",
        f"{X}authorizer": {"type": "cognito_user_pools"},
    }
    document = {
        "openapi": "3.0.1",
        "paths": {"/x": {"get": {"security": [{"pool": ["a/b"]}]}}},
        "components": {"securitySchemes": {"pool": scheme}},
    }
    described = read(document)
    assert described["paths"]["/x"]["GET"]["authorizationScopes"] == ["a/b"]
    assert described["authorizers"]["pool"] == {
        "name": "pool",
        "type": "COGNITO_USER_POOLS",
        "identitySource": "method.request.header.Token",
    }


def test_a_schema_that_stands_in_place_becomes_a_model() -> None:
    body = {"content": {"application/json": {"schema": {"type": "object", "required": ["a"]}}}}
    described = read({"openapi": "3.0.1", "paths": {"/x": {"get": {"requestBody": body}}}})
    (name,) = described["paths"]["/x"]["GET"]["requestModels"].values()
    assert described["models"][name] == {"type": "object", "required": ["a"]}


def test_the_apis_own_settings_are_read() -> None:
    endpoint = {f"{X}endpoint-configuration": {"disableExecuteApiEndpoint": True}}
    described = read(
        {
            "openapi": "3.0.1",
            "servers": [{"url": "https://x", **endpoint}],
            f"{X}binary-media-types": ["*/*"],
            f"{X}policy": {"Statement": []},
            f"{X}api-key-source": "AUTHORIZER",
        }
    )
    assert described["settings"] == {
        "policy": '{"Statement": []}',
        "binaryMediaTypes": ["*/*"],
        "apiKeySource": "AUTHORIZER",
        "disableExecuteApiEndpoint": True,
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[", "Unable to parse"),
        ("just words", "malformed document"),
        ('{"openapi": "3.1.0"}', "3.1.0 is not supported"),
        ('{"paths": {}}', "None is not supported"),
        (
            '{"openapi": "3.0.0", "paths": {"/x": {"get": {"parameters": [{"$ref": "#/no/where"}]}}}}',
            "#/no/where",
        ),
        (
            f'{{"openapi": "3.0.0", "{X}request-validator": "v", "paths": {{"/x": {{"get": {{}}}}}}}}',
            "'v' on 'GET'",
        ),
    ],
)
def test_a_document_that_cannot_be_imported_says_why(text: str, words: str) -> None:
    with pytest.raises(OpenApiError) as refused:
        read(parse(text))
    assert words in str(refused.value)


def test_every_fault_is_told_at_once() -> None:
    bad = {
        "responses": {"200": {"description": ""}},
        f"{X}integration": {
            "type": "mock",
            "responses": {
                "default": {"statusCode": "200", "responseParameters": {"method.response.header.A": "1"}},
                "5..": {"statusCode": "500"},
            },
        },
    }
    with pytest.raises(OpenApiError) as refused:
        read({"openapi": "3.0.1", "paths": {"/x": {"get": bad}, "/y": {"put": bad}}})
    assert len(refused.value.faults) == 6
    assert "Invalid response status code specified" in refused.value.faults[2]
