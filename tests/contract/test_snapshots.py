"""Snapshots of databases: RDS of the embedded cloud, and the fake."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from accountsctl.adapters.aws.clients import service_client
from accountsctl.adapters.aws.session import Session
from accountsctl.adapters.aws.snapshots import RdsSnapshots
from accountsctl.model.database_reports import DatabaseSnapshot
from accountsctl.model.errors import CloudError
from accountsctl.ports.snapshots import AVAILABLE, Snapshots
from tests.contract.conftest import REGION
from tests.fakes.snapshots import FakeSnapshots

CLUSTER, NAMES = "snapshots-of-this", ("first", "second")
FAKE = FakeSnapshots(
    tuple(
        DatabaseSnapshot(name, CLUSTER, datetime(2026, 1, day, tzinfo=UTC), "17.7", AVAILABLE)
        for name, day in (("second", 2), ("first", 1))
    )
)


@pytest.fixture(params=["embedded", "fake"])
def snapshots(request: pytest.FixtureRequest) -> Iterator[Snapshots]:
    """Two snapshots of one cluster."""
    if request.param == "fake":
        yield FAKE
        return
    session: Session = request.getfixturevalue("session")
    rds = service_client(session, "rds")
    rds.create_db_cluster(
        DBClusterIdentifier=CLUSTER, Engine="aurora-postgresql", MasterUsername="owner",
        ManageMasterUserPassword=True,
    )  # fmt: skip
    for name in NAMES:
        rds.create_db_cluster_snapshot(DBClusterIdentifier=CLUSTER, DBClusterSnapshotIdentifier=name)
    yield RdsSnapshots(session)
    rds.delete_db_cluster(DBClusterIdentifier=CLUSTER, SkipFinalSnapshot=True)
    for name in NAMES:
        rds.delete_db_cluster_snapshot(DBClusterSnapshotIdentifier=name)


def test_the_newest_snapshot_is_first_and_automated_ones_are_left_out(snapshots: Snapshots) -> None:
    found = [snapshot for snapshot in snapshots.snapshots() if snapshot.cluster == CLUSTER]
    assert [snapshot.name for snapshot in found] == ["second", "first"]
    assert {snapshot.status for snapshot in found} == {AVAILABLE}
    assert all(snapshot.version.startswith("17") and snapshot.created for snapshot in found)


def test_a_service_that_does_not_answer_is_an_error() -> None:
    with pytest.raises(CloudError):
        RdsSnapshots(Session(REGION, endpoint="http://127.0.0.1:1")).snapshots()
