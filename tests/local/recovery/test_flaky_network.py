"""Pushes over a network on which a fifth of all calls go wrong: they converge, and none is applied twice."""

from __future__ import annotations

import pytest

from tests.local.recovery.flaky import FlakyNetwork
from tests.local.recovery.project import CLUSTER
from tests.local.recovery.world import RecoveryWorld, Truth

TRIES = 6


def tries(world: RecoveryWorld, truth: Truth, number: int) -> int:
    """Push a new version until that succeeds; returns how often, and checks that it was applied once."""
    setting = f"v{number}"
    assembly = world.project.version(setting)
    before = set(truth.operations())
    for count in range(1, TRIES + 1):
        said = world.push(assembly, FlakyNetwork(1000 * number + count))
        if said.code == 0:
            break
    assert said.code == 0, said.text
    assert (truth.setting, truth.clusters) == (setting, [CLUSTER])
    assert len(set(truth.operations()) - before) == 1, "applied twice"
    return count


def converge(world: RecoveryWorld, truth: Truth, pushes: int) -> list[int]:
    assert world.push(world.project.version("v0")).code == 0
    counts = [tries(world, truth, number) for number in range(1, pushes + 1)]
    assert truth.change_sets() == []
    return counts


def test_pushes_at_twenty_percent_faults_converge_and_none_is_applied_twice(
    world: RecoveryWorld, truth: Truth
) -> None:
    counts = converge(world, truth, 5)
    assert sum(counts) <= 6


@pytest.mark.slow
def test_of_a_hundred_pushes_ninety_five_converge_at_the_first_try(
    world: RecoveryWorld, truth: Truth
) -> None:
    counts = converge(world, truth, 100)
    assert counts.count(1) >= 95, counts
