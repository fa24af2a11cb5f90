"""An operation that a kill cut off ends as it was begun: no option is forgotten with the process."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from tests.local.cloudformation.conftest import World, template, text, widget
from tests.local.state.saved import dumped

Another = Callable[[], World]
FIRST = template({"A": widget(Name="a"), "B": {**widget(Gate="g"), "DependsOn": "A"}})


def cut_off(world: World, another: Another, begin: Callable[[], object]) -> World:
    """Begin an operation that stands at the gate, kill its process, and start another one."""
    world.widgets.gates["g"] = threading.Event()
    begin()
    assert world.widgets.reached.wait(10)
    fresh = another()
    fresh.cloud.load(json.loads(json.dumps(dumped(world.cloud))))
    fresh.widgets.refuse_delete |= world.widgets.refuse_delete
    fresh.cloud.resume()
    fresh.cloud.wait()
    return fresh


@pytest.mark.parametrize(
    ("on_failure", "status", "left"),
    [("DO_NOTHING", "CREATE_FAILED", ["a"]), ("ROLLBACK", "ROLLBACK_COMPLETE", []), ("DELETE", "GONE", [])],
)
def test_a_creation_ends_as_its_on_failure_says(
    world: World, another: Another, on_failure: str, status: str, left: list[str]
) -> None:
    def create() -> None:
        world.client.create_stack(StackName="s", TemplateBody=text(FIRST), OnFailure=on_failure)

    fresh = cut_off(world, another, create)
    assert list(fresh.widgets.made) == left
    if status == "GONE":
        with pytest.raises(ClientError, match="does not exist"):
            fresh.stack()
    else:
        assert fresh.stack()["StackStatus"] == status


def test_a_creation_by_a_change_set_that_deletes_itself_does_so(world: World, another: Another) -> None:
    """What a first push asks for: OnStackFailure DELETE."""
    world.change_set(FIRST, kind="CREATE", OnStackFailure="DELETE")
    fresh = cut_off(
        world, another, lambda: world.client.execute_change_set(StackName="s", ChangeSetName="plan")
    )
    assert fresh.widgets.made == {}
    assert fresh.client.describe_stacks()["Stacks"] == []


def test_a_creation_that_deletes_itself_and_is_cut_off_in_that_keeps_what_a_rollback_keeps(
    world: World, another: Another
) -> None:
    kept = {**widget(Name="kept"), "DeletionPolicy": "RetainExceptOnCreate"}
    bad = {**widget(Fail="no"), "DependsOn": "Kept"}
    body = text(template({"Kept": kept, "Bad": bad}))
    world.client.create_stack(StackName="s", TemplateBody=body, OnFailure="DELETE")
    world.cloud.wait()
    (state,) = dumped(world.cloud)["stacks"]
    state["status"] = "DELETE_IN_PROGRESS"
    state["resources"]["Kept"]["status"] = "CREATE_COMPLETE"
    fresh = another()
    fresh.widgets.made["kept"] = {}
    fresh.cloud.load({**dumped(world.cloud), "stacks": [state]})
    fresh.cloud.resume()
    fresh.cloud.wait()
    assert fresh.widgets.made == {}


def test_an_update_without_a_rollback_is_left_as_it_is_in_every_stack(world: World, another: Another) -> None:
    def nested(key: str, **more: object) -> dict[str, object]:
        inner = template({"B": widget(Size=key)} | dict(more))
        properties = {"TemplateURL": world.put(key, inner)}
        return template({"C": {"Type": "AWS::CloudFormation::Stack", "Properties": properties}})

    world.create(nested("1"))
    inner = world.physical("C")
    body = text(nested("2", D={**widget(Gate="g"), "DependsOn": "B"}))
    fresh = cut_off(
        world,
        another,
        lambda: world.client.update_stack(StackName="s", TemplateBody=body, DisableRollback=True),
    )
    assert fresh.stack()["StackStatus"] == "UPDATE_FAILED"
    assert fresh.stack(inner)["StackStatus"] == "UPDATE_FAILED"
    assert fresh.widgets.made[fresh.physical("B", inner)] == {"Size": "2"}
    fresh.client.rollback_stack(StackName="s")
    fresh.cloud.wait()
    assert fresh.stack(inner)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert fresh.widgets.made[fresh.physical("B", inner)] == {"Size": "1"}


def test_a_continued_rollback_still_skips_what_it_was_to_skip(world: World, another: Another) -> None:
    world.create(template({"A": widget(Size=1), "B": {**widget(Gate="g"), "DependsOn": "A"}}))
    world.widgets.refuse_update.add("B")
    world.update(template({"A": widget(Size=2), "B": {**widget(Size=2, Gate="g"), "DependsOn": "A"}}))
    world.client.continue_update_rollback(StackName="s", ResourcesToSkip=["B"])
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    state = dumped(world.cloud)
    assert state["stacks"][0]["skipped"] == ["B"]
    world.update(template({"A": widget(Size=3)}))
    assert dumped(world.cloud)["stacks"][0]["skipped"] == []


def chain(gated: str, **properties: object) -> dict[str, object]:
    """Three resources, one after the other; the gated one stands at the gate when it is created or updated."""
    names = ["A", "B", "C"]
    return template(
        {
            name: {
                **widget(Name=name, **properties, **({"Gate": "g"} if name == gated else {})),
                **({"DependsOn": before} if before else {}),
            }
            for name, before in zip(names, [None, *names[:-1]], strict=True)
        }
    )


@pytest.mark.parametrize("gated", ["A", "B", "C"])
@pytest.mark.parametrize("on_failure", ["DO_NOTHING", "ROLLBACK", "DELETE"])
def test_a_creation_ends_so_at_whichever_resource_it_is_cut_off(
    world: World, another: Another, on_failure: str, gated: str
) -> None:
    def create() -> None:
        world.client.create_stack(StackName="s", TemplateBody=text(chain(gated)), OnFailure=on_failure)

    fresh = cut_off(world, another, create)
    before = sorted("ABC"[: "ABC".index(gated)])
    assert sorted(fresh.widgets.made) == (before if on_failure == "DO_NOTHING" else [])
    statuses = [stack["StackStatus"] for stack in fresh.client.describe_stacks()["Stacks"]]
    ends = {"DO_NOTHING": ["CREATE_FAILED"], "ROLLBACK": ["ROLLBACK_COMPLETE"], "DELETE": []}
    assert statuses == ends[on_failure]


@pytest.mark.parametrize("gated", ["A", "B", "C"])
def test_an_update_is_undone_at_whichever_resource_it_is_cut_off(
    world: World, another: Another, gated: str
) -> None:
    world.create(chain("", Size=1))
    fresh = cut_off(
        world,
        another,
        lambda: world.client.update_stack(StackName="s", TemplateBody=text(chain(gated, Size=2))),
    )
    assert fresh.stack()["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert [made["Size"] for made in fresh.widgets.made.values()] == [1, 1, 1]


def test_a_deletion_that_keeps_a_resource_still_keeps_it(world: World, another: Another) -> None:
    world.create(template({"A": widget(Name="a"), "B": widget(Name="b")}))
    world.widgets.refuse_delete.add("A")
    world.client.delete_stack(StackName="s")
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "DELETE_FAILED"
    (state,) = dumped(world.cloud)["stacks"]
    state.update(status="DELETE_IN_PROGRESS", retained=["A"])
    fresh = another()
    fresh.cloud.load({**dumped(world.cloud), "stacks": [state]})
    fresh.cloud.resume()
    fresh.cloud.wait()
    assert list(fresh.widgets.made) == ["a"]
    assert fresh.client.describe_stacks()["Stacks"] == []


def test_a_creation_that_keeps_nothing_of_a_rollback_still_keeps_nothing(
    world: World, another: Another
) -> None:
    kept = {**widget(Name="kept"), "DeletionPolicy": "Retain"}
    body = text(template({"A": kept, "B": {**widget(Gate="g"), "DependsOn": "A"}}))

    def create() -> None:
        world.client.create_stack(StackName="s", TemplateBody=body, RetainExceptOnCreate=True)

    assert cut_off(world, another, create).widgets.made == {}
