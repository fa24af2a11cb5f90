"""Long answers come in pages, which join to the whole, also while a stack goes on."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.local.cloudformation.conftest import World, template, widget

MANY = template({f"R{number}": widget(Size=1) for number in range(120)})


def test_events_and_resources_come_a_hundred_at_a_time(world: World) -> None:
    world.create(MANY)
    for call, member in (
        ("describe_stack_events", "StackEvents"),
        ("list_stack_resources", "StackResourceSummaries"),
    ):
        pages = [page[member] for page in world.client.get_paginator(call).paginate(StackName="s")]
        assert {len(page) for page in pages[:-1]} == {100}
        entries = [str(entry) for page in pages for entry in page]
        assert len(entries) == len(set(entries))
    assert len([event for event in world.events() if event["ResourceStatus"] == "CREATE_COMPLETE"]) == 121


def test_events_that_come_between_two_pages_neither_repeat_nor_hide_older_ones(world: World) -> None:
    world.create(MANY)
    first = world.client.describe_stack_events(StackName="s")
    world.update(template({"R0": widget(Size=2)}))
    second = world.client.describe_stack_events(StackName="s", NextToken=first["NextToken"])
    shown = [event["EventId"] for page in (first, second) for event in page["StackEvents"]]
    assert len(shown) == len(set(shown)) == 200


@pytest.mark.parametrize("token", ["nonsense", "TGlzdFN0YWNrcyA1"])
def test_a_token_of_another_operation_or_of_none_is_refused(world: World, token: str) -> None:
    world.create(MANY)
    with pytest.raises(ClientError, match="The NextToken is not valid"):
        world.client.describe_stack_events(StackName="s", NextToken=token)


def test_the_resources_that_are_described_are_a_hundred_at_most(world: World) -> None:
    world.create(MANY)
    assert len(world.client.describe_stack_resources(StackName="s")["StackResources"]) == 100
    (one,) = world.client.describe_stack_resources(StackName="s", LogicalResourceId="R119")["StackResources"]
    assert one["LogicalResourceId"] == "R119"
