"""A cluster, the servers of a folder of their own, and SQL on one of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from accountsctl.localcloud.contracts.lookups import Cluster
from accountsctl.localcloud.rds_data.postgres.servers import Postgres, Server

CLUSTER = Cluster(
    arn="arn:aws:rds:eu-central-1:123456789012:cluster:one",
    identifier="one",
    resource_id="cluster-ONE",
    region="eu-central-1",
    engine="aurora-postgresql",
    status="available",
    http_endpoint_enabled=True,
    has_instance=True,
    database="accountsDatabase",
    master_username="Master",
    master_password="it's",
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "postgres"


@pytest.fixture
def postgres(data: Path) -> Iterator[Postgres]:
    servers = Postgres(data)
    yield servers
    servers.stop()


def query(
    server: Server, sql: str, cluster: Cluster = CLUSTER, database: str | None = None
) -> list[tuple[object, ...]] | None:
    """The rows of a query; None if the statement returns none."""
    with psycopg.connect(
        host=str(server.host),
        port=server.port,
        user=cluster.master_username,
        password=cluster.master_password,
        dbname=database or cluster.database,
        autocommit=True,
    ) as connection:
        cursor = connection.execute(sql.encode())
        return cursor.fetchall() if cursor.description else None
