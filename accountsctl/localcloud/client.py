"""Start, use and stop the embedded cloud. This module is light: it imports no service.

The daemon is found by what it leaves in its folder: a lock that it holds as long as it lives, and
``cloud.json`` with its endpoint. If the lock of a folder is free, no daemon runs there, whatever its
files say; the files of a killed daemon therefore do no harm. Two commands that start the daemon at the
same time queue at a second lock; the later one finds it running.

`daemon_link` finds the daemon and calls it; `daemon_process` starts it.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import secrets
import shutil
import signal
import socket
import string
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import urlsplit

from accountsctl.localcloud import idle_stop, registry
from accountsctl.localcloud.contracts.keys import COMMAND_LINE, Keys
from accountsctl.localcloud.controls import CloudControls
from accountsctl.localcloud.daemon_link import DaemonLink, Endpoint, LocalCloudError, last_port
from accountsctl.localcloud.daemon_process import check_installed, memory_of, spawn, start_error
from accountsctl.localcloud.private_files import locked, write_private
from accountsctl.localcloud.state.trust import TrustError, claim, is_marked, vouch

if TYPE_CHECKING:
    from accountsctl.localcloud.state.contents import Contents

__all__ = ["Endpoint", "LocalCloudClient", "LocalCloudError"]

START_SECONDS = 60.0  # a daemon that dies is seen at once; a busy machine needs patience
STOP_SECONDS = 20.0
KILL_SECONDS = 5.0
LOGS = ("cloud.log", "apis/*.log", "functions/logs/*.log", "postgres/*/server.log")
"""Where the daemon and its services log; packages of functions and databases have logs of their own, in any number."""
STATE_PARTS = ("state", "state.previous", "state.damaged", "blobs")


class CloudStatus(TypedDict):
    """`endpoint` and `pid` are None, and `services` is empty, if the cloud does not run. `idleStop`: in minutes.
    `trusted`: the folder bears this user's mark, or does not exist."""

    running: bool
    endpoint: str | None
    pid: int | None
    dataDir: str
    services: dict[str, object]
    contents: Contents
    idleStop: float | None
    trusted: bool


class RunningCloud(TypedDict):
    """`memory` is that of the daemon alone, in bytes; None if this system does not say."""

    dataDir: str
    endpoint: str
    pid: int
    memory: int | None
    idleStop: float | None


class LocalCloudClient(CloudControls):
    """The embedded cloud whose state is in `data`."""

    def __init__(self, data: Path) -> None:
        self._data = data.absolute()
        super().__init__(DaemonLink(self._data))

    def start(self, *, wait: float = START_SECONDS, port: int | None = None) -> Endpoint:
        """Return the running cloud; start it if it does not run, and wait until it listens.

        `port`: where it has to listen; LocalCloudError if it listens elsewhere, or if another program has the port.
        Without one, it is that of the last time unless another program has it.
        """
        running = self._daemon.running()
        if running:
            return _at(running, port)
        _check_free(port)
        check_installed()
        _claim(self._data)
        self._data.chmod(0o700)
        with locked(self._data / "start.lock"):
            running = self._daemon.running(wait)
            if running:
                return _at(running, port)
            self.stop()  # a daemon of another version, or one that does not respond
            before = last_port(self._data)
            spawn(self._data, wait, port)
            running = self._daemon.running(wait)
        if running is None:
            raise start_error(self._data, "The embedded cloud started and ended again.")
        registry.remember(self._data)
        moved = before if before != urlsplit(running.url).port else None
        return _at(Endpoint(running.url, running.pid, True, moved), port)

    def endpoint(self) -> str | None:
        """Where the cloud listens; None if it does not run."""
        running = self._daemon.running()
        return running.url if running else None

    def stop(self) -> bool:
        """End the daemon and its children in order; return whether it ran."""
        pid = self._daemon.holder()
        if pid is None:
            return False
        for number, patience in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, KILL_SECONDS)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            if self._daemon.wait_until_gone(patience):
                (self._data / "cloud.json").unlink(missing_ok=True)
                return True
        raise LocalCloudError(
            f"The embedded cloud (process {pid}) does not end.", "End the process and try again."
        )

    def status(self) -> CloudStatus:
        """Whether the cloud runs, where, and what of it."""
        from accountsctl.localcloud.state.contents import contents

        running = self._daemon.running()
        services = self._daemon.call(running.url, "GET", "status")["services"] if running else {}
        return {
            "running": running is not None,
            "endpoint": running.url if running else None,
            "pid": running.pid if running else None,
            "dataDir": str(self._data),
            "services": services,
            "contents": contents(self._data),
            "idleStop": idle_stop.minutes(self._data),
            "trusted": not self._data.is_dir() or is_marked(self._data),
        }

    def stop_when_idle(self, minutes: float | None) -> None:
        """Stop after so many minutes in which nothing calls it, from now on and at every start; None for never."""
        _claim(self._data)
        idle_stop.choose(self._data, minutes)

    def reset(self, *, keep_databases: bool = False) -> Path | None:
        """Stop the cloud and delete all of its state: stacks, users, functions, rows.

        `keep_databases`: the data of the databases stay, for new clusters of the same names; the state is moved to a
        folder of its own, which is returned, and nothing is deleted.
        """
        self.stop()
        if (self._data / "postgres").is_dir():
            # A killed daemon may have left its PostgreSQL servers running.
            from accountsctl.localcloud.rds_data.postgres.servers import Postgres

            Postgres(self._data / "postgres").stop()
        if keep_databases:
            return _put_aside(self._data)
        if self._data.is_dir():
            shutil.rmtree(self._data)
        return None

    def logs(self) -> list[Path]:
        """The daemon's own log, then those of its APIs, functions and databases; those that exist."""
        return [path for pattern in LOGS for path in sorted(self._data.glob(pattern))]

    def ensure_pool(self, region: str, pool: Mapping[str, str | None]) -> None:
        """Create an imported user pool with these ids, its clients and one confirmed user, unless it exists.

        `pool`: userPoolId, clientId, webClientId, and optionally userPoolName and identityPoolId.
        """
        username, password = self.demo_user()
        user = {"username": username, "password": password}
        body = {"region": region, "pool": dict(pool), "user": user}
        self._daemon.call(self.start().url, "POST", "pools", body)

    def demo_user(self) -> tuple[str, str]:
        """The user of every imported pool: name and password, created once and stored only here, mode 0600."""
        path = self._data / "demo-user.json"
        _claim(self._data)
        if not path.exists():
            with locked(self._data / "demo-user.lock"):
                if not path.exists():
                    write_private(path, json.dumps({"username": "demo", "password": new_password()}))
        try:
            user = json.loads(path.read_text())
            return user["username"], user["password"]
        except (ValueError, KeyError, TypeError) as fault:
            raise LocalCloudError(
                f"{path} is damaged.",
                "Remove it: a new password is made. Users that exist keep the old one until `accountsctl local reset`.",
            ) from fault

    def credentials(self) -> tuple[str, str]:
        """The access key id and the secret access key that this cloud accepts from the command line and its user."""
        _claim(self._data)
        secret = Keys.of(self._data).secret(COMMAND_LINE)
        assert secret is not None
        return COMMAND_LINE, secret

    def trust(self) -> bool:
        """Mark what lies in the folder as this user's, whoever made it; return whether it exists.

        It can run code from then on: only for a user who knows where it came from.
        """
        from accountsctl.localcloud.state.snapshot import renew_mark

        if not self._data.is_dir():
            return False
        try:
            vouch(self._data)
            renew_mark(self._data / "state")
        except TrustError as fault:
            raise LocalCloudError(str(fault), fault.hint) from fault
        return True


def running_clouds() -> Iterator[RunningCloud]:
    """The clouds of this user that run now."""
    for data in registry.known():
        running = DaemonLink(data).running()
        if running is not None:
            memory = memory_of(running.pid)
            idle = idle_stop.minutes(data)
            yield {
                "dataDir": str(data),
                "endpoint": running.url,
                "pid": running.pid,
                "memory": memory,
                "idleStop": idle,
            }


def _at(running: Endpoint, port: int | None) -> Endpoint:
    if port is not None and urlsplit(running.url).port != port:
        raise LocalCloudError(
            f"The embedded cloud runs at {running.url}.",
            f"Stop it first: accountsctl local stop && accountsctl local start --port {port}",
        )
    return running


def _check_free(port: int | None) -> None:
    if port is None:
        return
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as fault:
            raise LocalCloudError(
                f"Port {port} cannot be used: {fault.strerror}.", "Choose another --port."
            ) from fault


def _put_aside(data: Path) -> Path | None:
    """Move the state and the contents that it names to ``aside-N``; None if there is nothing to move."""
    parts = [path for name in STATE_PARTS if (path := data / name).exists()]
    if not parts:
        return None
    numbers = (data / f"aside-{number}" for number in itertools.count(1))
    aside = next(path for path in numbers if not path.exists())
    aside.mkdir(mode=0o700)
    for path in parts:
        path.rename(aside / path.name)
    return aside


def new_password() -> str:
    """24 random letters and digits, and one of each kind that a pool may require."""
    alphabet = string.ascii_letters + string.digits
    return "".join(secrets.choice(alphabet) for _ in range(24)) + "aA1!"


def _claim(data: Path) -> None:
    """Create the folder, or check that this user's accountsctl created it.

    Git ignores what is in it, whatever the project's own .gitignore states: it holds passwords, tokens
    and the database.
    """
    try:
        claim(data)
    except TrustError as fault:
        raise LocalCloudError(str(fault), fault.hint) from fault
    if not (data / ".gitignore").exists():
        (data / ".gitignore").write_text("*\n")
