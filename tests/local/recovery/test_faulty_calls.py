"""After any push or deletion that failed or was interrupted, what is said is what is so, and the next one converges."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accountsctl.model.assembly import Assembly
from tests.local.recovery import invariants
from tests.local.recovery.cloud import recovery_cloud
from tests.local.recovery.faults import Fault, FaultPlan
from tests.local.recovery.invariants import Snapshot
from tests.local.recovery.project import SmallProject
from tests.local.recovery.states import LATE
from tests.local.recovery.world import RecoveryWorld, Truth

pytestmark = pytest.mark.slow

MOST_CALLS = 60
"""More calls than any of the commands makes."""
STUBBORN = [("create", "Extra"), ("create", "Cluster"), ("update", "Setting"), ("delete", "Cluster")]
Refusals = Mapping[tuple[str, str], list[bool]]


@dataclass(frozen=True)
class Case:
    """A command on a stack that exists or does not, what goes wrong, and the command that follows."""

    faults: Mapping[int, Fault]
    refusals: Refusals = field(default_factory=dict)
    command: str = "push"
    exists: bool = True
    then: str = "push"


CASES = st.builds(
    Case,
    st.dictionaries(st.integers(0, MOST_CALLS), st.sampled_from(Fault), min_size=1, max_size=5),
    st.dictionaries(
        st.sampled_from(STUBBORN), st.lists(st.booleans(), min_size=1, max_size=3), min_size=0, max_size=2
    )
    | st.just({}),
    st.sampled_from(["push", "delete"]),
    st.booleans(),
    st.sampled_from(["push", "delete"]),
)


@dataclass(frozen=True)
class Bench:
    """The versions of the project, rendered once, and worlds to push them to."""

    project: SmallProject
    one: Assembly
    two: Assembly
    setenv: Callable[[str, str], None]

    @contextmanager
    def world(self) -> Iterator[tuple[RecoveryWorld, Truth]]:
        with recovery_cloud(self.setenv) as cloud:
            yield RecoveryWorld(self.project, cloud), Truth(cloud)

    def check(self, case: Case) -> None:
        with self.world() as (world, truth):
            if case.exists:
                invariants.pushed(truth, world.push(self.one), self.one, "one")
            before = Snapshot.take(truth)
            world.cloud.refusals.update(case.refusals)
            command = world.push if case.command == "push" else world.delete
            said = command(self.two, FaultPlan(case.faults))
            invariants.hold(world, truth, said, before, self.two)
            if said.code == 0 and case.command == "push":
                invariants.pushed(truth, said, self.two, "two")
            elif said.code == 0:
                invariants.deleted(truth, said)
            world.cloud.refusals.clear()
            if case.then == "push":
                invariants.converge(world, truth, self.two, "two")
            else:
                invariants.deleted(truth, world.delete(self.two))
            if case.command == case.then == "push" and not case.refusals:
                assert len(truth.operations()) == 1 + (before.operations or 1), "applied twice"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    project = SmallProject(tmp_path_factory.mktemp("faulty") / "shop")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        one, two = project.version("one"), project.version("two", more=LATE)
        yield Bench(project, one, two, patch.setenv)


@given(case=CASES)
@settings(max_examples=12, deadline=None, derandomize=True, database=None)
def test_what_is_said_is_what_is_so_and_the_next_command_converges(bench: Bench, case: Case) -> None:
    bench.check(case)


@given(case=CASES)
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
def test_the_same_with_many_more_faults(bench: Bench, case: Case) -> None:
    bench.check(case)
