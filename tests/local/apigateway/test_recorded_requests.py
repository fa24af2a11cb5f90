"""Every request that a stage answers is recorded, a failed one with the reason that the client does not get."""

from __future__ import annotations

from accountsctl.localcloud.contracts.requests import EndpointKind, MeasuredEndpoint
from tests.local.apigateway.conftest import REGION, World, permission, proxy, secured

ITEMS = {"/items/{id}": {"GET": proxy()}}


def last(world: World) -> tuple[int, str | None]:
    recorded = world.recorded.requests[-1]
    return recorded.status, recorded.why


def test_a_request_is_recorded_by_its_stage_and_its_resource(world: World) -> None:
    world.serve(ITEMS).send("GET", "/items/7", query="token=secret")
    (recorded,) = world.recorded.requests
    assert recorded.endpoint == MeasuredEndpoint(EndpointKind.REST, REGION, "api1", "api", "dev")
    assert (recorded.method, recorded.route, recorded.path) == ("GET", "/items/{id}", "/items/7")
    assert (recorded.status, recorded.why) == (200, None)
    assert "secret" not in str(recorded)


def test_a_malformed_answer_has_its_reason(world: World) -> None:
    world.invoker.answer = {"statusCode": 200, "body": {"no": "text"}}
    world.serve(ITEMS).send("GET", "/items/7")
    assert last(world) == (
        502,
        "Execution failed due to configuration error: Malformed Lambda proxy response",
    )


def test_a_missing_permission_has_its_reason(world: World) -> None:
    world.function(permission("arn:aws:execute-api:eu-west-1:123456789012:other/*"))
    world.serve(ITEMS).send("GET", "/items/7")
    status, why = last(world)
    assert (status, "Invalid permissions on Lambda function" in str(why)) == (500, True)


def test_a_failed_function_has_its_error(world: World) -> None:
    world.invoker.answer, world.invoker.error = {"errorMessage": "no stock"}, "Unhandled"
    world.serve(ITEMS).send("GET", "/items/7")
    status, why = last(world)
    assert (status, "customer function error: no stock" in str(why)) == (502, True)


def test_an_error_that_the_function_states_itself_is_a_failure_without_a_reason(world: World) -> None:
    world.invoker.answer = {"statusCode": 503, "body": "later"}
    world.serve(ITEMS).send("GET", "/items/7")
    assert last(world) == (503, None)


def test_a_refusal_and_an_unknown_path_are_recorded_with_their_status(world: World) -> None:
    world.serve({"/mine": {"GET": secured()}})
    world.send("GET", "/mine")
    world.send("GET", "/nope")
    assert [recorded.status for recorded in world.recorded.requests] == [401, 403]


def test_a_request_to_an_unknown_stage_is_not_recorded(world: World) -> None:
    world.serve(ITEMS).send("GET", "/items/7", stage="other")
    assert world.recorded.requests == []
