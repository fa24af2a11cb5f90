"""Removing what earlier pushes stored: whatever goes wrong with it, the push has succeeded and its files are there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from moto.s3.models import s3_backends

from accountsctl.localcloud.contracts.lookups import ACCOUNT
from accountsctl.model.assembly import Assembly
from accountsctl.planning.old_artifacts import KEPT
from tests.local.recovery import invariants
from tests.local.recovery.cloud import recovery_cloud
from tests.local.recovery.faults import Fault, FaultPlan
from tests.local.recovery.project import SmallProject
from tests.local.recovery.world import RecoveryWorld, Said, Truth

pytestmark = pytest.mark.slow

PUSHES = 6
MOST = 10
"""More versions of a template than are ever left: the last ones, and others of the same second."""
REMOVAL = ("s3.ListObjectVersions", "s3.HeadObject", "s3.DeleteObjects", "cloudformation.ListChangeSets")
"""Calls that a push makes only to remove what is old."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecoveryWorld]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        project = SmallProject(tmp_path_factory.mktemp("old") / "shop")
        with recovery_cloud(patch.setenv) as cloud:
            yield RecoveryWorld(project, cloud)


def push(world: RecoveryWorld, number: int, plan: FaultPlan | None = None) -> tuple[Assembly, Said]:
    """Push one more version of the project, an hour after the last one."""
    an_hour_passes()
    assembly = world.project.version(f"v{number}")
    return assembly, world.push(assembly, plan)


def an_hour_passes() -> None:
    """Let what is stored be an hour older: S3 dates by the second, and what is of one second is equally old."""
    buckets = (bucket for backend in s3_backends[ACCOUNT].values() for bucket in backend.buckets.values())
    for bucket in buckets:
        for key in list(bucket.keys):
            for version in bucket.keys.getlist(key):
                version.last_modified -= timedelta(hours=1)


def site_templates(truth: Truth) -> list[str]:
    return [key for key in truth.objects if key.startswith("custom/site/")]


def versions(world: RecoveryWorld, truth: Truth) -> int:
    """All versions and delete markers of all objects."""
    (bucket,) = truth.buckets
    listed = world.cloud.client("s3").list_object_versions(Bucket=bucket)
    return len(listed.get("Versions", ())) + len(listed.get("DeleteMarkers", ()))


def test_the_bucket_does_not_grow_and_a_fault_at_any_call_of_the_removal_harms_nothing(
    world: RecoveryWorld,
) -> None:
    truth, number = Truth(world.cloud), 0
    for _ in range(PUSHES):
        number += 1
        push(world, number)
    for operation in REMOVAL:
        for fault in Fault:
            number += 1
            world.cloud.still()
            assembly, said = push(world, number, FaultPlan(at={operation: [fault]}))
            # Expired credentials are still expired when the outputs are read.
            assert said.code in (0, 130, None) or fault is Fault.EXPIRED, (operation, fault, said.text)
            # The push itself is done, whatever came of the removal.
            assert (truth.status, truth.setting) == ("UPDATE_COMPLETE", f"v{number}"), (operation, fault)
            assert {child.key for child in assembly.children} <= truth.objects, (operation, fault)
            if said.code == 0 and fault in (Fault.FORBIDDEN, Fault.EXPIRED):
                assert "earlier pushes stay in the bucket" in said.text, (operation, said.text)
    number += 1
    assembly, said = push(world, number)
    invariants.pushed(truth, said, assembly, f"v{number}")
    assert KEPT <= len(site_templates(truth)) <= MOST
    assert versions(world, truth) == len(truth.objects)


def test_a_push_after_a_failed_one_and_a_return_to_an_old_version_have_their_files(
    world: RecoveryWorld,
) -> None:
    truth = Truth(world.cloud)
    for number in range(PUSHES):
        push(world, number)
    for number in (0, 4, 0, 5, 1):
        world.cloud.refusals["update", "Setting"] = [True]
        _, failed = push(world, number)
        assert failed.code == 4, (number, failed.text)
        assert truth.status == "UPDATE_ROLLBACK_COMPLETE"
        assembly, said = push(world, number)
        invariants.pushed(truth, said, assembly, f"v{number}")
