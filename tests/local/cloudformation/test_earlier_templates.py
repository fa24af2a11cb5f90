"""A stack whose template an earlier version took, and this one would refuse, can still be updated and deleted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.local.cloudformation.conftest import World, template, text, widget


def body(export: Any, *names: str) -> dict[str, Any]:
    output = {"Value": "x", "Export": {"Name": export}}
    return template({name: widget() for name in names}, Outputs={"O": output})


@pytest.mark.parametrize("kept", ["AB", "A"], ids=["all", "one removed"])
def test_a_corrected_template_replaces_one_that_is_refused_now(world: World, kept: str) -> None:
    world.create(body("name", "A", "B"))
    (stack,) = world.cloud._store.stacks.values()
    stack.definition.text = text(body({"Ref": "B"}, "A", "B"))
    assert world.update(body("name", *kept))["StackStatus"] == "UPDATE_COMPLETE"
    world.delete()
    assert world.client.describe_stacks()["Stacks"] == []
