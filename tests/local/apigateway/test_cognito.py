"""The Cognito authorizer."""

from __future__ import annotations

import base64
import json
from types import SimpleNamespace
from typing import Any, cast

import pytest

from accountsctl.localcloud.apigateway.auth.authorizers import cognito
from accountsctl.localcloud.apigateway.call import GatewayCall
from accountsctl.localcloud.contracts.messages import Request
from tests.local.apigateway.conftest import OTHER_KEY, POOL_ARN, World, secured, token


def served(world: World, authorizer: dict[str, object] | None = None, **method: object) -> World:
    plain = {"id": "a1", "type": "COGNITO_USER_POOLS", "providerARNs": [POOL_ARN]}
    return world.serve(
        {"/x": {"GET": secured(**method)}}, authorizers={"a1": {**plain, **(authorizer or {})}}
    )


@pytest.mark.parametrize("prefix", ["", "Bearer "])
def test_an_id_token_is_taken_bare_and_with_bearer(world: World, prefix: str) -> None:
    assert served(world).send("GET", "/x", Authorization=prefix + token()).status == 200


def test_its_claims_reach_the_function_as_strings(world: World) -> None:
    claims: dict[str, Any] = {"exp": 4102444800, "cognito:groups": ["a", "b"], "email_verified": True}
    sent = token(**claims)
    served(world).send("GET", "/x", Authorization=sent)
    received = world.invoker.events[0]["requestContext"]["authorizer"]["claims"]
    assert received["sub"] == "user-1"
    assert received["cognito:groups"] == "a,b"
    assert received["email_verified"] == "true"
    assert received["exp"] == "Fri Jan 01 00:00:00 UTC 2100"


def unsigned_token() -> str:
    head = base64.urlsafe_b64encode(b'{"alg":"none","kid":"k1"}').rstrip(b"=").decode()
    return f"{head}.{token().split('.')[1]}."


def tampered() -> str:
    head, body, signature = token().split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    forged = base64.urlsafe_b64encode(json.dumps({**claims, "sub": "root"}).encode()).rstrip(b"=").decode()
    return f"{head}.{forged}.{signature}"


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "nonsense",
        "a.b.c",
        "Bearer ",
        "AWS4-HMAC-SHA256 Credential=x/y",
        pytest.param(token(OTHER_KEY), id="signed by another key"),
        pytest.param(unsigned_token(), id="alg none"),
        pytest.param(tampered(), id="tampered"),
        pytest.param(
            token(iss="https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_other"), id="other pool"
        ),
        pytest.param(token(iss=None), id="no issuer"),
        pytest.param(token(token_use="access"), id="access token"),
        pytest.param(token(token_use=None), id="no use"),
    ],
)
def test_anything_else_is_unauthorized_and_never_reaches_the_function(world: World, sent: str) -> None:
    answer = served(world).send("GET", "/x", Authorization=sent)
    assert answer.status == 401
    assert answer.header("x-amzn-ErrorType") == "UnauthorizedException"
    assert answer.body == b'{"message":"Unauthorized"}'
    assert world.invoker.events == []


def test_no_token_is_unauthorized(world: World) -> None:
    assert served(world).send("GET", "/x").body == b'{"message":"Unauthorized"}'


def test_an_expired_token_is_told_so(world: World) -> None:
    answer = served(world).send("GET", "/x", Authorization=token(exp=1))
    assert answer.status == 401
    assert answer.body == b'{"message":"The incoming token has expired"}'


def test_an_expired_token_with_a_wrong_signature_is_told_nothing(world: World) -> None:
    answer = served(world).send("GET", "/x", Authorization=token(OTHER_KEY, exp=1))
    assert answer.body == b'{"message":"Unauthorized"}'


def test_a_method_with_scopes_takes_access_tokens_with_one_of_them(world: World) -> None:
    served(world, authorizationScopes=["a/read", "a/write"])
    assert (
        world.send("GET", "/x", Authorization=token(token_use="access", scope="openid a/read")).status == 200
    )
    assert world.send("GET", "/x", Authorization=token(token_use="access", scope="openid")).status == 401
    assert world.send("GET", "/x", Authorization=token(scope="a/read")).status == 401


def test_the_validation_expression_is_held_against_the_audience(world: World) -> None:
    served(world, {"identityValidationExpression": "^client-1$"})
    assert world.send("GET", "/x", Authorization=token()).status == 200
    assert world.send("GET", "/x", Authorization=token(aud="client-2")).status == 401


def test_the_token_may_come_in_another_header(world: World) -> None:
    served(world, {"identitySource": "method.request.header.X-Token"})
    assert world.send("GET", "/x", X_Token=token()).status == 200
    assert world.send("GET", "/x", Authorization=token()).status == 401


def test_a_pool_that_is_gone_is_a_configuration_error(world: World) -> None:
    served(world)
    world.lookups.pools.clear()
    answer = world.send("GET", "/x", Authorization=token())
    assert (answer.status, answer.body) == (500, b'{"message":null}')
    assert answer.header("x-amzn-ErrorType") == "AuthorizerConfigurationException"


def test_what_a_template_changes_of_the_claims_is_not_in_the_next_request(world: World) -> None:
    request = Request("GET", "/x", headers=(("Authorization", token()),))
    call = cast("GatewayCall", SimpleNamespace(request=request, seconds=0.0, method={}))
    first, second = (cognito(call, {"providerARNs": [POOL_ARN]}, world.lookups)["claims"] for _ in range(2))
    first["sub"] = "root"
    assert second["sub"] == "user-1"
