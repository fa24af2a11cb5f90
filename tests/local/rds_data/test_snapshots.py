"""Snapshots of clusters hold the rows of their moment, and new clusters are created from them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import ServiceClients

pytestmark = pytest.mark.slow

NUMBERS = itertools.count()


class Clusters:
    """Clusters of one embedded cloud, and what is in their tables."""

    def __init__(self, client: ServiceClients) -> None:
        self.rds, self._data = client("rds"), client("rds-data")

    def create(self) -> str:
        """A cluster with the table `rows`; its name."""
        name = f"source-{next(NUMBERS)}"
        self.rds.create_db_cluster(
            DBClusterIdentifier=name,
            Engine="aurora-postgresql",
            EngineVersion="16",
            MasterUsername="owner",
            ManageMasterUserPassword=True,
            EnableHttpEndpoint=True,
            DatabaseName="things",
        )
        self._member(name)
        self.run(name, "CREATE TABLE rows (value text)")
        return name

    def restore(self, snapshot: str, **more: Any) -> str:
        """A new cluster from the snapshot, with a password that RDS manages; its name."""
        name = f"restored-{next(NUMBERS)}"
        found = self.rds.restore_db_cluster_from_snapshot(
            DBClusterIdentifier=name, SnapshotIdentifier=snapshot, Engine="aurora-postgresql", **more
        )["DBCluster"]
        self.rds.modify_db_cluster(
            DBClusterIdentifier=name, ManageMasterUserPassword=True, ApplyImmediately=True
        )
        self.rds.enable_http_endpoint(ResourceArn=found["DBClusterArn"])
        self._member(name)
        return name

    def _member(self, name: str) -> None:
        self.rds.create_db_instance(
            DBInstanceIdentifier=f"{name}-1",
            DBClusterIdentifier=name,
            Engine="aurora-postgresql",
            DBInstanceClass="db.r6g.large",
        )

    def run(self, name: str, sql: str) -> list[str]:
        """The first column of what a statement returns."""
        [cluster] = self.rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"]
        result = self._data.execute_statement(
            resourceArn=cluster["DBClusterArn"],
            secretArn=cluster["MasterUserSecret"]["SecretArn"],
            database="things",
            sql=sql,
        )
        return [row[0]["stringValue"] for row in result.get("records", [])]

    def delete(self, name: str, **how: Any) -> None:
        """Delete a cluster and its member."""
        self.rds.delete_db_instance(DBInstanceIdentifier=f"{name}-1")
        self.rds.delete_db_cluster(DBClusterIdentifier=name, **(how or {"SkipFinalSnapshot": True}))

    def clean(self) -> None:
        """Delete what the test left."""
        for cluster in self.rds.describe_db_clusters()["DBClusters"]:
            if cluster["DBClusterIdentifier"].startswith(("source-", "restored-")):
                self.delete(cluster["DBClusterIdentifier"])
        for snapshot in self.rds.describe_db_cluster_snapshots(SnapshotType="manual")["DBClusterSnapshots"]:
            self.rds.delete_db_cluster_snapshot(
                DBClusterSnapshotIdentifier=snapshot["DBClusterSnapshotIdentifier"]
            )


@pytest.fixture
def clusters(client: ServiceClients) -> Iterator[Clusters]:
    made = Clusters(client)
    yield made
    made.clean()


def test_a_final_snapshot_gives_its_rows_to_a_new_cluster_and_stays(clusters: Clusters) -> None:
    name = clusters.create()
    clusters.run(name, "INSERT INTO rows VALUES ('kept')")
    clusters.delete(name, FinalDBSnapshotIdentifier="final")
    for _ in range(2):
        assert clusters.run(clusters.restore("final"), "SELECT value FROM rows") == ["kept"]


def test_a_snapshot_has_the_rows_of_its_moment_and_the_cluster_goes_on(clusters: Clusters) -> None:
    name = clusters.create()
    clusters.run(name, "INSERT INTO rows VALUES ('before')")
    clusters.rds.create_db_cluster_snapshot(DBClusterIdentifier=name, DBClusterSnapshotIdentifier="moment")
    clusters.run(name, "UPDATE rows SET value = 'after'")
    restored = clusters.restore("moment")
    assert clusters.run(restored, "SELECT value FROM rows") == ["before"]
    clusters.run(restored, "DELETE FROM rows")
    assert clusters.run(name, "SELECT value FROM rows") == ["after"]
    clusters.delete(name)
    assert clusters.run(clusters.restore("moment"), "SELECT value FROM rows") == ["before"]


def test_a_restored_cluster_inherits_user_and_version_and_has_a_secret_of_its_own(clusters: Clusters) -> None:
    name = clusters.create()
    clusters.rds.create_db_cluster_snapshot(DBClusterIdentifier=name, DBClusterSnapshotIdentifier="one")
    restored = clusters.restore("one")
    old, new = (
        clusters.rds.describe_db_clusters(DBClusterIdentifier=each)["DBClusters"][0]
        for each in (name, restored)
    )
    for key in ("MasterUsername", "EngineVersion", "DatabaseName", "Engine"):
        assert new[key] == old[key]
    for key in ("DbClusterResourceId", "DBClusterArn", "MasterUserSecret", "Endpoint"):
        assert new[key] != old[key]


def test_what_rds_refuses_is_refused(clusters: Clusters) -> None:
    name, rds = clusters.create(), clusters.rds
    rds.create_db_cluster_snapshot(DBClusterIdentifier=name, DBClusterSnapshotIdentifier="there")
    there = {"DBClusterIdentifier": "x", "SnapshotIdentifier": "there"}
    postgres = {"Engine": "aurora-postgresql"}
    restore, delete = rds.restore_db_cluster_from_snapshot, rds.delete_db_cluster_snapshot
    for call, arguments, code in (
        (restore, {**there, **postgres, "SnapshotIdentifier": "none"}, "DBClusterSnapshotNotFoundFault"),
        (restore, {**there, "Engine": "aurora-mysql"}, "InvalidParameterCombination"),
        (restore, {**there, **postgres, "EngineVersion": "15"}, "InvalidParameterCombination"),
        (delete, {"DBClusterSnapshotIdentifier": "none"}, "DBClusterSnapshotNotFoundFault"),
    ):
        with pytest.raises(ClientError) as refused:
            call(**arguments)
        assert refused.value.response["Error"]["Code"] == code, arguments


@pytest.mark.slow  # four databases
def test_a_deleted_snapshot_is_gone_and_its_name_is_free(clusters: Clusters) -> None:
    name = clusters.create()
    for value in ("first", "second"):
        clusters.run(name, "DELETE FROM rows")
        clusters.run(name, f"INSERT INTO rows VALUES ('{value}')")
        clusters.rds.create_db_cluster_snapshot(DBClusterIdentifier=name, DBClusterSnapshotIdentifier="again")
        assert clusters.run(clusters.restore("again"), "SELECT value FROM rows") == [value]
        clusters.rds.delete_db_cluster_snapshot(DBClusterSnapshotIdentifier="again")
    with pytest.raises(ClientError, match="DBClusterSnapshotNotFoundFault"):
        clusters.restore("again")
