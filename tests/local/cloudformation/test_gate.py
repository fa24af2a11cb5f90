"""No resource is saved without the stack that made it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from accountsctl.localcloud.cloudformation.runtime.gate import Gate
from tests.local.cloudformation.conftest import World, template, text, widget
from tests.local.state.saved import dumped


def in_background(action: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=action, daemon=True)
    thread.start()
    return thread


def test_who_saves_finds_every_resource_recorded_that_exists(world: World) -> None:
    world.widgets.gates["slow"] = threading.Event()
    world.client.create_stack(
        StackName="s", TemplateBody=text(template({"A": widget(Gate="slow", Name="a")}))
    )
    assert world.widgets.reached.wait(20)
    seen: list[tuple[list[str], list[str | None]]] = []

    def save() -> None:
        with world.cloud.quiet():
            (stack,) = dumped(world.cloud)["stacks"]
            recorded = [it["physical_id"] for it in stack["resources"].values()]
            seen.append((list(world.widgets.made), recorded))

    saving = in_background(save)
    world.widgets.gates["slow"].set()
    saving.join(20)
    assert seen == [(["a"], ["a"])]


def test_what_replaces_a_resource_is_saved_with_its_stack(world: World) -> None:
    world.create(template({"A": widget(Kind="x")}))
    world.widgets.gates["slow"] = threading.Event()
    world.client.update_stack(
        StackName="s", TemplateBody=text(template({"A": widget(Kind="y", Gate="slow")}))
    )
    assert world.widgets.reached.wait(20)
    seen: list[bool] = []

    def save() -> None:
        with world.cloud.quiet():
            (stack,) = dumped(world.cloud)["stacks"]
            heir = list(world.widgets.made)[-1]
            seen.append(stack["resources"]["A"]["physical_id"] == heir)

    saving = in_background(save)
    world.widgets.gates["slow"].set()
    saving.join(20)
    assert seen == [True]


def test_nobody_passes_while_the_gate_is_closed() -> None:
    gate, passed = Gate(), threading.Event()

    def enter() -> None:
        with gate.passing():
            passed.set()

    with gate.closed():
        thread = in_background(enter)
        assert not passed.wait(0.05)
    thread.join(20)
    assert passed.is_set()


def test_a_handler_that_hangs_does_not_keep_the_state_from_being_saved() -> None:
    gate = Gate(patience=0.01)
    with gate.passing(), gate.closed():
        pass
