"""The OpenAPI document of an API: what is deployed decides, what is described explains."""

from __future__ import annotations

from typing import Any

from accountsctl.formats.frontend.openapi import document, not_deployed

POOL = {
    "type": "apiKey",
    "name": "Authorization",
    "in": "header",
    "x-amazon-apigateway-authtype": "cognito_user_pools",
    "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": ["arn:pool"]},
}
URL = "https://api.example/dev"
ANSWER = {"responses": {"200": {"description": "Fine."}}}


def export(paths: dict[str, Any], schemes: dict[str, Any] | None = None, **parts: Any) -> dict[str, Any]:
    """What GetExport tells."""
    schemes = {"pool": POOL} if schemes is None else schemes
    return {"openapi": "3.0.1", "paths": paths, "components": {"securitySchemes": schemes, **parts}}


def deployed(**more: Any) -> dict[str, Any]:
    """A method as it stands in an export."""
    return {
        "security": [{"pool": []}],
        "responses": {},
        "x-amazon-apigateway-integration": {"uri": "arn:secret-looking"},
        **more,
    }


def made(told: dict[str, Any], *described: dict[str, Any]) -> dict[str, Any]:
    return document("bank accounts", URL, told, described)


def test_an_operation_says_what_its_description_says_and_who_may_call_it() -> None:
    described = {"paths": {"/accounts": {"get": {"operationId": "list", "summary": "All.", **ANSWER}}}}
    found = made(export({"/accounts": {"get": deployed()}}), described)
    operation = found["paths"]["/accounts"]["get"]
    assert (operation["operationId"], operation["summary"]) == ("list", "All.")
    assert operation["responses"]["200"] == {"description": "Fine."}
    assert operation["security"] == [{"pool": []}]
    assert found["servers"] == [{"url": URL}]


def test_a_client_is_told_of_the_gateways_own_refusals() -> None:
    securities: tuple[list[dict[str, list[str]]], ...] = ([], [{"pool": []}])
    open_, secured = (
        made(export({"/a": {"get": deployed(security=security)}}))["paths"]["/a"]["get"]["responses"]
        for security in securities
    )
    assert set(secured) - set(open_) == {"401"}
    assert {"403", "429", "504"} <= set(open_)


def test_a_description_of_a_status_wins_over_the_gateways() -> None:
    own = {"responses": {"503": {"description": "The database is waking up."}}}
    found = made(export({"/a": {"get": deployed()}}), {"paths": {"/a": {"get": own}}})
    assert found["paths"]["/a"]["get"]["responses"]["503"] == own["responses"]["503"]


def test_what_is_described_and_not_deployed_is_left_out_and_told() -> None:
    told = export({"/a": {"get": deployed(), "options": deployed()}})
    described = {"paths": {"/a": {"get": ANSWER, "delete": ANSWER, "parameters": []}, "/b": {"put": ANSWER}}}
    assert list(made(told, described)["paths"]["/a"]) == ["get"]
    assert not_deployed(told, described) == ("DELETE /a", "PUT /b")


def test_what_is_deployed_and_not_described_is_there_with_all_that_the_gateway_knows() -> None:
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}
    told = export({"/a/{id}": {"post": deployed(requestBody=body)}}, schemas={"Thing": {"type": "object"}})
    found = made(told)
    operation = found["paths"]["/a/{id}"]["post"]
    assert operation["requestBody"] == body
    assert operation["operationId"] == "postAId"
    assert operation["parameters"] == [
        {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    ]
    assert "default" in operation["responses"]
    assert found["components"]["schemas"]["Thing"] == {"type": "object"}


def test_parameters_of_a_path_are_each_operations_and_a_described_variable_is_not_doubled() -> None:
    variable = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    described = {"paths": {"/a/{id}": {"parameters": [variable], "get": ANSWER}}}
    found = made(export({"/a/{id}": {"get": deployed()}}), described)
    assert found["paths"]["/a/{id}"]["get"]["parameters"] == [variable]


def test_an_any_method_stands_for_the_verbs_that_have_none_of_their_own() -> None:
    told = export({"/a": {"x-amazon-apigateway-any-method": deployed(), "get": deployed(security=[])}})
    found = made(told)["paths"]["/a"]
    assert set(found) == {"get", "put", "post", "delete", "patch"}
    assert (found["get"]["security"], found["put"]["security"]) == ([], [{"pool": []}])


def test_a_link_to_an_operation_that_is_not_deployed_is_dropped() -> None:
    links = {"one": {"operationId": "getOne"}, "gone": {"operationId": "deleteOne"}}
    post = {"operationId": "make", "responses": {"201": {"description": "Made.", "links": links}}}
    described = {"paths": {"/a": {"post": post}, "/a/{id}": {"get": {"operationId": "getOne", **ANSWER}}}}
    found = made(export({"/a": {"post": deployed()}, "/a/{id}": {"get": deployed()}}), described)
    assert set(found["paths"]["/a"]["post"]["responses"]["201"]["links"]) == {"one"}


def test_nothing_of_how_the_api_is_built_is_told() -> None:
    found = made(export({"/a": {"get": deployed()}}))
    assert "x-amazon" not in str(found)
    assert "arn:" not in str(found)


def test_a_users_token_is_a_bearer_token_and_schemes_that_nobody_asks_for_are_left_out() -> None:
    key = {"type": "apiKey", "name": "x-api-key", "in": "header"}
    found = made(export({"/a": {"get": deployed()}}, {"pool": POOL, "api_key": key}))
    schemes = found["components"]["securitySchemes"]
    assert set(schemes) == {"pool"}
    assert (schemes["pool"]["type"], schemes["pool"]["scheme"]) == ("http", "bearer")
