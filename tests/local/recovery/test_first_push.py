"""A first push to a protected environment that fails after its database exists: nothing is left without a name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from accountsctl.model.assembly import Assembly
from tests.local.recovery.cloud import recovery_cloud
from tests.local.recovery.project import CLUSTER, SITE, STORE, SmallProject
from tests.local.recovery.states import LATE
from tests.local.recovery.world import RecoveryWorld, Said, Truth


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RecoveryWorld]:
    """A production: its file says that it is protected."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with recovery_cloud(monkeypatch.setenv) as cloud:
        yield RecoveryWorld(SmallProject(tmp_path / "shop", protected=True), cloud)


@pytest.fixture
def assembly(world: RecoveryWorld) -> Assembly:
    """A protected cluster, and a resource that comes after it."""
    return world.project.version("one", more=LATE, DeletionProtection=True)


def protect(world: RecoveryWorld, *, on: bool) -> None:
    """Someone switches the cluster's deletion protection by hand."""
    world.cloud.client("rds").modify_db_cluster(DBClusterIdentifier=CLUSTER, DeletionProtection=on)


def protections(truth: Truth) -> list[bool]:
    """Whether each cluster is protected against deletion."""
    clusters = truth.cloud.client("rds").describe_db_clusters()["DBClusters"]
    return [it["DeletionProtection"] for it in clusters]


def assert_in_production(truth: Truth, said: Said) -> None:
    assert said.code == 0, said.text
    assert (truth.status, truth.clusters, truth.setting) == ("UPDATE_COMPLETE", [CLUSTER], "one")
    assert protections(truth) == [True]
    assert truth.stack is not None
    assert truth.stack["EnableTerminationProtection"]


def test_nothing_is_left_and_the_second_push_succeeds(
    world: RecoveryWorld, truth: Truth, assembly: Assembly
) -> None:
    world.cloud.refusals["create", "Extra"] = [True]
    failed = world.push(assembly)
    assert failed.code == 4
    assert "the resource refuses" in failed.text
    assert "Everything was rolled back" in failed.text
    assert (truth.status, truth.clusters, truth.setting) == ("UPDATE_ROLLBACK_COMPLETE", [], "")
    assert world.remove_orphans(assembly).result == []
    assert world.status(assembly).note == ""
    assert_in_production(truth, world.push(assembly))


def test_a_push_that_is_cut_off_before_the_protection_is_finished_by_the_next(
    world: RecoveryWorld, truth: Truth, assembly: Assembly
) -> None:
    world.cloud.refusals["update", "Cluster"] = [True]
    failed = world.push(assembly)
    assert failed.code == 4
    assert (truth.clusters, protections(truth)) == ([CLUSTER], [False])
    assert_in_production(truth, world.push(assembly))


@pytest.mark.parametrize("by_hand", [True, False], ids=["protected by hand", "refused by RDS"])
def test_a_cluster_that_the_rollback_cannot_delete_is_named_with_its_cure(
    world: RecoveryWorld, truth: Truth, assembly: Assembly, by_hand: bool
) -> None:
    world.cloud.refusals["create", "Extra"] = [True]
    if by_hand:
        world.cloud.before["create", "Extra"] = lambda: protect(world, on=True)
    else:
        world.cloud.refusals["delete", "Cluster"] = [True] * 3
    failed = world.push(assembly)
    assert (failed.code, truth.clusters) == (4, [CLUSTER])
    assert "Everything was rolled back" not in failed.text
    assert f"AWS::RDS::DBCluster {CLUSTER} could not be deleted" in failed.text
    assert "`accountsctl recover --orphans`" in failed.text
    assert STORE in world.status(assembly).note
    assert "`accountsctl recover --orphans`" in world.status(assembly).note
    assert SITE not in world.status(assembly).note
    if by_hand:
        refused = world.remove_orphans(assembly)
        assert refused.code == 3
        assert f"--no-deletion-protection --db-cluster-identifier {CLUSTER}" in refused.text
        assert truth.clusters == [CLUSTER]
        protect(world, on=False)
    world.cloud.refusals.clear()
    removed = world.remove_orphans(assembly)
    assert (removed.code, len(removed.result), truth.clusters) == (0, 1, [])
    assert_in_production(truth, world.push(assembly))


def test_a_protected_environment_is_not_deleted_by_any_way(
    world: RecoveryWorld, truth: Truth, assembly: Assembly
) -> None:
    assert_in_production(truth, world.push(assembly))
    assert world.delete(assembly).code == 2
    unprotected = SmallProject(world.project.root).version("one", more=LATE, DeletionProtection=True)
    refused = world.delete(unprotected)
    assert (refused.code, "update-termination-protection" in refused.text) == (3, True)
    user = world.cloud.client("cloudformation")
    user.update_termination_protection(
        StackName=assembly.environment.stack_name, EnableTerminationProtection=False
    )
    refused = world.delete(unprotected)
    assert (refused.code, "protected against deletion; nothing was changed" in refused.text) == (3, True)
    assert (truth.clusters, truth.setting) == ([CLUSTER], "one")
