"""The embedded PostgreSQL servers' life: started on first use, back after any death, gone at the end."""

from __future__ import annotations

import dataclasses
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from accountsctl.localcloud.rds_data.postgres.servers import Postgres, PostgresError, Server
from tests.local.processes import ends, has_ended
from tests.local.rds_data.postgres.conftest import CLUSTER, query

pytestmark = pytest.mark.slow


def test_the_master_owns_its_database_in_utf8_and_commits_are_synced(postgres: Postgres) -> None:
    server = postgres.ensure(CLUSTER)
    owned = "SELECT datname, pg_get_userbyid(datdba) FROM pg_database WHERE NOT datistemplate ORDER BY 1"
    assert query(server, owned) == [("accountsDatabase", "Master"), ("postgres", "Master")]
    settings = {"fsync": "on", "server_encoding": "UTF8", "listen_addresses": "", "TimeZone": "UTC"}
    for name, value in settings.items():
        assert query(server, f"SHOW {name}") == [(value,)]
    query(server, "CREATE TABLE t (id int)")
    query(server, "CREATE ROLE app LOGIN")
    query(server, "CREATE DATABASE other")


def test_no_one_else_can_reach_a_server(postgres: Postgres, data: Path) -> None:
    server = postgres.ensure(CLUSTER)
    assert server.host.stat().st_mode & 0o777 == 0o700
    for private in ("rdsadmin", "server.log"):
        assert (data / "cluster-ONE" / private).stat().st_mode & 0o777 == 0o600
    assert data.stat().st_mode & 0o777 == 0o700
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        query(server, "SELECT 1", dataclasses.replace(CLUSTER, master_password="wrong"))


def test_a_running_server_is_the_same_server(postgres: Postgres) -> None:
    assert postgres.ensure(CLUSTER) == postgres.ensure(CLUSTER)


def test_clusters_share_nothing(postgres: Postgres) -> None:
    other = dataclasses.replace(CLUSTER, resource_id="cluster-TWO", database=None)
    first, second = postgres.ensure(CLUSTER), postgres.ensure(other)
    query(first, "CREATE TABLE t (id int)")
    named = "SELECT count(*) FROM pg_database WHERE datname = 'accountsDatabase'"
    assert query(second, named, other, "postgres") == [(0,)]
    assert (first.pid, first.host) != (second.pid, second.host)


def test_two_clusters_have_two_superuser_passwords(postgres: Postgres, data: Path) -> None:
    for name in ("cluster-ONE", "cluster-TWO"):
        postgres.ensure(dataclasses.replace(CLUSTER, resource_id=name))
    one, two = ((data / name / "rdsadmin").read_text() for name in ("cluster-ONE", "cluster-TWO"))
    assert one != two


def test_a_rotated_password_replaces_the_old_one(postgres: Postgres) -> None:
    postgres.ensure(CLUSTER)
    rotated = dataclasses.replace(CLUSTER, master_password="new")
    server = postgres.ensure(rotated)
    assert query(server, "SELECT 1", rotated) == [(1,)]
    with pytest.raises(psycopg.OperationalError):
        query(server, "SELECT 1")


def test_rows_survive_a_stop_and_a_start(postgres: Postgres) -> None:
    query(postgres.ensure(CLUSTER), "CREATE TABLE t AS SELECT 1 AS id")
    postgres.stop()
    assert query(postgres.ensure(CLUSTER), "SELECT id FROM t") == [(1,)]


def test_a_killed_server_is_started_again_with_what_was_committed(postgres: Postgres) -> None:
    server = postgres.ensure(CLUSTER)
    query(server, "CREATE TABLE t AS SELECT 1 AS id")
    os.kill(server.pid, signal.SIGKILL)
    assert ends(server.pid)
    again = postgres.ensure(CLUSTER)
    assert again.generation == server.generation + 1
    assert query(again, "SELECT id FROM t") == [(1,)]


def test_a_server_left_over_is_replaced(postgres: Postgres, data: Path) -> None:
    left = postgres.ensure(CLUSTER)
    query(left, "CREATE TABLE t AS SELECT 1 AS id")
    other = Postgres(data)
    try:
        server = other.ensure(CLUSTER)
        assert has_ended(left.pid)
        assert query(server, "SELECT id FROM t") == [(1,)]
    finally:
        other.stop()


def test_stop_ends_servers_that_an_earlier_daemon_left(postgres: Postgres, data: Path) -> None:
    left = postgres.ensure(CLUSTER)
    Postgres(data).stop()
    assert has_ended(left.pid)
    assert not left.host.exists()


@pytest.mark.parametrize("text", ["1\n/elsewhere\n", "999999999\n", "", "nonsense\n"])
def test_a_stale_pid_file_stops_nothing(postgres: Postgres, data: Path, text: str) -> None:
    postgres.ensure(CLUSTER)
    postgres.stop()
    (data / "cluster-ONE" / "data" / "postmaster.pid").write_text(text)
    assert query(postgres.ensure(CLUSTER), "SELECT 1") == [(1,)]


def test_a_dead_servers_socket_is_swept_away(postgres: Postgres) -> None:
    directory = Path(tempfile.gettempdir()) / f"actl-{os.geteuid()}-left"
    directory.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(directory / ".s.PGSQL.5432"))
    postgres.ensure(CLUSTER)
    assert not directory.exists()


ANOTHER_USER = """
import os, sys, tempfile
from pathlib import Path
from accountsctl.localcloud.rds_data.postgres import servers
tempfile.tempdir, kind, home = sys.argv[1], sys.argv[2], Path("/home/of/the/cluster")
os.seteuid(65534)
path = servers._socket_path(home)
os.seteuid(0)
{"folder": path.mkdir, "file": path.touch, "link": lambda: path.symlink_to("/etc")}[kind]()
os.seteuid(65534)
try:
    servers._socket_directory(home, None)
except servers.PostgresError as error:
    print(error)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as two users")
@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_a_place_that_another_user_took_is_reported_and_left_alone(kind: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        base.chmod(0o1777)  # as /tmp: everyone may create, and remove only what is theirs
        run = subprocess.run(
            [sys.executable, "-c", ANOTHER_USER, name, kind], capture_output=True, text=True, check=True
        )
        (taken,) = base.iterdir()
        assert run.stdout == f"{taken} is there and is not ours: another user made it. Remove it.\n"
        assert (taken.is_symlink(), taken.is_file()) == (kind == "link", kind == "file")


def test_many_threads_start_one_server(postgres: Postgres) -> None:
    servers: list[Server] = []
    threads = [threading.Thread(target=lambda: servers.append(postgres.ensure(CLUSTER))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(servers) == 8
    assert len(set(servers)) == 1
    # The thread that started it has ended by now: its server must not have gone with it.
    assert query(servers[0], "SELECT 1") == [(1,)]


DAEMON = """
import sys, threading
from pathlib import Path
from accountsctl.localcloud.rds_data.postgres.servers import Postgres
from accountsctl.localcloud.contracts.lookups import Cluster
print(Postgres(Path(sys.argv[1])).ensure(Cluster(*{fields!r})).pid, flush=True)
threading.Event().wait()
"""


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="the kernel's parent-death signal needs setpriv")
def test_a_server_ends_when_its_daemon_is_killed(data: Path) -> None:
    program = DAEMON.format(fields=dataclasses.astuple(CLUSTER))
    with subprocess.Popen([sys.executable, "-c", program, data], stdout=subprocess.PIPE, text=True) as daemon:
        assert daemon.stdout is not None
        pid = int(daemon.stdout.readline())
        assert not has_ended(pid)
        daemon.kill()
    assert ends(pid)
    Postgres(data).stop()


def test_the_status_says_what_runs(postgres: Postgres) -> None:
    assert postgres.status() == {}
    server = postgres.ensure(CLUSTER)
    assert postgres.status() == {"cluster-ONE": {"running": True, "pid": server.pid}}
    postgres.stop()
    assert postgres.status() == {"cluster-ONE": {"running": False, "pid": None}}


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda file: file.write_text("9\n"), r"(?s)did not start: .*incompatible.*accountsctl delete"),
        (lambda file: file.write_text(""), r"(?s)did not start: .*valid data.*accountsctl delete"),
        (lambda file: file.unlink(), r"(?s)did not start: .*missing.*accountsctl delete"),
        (lambda file: shutil.rmtree(file.parent), r"data of the cluster .* are gone .*accountsctl delete"),
        (
            lambda file: shutil.rmtree(file.parents[1]),
            r"data of the cluster .* are gone .*accountsctl delete",
        ),
    ],
    ids=["of another version", "empty", "no version", "no data", "no folder"],
)
def test_damaged_or_lost_data_are_named_with_the_way_out_and_never_replaced_by_empty_ones(
    postgres: Postgres, data: Path, damage: Callable[[Path], object], sentence: str
) -> None:
    postgres.ensure(CLUSTER)
    postgres.stop()
    damage(data / "cluster-ONE" / "data" / "PG_VERSION")
    with pytest.raises(PostgresError, match=sentence):
        postgres.ensure(CLUSTER)


@pytest.mark.parametrize(
    "damage",
    [lambda file: file.unlink(), lambda file: file.write_text(""), lambda file: file.write_bytes(b"\xff")],
    ids=["gone", "empty", "flipped"],
)
def test_a_lost_password_of_the_superuser_is_named_with_the_way_out(
    postgres: Postgres, data: Path, damage: Callable[[Path], object]
) -> None:
    postgres.ensure(CLUSTER)
    postgres.stop()
    password = data / "cluster-ONE" / "rdsadmin"
    before = password.read_text()
    damage(password)
    with pytest.raises(PostgresError, match=r"(?s)rdsadmin.*Put that file back"):
        postgres.ensure(CLUSTER)
    password.write_text(before)
    assert query(postgres.ensure(CLUSTER), "SELECT 1") == [(1,)]
