"""API keys, usage plans and throttles."""

from __future__ import annotations

from typing import Any

import pytest

from accountsctl.local.messages import Request, Response

from .conftest import REGION, World, mocked, proxy

KEY = "k" * 20


def planned(world: World, **plan: Any) -> World:
    """An API whose GET wants a key, and a plan with one."""
    world.control.plans = [{"id": "p1", "apiStages": [{"apiId": "api1", "stage": "dev"}], **plan}]
    world.control.keys = [{"id": "k1", "value": KEY, "enabled": True}]
    world.control.members = {"p1": ["k1"]}
    return world.serve({"/x": {"GET": proxy(apiKeyRequired=True), "OPTIONS": mocked()}})


def test_a_key_of_the_stages_plan_opens_the_method(world: World) -> None:
    assert planned(world).send("GET", "/x", x_api_key=KEY).status == 200
    identity = world.invoker.events[0]["requestContext"]["identity"]
    assert (identity["apiKey"], identity["apiKeyId"]) == (KEY, "k1")
    assert world.send("OPTIONS", "/x").status == 204


@pytest.mark.parametrize("sent", [None, "", "another-key-of-20-letters"])
def test_a_key_that_is_missing_or_unknown_is_forbidden(world: World, sent: str | None) -> None:
    headers = {} if sent is None else {"x_api_key": sent}
    answer = planned(world).send("GET", "/x", **headers)
    assert (answer.status, answer.body) == (403, b'{"message":"Forbidden"}')
    assert answer.header("x-amzn-ErrorType") == "ForbiddenException"


def test_a_key_that_is_disabled_or_of_another_stages_plan_is_forbidden(world: World) -> None:
    planned(world).control.keys[0]["enabled"] = False
    assert world.send("GET", "/x", x_api_key=KEY).status == 403
    planned(world, apiStages=[{"apiId": "api1", "stage": "prod"}])
    assert world.send("GET", "/x", x_api_key=KEY).status == 403
    planned(world).control.members = {}
    assert world.send("GET", "/x", x_api_key=KEY).status == 403


def test_a_refused_key_is_a_gateway_response_of_its_own_type(world: World) -> None:
    planned(world)
    custom = {"INVALID_API_KEY": {"responseType": "INVALID_API_KEY", "statusCode": "418"}}
    world.serve({"/x": {"GET": proxy(apiKeyRequired=True)}}, gatewayResponses=custom)
    assert world.send("GET", "/x").status == 418


def test_a_quota_that_is_used_up_says_limit_exceeded(world: World) -> None:
    planned(world, quota={"limit": 1, "period": "MONTH"})
    assert world.send("GET", "/x", x_api_key=KEY).status == 200
    answer = world.send("GET", "/x", x_api_key=KEY)
    assert (answer.status, answer.body) == (429, b'{"message":"Limit Exceeded"}')
    assert answer.header("x-amzn-ErrorType") == "LimitExceededException"


def test_a_plans_throttle_says_too_many_requests(world: World) -> None:
    planned(world, throttle={"rateLimit": 0.001, "burstLimit": 1})
    answers = [world.send("GET", "/x", x_api_key=KEY) for _ in range(2)]
    assert [each.status for each in answers] == [200, 429]
    assert answers[1].body == b'{"message":"Too Many Requests"}'
    assert answers[1].header("x-amzn-ErrorType") == "TooManyRequestsException"


@pytest.mark.parametrize("name", ["*/*", "~1x/GET", "~1x/*"])
def test_a_stages_throttle_holds_for_the_methods_it_names(world: World, name: str) -> None:
    settings = {name: {"throttlingRateLimit": 0.0, "throttlingBurstLimit": 0}}
    world.control.stages["dev"]["methodSettings"] = settings
    world.serve({"/x": {"GET": proxy()}, "/y": {"GET": proxy()}})
    assert world.send("GET", "/x").status == 429
    assert world.send("GET", "/y").status == (429 if name == "*/*" else 200)


def test_a_methods_own_throttle_replaces_that_of_the_stage(world: World) -> None:
    none = {"throttlingRateLimit": -1, "throttlingBurstLimit": -1}
    world.control.stages["dev"]["methodSettings"] = {
        "*/*": {"throttlingRateLimit": 0.0, "throttlingBurstLimit": 0},
        "~1x/GET": none,
    }
    assert world.serve({"/x": {"GET": proxy()}}).send("GET", "/x").status == 200


def test_a_watched_gateway_asks_for_keys_again_only_when_one_was_changed() -> None:
    world = planned(World(watched=True))
    for _ in range(3):
        assert world.send("GET", "/x", x_api_key=KEY).status == 200
    assert world.control.asked == 2  # the stage, and the plans
    world.control.keys = []
    world.gateway.observe(Request("PATCH", "/apikeys/k1"), Response(200), REGION)
    assert world.send("GET", "/x", x_api_key=KEY).status == 403
