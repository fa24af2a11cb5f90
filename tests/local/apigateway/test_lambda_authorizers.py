"""Lambda authorizers: what they are asked, what their answers mean, how long an answer is kept."""

from __future__ import annotations

from typing import Any

import pytest

from accountsctl.localcloud.contracts.messages import Response
from tests.local.apigateway.conftest import FUNCTION_ARN, REGION, World, permission, proxy

URI = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{FUNCTION_ARN}/invocations"
ARN = f"arn:aws:execute-api:{REGION}:123456789012:api1"
NULL = b'{"message":null}'


def custom() -> dict[str, Any]:
    return proxy(authorizationType="CUSTOM", authorizerId="a1")


def policy(effect: str = "Allow", resource: Any = "*", **more: Any) -> dict[str, Any]:
    """What an authorizer returns."""
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}
    return {
        "principalId": "user",
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        **more,
    }


def guarded(world: World, answer: Any = None, **authorizer: Any) -> World:
    world.invoker.authorizer = policy() if answer is None else answer
    world.function(permission(f"{ARN}/*"))
    plain = {"id": "a1", "type": "TOKEN", "authorizerUri": URI, "authorizerResultTtlInSeconds": 0}
    paths = {"/x/{id}": {"GET": custom(), "POST": custom()}, "/y": {"GET": custom()}}
    return world.serve(paths, authorizers={"a1": {**plain, **authorizer}})


def failed(answer: Response) -> bool:
    return (answer.status, answer.header("x-amzn-ErrorType"), answer.body) == (
        500,
        "AuthorizerConfigurationException",
        NULL,
    )


def test_a_token_authorizer_gets_the_token_and_the_methods_arn(world: World) -> None:
    assert guarded(world).send("GET", "/x/a%20b", Authorization="Bearer t").status == 200
    expected = {"type": "TOKEN", "authorizationToken": "Bearer t", "methodArn": f"{ARN}/dev/GET/x/a%20b"}
    assert world.invoker.events[0] == expected


def test_what_it_tells_reaches_the_function_as_strings(world: World) -> None:
    guarded(world, policy(context={"tenant": "t1", "level": 3, "admin": True}))
    world.send("GET", "/y", Authorization="t")
    received = world.invoker.events[1]["requestContext"]["authorizer"]
    assert received.pop("integrationLatency") >= 0
    assert received == {"principalId": "user", "tenant": "t1", "level": "3", "admin": "true"}


def test_a_request_authorizer_gets_the_request_without_its_body(world: World) -> None:
    sources = "method.request.header.Token, method.request.querystring.q"
    guarded(world, type="REQUEST", identitySource=sources)
    assert world.send("POST", "/x/1", b"secret", query="q=1", Token="t").status == 200
    event = world.invoker.events[0]
    assert (event["type"], event["methodArn"]) == ("REQUEST", f"{ARN}/dev/POST/x/1")
    assert (event["resource"], event["pathParameters"]) == ("/x/{id}", {"id": "1"})
    assert (event["queryStringParameters"], event["stageVariables"]) == ({"q": "1"}, {})
    assert event["requestContext"]["stage"] == "dev"
    assert "body" not in event


@pytest.mark.parametrize(
    ("authorizer", "headers"),
    [
        ({}, {}),
        ({"identitySource": "method.request.header.Token"}, {"Authorization": "t"}),
        ({"identityValidationExpression": "Bearer .+"}, {"Authorization": "t"}),
        ({"type": "REQUEST", "identitySource": "method.request.header.A,stageVariables.b"}, {"A": "1"}),
    ],
)
def test_without_its_identity_the_function_is_not_asked(
    world: World, authorizer: dict[str, Any], headers: dict[str, str]
) -> None:
    answer = guarded(world, **authorizer).send_with(headers, "GET", "/y")
    assert (answer.status, answer.body) == (401, b'{"message":"Unauthorized"}')
    assert answer.header("x-amzn-ErrorType") == "UnauthorizedException"
    assert world.invoker.events == []


def test_a_function_that_says_unauthorized_is_taken_at_its_word(world: World) -> None:
    answer = guarded(world, {"errorMessage": "Unauthorized"}).send("GET", "/y", Authorization="t")
    assert (answer.status, answer.body) == (401, b'{"message":"Unauthorized"}')


@pytest.mark.parametrize(
    "answer",
    [
        {"errorMessage": "unauthorized?"},
        "allow",
        [],
        {},
        {"principalId": "user"},
        {"principalId": "user", "policyDocument": {}},
        {"principalId": "user", "policyDocument": {"Statement": [{"Effect": "Perhaps", "Resource": "*"}]}},
        {k: v for k, v in policy().items() if k != "principalId"},
        policy(context={"nested": {"a": 1}}),
    ],
)
def test_an_answer_that_is_no_policy_is_a_fault_of_the_authorizer(world: World, answer: Any) -> None:
    assert failed(guarded(world, answer).send("GET", "/y", Authorization="t"))


def test_an_authorizer_that_may_not_be_invoked_is_a_fault_too(world: World) -> None:
    guarded(world)
    world.function(permission(f"{ARN}/dev/GET/y"))
    assert failed(world.send("GET", "/y", Authorization="t"))
    world.function(permission(f"{ARN}/authorizers/a1"))
    assert world.send("GET", "/y", Authorization="t").status == 500  # now the integration may not
    assert len(world.invoker.events) == 1
    world.lookups.functions.clear()
    assert failed(world.send("GET", "/y", Authorization="t"))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (policy("Deny"), "User is not authorized to access this resource with an explicit deny"),
        (policy("Allow", f"{ARN}/dev/GET/z"), "User is not authorized to access this resource"),
        (policy("Allow", [f"{ARN}/prod/*"]), "User is not authorized to access this resource"),
    ],
)
def test_who_is_not_allowed_is_denied_with_a_capital_message(world: World, answer: Any, words: str) -> None:
    got = guarded(world, answer).send("GET", "/y", Authorization="t")
    assert (got.status, got.body.decode()) == (403, f'{{"Message":"{words}"}}')
    assert got.header("x-amzn-ErrorType") == "AccessDeniedException"


def test_an_answer_is_kept_and_so_a_narrow_policy_denies_the_next_path(world: World) -> None:
    guarded(world, lambda event: policy(resource=event["methodArn"]), authorizerResultTtlInSeconds=300)
    assert world.send("GET", "/y", Authorization="t").status == 200
    assert world.send("GET", "/x/1", Authorization="t").status == 403
    assert world.send("GET", "/x/1", Authorization="other").status == 200
    assert len([event for event in world.invoker.events if "methodArn" in event]) == 2


def test_nothing_is_kept_for_zero_seconds_or_without_an_identity(world: World) -> None:
    guarded(world)
    for _ in range(2):
        world.send("GET", "/y", Authorization="t")
    guarded(world, type="REQUEST", authorizerResultTtlInSeconds=300)
    for _ in range(2):
        world.send("GET", "/y")
    assert len([event for event in world.invoker.events if "methodArn" in event]) == 4


def test_an_authorizer_may_name_the_api_key(world: World) -> None:
    guarded(world, policy(usageIdentifierKey="k" * 20))
    world.control.plans = [{"id": "p1", "apiStages": [{"apiId": "api1", "stage": "dev"}]}]
    world.control.keys = [{"id": "k1", "value": "k" * 20, "enabled": True}]
    world.control.members = {"p1": ["k1"]}
    authorizers = {"a1": {"id": "a1", "type": "TOKEN", "authorizerUri": URI}}
    paths = {"/k": {"GET": {**custom(), "apiKeyRequired": True}}}
    world.serve(paths, authorizers=authorizers, api={"id": "api1", "apiKeySource": "AUTHORIZER"})
    assert world.send("GET", "/k", Authorization="t").status == 200
    assert world.invoker.events[-1]["requestContext"]["identity"]["apiKeyId"] == "k1"
    world.serve(paths, authorizers=authorizers, api={"id": "api1"})
    assert world.send("GET", "/k", Authorization="t").status == 403
