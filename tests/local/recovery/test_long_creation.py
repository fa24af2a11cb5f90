"""A database that takes minutes to be created, as on AWS: what a push shows, and what it survives meanwhile."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from botocore.awsrequest import AWSResponse

from accountsctl.model.assembly import Assembly
from accountsctl.ui.board import Board
from accountsctl.ui.lines import StackLines
from accountsctl.ui.screen import Screen
from tests.local.recovery.faults import FaultPlan, refusal
from tests.local.recovery.project import CLUSTER
from tests.local.recovery.world import RecoveryWorld, Truth

pytestmark = pytest.mark.slow

MINUTES = 480.0


class Moments(FaultPlan):
    """Runs `interrupt` before each call that is made after `begin` seconds, and before `end`."""

    def __init__(
        self, world: RecoveryWorld, begin: float, end: float, interrupt: Callable[[str], None]
    ) -> None:
        super().__init__()
        self._world, self._begin, self._end, self._interrupt = world, begin, end, interrupt

    def send(self, operation: str, call: Callable[[], AWSResponse]) -> AWSResponse:
        if self._begin <= self._world.now < self._end:
            self._interrupt(operation)
        return super().send(operation, call)


def expired(operation: str) -> None:
    raise refusal(operation, "ExpiredToken")


def ctrl_c(_: str) -> None:
    raise KeyboardInterrupt


@pytest.fixture
def assembly(world: RecoveryWorld) -> Assembly:
    """A cluster that takes minutes, and a setting that waits for it."""
    world.cloud.delays.change({"AWS::RDS::DBCluster": MINUTES})
    return world.project.version("one")


def assert_deployed_once(truth: Truth) -> None:
    assert (truth.status, truth.clusters, truth.setting) == ("UPDATE_COMPLETE", [CLUSTER], "one")
    assert len(truth.operations()) == 2, "the seed, and one update"


def test_a_push_waits_for_it_and_shows_every_half_minute_what_it_waits_for(
    world: RecoveryWorld, truth: Truth, assembly: Assembly
) -> None:
    out = io.StringIO()
    world.shows = StackLines(Screen(out=io.StringIO(), err=out), Board(lambda: world.now))
    said = world.push(assembly)
    assert said.code == 0, said.text
    assert said.result.seconds >= MINUTES
    shown = out.getvalue().splitlines()
    waiting = [line for line in shown if "in progress" in line]
    assert len(waiting) >= MINUTES // 40
    assert all(
        "in progress: custom/store (Cluster RDS::DBCluster); pending: custom/site" in it for it in waiting
    )
    assert_deployed_once(truth)


def test_credentials_that_expire_meanwhile_and_are_renewed_do_not_end_it(
    world: RecoveryWorld, truth: Truth, assembly: Assembly
) -> None:
    said = world.push(assembly, Moments(world, 60, 400, expired))
    assert said.code == 0, said.text
    assert "Could not look; trying again." in said.text
    assert "AWS answers again." in said.text
    assert_deployed_once(truth)


def test_credentials_that_stay_expired_end_the_watching_and_the_next_push_follows(
    world: RecoveryWorld, truth: Truth, assembly: Assembly
) -> None:
    world.cloud.delays.change({"AWS::RDS::DBCluster": 3600})
    said = world.push(assembly, Moments(world, 60, 3000, expired))
    assert (said.code, truth.status) == (3, "UPDATE_IN_PROGRESS")
    assert "The push goes on in AWS" in said.text
    assert "`accountsctl push` follows it" in said.text
    assert_followed(world, truth, assembly)


def assert_followed(world: RecoveryWorld, truth: Truth, assembly: Assembly) -> None:
    followed = world.push(assembly)
    assert followed.code == 0, followed.text
    assert "following it to its end" in followed.text
    assert_deployed_once(truth)


def test_ctrl_c_leaves_it_to_aws_and_the_next_push_follows(
    world: RecoveryWorld, truth: Truth, assembly: Assembly
) -> None:
    said = world.push(assembly, Moments(world, 100, 105, ctrl_c))
    assert (said.code, truth.status) == (130, "UPDATE_IN_PROGRESS")
    assert "The push goes on in AWS" in said.text
    assert world.now < MINUTES
    assert_followed(world, truth, assembly)


def test_a_second_ctrl_c_cancels_it_without_waiting_for_the_database(
    world: RecoveryWorld, truth: Truth, assembly: Assembly
) -> None:
    def twice(operation: str) -> None:
        if operation == "cloudformation.DescribeStackEvents":
            world.interrupts_sleep = True
            ctrl_c(operation)

    said = world.push(assembly, Moments(world, 100, 105, twice))
    assert said.code == 130
    assert "The update is cancelled." in said.text
    world.cloud.settle()
    world.cloud.settle(MINUTES)  # the deletion takes as long; what was left of the creation is not waited for
    assert world.now < 2 * MINUTES
    assert (truth.status, truth.clusters) == ("UPDATE_ROLLBACK_COMPLETE", [])
    assert world.push(assembly).code == 0


def test_a_cloud_that_is_killed_meanwhile_leaves_no_database_without_a_stack(
    world: RecoveryWorld, truth: Truth, assembly: Assembly
) -> None:
    assert world.push(assembly, Moments(world, 100, 105, ctrl_c)).code == 130
    world.cloud.restart()
    assert (truth.status, truth.clusters) == ("UPDATE_ROLLBACK_COMPLETE", [])
    assert world.push(assembly).code == 0


def test_a_deletion_takes_as_long_and_is_followed(
    world: RecoveryWorld, truth: Truth, assembly: Assembly
) -> None:
    assert world.push(assembly).code == 0
    before = world.now
    said = world.delete(assembly)
    assert (said.code, truth.status, truth.clusters) == (0, "", [])
    assert world.now - before >= MINUTES
