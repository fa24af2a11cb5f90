"""AWS integrations with a Lambda function: templates in, patterns and templates out."""

from __future__ import annotations

from typing import Any

import pytest

from accountsctl.localcloud.apigateway.templates.jsonpath import PathError, find, steps
from tests.local.apigateway.conftest import World, proxy

ORIGIN = "method.response.header.Access-Control-Allow-Origin"


def custom(*responses: dict[str, Any], **integration: Any) -> dict[str, Any]:
    """A method whose function gets what the template makes, with a response for each status."""
    method = proxy(integration={"type": "AWS", **integration})
    method["methodIntegration"]["integrationResponses"] = {each["statusCode"]: each for each in responses}
    method["methodResponses"] = {
        each["statusCode"]: {"responseParameters": dict.fromkeys(each.get("responseParameters", {}), True)}
        for each in responses
    }
    return method


OK = {"statusCode": "200", "responseParameters": {ORIGIN: "'*'"}}
GONE = {"statusCode": "404", "selectionPattern": "not found.*"}


def test_the_request_template_makes_the_event(world: World) -> None:
    template = (
        '{"id": "$input.params(\'id\')", "body": $input.json(\'$.a\'), "one": "$input.path(\'$.list[0]\')"}'
    )
    world.serve({"/x/{id}": {"POST": custom(OK, requestTemplates={"application/json": template})}})
    answer = world.send("POST", "/x/7", b'{"a": {"b": 1}, "list": ["first"]}')
    assert world.invoker.events == [{"id": "7", "body": {"b": 1}, "one": "first"}]
    assert (answer.status, answer.header("Access-Control-Allow-Origin")) == (200, "*")


def test_without_templates_body_and_result_pass_through(world: World) -> None:
    world.invoker.answer = {"a": 1}
    world.serve({"/x": {"POST": custom(OK), "GET": custom(OK)}})
    assert world.send("POST", "/x", b'{"b": 2}').body == b'{"a": 1}'
    world.send("GET", "/x")
    assert world.invoker.events == [{"b": 2}, {}]


def test_a_response_template_and_a_body_mapping_read_the_result(world: World) -> None:
    world.invoker.answer = {"name": "n", "list": [1, 2]}
    header = "method.response.header.X-Name"
    responses = {
        "statusCode": "200",
        "responseParameters": {header: "integration.response.body.name"},
        "responseTemplates": {"application/json": "$input.path('$.list').size() of $input.json('$.name')"},
    }
    answer = world.serve({"/x": {"GET": custom(responses)}}).send("GET", "/x")
    assert (answer.header("X-Name"), answer.body) == ("n", b'2 of "n"')


@pytest.mark.parametrize(("message", "status"), [("not found: 7", 404), ("other", 200)])
def test_the_error_message_chooses_the_response_and_one_without_the_mapping_has_no_header(
    world: World, message: str, status: int
) -> None:
    world.invoker.error, world.invoker.answer = "Unhandled", {"errorMessage": message}
    answer = world.serve({"/x": {"GET": custom(OK, GONE)}}).send("GET", "/x")
    assert (answer.status, answer.header("x-amzn-ErrorType")) == (status, None)
    assert (answer.header("Access-Control-Allow-Origin") == "*") is (status == 200)


@pytest.mark.parametrize("responses", [(), (GONE,)])
def test_no_response_that_matches_is_a_server_error(
    world: World, responses: tuple[dict[str, Any], ...]
) -> None:
    answer = world.serve({"/x": {"GET": custom(*responses)}}).send("GET", "/x")
    assert (answer.status, answer.body) == (500, b'{"message":"Internal server error"}')


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$", {"a": {"b c": [1, {"d": 2}]}}),
        ("$.a['b c'][1].d", 2),
        ('$["a"]["b c"][0]', 1),
        ("$.a.x", None),
        ("$.a['b c'][9]", None),
        ("$.a.b.c", None),
    ],
)
def test_a_path_leads_by_names_and_indexes(path: str, found: Any) -> None:
    assert find(path, '{"a": {"b c": [1, {"d": 2}]}}') == found
    assert find(path, "no json") is None


@pytest.mark.parametrize("path", ["a", "$..a", "$.a[*]", "$.a[?(@.b)]", "$."])
def test_a_path_that_is_not_known_is_refused(path: str) -> None:
    with pytest.raises(PathError):
        steps(path)
