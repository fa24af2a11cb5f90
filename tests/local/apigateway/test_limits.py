"""API keys, usage plans, throttles, and the cache of a stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from accountsctl.localcloud.apigateway.limits.throttling import Buckets
from accountsctl.localcloud.contracts.messages import Request, Response
from tests.local.apigateway.conftest import REGION, World, mocked, proxy

if TYPE_CHECKING:
    from mypy_boto3_apigateway.type_defs import ThrottleSettingsTypeDef

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
    headers = {} if sent is None else {"x-api-key": sent}
    answer = planned(world).send_with(headers, "GET", "/x")
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


def cached(world: World, *keys: str, **settings: Any) -> World:
    """A GET whose answers the stage keeps, by `keys`."""
    world.control.stages["dev"]["cacheClusterEnabled"] = True
    world.control.stages["dev"]["methodSettings"] = {"*/*": {"cachingEnabled": True, **settings}}
    method = proxy(integration={"cacheKeyParameters": list(keys)})
    return world.serve({"/x": {"GET": method, "POST": method}})


def test_a_kept_answer_is_given_to_the_next_origin_too(world: World) -> None:
    cached(world)
    for number in range(2):
        world.invoker.answer = {"statusCode": 200, "body": str(number)}
        assert world.send("GET", "/x", Origin=f"https://{number}").body == b"0"
    assert world.send("POST", "/x").body == b"1"


def test_an_answer_is_kept_by_the_keys_that_the_integration_names(world: World) -> None:
    cached(world, "method.request.header.Origin")
    for origin in ("https://a", "https://b", "https://a"):
        world.send("GET", "/x", Origin=origin)
    assert len(world.invoker.events) == 2


@pytest.mark.parametrize(
    ("settings", "status", "asked"),
    [
        ({}, 200, 1),
        ({"cacheTtlInSeconds": 0}, 200, 2),
        ({"cachingEnabled": False}, 200, 2),
        ({"requireAuthorizationForCacheControl": False}, 200, 2),
        ({}, 500, 2),
    ],
)
def test_what_is_kept_and_for_whom(world: World, settings: dict[str, Any], status: int, asked: int) -> None:
    world.invoker.answer = {"statusCode": status}
    cached(world, **settings)
    for _ in range(2):
        world.send("GET", "/x", Cache_Control="max-age=0")
    assert len(world.invoker.events) == asked


def test_a_flushed_cache_is_empty(world: World) -> None:
    cached(world)
    world.send("GET", "/x")
    flushed = world.gateway.control(Request("DELETE", "/restapis/api1/stages/dev/cache/data"), REGION)
    assert flushed is not None
    assert flushed.status == 202
    world.send("GET", "/x")
    assert len(world.invoker.events) == 2


def test_a_bucket_fills_at_its_rate_up_to_its_burst() -> None:
    buckets = Buckets()
    limits: ThrottleSettingsTypeDef = {"rateLimit": 2.0, "burstLimit": 2}
    granted = [buckets.take("a", limits, now) for now in (0.0, 0.0, 0.0, 0.5, 0.5, 9.0, 9.0, 9.0)]
    assert granted == [True, True, False, True, False, True, True, False]
    assert all(buckets.take("b", {"rateLimit": -1, "burstLimit": 0}, 0.0) for _ in range(3))
