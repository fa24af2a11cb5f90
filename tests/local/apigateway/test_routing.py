"""Which method a request reaches, and the error if it reaches none."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountsctl.localcloud.apigateway.deployed.routing import RouteNode, Routes
from tests.local.apigateway.conftest import World, proxy

PATHS = ["/", "/items", "/items/{id}", "/items/new", "/items/{id}/parts", "/files/{proxy+}", "/folder/leaf"]


def routes(paths: list[str]) -> Routes:
    return Routes(RouteNode(path, path, {"GET": {}}) for path in paths)


@pytest.mark.parametrize(
    ("path", "resource", "parameters"),
    [
        ("/", "/", {}),
        ("/items", "/items", {}),
        ("/items/", "/items", {}),
        ("/items/new", "/items/new", {}),
        ("/items/7", "/items/{id}", {"id": "7"}),
        ("/items/a%2Fb%20c", "/items/{id}", {"id": "a%2Fb%20c"}),
        ("/items/new/parts", "/items/{id}/parts", {"id": "new"}),
        ("/files/a/b", "/files/{proxy+}", {"proxy": "a/b"}),
        ("/files", None, {}),
        ("/Items", None, {}),
        ("/folder", None, {}),
        ("/items//parts", None, {}),
        ("//items", "/items", {}),
        ("//files/a%2Bb//c/", "/files/{proxy+}", {"proxy": "a%2Bb//c"}),
    ],
)
def test_the_most_literal_resource_answers(
    path: str, resource: str | None, parameters: dict[str, str]
) -> None:
    found = routes(PATHS).match(path, "GET")
    assert (found and found[0].path) == resource
    assert (found[1] if found else {}) == parameters


@given(st.lists(st.sampled_from(["a", "b", "%2F", "", "é"]), max_size=5))
def test_any_path_meets_a_greedy_resource_or_the_root(parts: list[str]) -> None:
    path = "/" + "/".join(parts)
    found = routes(["/", "/{all+}"]).match(path, "GET")
    assert found is not None
    assert found[0].path == ("/" if not path.strip("/") else "/{all+}")


def test_a_path_whose_method_is_missing_is_passed_on_to_a_greedy_one(world: World) -> None:
    world.serve({"/items": {"POST": proxy()}, "/{proxy+}": {"OPTIONS": proxy()}})
    assert world.send("OPTIONS", "/items").status == 200
    assert world.invoker.events[0]["resource"] == "/{proxy+}"
    assert world.send("GET", "/items").status == 403


def test_any_answers_every_verb_that_has_no_method_of_its_own(world: World) -> None:
    world.serve({"/x": {"ANY": proxy()}})
    assert [world.send(verb, "/x").status for verb in ("GET", "HEAD", "PATCH")] == [200] * 3


def test_an_unknown_path_is_a_missing_authentication_token(world: World) -> None:
    answer = world.serve({"/x": {"GET": proxy()}}).send("GET", "/y")
    assert answer.status == 403
    assert answer.header("x-amzn-ErrorType") == "MissingAuthenticationTokenException"
    assert answer.header("Content-Type") == "application/json"
    assert answer.body == b'{"message":"Missing Authentication Token"}'
    assert answer.header("x-amzn-RequestId")
    assert answer.header("x-amz-apigw-id")


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ("Bearer abc", "Invalid key=value pair (missing equal-sign)"),
        ("abc", "requires 'Credential' parameter"),
    ],
)
def test_an_unknown_path_with_a_token_is_an_incomplete_signature(world: World, sent: str, words: str) -> None:
    answer = world.serve({"/x": {"GET": proxy()}}).send("GET", "/y", Authorization=sent)
    assert (answer.status, answer.header("x-amzn-ErrorType")) == (403, "IncompleteSignatureException")
    assert words in json.loads(answer.body)["message"]
    assert sent not in answer.body.decode()


def test_an_unknown_stage_or_api_is_forbidden_and_bare(world: World) -> None:
    world.serve({"/x": {"GET": proxy()}})
    answer = world.send("GET", "/x", stage="nope")
    assert (answer.status, answer.body) == (403, b'{"message":"Forbidden"}')
    assert answer.header("x-amzn-ErrorType") == "ForbiddenException"
    assert World().send("GET", "/x").status == 403


def test_a_disabled_endpoint_is_forbidden(world: World) -> None:
    world.serve({"/x": {"GET": proxy()}}, api={"id": "api1", "disableExecuteApiEndpoint": True})
    assert world.send("GET", "/x").body == b'{"message":"Forbidden"}'


def test_a_body_over_ten_megabytes_is_too_long(world: World) -> None:
    assert (
        world.serve({"/x": {"POST": proxy()}}).send("POST", "/x", b"x" * (10 * 1024 * 1024 + 1)).status == 413
    )
