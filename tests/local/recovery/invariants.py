"""What must hold after every command, whatever went wrong: what it says remains is what remains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accountsctl.model.assembly import Assembly
from accountsctl.model.stack_states import state_of
from accountsctl.ports.stack_repairs import StackRepairs
from tests.local.recovery.project import CLUSTER, STACK
from tests.local.recovery.world import RecoveryWorld, Said, Truth

REVIEWED = ("", "REVIEW_IN_PROGRESS")
GOES_ON = ("goes on", "follows it", "may have begun")
CURES = ("recover", "delete")
"""The commands that a refused push may name."""


@dataclass(frozen=True)
class Snapshot:
    """What ran at one moment."""

    setting: str
    identity: tuple[str, ...]
    operations: int

    @classmethod
    def take(cls, truth: Truth) -> Snapshot:
        return cls(truth.setting, tuple(truth.identity), len(truth.operations()))


def hold(world: RecoveryWorld, truth: Truth, said: Said, before: Snapshot, assembly: Assembly) -> None:
    """Compare what a command said, and what `status` says now, with what AWS's own calls report."""
    world.cloud.still()
    found = world.status(assembly)
    assert found.stack_status == ("NOT_DEPLOYED" if truth.status in REVIEWED else truth.status)
    repairs = world.repairs()
    _every_cluster_can_be_found(repairs, truth)
    for orphan in _orphans(repairs):
        assert orphan in found.note, found.note
    if said.code is None:
        return
    text = said.text
    if state_of(truth.status).in_progress:
        assert any(words in text for words in GOES_ON), (said, truth.status)
    if "goes on" in text:
        assert len(truth.operations()) > before.operations or not truth.status, (said, truth.operations())
    if "othing was changed" in text and "goes on" not in text:
        assert Snapshot.take(truth) == before, said
    if "rolled back to what ran before" in text:
        assert (truth.setting, tuple(truth.identity)) == (before.setting, before.identity)


def _every_cluster_can_be_found(repairs: StackRepairs, truth: Truth) -> None:
    """A cluster is a resource of a nested stack, attached or left behind: no command loses sight of it."""
    known = {it.physical_id for nested in repairs.nested(STACK) for it in repairs.resources(nested.id)}
    assert set(truth.clusters) <= known


def _orphans(repairs: StackRepairs) -> list[str]:
    stack = repairs.summary(STACK)
    if stack is None or not state_of(stack.status).usable:
        return []
    attached = {it.physical_id for it in repairs.resources(stack.id)}
    return [it.name for it in repairs.nested(STACK) if it.id not in attached and "PROGRESS" not in it.status]


def pushed(truth: Truth, said: Said, assembly: Assembly, setting: str) -> None:
    """What a push that exits with 0 has done."""
    assert said.code == 0, said.text
    assert truth.status in ("UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")
    assert (truth.clusters, truth.setting) == ([CLUSTER], setting)
    assert {child.key for child in assembly.children} <= truth.objects
    assert truth.template == assembly.root.body
    assert truth.change_sets() == []


def deleted(truth: Truth, said: Said) -> None:
    """What a deletion that exits with 0 has done."""
    assert said.code == 0, said.text
    left: tuple[Any, ...] = (truth.status, truth.clusters, truth.buckets, truth.setting)
    assert left == ("", [], [], "")


def converge(world: RecoveryWorld, truth: Truth, assembly: Assembly, setting: str) -> None:
    """The next push succeeds, after the command that it names if it cannot; the one after it has nothing to do."""
    said = world.push(assembly)
    if said.code == 4:
        cure = next(name for name in CURES if f"`accountsctl {name}`" in said.text)
        assert getattr(world, cure)(assembly).code == 0
        said = world.push(assembly)
    pushed(truth, said, assembly, setting)
    again = world.push(assembly)
    assert again.code == 0
    assert not again.result.changed
