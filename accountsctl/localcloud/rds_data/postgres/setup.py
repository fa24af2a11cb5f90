"""What Aurora gives a new cluster: a data directory, the master role, the database.

The master is not a superuser, as on RDS: it may create roles and databases, and is a member of
`rds_superuser`. The superuser `rdsadmin` is ours alone; its password is a random one for every cluster and
is stored next to the data, readable by its owner only.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

from accountsctl.localcloud.contracts.lookups import Cluster
from accountsctl.localcloud.rds_data.postgres.binaries import Binaries, PostgresError, environment
from accountsctl.localcloud.rds_data.postgres.process import START_EMPTY

ADMIN = "rdsadmin"
_MASTER_RIGHTS = ("pg_monitor", "pg_signal_backend", "pg_checkpoint")


def create(binaries: Binaries, home: Path) -> None:
    """Create `home`: its `data` and our superuser's password.

    It appears in one step: a kill in between leaves nothing that looks like a cluster. (A copy of a
    data directory made once per machine was measured: a first cluster takes longer by it, a later
    one is 0.3 s faster. It is not worth a cache.)
    """
    home.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".making-", dir=home.parent))
    try:
        _initialise(binaries, draft)
        draft.replace(home)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def apply(host: Path, home: Path, cluster: Cluster) -> None:
    """Set roles, password and database as the cluster's record states them; a second call changes nothing."""
    with _connected(host, home) as connection:
        _master(connection, cluster)
        _databases(connection, cluster)


def _connected(host: Path, home: Path) -> psycopg.Connection[tuple[object, ...]]:
    """Connect as our superuser; PostgresError if the file with its password is lost or damaged."""
    try:
        return psycopg.connect(
            host=str(host),
            port=5432,
            user=ADMIN,
            password=(home / ADMIN).read_text(encoding="utf-8"),
            dbname="postgres",
            hostaddr="",
            options="",
            sslmode="disable",
            gssencmode="disable",
            autocommit=True,
        )
    except (OSError, UnicodeDecodeError, psycopg.OperationalError) as fault:
        raise PostgresError(
            f"The database cannot be opened with the password in {home / ADMIN}: {fault} "
            f"Put that file back from a copy; or {START_EMPTY}"
        ) from fault


def _master(connection: psycopg.Connection[tuple[object, ...]], cluster: Cluster) -> None:
    name = sql.Identifier(cluster.master_username)
    if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", "rds_superuser"):
        connection.execute("CREATE ROLE rds_superuser NOLOGIN")
        for right in _MASTER_RIGHTS:
            connection.execute(
                sql.SQL("GRANT {} TO rds_superuser WITH ADMIN OPTION").format(sql.Identifier(right))
            )
    if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", cluster.master_username):
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEROLE CREATEDB").format(name))
        connection.execute(sql.SQL("GRANT rds_superuser TO {}").format(name))
    _password(connection, cluster.master_username, cluster.master_password)


def _databases(connection: psycopg.Connection[tuple[object, ...]], cluster: Cluster) -> None:
    owner = sql.Identifier(cluster.master_username)
    connection.execute(sql.SQL("ALTER DATABASE postgres OWNER TO {}").format(owner))
    database = cluster.database
    if database and not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", database):
        # The template's files are small and on the same disk: copying beats writing them through the log.
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(database), owner))


def _password(connection: psycopg.Connection[tuple[object, ...]], role: str, password: str) -> None:
    """Set a password by its verifier: the server never sees the password itself."""
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    connection.execute(
        sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier.decode()))
    )


def _exists(connection: psycopg.Connection[tuple[object, ...]], query: str, value: str) -> bool:
    return connection.execute(query.encode(), (value,)).fetchone() is not None


def _initialise(binaries: Binaries, home: Path) -> None:
    _write_private(home / ADMIN, secrets.token_urlsafe(24))
    binaries.give_to_user(home)
    command = binaries.command(
        "initdb",
        "--no-sync",
        f"--pgdata={home / 'data'}",
        f"--username={ADMIN}",
        f"--pwfile={home / ADMIN}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--wal-segsize=4",
        "--locale=C.UTF-8",
    )
    initdb = subprocess.run(command, capture_output=True, cwd=home, check=False, env=environment())
    if initdb.returncode != 0:
        raise PostgresError(f"initdb failed: {initdb.stderr.decode('utf-8', 'replace').strip()[-1000:]}")
    binaries.give_to_user(home)


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
