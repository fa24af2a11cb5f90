"""Gateway responses, and the validators that lead to some of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.local.apigateway.conftest import World, proxy, secured

CORS = "gatewayresponse.header.Access-Control-Allow-Origin"


def response(kind: str, **changes: Any) -> dict[str, Any]:
    return {"responseType": kind, **changes}


def test_default_4xx_gives_its_headers_to_every_4xx(world: World) -> None:
    custom = {"DEFAULT_4XX": response("DEFAULT_4XX", responseParameters={CORS: "'*'"})}
    world.serve({"/x": {"GET": secured()}}, gatewayResponses=custom)
    for path, status in (("/x", 401), ("/y", 403)):
        answer = world.send("GET", path)
        assert (answer.status, answer.header("Access-Control-Allow-Origin")) == (status, "*")


def test_default_5xx_covers_a_bad_gateway_and_not_a_4xx(world: World) -> None:
    custom = {"DEFAULT_5XX": response("DEFAULT_5XX", responseParameters={CORS: "'*'"})}
    world.invoker.error = "Unhandled"
    world.serve({"/x": {"GET": proxy()}}, gatewayResponses=custom)
    assert world.send("GET", "/x").header("Access-Control-Allow-Origin") == "*"
    assert world.send("GET", "/y").header("Access-Control-Allow-Origin") is None


def test_a_customised_type_inherits_nothing_of_the_default(world: World) -> None:
    custom = {
        "DEFAULT_4XX": response("DEFAULT_4XX", responseParameters={CORS: "'*'"}),
        "UNAUTHORIZED": response("UNAUTHORIZED", statusCode="499"),
    }
    answer = world.serve({"/x": {"GET": secured()}}, gatewayResponses=custom).send("GET", "/x")
    assert answer.status == 499
    assert answer.header("Access-Control-Allow-Origin") is None
    assert answer.header("x-amzn-ErrorType") == "UnauthorizedException"


def test_a_request_that_is_too_large_cannot_be_customised(world: World) -> None:
    custom = {"DEFAULT_4XX": response("DEFAULT_4XX", responseParameters={CORS: "'*'"})}
    world.serve({"/x": {"POST": proxy()}}, gatewayResponses=custom)
    answer = world.send("POST", "/x", b"x" * (10 * 1024 * 1024 + 1))
    assert (answer.status, answer.header("Access-Control-Allow-Origin")) == (413, None)


def test_headers_may_echo_the_request_and_the_context(world: World) -> None:
    parameters = {CORS: "method.request.header.Origin", "gatewayresponse.header.X-Stage": "context.stage"}
    custom = {"DEFAULT_4XX": response("DEFAULT_4XX", responseParameters=parameters)}
    world.serve({"/x": {"GET": secured()}}, gatewayResponses=custom)
    answer = world.send("GET", "/x", Origin="https://a")
    assert answer.header("Access-Control-Allow-Origin") == "https://a"
    assert answer.header("X-Stage") == "dev"
    assert world.send("GET", "/x").header("Access-Control-Allow-Origin") is None


def test_a_template_may_tell_the_error_and_its_type(world: World) -> None:
    template = (
        '{"why": $context.error.messageString, "m": "$context.error.message", '
        '"t": "${context.error.responseType}"}'
    )
    custom = {"DEFAULT_4XX": response("DEFAULT_4XX", responseTemplates={"application/json": template})}
    answer = world.serve({"/x": {"GET": secured()}}, gatewayResponses=custom).send("GET", "/x")
    assert json.loads(answer.body) == {"why": "Unauthorized", "m": "Unauthorized", "t": "UNAUTHORIZED"}


def test_a_content_type_among_the_parameters_wins(world: World) -> None:
    parameters = {"gatewayresponse.header.Content-Type": "'text/plain'"}
    custom = {"DEFAULT_4XX": response("DEFAULT_4XX", responseParameters=parameters)}
    answer = world.serve({"/x": {"GET": secured()}}, gatewayResponses=custom).send("GET", "/x")
    assert [value for name, value in answer.headers if name.lower() == "content-type"] == ["text/plain"]


def validated(world: World, **method: Any) -> World:
    validator = {"id": "v", "validateRequestBody": True, "validateRequestParameters": True}
    models = {
        "Item": '{"type": "object", "required": ["a"], "properties": {"a": {"$ref": '
        '"https://apigateway.amazonaws.com/restapis/api1/models/Name"}}}',
        "Name": '{"type": "string"}',
    }
    paths = {"/x/{id}": {"POST": proxy(requestValidatorId="v", **method)}}
    return world.serve(paths, validators={"v": validator}, models=models)


def test_every_missing_parameter_is_named(world: World) -> None:
    wanted = {
        "method.request.querystring.q": True,
        "method.request.header.X-B": True,
        "method.request.path.id": True,
        "method.request.querystring.free": False,
    }
    validated(world, requestParameters=wanted)
    answer = world.send("POST", "/x/1")
    assert answer.status == 400
    assert answer.header("x-amzn-ErrorType") == "BadRequestException"
    assert answer.body == b'{"message":"Missing required request parameters: [X-B, q]"}'
    assert world.send("POST", "/x/1", query="q=1", X_B="1").status == 200


@pytest.mark.parametrize(
    ("body", "status"), [(b'{"a": "x"}', 200), (b'{"a": 1}', 400), (b"{}", 400), (b"", 400), (b"{", 400)]
)
def test_a_body_is_held_against_its_model(world: World, body: bytes, status: int) -> None:
    validated(world, requestModels={"application/json": "Item"})
    answer = world.send("POST", "/x/1", body)
    assert answer.status == status
    if status == 400:
        assert answer.body == b'{"message":"Invalid request body"}'


def test_a_body_of_a_type_without_a_model_is_not_looked_at(world: World) -> None:
    validated(world, requestModels={"application/json": "Item"})
    assert world.send("POST", "/x/1", b"a", Content_Type="text/plain").status == 200


@pytest.mark.parametrize(
    ("schema", "body", "message"),
    [
        ({"required": ["b", "a"]}, {}, 'object has missing required properties (["a","b"])'),
        (
            {"type": ["string", "array"]},
            {},
            'instance type (object) does not match any allowed primitive type (allowed: ["array","string"])',
        ),
        (
            {"properties": {"a": {}}, "additionalProperties": False},
            {"a": 1, "b": 1},
            'object instance has properties which are not allowed by the schema: ["b"]',
        ),
        (
            {"properties": {"n": {"minimum": 0, "exclusiveMinimum": True}}},
            {"n": 0},
            "numeric instance is not strictly greater than the required minimum 0",
        ),
        (
            {"properties": {"n": {"maximum": 2}}},
            {"n": 3},
            "numeric instance is greater than the required maximum (maximum: 2, found: 3)",
        ),
        (
            {"properties": {"s": {"maxLength": 1}, "k": {"enum": ["a"]}}},
            {"s": "ab", "k": 1},
            'instance value (1) not found in enum (possible values: ["a"]), '
            'string "ab" is too long (length: 2, maximum allowed: 1)',
        ),
        ({"items": {"pattern": "^a"}}, ["b"], 'ECMA 262 regex "^a" does not match input string "b"'),
        (
            {"minItems": 1},
            [],
            "array is too short: must have at least 1 elements but instance has 0 elements",
        ),
        ({"uniqueItems": True}, [1, 1], "array must not contain duplicate elements"),
    ],
)
def test_a_gateway_response_may_state_what_its_model_finds(
    world: World, schema: Any, body: Any, message: str
) -> None:
    templates = {"text/plain": "$context.error.validationErrorString"}
    method = proxy(requestValidatorId="v", requestModels={"application/json": "M"})
    world.serve(
        {"/x": {"POST": method}},
        validators={"v": {"id": "v", "validateRequestBody": True}},
        models={"M": json.dumps(schema)},
        gatewayResponses={"BAD_REQUEST_BODY": response("BAD_REQUEST_BODY", responseTemplates=templates)},
    )
    answer = world.send("POST", "/x", json.dumps(body).encode())
    assert (answer.status, answer.body.decode()) == (400, f"[{message}]")
