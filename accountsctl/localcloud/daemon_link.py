"""Find the daemon of a folder, and call it over HTTP with the folder's token."""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict
from urllib.parse import urlsplit

from accountsctl import __version__

POLL_SECONDS = 0.01
CALL_SECONDS = 30
PORT = "port"
"""The file with the port that the daemon has, or had the last time."""


class LocalCloudError(Exception):
    """The embedded cloud could not do what was requested. `hint` says what to do next."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


CallResult = dict[str, Any]
"""The JSON of a control call; `server.daemon` defines the members of each."""


class DaemonInfo(TypedDict):
    """The content of ``cloud.json``. `started`: seconds since the epoch."""

    pid: int
    endpoint: str
    started: float
    version: str


@dataclass(frozen=True)
class Endpoint:
    """A running cloud. `started`: this call started it; `before` is where it listened the last time, if elsewhere."""

    url: str
    pid: int
    started: bool
    before: int | None = None


class DaemonLink:
    """The daemon whose state is in `data`, whether it runs or not."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def running(self, wait: float = 0.0) -> Endpoint | None:
        """Return the daemon if it responds and has this version. `wait`: seconds to give to one that starts."""
        end = time.monotonic() + wait
        while self.holder() is not None:
            info = self._info()
            if info and self._healthy(info):
                if info["version"] != __version__:
                    return None
                return Endpoint(info["endpoint"], info["pid"], False)
            if time.monotonic() >= end:
                return None
            time.sleep(POLL_SECONDS)
        return None

    def holder(self) -> int | None:
        """The process that holds the daemon's lock; None if no process does."""
        try:
            handle = os.open(self._data / "daemon.lock", os.O_RDONLY)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            # The file is still empty if the holder has not written its process id yet.
            return int(os.read(handle, 20) or 0) or None
        finally:
            os.close(handle)
        return None

    def wait_until_gone(self, patience: float) -> bool:
        """Wait until no process holds the lock, at most `patience` seconds; return whether that happened."""
        end = time.monotonic() + patience
        while self.holder() is not None:
            if time.monotonic() >= end:
                return False
            time.sleep(POLL_SECONDS)
        return True

    def call(self, url: str, method: str, name: str, body: Mapping[str, object] | None = None) -> CallResult:
        """Call ``/_accountsctl/NAME``; return the JSON of the response, raise LocalCloudError unless it is 200."""
        address = urlsplit(url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=CALL_SECONDS)
        try:
            headers = {"X-Accountsctl-Token": (self._data / "token").read_text()}
            connection.request(method, f"/_accountsctl/{name}", json.dumps(body) if body else None, headers)
            response = connection.getresponse()
            result: CallResult = json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError) as fault:
            # It may end at any moment, or another program may have its port.
            raise LocalCloudError(
                f"The embedded cloud did not answer {name}: {fault}.", f"Read {self._data / 'cloud.log'}."
            ) from fault
        finally:
            connection.close()
        if response.status != 200:
            raise LocalCloudError(
                f"The embedded cloud refused {name}: {result.get('message')}", "See its log."
            )
        return result

    def _info(self) -> DaemonInfo | None:
        try:
            info: DaemonInfo = json.loads((self._data / "cloud.json").read_text())
        except (FileNotFoundError, ValueError):
            return None
        return info

    def _healthy(self, info: DaemonInfo) -> bool:
        """Whether the process of `cloud.json` responds there. Another program may use the port by now."""
        try:
            return bool(self.call(info["endpoint"], "GET", "health")["pid"] == info["pid"])
        except (LocalCloudError, KeyError):
            return False


def last_port(data: Path) -> int | None:
    """The port that the daemon of a folder had the last time; None if it is not known."""
    try:
        return int((data / PORT).read_text())
    except (FileNotFoundError, ValueError):
        return None
