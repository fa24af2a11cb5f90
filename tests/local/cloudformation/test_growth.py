"""The state grows with what there is, and not with what there was: it is written completely at every call."""

from __future__ import annotations

import json

from accountsctl.localcloud.cloudformation.runtime.store import DELETED_STACKS, EVENTS, OBSOLETE_CHANGE_SETS
from tests.local.cloudformation.conftest import World, template, widget
from tests.local.state.saved import dumped


def size(world: World) -> int:
    return len(json.dumps(dumped(world.cloud)))


def push(world: World, number: int) -> None:
    """An update by a change set, next to one that is never executed, as of a push that was declined."""
    for name in ("declined", "executed"):
        world.client.create_change_set(
            StackName="s", ChangeSetName=f"{name}{number}", TemplateBody=json.dumps(changed(number))
        )
        world.cloud.wait()
    world.client.execute_change_set(StackName="s", ChangeSetName=f"executed{number}")
    world.cloud.wait()


def changed(number: int) -> dict[str, object]:
    return template({name: widget(Size=f"{number:04}") for name in "ABCDEFGHIJ"})


def test_many_pushes_end_with_a_state_of_the_same_size(world: World) -> None:
    world.create(changed(0))
    for number in range(1, 13):
        push(world, number)
    before = size(world)
    for number in range(13, 25):
        push(world, number)
    assert size(world) < before * 1.02
    assert len(world.events()) <= EVENTS


def test_many_deleted_stacks_are_not_all_remembered(world: World) -> None:
    for number in range(DELETED_STACKS + 5):
        world.create(template({"A": widget(Name=f"n{number}")}), f"s{number}")
        world.delete(f"s{number}")
    world.create(changed(0), "kept")
    names = [stack["name"] for stack in dumped(world.cloud)["stacks"]]
    assert names == [*(f"s{number}" for number in range(5, DELETED_STACKS + 5)), "kept"]


def test_the_events_of_the_last_two_operations_are_all_kept(world: World) -> None:
    many = {f"R{number}": widget(Size=1) for number in range(EVENTS // 2)}
    world.create(template({"A": widget(Size=1)}))
    world.update(template({"A": widget(Size=1), **many}))
    world.update(template({"A": widget(Size=2), **many}))
    story = world.story()
    assert story[0] == "s UPDATE_IN_PROGRESS"  # those of the creation are dropped
    assert len(story) > EVENTS
    assert all(f"R{number} CREATE_COMPLETE" in story for number in range(EVENTS // 2))
    assert story.count("A UPDATE_COMPLETE") == 1


def test_change_sets_that_can_be_executed_stay_and_obsolete_ones_are_bounded(world: World) -> None:
    world.create(changed(0))
    for number in range(1, OBSOLETE_CHANGE_SETS + 6):
        push(world, number)
    world.change_set(changed(99))
    kept = [each["name"] for each in dumped(world.cloud)["changeSets"]]
    assert "plan" in kept
    assert len([name for name in kept if name.startswith("declined")]) == OBSOLETE_CHANGE_SETS
