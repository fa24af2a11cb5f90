"""Resource policies, alone and together with an authorizer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.local.apigateway.conftest import REGION, World, permission, proxy, secured, token
from tests.local.apigateway.test_lambda_authorizers import URI
from tests.local.apigateway.test_lambda_authorizers import policy as granted

HERE = f"arn:aws:execute-api:{REGION}:********9012:api1/dev/GET/x"


def statement(effect: str = "Allow", **more: Any) -> dict[str, Any]:
    return {
        "Effect": effect,
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": "execute-api:/*",
        **more,
    }


def governed(world: World, *statements: dict[str, Any], method: dict[str, Any] | None = None) -> World:
    policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    authorizers = {
        "a1": {
            "id": "a1",
            "type": "COGNITO_USER_POOLS",
            "providerARNs": [f"arn:aws:cognito-idp:{REGION}:123456789012:userpool/eu-west-1_abc"],
        },
        "a2": {"id": "a2", "type": "TOKEN", "authorizerUri": URI, "authorizerResultTtlInSeconds": 0},
    }
    paths = {"/x": {"GET": method or proxy()}}
    return world.serve(paths, api={"id": "api1", "policy": policy}, authorizers=authorizers)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 200),
        ({"Resource": "*"}, 200),
        ({"Resource": ["execute-api:/dev/GET/x"]}, 200),
        ({"Resource": f"arn:aws:execute-api:{REGION}:123456789012:api1/*/GET/*"}, 200),
        ({"Resource": "execute-api:/dev/POST/x"}, 403),
        ({"Resource": "execute-api:/prod/*"}, 403),
        ({"NotResource": "execute-api:/dev/GET/x", "Resource": []}, 403),
        ({"Action": "execute-api:*"}, 200),
        ({"Action": "execute-api:ManageConnections"}, 403),
        ({"Principal": {"AWS": "*"}}, 200),
        ({"Principal": {"AWS": "arn:aws:iam::123456789012:root"}}, 403),
        ({"Condition": {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "127.0.0.0/8"]}}}, 200),
        ({"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}, 403),
        ({"Condition": {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}, 200),
        ({"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}, 403),
        ({"Condition": {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}}, 200),
        ({"Condition": {"StringEqualsIfExists": {"aws:SourceVpc": "vpc-1"}}}, 200),
        ({"Condition": {"StringLike": {"aws:Referer": "https://app.*"}}}, 403),
        ({"Condition": {"Bool": {"aws:SecureTransport": "true"}}}, 200),
    ],
)
def test_a_policy_alone_must_allow(world: World, change: dict[str, Any], status: int) -> None:
    answer = governed(world, statement(**change)).send("GET", "/x")
    assert answer.status == status
    if status == 403:
        words = f"User: anonymous is not authorized to perform: execute-api:Invoke on resource: {HERE}"
        assert answer.header("x-amzn-ErrorType") == "AccessDeniedException"
        assert answer.body.decode() == f'{{"Message":"{words}"}}'


def test_a_deny_wins_and_is_told_as_explicit(world: World) -> None:
    answer = governed(world, statement(), statement("Deny")).send("GET", "/x")
    assert (answer.status, answer.body.decode().endswith(f'{HERE} with an explicit deny"}}')) == (403, True)


def test_beside_cognito_the_policy_must_allow_too(world: World) -> None:
    governed(world, statement(Resource="execute-api:/prod/*"), method=secured())
    assert world.send("GET", "/x").status == 401
    assert world.send("GET", "/x", Authorization=token()).status == 403
    governed(world, statement(), method=secured())
    assert world.send("GET", "/x", Authorization=token()).status == 200


@pytest.mark.parametrize(
    ("resource", "authorizer", "status"),
    [
        ("Allow", "Allow", 200),
        ("Deny", "Allow", 403),
        ("Allow", "Deny", 403),
        ("silent", "Allow", 200),
        ("Allow", "silent", 200),
        ("silent", "silent", 403),
    ],
)
def test_beside_a_lambda_authorizer_either_may_allow_and_either_deny(
    world: World, resource: str, authorizer: str, status: int
) -> None:
    silent = {"effect": "Allow", "resource": "arn:aws:execute-api:::other/*"}
    world.invoker.authorizer = granted(**(silent if authorizer == "silent" else {"effect": authorizer}))
    policy = statement(Resource="execute-api:/prod/*") if resource == "silent" else statement(resource)
    world.function(permission(f"arn:aws:execute-api:{REGION}:123456789012:api1/*"))
    governed(world, policy, method=proxy(authorizationType="CUSTOM", authorizerId="a2"))
    assert world.send("GET", "/x", Authorization="t").status == status
    assert len(world.invoker.events) == (0 if resource == "Deny" else 1 + (status == 200))


def test_a_private_api_is_forbidden_from_the_internet(world: World) -> None:
    world.serve({"/x": {"GET": proxy()}}, api={"id": "api1", "endpointConfiguration": {"types": ["PRIVATE"]}})
    assert world.send("GET", "/x").body == b'{"message":"Forbidden"}'
