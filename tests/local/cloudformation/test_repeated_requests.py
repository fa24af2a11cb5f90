"""A request whose response was lost is sent again with its token: it is done once, and never refused."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.cloudformation.conftest import World, template, text, widget

TOKEN = "token-1"
OTHER = "token-2"
FAILS = template({"A": widget(Size=2), "B": {**widget(Size=2), "DependsOn": "A"}})


def operations(world: World, stack: str) -> list[str]:
    """The stack's own statuses at the start of its operations, oldest first."""
    return [
        it["ResourceStatus"]
        for it in world.events(stack)
        if it["PhysicalResourceId"] == it["StackId"] and it.get("ResourceStatusReason") == "User Initiated"
    ]


def change_set(world: World, token: str, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = world.client.create_change_set(
        StackName="s",
        ChangeSetName="plan",
        ChangeSetType="UPDATE",
        TemplateBody=text(template({"A": widget(Size=2)})),
        ClientToken=token,
        **more,
    )
    world.cloud.wait()
    return made


def update(world: World) -> Callable[[str], Any]:
    world.create(template({"A": widget(Size=1)}))
    body = text(template({"A": widget(Size=2)}))
    return lambda token: world.client.update_stack(StackName="s", TemplateBody=body, ClientRequestToken=token)


def execute(world: World) -> Callable[[str], Any]:
    world.create(template({"A": widget(Size=1)}))
    change_set(world, TOKEN)
    return lambda token: world.client.execute_change_set(
        ChangeSetName="plan", StackName="s", ClientRequestToken=token
    )


def roll_back(world: World) -> Callable[[str], Any]:
    world.create(template({"A": widget(Fail="no")}), OnFailure="DO_NOTHING")
    return lambda token: world.client.rollback_stack(StackName="s", ClientRequestToken=token)


def continue_rollback(world: World) -> Callable[[str], Any]:
    """The second continuation would fail again, and end where it began."""
    world.create(template({"A": widget(Size=1), "B": {**widget(), "DependsOn": "A"}}))
    world.widgets.refuse_update.add("B")
    world.update(FAILS)
    return lambda token: world.client.continue_update_rollback(StackName="s", ClientRequestToken=token)


def delete(world: World) -> Callable[[str], Any]:
    """The second deletion would fail again, and end where it began."""
    world.create(template({"A": widget(Size=1)}))
    world.widgets.refuse_delete.add("A")
    return lambda token: world.client.delete_stack(StackName="s", ClientRequestToken=token)


@pytest.mark.parametrize("begin", [update, execute, roll_back, continue_rollback, delete])
def test_an_operation_that_is_requested_twice_with_one_token_runs_once(
    world: World, begin: Callable[[World], Callable[[str], Any]]
) -> None:
    call = begin(world)
    stack = world.stack()["StackId"]
    before = operations(world, stack)
    call(TOKEN)
    world.cloud.wait()
    first = world.stack(stack)["StackStatus"], operations(world, stack)
    call(TOKEN)
    world.cloud.wait()
    assert (world.stack(stack)["StackStatus"], operations(world, stack)) == first
    assert len(first[1]) == len(before) + 1


@pytest.mark.parametrize("begin", [execute, roll_back])
def test_another_token_is_another_request(
    world: World, begin: Callable[[World], Callable[[str], Any]]
) -> None:
    call = begin(world)
    call(TOKEN)
    world.cloud.wait()
    with pytest.raises(ClientError):
        call(OTHER)


@pytest.mark.parametrize("begin", [continue_rollback, delete])
def test_another_token_tries_again_what_failed(
    world: World, begin: Callable[[World], Callable[[str], Any]]
) -> None:
    call = begin(world)
    stack = world.stack()["StackId"]
    for token in (TOKEN, OTHER):
        call(token)
        world.cloud.wait()
    assert len(operations(world, stack)) >= 3


def test_a_change_set_is_made_once_for_one_token_also_after_it_was_executed(world: World) -> None:
    world.create(template({"A": widget(Size=1)}))
    made = change_set(world, TOKEN)["Id"]
    assert change_set(world, TOKEN)["Id"] == made
    with pytest.raises(ClientError, match="already exists"):
        change_set(world, OTHER)
    world.client.execute_change_set(ChangeSetName="plan", StackName="s")
    world.cloud.wait()
    assert change_set(world, TOKEN)["Id"] == made
    assert len(world.client.list_change_sets(StackName="s")["Summaries"]) == 1


def test_a_repeated_change_set_for_a_new_stack_is_not_refused_after_the_creation(world: World) -> None:
    def create() -> Any:
        return world.client.create_change_set(
            StackName="n",
            ChangeSetName="plan",
            ChangeSetType="CREATE",
            TemplateBody=text(template({"A": widget()})),
            ClientToken=TOKEN,
        )

    made = create()
    world.cloud.wait()
    world.client.execute_change_set(ChangeSetName="plan", StackName="n")
    world.cloud.wait()
    assert create()["Id"] == made["Id"]


def at_once(world: World, call: Callable[[], Any]) -> list[Any]:
    """Two calls, each held where it reads its template until the other one reads it too, if that is possible."""
    world.services.crossing = threading.Barrier(2, timeout=0.5)
    with ThreadPoolExecutor(2) as threads:
        sent = [threads.submit(call) for _ in range(2)]
        return [each.result() for each in sent]


def test_two_change_sets_of_one_token_that_arrive_at_once_are_one(world: World) -> None:
    world.create(template({"A": widget(Size=1)}))
    url = world.put("two", template({"A": widget(Size=2)}))
    made = at_once(
        world,
        lambda: world.client.create_change_set(
            StackName="s", ChangeSetName="plan", TemplateURL=url, ClientToken=TOKEN
        ),
    )
    world.cloud.wait()
    assert made[0]["Id"] == made[1]["Id"]
    assert len(world.client.list_change_sets(StackName="s")["Summaries"]) == 1


def test_two_updates_of_one_token_that_arrive_at_once_are_one(world: World) -> None:
    stack = world.create(template({"A": widget(Size=1)}))["StackId"]
    before = operations(world, stack)
    url = world.put("two", template({"A": widget(Size=2)}))
    made = at_once(
        world,
        lambda: world.client.update_stack(StackName="s", TemplateURL=url, ClientRequestToken=TOKEN),
    )
    world.cloud.wait()
    assert [each["StackId"] for each in made] == [stack, stack]
    assert len(operations(world, stack)) == len(before) + 1
