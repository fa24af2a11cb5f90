"""The state is lost, damaged or of another moto: the databases on disk are found again, and nothing is lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from accountsctl.localcloud.client import LocalCloudClient, LocalCloudError
from accountsctl.localcloud.contracts.lookups import Cluster
from accountsctl.localcloud.rds_data.postgres.servers import Postgres, PostgresError
from accountsctl.localcloud.state import snapshot
from accountsctl.localcloud.state.clusters import Description, Descriptions
from accountsctl.localcloud.state.parts import encode
from tests.local.conftest import REGION

pytestmark = pytest.mark.slow

NAME = "kept"


@pytest.fixture
def lost(tmp_path: Path) -> Iterator[LocalCloudClient]:
    """A cloud with a database that holds a row."""
    cloud = LocalCloudClient(tmp_path / ".local")
    create(cloud)
    run_sql(cloud, "CREATE TABLE rows (value text)")
    run_sql(cloud, "INSERT INTO rows VALUES ('survives')")
    yield cloud
    cloud.stop()


def service(cloud: LocalCloudClient, name: str) -> Any:
    key, secret = cloud.credentials()
    session: Any = boto3.Session(key, secret, region_name=REGION)
    return session.client(name, endpoint_url=cloud.start().url)


def create(cloud: LocalCloudClient) -> None:
    rds = service(cloud, "rds")
    rds.create_db_cluster(
        DBClusterIdentifier=NAME,
        Engine="aurora-postgresql",
        EngineVersion="17",
        MasterUsername="owner",
        ManageMasterUserPassword=True,
        EnableHttpEndpoint=True,
        DatabaseName="things",
    )
    rds.create_db_instance(
        DBInstanceIdentifier=f"{NAME}-1",
        DBClusterIdentifier=NAME,
        Engine="aurora-postgresql",
        DBInstanceClass="db.serverless",
    )


def run_sql(cloud: LocalCloudClient, sql: str) -> list[Any]:
    [cluster] = service(cloud, "rds").describe_db_clusters(DBClusterIdentifier=NAME)["DBClusters"]
    result = service(cloud, "rds-data").execute_statement(
        resourceArn=cluster["DBClusterArn"],
        secretArn=cluster["MasterUserSecret"]["SecretArn"],
        database="things",
        sql=sql,
    )
    rows: list[Any] = result.get("records", [])
    return rows


def found(cloud: LocalCloudClient) -> list[str]:
    """The names of the databases that no cluster has."""
    service(cloud, "rds").describe_db_clusters()  # until the state is restored, nothing is known
    services: dict[str, Any] = dict(cloud.status()["services"])
    return [each["identifier"] for each in services["found"]]


def kill(cloud: LocalCloudClient) -> None:
    pid = cloud.start().pid
    os.kill(pid, signal.SIGKILL)
    cloud.stop()


@pytest.mark.parametrize("damage", ["gone", "cut", "another moto"])
def test_the_rows_come_back_with_a_cluster_of_the_same_name(
    lost: LocalCloudClient, tmp_path: Path, damage: str
) -> None:
    kill(lost)
    state = tmp_path / ".local/state"
    for file in (state, snapshot.previous(state)):
        match damage:
            case "gone":
                file.unlink()
            case "cut":
                file.write_bytes(file.read_bytes()[:-10])
            case _:
                file.unlink()
                snapshot.write(state, [("moto/a", b"not a pickle")], "0.0.1")
    if damage != "gone":
        with pytest.raises(LocalCloudError, match=r"accountsctl local reset --keep-databases"):
            lost.start()
        aside = lost.reset(keep_databases=True)
        assert aside is not None
        assert (aside / "state").exists()
    assert found(lost) == [NAME]
    with pytest.raises(ClientError, match="DBClusterNotFoundFault"):
        service(lost, "rds").describe_db_clusters(DBClusterIdentifier=NAME)
    create(lost)
    assert run_sql(lost, "SELECT value FROM rows") == [[{"stringValue": "survives"}]]
    assert found(lost) == []


def test_the_rows_come_back_though_an_early_version_stored_no_name(
    lost: LocalCloudClient, tmp_path: Path
) -> None:
    kill(lost)
    shutil.rmtree(tmp_path / ".local/postgres/.clusters")
    lost.reset(keep_databases=True)
    assert found(lost) == [""]
    create(lost)
    assert run_sql(lost, "SELECT value FROM rows") == [[{"stringValue": "survives"}]]


def test_a_state_that_names_what_this_version_does_not_have_is_refused_with_the_way_to_keep_the_rows(
    lost: LocalCloudClient, tmp_path: Path
) -> None:
    kill(lost)
    state = tmp_path / ".local/state"
    snapshot.write(state, [("moto/a", b"caccountsctl.gone\nThing\n.")])
    with pytest.raises(ClientError, match=r"accountsctl\.gone.*accountsctl local reset --keep-databases"):
        service(lost, "rds").describe_db_clusters()
    assert "accountsctl local reset --keep-databases" in (tmp_path / ".local/cloud.log").read_text()
    lost.reset(keep_databases=True)
    assert found(lost) == [NAME]


def test_a_creation_that_is_rolled_back_does_not_take_the_rows_with_it(
    lost: LocalCloudClient, tmp_path: Path
) -> None:
    kill(lost)
    for file in (tmp_path / ".local").glob("state*"):
        file.unlink()
    create(lost)
    assert found(lost) == []
    rds = service(lost, "rds")
    rds.delete_db_instance(DBInstanceIdentifier=f"{NAME}-1")
    rds.delete_db_cluster(DBClusterIdentifier=NAME, SkipFinalSnapshot=True)
    assert found(lost) == [NAME]
    create(lost)
    assert run_sql(lost, "SELECT value FROM rows") == [[{"stringValue": "survives"}]]


def test_a_database_that_was_deleted_is_not_found_again(lost: LocalCloudClient, tmp_path: Path) -> None:
    rds = service(lost, "rds")
    rds.delete_db_instance(DBInstanceIdentifier=f"{NAME}-1")
    rds.delete_db_cluster(DBClusterIdentifier=NAME, SkipFinalSnapshot=True)
    assert found(lost) == []
    assert lost.status()["contents"]["databases"] == []
    create(lost)
    with pytest.raises(ClientError, match="does not exist"):
        run_sql(lost, "SELECT value FROM rows")


def test_a_reset_names_what_it_deletes(tmp_path: Path) -> None:
    data = tmp_path / ".local"
    (data / "postgres/cluster-A/data").mkdir(parents=True)
    (data / "postgres/cluster-A/data/PG_VERSION").write_bytes(b"16\n")
    (data / "postgres/snapshots/last").mkdir(parents=True)
    Descriptions(data / "postgres").put(Description("cluster-A", "mine", REGION, "things", "owner"))
    stacks: list[dict[str, Any]] = [
        {"name": "shop-dev", "parent_id": None, "status": "CREATE_COMPLETE"},
        {"name": "nested", "parent_id": "x", "status": "CREATE_COMPLETE"},
        {"name": "old", "parent_id": None, "status": "DELETE_COMPLETE"},
    ]
    places = [(f"cloudformation/stacks/{stack['name']}", json.dumps(stack).encode()) for stack in stacks]
    (data / "state").write_bytes(b"a mark\n" + encode({}, places))
    assert LocalCloudClient(data).status()["contents"] == {
        "stacks": ["shop-dev"],
        "databases": [{"identifier": "mine", "region": REGION, "bytes": 3}],
        "snapshots": ["last"],
    }
    LocalCloudClient(data).reset()
    assert not data.exists()
    assert LocalCloudClient(data).status()["contents"] == {"stacks": [], "databases": [], "snapshots": []}


def test_states_are_moved_aside_next_to_each_other(tmp_path: Path) -> None:
    data = tmp_path / ".local"
    data.mkdir()
    cloud = LocalCloudClient(data)
    assert cloud.reset(keep_databases=True) is None
    for number in (1, 2):
        snapshot.write(data / "state", [])
        assert cloud.reset(keep_databases=True) == data / f"aside-{number}"
    assert not (data / "state").exists()


def test_a_cluster_whose_data_are_gone_gets_no_empty_database_instead(tmp_path: Path) -> None:
    cluster = Cluster(
        "arn", "mine", "cluster-A", REGION, "aurora-postgresql", "available", True, True, "d", "u", "p"
    )
    servers = Postgres(tmp_path)
    servers.descriptions.put(Description.of(cluster))
    with pytest.raises(PostgresError, match="The data of the cluster mine are gone"):
        servers.ensure(cluster)
    servers.drop("cluster-A", keep_as=None)
    assert servers.descriptions.get("cluster-A") is None


def test_the_data_that_were_used_last_are_the_last(tmp_path: Path) -> None:
    for number, name in enumerate(("b", "a", "c")):
        control = tmp_path / name / "data/global/pg_control"
        control.parent.mkdir(parents=True)
        control.touch()
        (tmp_path / name / "data/PG_VERSION").touch()
        os.utime(control, (number, number))
    assert [each.resource_id for each in Descriptions(tmp_path).on_disk(known={"c"})] == ["b", "a"]
