"""One PostgreSQL 16 server per Aurora cluster, started when the cluster is first used.

A cluster's home is ``<data>/<resource id>/``: ``data`` (PostgreSQL's own), ``rdsadmin`` (our
superuser's password) and ``server.log``; what is known of it stands next to it (`state.clusters`).
Servers listen on a Unix socket in a directory of their own under the system's temporary directory (a
socket's path may not be longer than 107 characters), never on TCP.

`ensure` is called for every request, so it must cost nothing while the server runs: it checks whether
the child lives and whether the cluster's record is still the one that was applied last. Any other state (never
created, killed, left over by a killed daemon, password rotated) it corrects, one thread per cluster.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from accountsctl.localcloud.contracts.lookups import Cluster
from accountsctl.localcloud.rds_data.postgres import process as postgres_process
from accountsctl.localcloud.rds_data.postgres import setup as postgres_setup
from accountsctl.localcloud.rds_data.postgres import snapshots
from accountsctl.localcloud.rds_data.postgres.binaries import Binaries, PostgresError, runnable
from accountsctl.localcloud.rds_data.postgres.process import START_EMPTY
from accountsctl.localcloud.state.clusters import Description, Descriptions

__all__ = ["Postgres", "PostgresError", "Server"]

_SOCKET = ".s.PGSQL.5432"
_LONGEST_SOCKET_PATH = 107
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9:_-]*")


@dataclass(frozen=True)
class Server:
    """A running server. `generation` distinguishes one start from the next: connections of another are dead."""

    resource_id: str
    host: Path
    port: int
    pid: int
    generation: int


class ServerStatus(TypedDict):
    """Whether a cluster's server runs; `pid` is None if it does not."""

    running: bool
    pid: int | None


@dataclass
class _Home:
    """A cluster's folder and server process; used under its lock only."""

    path: Path
    lock: threading.RLock = field(default_factory=threading.RLock)
    child: subprocess.Popen[bytes] | None = None
    server: Server | None = None
    applied: Cluster | None = None
    starts: int = 0


class Postgres:
    """The embedded cloud's database servers."""

    def __init__(self, data: Path, *, binaries: Binaries | None = None) -> None:
        self._data = data.absolute()
        self._binaries = binaries
        self._homes: dict[str, _Home] = {}
        self._lock = threading.Lock()
        self.descriptions = Descriptions(self._data)
        self.snapshots = snapshots.SnapshotHomes(self._data)

    def ensure(self, cluster: Cluster) -> Server:
        """The cluster's server, running, with its master role, password and database as recorded."""
        home = self._home(cluster.resource_id)
        with home.lock:
            server = self._started(home, cluster.resource_id)
            if home.applied is not cluster:
                if home.applied is None or _settings(home.applied) != _settings(cluster):
                    postgres_setup.apply(server.host, home.path, cluster)
                    self.descriptions.put(Description.of(cluster))
                home.applied = cluster
            return server

    def drop(self, resource_id: str, *, keep_as: str | None) -> None:
        """The cluster was deleted: stop its server, and drop its data or keep them under a snapshot's name."""
        home = self._home(resource_id)
        with home.lock:
            snapshot = self.snapshots.new(keep_as) if keep_as is not None else None
            self.descriptions.forget(resource_id)
            self._stop(home)
            if home.path.is_dir():
                if snapshot is not None:
                    home.path.replace(snapshot)
                else:
                    shutil.rmtree(home.path)
            home.applied = None

    def take_snapshot(self, resource_id: str, name: str) -> None:
        """Copy a cluster's data to a snapshot. Its server is stopped for that, and starts again at its next use."""
        home = self._home(resource_id)
        with home.lock:
            target = self.snapshots.new(name)
            self._stop(home)
            snapshots.copy(self._programs(), home.path, target)

    def restore(self, name: str, resource_id: str) -> None:
        """Give a new cluster the data of a snapshot. That of a cluster which was never used has none."""
        home = self._home(resource_id)
        with home.lock:
            snapshots.copy(self._programs(), self.snapshots.path(name), home.path)

    def stop(self) -> None:
        """Fast shutdown of every server, those that an earlier daemon left included."""
        for path in self._on_disk():
            self._home(path.name)
        with self._lock:
            homes = list(self._homes.values())
        with ThreadPoolExecutor(max(1, len(homes))) as together:
            for stopped in [together.submit(self._stop, home) for home in homes]:
                stopped.result()

    def status(self) -> dict[str, ServerStatus]:
        """What runs, for `local status`: one entry per cluster that was used and still has its data."""
        with self._lock:
            homes = {resource_id: home for resource_id, home in self._homes.items() if home.path.is_dir()}
        return {
            resource_id: {"running": _lives(home), "pid": home.server.pid if home.server else None}
            for resource_id, home in sorted(homes.items())
        }

    def _home(self, resource_id: str) -> _Home:
        known = self._homes.get(resource_id)
        if known is not None:
            return known
        if not _PLAIN_NAME.fullmatch(resource_id) or resource_id == snapshots.FOLDER:
            raise PostgresError(f"{resource_id!r} is not a cluster's resource id.")
        with self._lock:
            return self._homes.setdefault(resource_id, _Home(self._data / resource_id))

    def _programs(self) -> Binaries:
        self._binaries = self._binaries or runnable()
        return self._binaries

    def _started(self, home: _Home, resource_id: str) -> Server:
        if home.server is not None and _lives(home):
            return home.server
        binaries = self._programs()
        if not (home.path / "data").is_dir():
            _refuse_if_lost(home.path, self.descriptions.get(resource_id))
            postgres_setup.create(binaries, home.path)
        host = _socket_directory(home.path, binaries)
        home.child = postgres_process.start(binaries, home.path / "data", host, home.path / "server.log")
        home.starts += 1
        home.applied = None
        home.server = Server(resource_id, host, 5432, home.child.pid, home.starts)
        return home.server

    def _stop(self, home: _Home) -> None:
        with home.lock:
            if home.child is not None:
                postgres_process.stop(home.child)
            elif (home.path / "data").is_dir():
                postgres_process.end_leftover(home.path / "data")
            if home.server is not None:
                shutil.rmtree(home.server.host, ignore_errors=True)
            else:
                _forget_sockets(home.path)
            home.child, home.server, home.applied = None, None, None

    def _on_disk(self) -> Iterator[Path]:
        if self._data.is_dir():
            for path in self._data.iterdir():
                if _PLAIN_NAME.fullmatch(path.name) and (path / "data" / "PG_VERSION").is_file():
                    yield path


def _refuse_if_lost(home: Path, known: Description | None) -> None:
    """A cluster that had data gets no empty database in their place without a word."""
    if known is not None or home.is_dir():
        name = known.identifier if known else home.name
        raise PostgresError(
            f"The data of the cluster {name} are gone from {home}. Put the folder back; or {START_EMPTY}"
        )


def _settings(cluster: Cluster) -> tuple[str, str, str | None]:
    return cluster.master_username, cluster.master_password, cluster.database


def _lives(home: _Home) -> bool:
    return home.child is not None and home.child.poll() is None


def _socket_path(home: Path) -> Path:
    """The same path for every start of a cluster, so that the socket that a kill leaves behind is found."""
    name = f"actl-{os.geteuid()}-{hashlib.sha256(os.fsencode(home)).hexdigest()[:12]}"
    for base in (tempfile.gettempdir(), "/tmp"):  # noqa: S108 (a directory of mode 0700 in it)
        path = Path(base) / name
        if len(os.fsencode(path / _SOCKET)) <= _LONGEST_SOCKET_PATH:
            return path
    raise PostgresError(f"No directory for a socket: {tempfile.gettempdir()} is too long a path.")


def _socket_directory(home: Path, binaries: Binaries) -> Path:
    path = _socket_path(home)
    _forget_sockets(home)
    _sweep(path.parent)
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        raise PostgresError(f"{path} is there and is not ours: another user made it. Remove it.") from None
    binaries.give_to_user(path)
    return path


def _forget_sockets(home: Path) -> None:
    path = _socket_path(home)
    # A folder of another user stays: whoever needs the place reports it (`_socket_directory`).
    with contextlib.suppress(FileNotFoundError, PermissionError):
        if path.is_symlink() or not path.is_dir():
            path.unlink()
        else:
            shutil.rmtree(path)


def _sweep(base: Path) -> None:
    """Remove what killed servers of deleted projects left behind: sockets on which no process listens."""
    for path in base.glob(f"actl-{os.geteuid()}-*"):
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(path / _SOCKET))
            except ConnectionRefusedError:
                shutil.rmtree(path, ignore_errors=True)
            except OSError:
                continue  # there is no socket yet: the server is being started
