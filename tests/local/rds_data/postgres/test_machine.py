"""Which PostgreSQL runs, as which user, and which settings of the machine do not reach it."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from accountsctl.localcloud.rds_data.postgres import binaries as postgres_binaries
from accountsctl.localcloud.rds_data.postgres.process import _serves_by_ps
from accountsctl.localcloud.rds_data.postgres.servers import Postgres, PostgresError
from tests.local.processes import ends
from tests.local.rds_data.postgres.conftest import CLUSTER, query


def test_other_binaries_are_taken_where_they_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = postgres_binaries.locate()
    monkeypatch.setenv("ACCOUNTSCTL_PG_BIN", str(found))
    assert postgres_binaries.locate() == found
    monkeypatch.setenv("ACCOUNTSCTL_PG_BIN", str(tmp_path))
    with pytest.raises(PostgresError, match="ACCOUNTSCTL_PG_BIN"):
        postgres_binaries.locate()


def test_the_callers_own_postgresql_settings_do_not_reach_in(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "PGDATA": "/nowhere",
        "PGPORT": "1",
        "PGHOSTADDR": "192.0.2.1",
        "PGOPTIONS": "-c x=y",
    }.items():
        monkeypatch.setenv(name, value)
    server = postgres.ensure(CLUSTER)
    for name in ("PGPORT", "PGHOSTADDR", "PGOPTIONS"):
        monkeypatch.delenv(name)
    assert query(server, "SHOW port") == [("5432",)]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user to run PostgreSQL")
def test_root_runs_it_as_an_unprivileged_user_if_namespaces_are_forbidden(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    binaries = postgres_binaries.as_unprivileged_user(postgres_binaries.locate())
    assert binaries is not None
    postgres = Postgres(tmp_path / "data", binaries=binaries)
    try:
        server = postgres.ensure(CLUSTER)
        query(server, "CREATE TABLE t AS SELECT 1 AS id")
        assert Path(f"/proc/{server.pid}").stat().st_uid == 65534
        os.kill(server.pid, signal.SIGKILL)
        assert ends(server.pid)
        assert query(postgres.ensure(CLUSTER), "SELECT id FROM t") == [(1,)]
    finally:
        postgres.stop()
    assert tmp_path.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(not Path("/bin/ps").exists(), reason="this machine has no ps")
def test_a_leftover_server_is_known_without_proc_as_on_macos() -> None:
    own = Path(sys.executable)
    assert _serves_by_ps(os.getpid(), own)
    assert not _serves_by_ps(os.getpid(), own / "another")
    assert not _serves_by_ps(2**22 + 1, own)
