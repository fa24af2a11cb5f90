"""A deleted cluster: its server ends, and its data go or become the final snapshot."""

from __future__ import annotations

from pathlib import Path

import pytest

from accountsctl.localcloud.rds_data.postgres.servers import Postgres, PostgresError
from tests.local.processes import has_ended
from tests.local.rds_data.postgres.conftest import CLUSTER, query

pytestmark = pytest.mark.slow


def test_a_dropped_clusters_data_are_gone(postgres: Postgres, data: Path) -> None:
    server = postgres.ensure(CLUSTER)
    postgres.drop("cluster-ONE", keep_as=None)
    assert has_ended(server.pid)
    assert not (data / "cluster-ONE").exists()
    assert not server.host.exists()
    assert query(postgres.ensure(CLUSTER), "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [
        (0,)
    ]


def test_a_final_snapshot_keeps_the_data_and_is_never_overwritten(postgres: Postgres, data: Path) -> None:
    postgres.ensure(CLUSTER)
    postgres.drop("cluster-ONE", keep_as="final-one")
    assert (data / "snapshots" / "final-one" / "data" / "PG_VERSION").read_text() == "16\n"
    postgres.ensure(CLUSTER)
    with pytest.raises(PostgresError, match="snapshot final-one is there already"):
        postgres.drop("cluster-ONE", keep_as="final-one")
    assert query(postgres.ensure(CLUSTER), "SELECT 1") == [(1,)]


def test_a_cluster_that_was_never_used_can_be_dropped(postgres: Postgres) -> None:
    postgres.drop("cluster-NEVER", keep_as="kept")


@pytest.mark.parametrize("name", ["../x", "", "a/b", ".", "snapshots"])
def test_a_name_that_leads_elsewhere_is_refused(postgres: Postgres, name: str) -> None:
    with pytest.raises(PostgresError, match="is not a cluster's resource id"):
        postgres.drop(name, keep_as=None)
