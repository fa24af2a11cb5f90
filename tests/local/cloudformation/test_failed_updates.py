"""Updates that fail and are not rolled back: they can be taken up by another update, or rolled back later.

See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
"""

from __future__ import annotations

from typing import Any

from tests.local.cloudformation.conftest import World, template, widget


def fail(world: World, resources: dict[str, Any]) -> None:
    """An update that fails and leaves things as they are."""
    stack = world.update(template(resources), DisableRollback=True)
    assert stack["StackStatus"] == "UPDATE_FAILED"


def test_an_update_takes_up_one_that_failed(world: World) -> None:
    world.create(template({"A": widget(Size=1), "Old": widget()}))
    fail(world, {"A": widget(Size=2), "B": {**widget(Fail="no"), "DependsOn": "A"}})
    stack = world.update(template({"A": widget(Size=2), "B": widget()}))
    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    assert world.widgets.made[world.physical("A")] == {"Size": 2}
    assert len(world.widgets.made) == 2
    assert world.log.count("create B") == 2


def test_the_same_template_may_be_tried_again(world: World) -> None:
    world.create(template({"A": widget(Size=1)}))
    world.widgets.refuse_update.add("A")
    fail(world, {"A": widget(Size=2)})
    world.widgets.refuse_update.clear()
    assert world.update(template({"A": widget(Size=2)}))["StackStatus"] == "UPDATE_COMPLETE"
    assert world.widgets.made[world.physical("A")] == {"Size": 2}


def test_updates_that_failed_are_rolled_back_to_what_was_before_them_all(world: World) -> None:
    world.create(template({"A": widget(Size=1), "K": widget(Kind="a")}))
    kept = world.physical("K")
    first = {"A": widget(Size=2), "K": widget(Kind="b"), "N": widget()}
    fail(world, {**first, "B": {**widget(Fail="no"), "DependsOn": ["A", "K", "N"]}})
    second = {"A": widget(Size=3), "K": widget(Kind="c"), "N": widget(Size=2)}
    fail(world, {**second, "B": {**widget(Fail="no"), "DependsOn": ["A", "K", "N"]}})
    world.client.rollback_stack(StackName="s")
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert world.widgets.made == {world.physical("A"): {"Size": 1}, kept: {"Kind": "a"}}
    assert world.physical("K") == kept


def test_what_failed_updates_replaced_is_deleted_when_one_succeeds(world: World) -> None:
    world.create(template({"K": widget(Kind="a")}))
    fail(world, {"K": widget(Kind="b"), "B": {**widget(Fail="no"), "DependsOn": "K"}})
    fail(world, {"K": widget(Kind="c"), "B": {**widget(Fail="no"), "DependsOn": "K"}})
    assert world.update(template({"K": widget(Kind="c")}))["StackStatus"] == "UPDATE_COMPLETE"
    assert world.widgets.made == {world.physical("K"): {"Kind": "c"}}


def test_a_nested_stack_that_failed_is_taken_up_with_its_root(world: World) -> None:
    def root(inner: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
        kind = "AWS::CloudFormation::Stack"
        urls = {
            name: world.put(f"{name}{len(world.services.objects)}", template(body))
            for name, body in (("Inner", inner), ("Other", other))
        }
        return {name: {"Type": kind, "Properties": {"TemplateURL": url}} for name, url in urls.items()}

    world.create(template(root({"A": widget(Size=1)}, {"O": widget(Size=1)})))
    fail(
        world,
        root({"A": widget(Size=2), "B": {**widget(Fail="no"), "DependsOn": "A"}}, {"O": widget(Size=2)}),
    )
    done = world.update(template(root({"A": widget(Size=3)}, {"O": widget(Size=3)})))
    assert done["StackStatus"] == "UPDATE_COMPLETE"
    assert sorted(str(made) for made in world.widgets.made.values()) == ["{'Size': 3}", "{'Size': 3}"]
    assert world.stack(world.physical("Inner"))["StackStatus"] == "UPDATE_COMPLETE"


def test_a_change_set_may_take_up_an_update_that_failed(world: World) -> None:
    world.create(template({"A": widget(Size=1)}))
    fail(world, {"A": widget(Size=2), "B": {**widget(Fail="no"), "DependsOn": "A"}})
    world.change_set(template({"A": widget(Size=3)}))
    world.client.execute_change_set(StackName="s", ChangeSetName="plan")
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "UPDATE_COMPLETE"
    assert world.widgets.made == {world.physical("A"): {"Size": 3}}
