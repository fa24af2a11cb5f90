"""Resources that take as long as on AWS: what the events say meanwhile, and what ends the wait."""

from __future__ import annotations

import threading

import pytest

from tests.local.cloudformation.conftest import World, template, text, widget

CLUSTER = "AWS::RDS::DBCluster"
HOUR = 3600.0


@pytest.fixture
def slow(world: World) -> World:
    """A world in which clusters take an hour."""
    world.cloud.delays.change({CLUSTER: HOUR})
    return world


def until_it_waits(world: World) -> None:
    """Return when a resource waits to become ready; fails if the operation ends before."""
    for _ in range(2000):
        if world.cloud.delays.rests:
            return
        world.cloud.wait(0.01)
    raise AssertionError("nothing waits")


def test_a_resource_is_initiated_and_not_complete_before_its_time_and_what_needs_it_waits(
    slow: World,
) -> None:
    body = template({"Db": {**widget(), "Type": CLUSTER}, "Late": {**widget(), "DependsOn": "Db"}})
    slow.client.create_stack(StackName="s", TemplateBody=text(body))
    until_it_waits(slow)
    assert slow.story() == ["s CREATE_IN_PROGRESS", "Db CREATE_IN_PROGRESS", "Db CREATE_IN_PROGRESS"]
    assert slow.events()[-1]["PhysicalResourceId"] in slow.widgets.made
    assert slow.log == ["create Db"]
    slow.cloud.close()
    assert slow.stack()["StackStatus"] == "CREATE_COMPLETE"


def test_a_failure_elsewhere_cancels_it(slow: World) -> None:
    slow.widgets.gates["fails"] = threading.Event()
    body = template({"Db": {**widget(), "Type": CLUSTER}, "Bad": widget(Gate="fails", Fail="no")})
    slow.client.create_stack(StackName="s", TemplateBody=text(body))
    until_it_waits(slow)
    slow.cloud.delays.change({CLUSTER: 0})  # its deletion takes no time
    slow.widgets.gates["fails"].set()
    slow.cloud.wait(20)
    assert slow.reason("Db", "CREATE_FAILED") == "Resource creation cancelled"
    assert (slow.stack()["StackStatus"], slow.widgets.made) == ("ROLLBACK_COMPLETE", {})


def test_a_replacement_and_a_deletion_take_as_long(slow: World) -> None:
    slow.cloud.delays.change({CLUSTER: 0})
    slow.create(template({"Db": {**widget(Name="one", Kind="old"), "Type": CLUSTER}}))
    slow.cloud.delays.change({CLUSTER: HOUR})
    renamed = template({"Db": {**widget(Name="two", Kind="new"), "Type": CLUSTER}})
    slow.client.update_stack(StackName="s", TemplateBody=text(renamed))
    until_it_waits(slow)
    assert sorted(slow.widgets.made) == ["one", "two"]
    slow.client.cancel_update_stack(StackName="s")
    until_it_waits(slow)
    assert sorted(slow.widgets.made) == ["one"]
    assert slow.story()[-1] == "Db DELETE_IN_PROGRESS"
    slow.cloud.close()
    assert slow.stack()["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
