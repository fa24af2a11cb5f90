"""Lambda proxy integrations: the event, the answer, and what may go wrong between."""

from __future__ import annotations

import base64
import threading
from typing import Any

import pytest

from tests.local.apigateway.conftest import REGION, World, permission, proxy


def test_the_event_is_format_1_0(world: World) -> None:
    world.serve({"/items/{id}": {"GET": proxy()}})
    world.send("GET", "/items/a%20b", query="q=1&q=2&e=", X_One="1", User_Agent="curl")
    event = world.invoker.events[0]
    assert event["resource"] == "/items/{id}"
    assert event["path"] == "/items/a%20b"
    assert event["httpMethod"] == "GET"
    assert event["pathParameters"] == {"id": "a%20b"}
    assert event["queryStringParameters"] == {"q": "2", "e": ""}
    assert event["multiValueQueryStringParameters"] == {"q": ["1", "2"], "e": [""]}
    assert event["headers"]["X-One"] == "1"
    assert event["multiValueHeaders"]["X-One"] == ["1"]
    assert event["headers"]["X-Forwarded-For"] == "127.0.0.1"
    assert (event["body"], event["isBase64Encoded"], event["stageVariables"]) == (None, False, None)
    context = event["requestContext"]
    assert context["path"] == "/dev/items/a%20b"
    assert context["resourcePath"] == "/items/{id}"
    assert context["stage"] == "dev"
    assert context["apiId"] == "api1"
    assert context["domainName"] == f"api1.execute-api.{REGION}.amazonaws.com"
    assert context["identity"]["sourceIp"] == "127.0.0.1"
    assert context["identity"]["userAgent"] == "curl"
    assert isinstance(context["requestTimeEpoch"], int)
    assert "authorizer" not in context


def test_the_request_id_is_the_same_in_the_event_and_the_answer(world: World) -> None:
    answer = world.serve({"/x": {"GET": proxy()}}).send("GET", "/x")
    context = world.invoker.events[0]["requestContext"]
    assert answer.header("x-amzn-RequestId") == context["requestId"]
    assert answer.header("x-amz-apigw-id") == context["extendedRequestId"]


def test_stage_variables_reach_the_function(world: World) -> None:
    world.control.stages["dev"]["variables"] = {"k": "v"}
    world.serve({"/x": {"GET": proxy()}}).send("GET", "/x")
    assert world.invoker.events[0]["stageVariables"] == {"k": "v"}


def test_a_text_body_is_text_and_a_binary_one_is_base64(world: World) -> None:
    world.serve({"/x": {"POST": proxy()}}, api={"id": "api1", "binaryMediaTypes": ["image/*"]})
    world.send("POST", "/x", b'{"a":"\xc3\xa9"}', Content_Type="application/json")
    world.send("POST", "/x", b"\xff\x00", Content_Type="image/png")
    assert [(e["body"], e["isBase64Encoded"]) for e in world.invoker.events] == [
        ('{"a":"é"}', False),
        ("/wA=", True),
    ]


def test_status_headers_and_body_are_the_functions(world: World) -> None:
    world.invoker.answer = {
        "statusCode": "201",
        "headers": {"X-A": "1", "Content-Type": "text/plain", "X-Flag": True, "X-Both": "no"},
        "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"], "X-Both": ["yes"]},
        "body": "made",
    }
    answer = world.serve({"/x": {"POST": proxy()}}).send("POST", "/x")
    assert (answer.status, answer.body) == (201, b"made")
    assert answer.header("x-amzn-ErrorType") is None
    assert [value for name, value in answer.headers if name == "X-Both"] == ["yes", "no"]
    assert answer.header("X-Flag") == "true"
    assert [value for name, value in answer.headers if name == "Set-Cookie"] == ["a=1", "b=2"]
    assert [value for name, value in answer.headers if name == "Content-Type"] == ["text/plain"]
    assert str(answer.header("X-Amzn-Trace-Id")).startswith("Root=1-")


def test_the_content_type_is_json_where_the_function_names_none(world: World) -> None:
    assert (
        world.serve({"/x": {"GET": proxy()}}).send("GET", "/x").header("Content-Type") == "application/json"
    )


def test_headers_that_belong_to_the_gateway_are_remapped(world: World) -> None:
    world.invoker.answer = {
        "statusCode": 200,
        "headers": {"Date": "then", "Server": "mine", "Content-Length": "9", "Transfer-Encoding": "chunked"},
    }
    answer = world.serve({"/x": {"GET": proxy()}}).send("GET", "/x")
    assert answer.header("x-amzn-Remapped-Date") == "then"
    assert answer.header("x-amzn-Remapped-Server") == "mine"
    assert answer.header("x-amzn-Remapped-Content-Length") == "9"
    assert answer.header("Content-Length") is None
    assert answer.header("Transfer-Encoding") is None


def test_a_header_cannot_break_out_of_its_line(world: World) -> None:
    world.invoker.answer = {"statusCode": 200, "headers": {"X-A": "1\r\nX-Evil: 2"}}
    answer = world.serve({"/x": {"GET": proxy()}}).send("GET", "/x")
    assert answer.header("X-A") == "1 X-Evil: 2"


def test_base64_is_decoded_only_for_clients_that_accept_a_binary_type(world: World) -> None:
    body = base64.b64encode(b"\xff").decode()
    world.invoker.answer = {"statusCode": 200, "body": body, "isBase64Encoded": True}
    world.serve({"/x": {"GET": proxy()}}, api={"id": "api1", "binaryMediaTypes": ["image/png"]})
    assert world.send("GET", "/x", Accept="image/png").body == b"\xff"
    assert world.send("GET", "/x", Accept="text/html").body == body.encode()


@pytest.mark.parametrize(
    ("types", "accept", "binary"),
    [
        (["*/*"], "text/html", True),
        (["image/*"], "image/png", True),
        (["image/*"], "image/*", True),
        (["image/png"], "image/*", False),
        (["image/png"], "*/*", False),
        (["*/test"], "random/test", False),
        (["*/test"], "*/test", False),
        (["image/png"], "image/webp,image/png", False),
        (["image/png"], "IMAGE/PNG;q=1,*/*", True),
    ],
)
def test_only_whole_types_and_their_wildcards_are_binary(
    world: World, types: list[str], accept: str, binary: bool
) -> None:
    world.invoker.answer = {"statusCode": 200, "body": "/w==", "isBase64Encoded": True}
    world.serve({"/x": {"GET": proxy()}}, api={"id": "api1", "binaryMediaTypes": types})
    assert (world.send("GET", "/x", Accept=accept).body == b"\xff") is binary


@pytest.mark.parametrize("name", ["Authorization", "TE", "Transfer-Encoding"])
def test_a_mapping_that_sets_a_header_of_the_connection_is_a_server_error(world: World, name: str) -> None:
    target = f"integration.request.header.{name}"
    world.serve({"/x": {"GET": proxy(integration={"requestParameters": {target: "'x'"}})}})
    assert (world.send("GET", "/x").status, world.invoker.events) == (500, [])
    world.serve({"/x": {"GET": proxy(integration={"requestParameters": {f"{target}-2": "'x'"}})}})
    assert world.send("GET", "/x").status == 200


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        ("Root=1-0-1;Parent=2;Sampled=1", "Root=1-0-1;Parent=2;Sampled=1"),
        ("Root=1-0-1", "Root=1-0-1;Parent="),
        ("", "Root=1-"),
    ],
)
def test_a_trace_without_a_parent_is_given_one_in_the_answer(world: World, sent: str, answered: str) -> None:
    headers = {"X-Amzn-Trace-Id": sent} if sent else {}
    trace = world.serve({"/x": {"GET": proxy()}}).send_with(headers, "GET", "/x").header("X-Amzn-Trace-Id")
    assert trace is not None
    assert trace.startswith(answered)
    assert "Parent=" in trace


def test_slashes_in_front_of_a_path_count_as_one(world: World) -> None:
    world.serve({"/x": {"GET": proxy()}}).send("GET", "//x")
    event = world.invoker.events[0]
    assert (event["path"], event["requestContext"]["path"]) == ("/x", "/dev//x")


@pytest.mark.parametrize(
    "answer",
    [
        b"not json",
        "text",
        None,
        [],
        {"statusCode": 200, "extra": 1},
        {"statusCode": "soon"},
        {"statusCode": True},
        {"statusCode": 200, "body": {"a": 1}},
        {"statusCode": 200, "headers": ["a"]},
        {"statusCode": 200, "headers": {"a": {"b": 1}}},
        {"statusCode": 200, "multiValueHeaders": {"a": "b"}},
    ],
)
def test_a_malformed_answer_is_a_bad_gateway(world: World, answer: Any) -> None:
    world.invoker.answer = answer
    got = world.serve({"/x": {"GET": proxy()}}).send("GET", "/x")
    assert (got.status, got.body) == (502, b'{"message":"Internal server error"}')
    assert got.header("x-amzn-ErrorType") == "InternalServerErrorException"


def test_a_function_that_fails_is_a_bad_gateway(world: World) -> None:
    world.invoker.error = "Unhandled"
    assert world.serve({"/x": {"GET": proxy()}}).send("GET", "/x").status == 502


def test_a_function_slower_than_the_integration_is_a_gateway_timeout(world: World) -> None:
    release = threading.Event()
    world.invoker.wait = release.wait
    world.function(timeout=30)
    answer = world.serve({"/x": {"GET": proxy(integration={"timeoutInMillis": 50})}}).send("GET", "/x")
    release.set()
    assert (answer.status, answer.body) == (504, b'{"message":"Endpoint request timed out"}')
    assert answer.header("x-amzn-ErrorType") == "InternalServerErrorException"


@pytest.mark.parametrize(("connected", "status"), [([True, True, True], 200), ([True, False], 504)])
def test_there_is_no_limit_while_a_debugger_holds_the_function(
    world: World, connected: list[bool], status: int
) -> None:
    release = threading.Event()
    looks = list(connected)

    def debugger() -> bool:
        """Whether it is connected; at the last look, the function goes on."""
        is_connected = looks.pop(0)
        if not looks:
            release.set()
        return is_connected

    world.invoker.wait, world.invoker.debugger = release.wait, debugger
    world.function(timeout=30)
    answer = world.serve({"/x": {"GET": proxy(integration={"timeoutInMillis": 50})}}).send("GET", "/x")
    assert answer.status == status


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("api1/*/*/*", 200),
        ("api1/*/GET/items/*", 200),
        ("api1/dev/GET/items/{id}", 200),
        ("*", 200),
        ("CustomAPI/*/*/*", 500),
        ("api1/prod/*/*", 500),
        ("api1/*/ANY/items/*", 500),
        ("api1", 500),
    ],
)
def test_the_functions_policy_must_let_the_gateway_in(world: World, source: str, status: int) -> None:
    world.function(permission(f"arn:aws:execute-api:{REGION}:123456789012:{source}"))
    answer = world.serve({"/items/{id}": {"GET": proxy()}}).send("GET", "/items/1")
    assert answer.status == status
    if status == 500:
        assert answer.body == b'{"message":"Internal server error"}'
        assert world.invoker.events == []


def test_a_function_without_a_policy_or_without_being_is_an_integration_failure(world: World) -> None:
    world.serve({"/x": {"GET": proxy()}})
    world.function(policy={})
    assert world.send("GET", "/x").status == 500
    world.lookups.functions.clear()
    assert world.send("GET", "/x").status == 500


def test_an_explicit_deny_wins(world: World) -> None:
    both = permission()["Statement"]
    world.function({"Statement": [*both, {**both[0], "Effect": "Deny"}]})
    assert world.serve({"/x": {"GET": proxy()}}).send("GET", "/x").status == 500


def test_an_integration_method_other_than_post_fails(world: World) -> None:
    assert (
        world.serve({"/x": {"GET": proxy(integration={"httpMethod": "GET"})}}).send("GET", "/x").status == 500
    )
