"""Deployments are snapshots; stages are live; what is not supported is refused."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from accountsctl.localcloud.apigateway import UnsupportedApi
from accountsctl.localcloud.contracts.messages import Request, Response
from tests.local.apigateway.conftest import REGION, World, mocked, proxy, secured, snapshot


def test_a_change_is_live_only_after_the_next_deployment(world: World) -> None:
    world.serve({"/x": {"GET": proxy()}})
    world.control.live = snapshot({"/y": {"GET": proxy()}})
    assert (world.send("GET", "/x").status, world.send("GET", "/y").status) == (200, 403)
    world.gateway.deployed(REGION, "api1", "d2")
    assert world.send("GET", "/y").status == 403
    world.control.stages["dev"]["deploymentId"] = "d2"
    assert (world.send("GET", "/x").status, world.send("GET", "/y").status) == (403, 200)


def test_snapshots_come_back_from_their_dump_as_json(world: World) -> None:
    world.serve({"/x": {"GET": proxy()}, "/y": {"OPTIONS": mocked()}})
    state = json.loads(json.dumps(world.gateway.dump()))
    again = World()
    again.gateway.load(state)
    assert again.send("GET", "/x").status == 200
    assert again.gateway.dump() == world.gateway.dump()


def test_taking_a_snapshot_is_told_as_a_change(world: World) -> None:
    world.serve({"/x": {"GET": proxy()}})
    assert len(world.changes) == 1


def test_a_stage_on_a_deployment_that_was_never_seen_is_a_server_error(world: World) -> None:
    world.serve({"/x": {"GET": proxy()}})
    world.control.stages["dev"]["deploymentId"] = "lost"
    assert world.send("GET", "/x").status == 500


def test_a_watched_gateway_asks_for_a_stage_once_until_something_changes() -> None:
    world = World(watched=True).serve({"/x": {"GET": proxy()}})
    for _ in range(3):
        world.send("GET", "/x")
    assert world.control.asked == 1
    world.control.stages["dev"]["variables"] = {"k": "v"}
    world.gateway.observe(Request("PATCH", "/restapis/api1/stages/dev"), Response(200), REGION)
    world.send("GET", "/x")
    assert world.invoker.events[-1]["stageVariables"] == {"k": "v"}


def test_what_is_only_read_or_failed_leaves_the_stages_known() -> None:
    world = World(watched=True).serve({"/x": {"GET": proxy()}})
    world.send("GET", "/x")
    world.gateway.observe(Request("GET", "/restapis/api1/stages/dev"), Response(200), REGION)
    world.gateway.observe(Request("PATCH", "/restapis/api1/stages/dev"), Response(404), REGION)
    world.gateway.observe(Request("PATCH", "/restapis/other/stages/dev"), Response(200), REGION)
    world.send("GET", "/x")
    assert world.control.asked == 1


def test_an_observed_deployment_is_taken_and_an_observed_deletion_forgotten(world: World) -> None:
    world.control.live = copy.deepcopy(snapshot({"/x": {"GET": proxy()}}))
    world.gateway.observe(
        Request("POST", "/restapis/api1/deployments"), Response(201, (), b'{"id": "d1"}'), REGION
    )
    assert world.send("GET", "/x").status == 200
    world.gateway.observe(Request("DELETE", "/restapis/api1/stages/old"), Response(202), REGION)
    assert world.send("GET", "/x").status == 200
    world.gateway.observe(Request("DELETE", "/restapis/api1"), Response(202), REGION)
    assert world.send("GET", "/x").status == 403
    assert world.gateway.dump() == {"snapshots": {}}


def test_the_summary_tells_how_each_method_was_deployed(world: World) -> None:
    world.serve({"/": {}, "/x": {"GET": secured(), "OPTIONS": mocked()}})
    assert world.gateway.summary("api1", "d1") == {
        "/x": {
            "GET": {"authorizationType": "COGNITO_USER_POOLS", "apiKeyRequired": False},
            "OPTIONS": {"authorizationType": "NONE", "apiKeyRequired": False},
        }
    }
    assert world.gateway.summary("api1", "nope") is None


UNPLAYABLE: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (proxy(authorizationType="OTHER"), {}, "OTHER"),
    (proxy(authorizationType="CUSTOM", authorizerId="a1"), {}, "of type COGNITO_USER_POOLS"),
    (
        proxy(authorizationType="CUSTOM", authorizerId="a1"),
        {"authorizers": {"a1": {"id": "a1", "type": "TOKEN"}}},
        "not a function",
    ),
    (secured(), {"authorizers": {}}, "does not exist"),
    (secured(), {"authorizers": {"a1": {"id": "a1", "type": "TOKEN"}}}, "of type TOKEN"),
    ({"authorizationType": "NONE"}, {}, "No integration defined for method"),
    (proxy(integration={"type": "HTTP_PROXY"}), {}, "HTTP_PROXY"),
    (proxy(integration={"uri": "http://example.com"}), {}, "not a function"),
    (mocked(requestTemplates={"application/json": "#macro(x)#end"}), {}, "#macro"),
    (proxy(), {"api": {"id": "api1", "policy": "{"}}, "Invalid policy document"),
    (
        proxy(),
        {
            "api": {
                "id": "api1",
                "policy": json.dumps({"Statement": {"Condition": {"DateLessThan": {"x": "y"}}}}),
            }
        },
        "DateLessThan of x",
    ),
    (
        proxy(),
        {
            "gatewayResponses": {
                "DEFAULT_4XX": {
                    "responseType": "DEFAULT_4XX",
                    "responseParameters": {"gatewayresponse.header.A": "*"},
                }
            }
        },
        "Invalid mapping expression",
    ),
]


@pytest.mark.parametrize(("method", "changes", "word"), UNPLAYABLE, ids=[case[2] for case in UNPLAYABLE])
def test_what_cannot_be_played_is_refused_with_its_place(
    world: World, method: dict[str, Any], changes: dict[str, Any], word: str
) -> None:
    world.control.live = snapshot({"/x": {"GET": method}}, **changes)
    answer = world.gateway.control(Request("POST", "/restapis/api1/deployments"), REGION)
    assert answer is not None
    assert (answer.status, answer.header("x-amzn-ErrorType")) == (400, "BadRequestException")
    assert word in json.loads(answer.body)["message"]
    with pytest.raises(UnsupportedApi):
        world.gateway.deployed(REGION, "api1", "d1")


def test_every_reason_is_given_at_once(world: World) -> None:
    world.control.live = snapshot(
        {"/x": {"GET": proxy(authorizationType="OTHER"), "POST": {"authorizationType": "NONE"}}}
    )
    answer = world.gateway.control(Request("POST", "/restapis/api1/deployments"), REGION)
    assert answer is not None
    message = json.loads(answer.body)["message"]
    assert "GET /x" in message
    assert "POST /x" in message


def test_a_deployment_that_can_be_played_and_any_other_call_pass(world: World) -> None:
    world.control.live = snapshot({"/x": {"GET": proxy()}})
    assert world.gateway.control(Request("POST", "/restapis/api1/deployments"), REGION) is None
    assert world.gateway.control(Request("POST", "/restapis/api1/stages"), REGION) is None
