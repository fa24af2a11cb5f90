"""The daemon: one process that is the embedded cloud of one project.

It holds a lock on its folder for as long as it lives, so that a second one cannot open the same state,
and so that everyone can see whether it lives: the kernel releases the lock with the process, however it
ended. It writes its endpoint to ``cloud.json``. SIGTERM, or a call to ``/_accountsctl/shutdown``,
ends it in order: operations end, the state is written, the databases stop.
"""

from __future__ import annotations

import fcntl
import hmac
import json
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict

from accountsctl import __version__
from accountsctl.localcloud import idle_stop
from accountsctl.localcloud.contracts import dispatch
from accountsctl.localcloud.contracts.dispatch import error
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.contracts.reporting import report, report_exception
from accountsctl.localcloud.daemon_link import POLL_SECONDS, PORT, last_port
from accountsctl.localcloud.idle_stop import IdleTime
from accountsctl.localcloud.lambdas.debugging import DebugRequest, PortTaken
from accountsctl.localcloud.moto_services.pools import PoolIds
from accountsctl.localcloud.server import http
from accountsctl.localcloud.server.memory import give_back_memory
from accountsctl.localcloud.server.router import Router
from accountsctl.localcloud.server.services import DEFAULT_REGION, Services
from accountsctl.localcloud.state import snapshot, trust
from accountsctl.localcloud.state.parts import Places
from accountsctl.localcloud.state.saver import Saver

STATE, INFO, TOKEN, LOCK = "state", "cloud.json", "token", "daemon.lock"
LOOKED_AT_SECONDS = 0.3  # longer than any command that looks for the daemon shares its lock
WATCH = 2.0  # seconds between two checks that the folder still exists
REFUSING_SECONDS = 2.0  # how long those who wait are given the reason why the state could not be restored


class PoolRequest(TypedDict):
    """The body of ``POST /_accountsctl/pools``."""

    region: str
    pool: PoolIds
    user: dict[str, str]


class Busy(Exception):
    """Another daemon serves this folder."""


def serve(data: Path, port: int | None, ready: int | None) -> int:
    """Run the daemon until it is stopped; return the exit code. `ready`: a descriptor to write "ready" to."""
    try:
        trust.claim(data)
        held = lock(data)
    except trust.TrustError as fault:
        return _refuse(fault, fault.hint)
    except Busy:
        print(f"another daemon serves {data}", file=sys.stderr)
        return 3
    try:
        return Daemon(data, port, held).run(ready)
    except (snapshot.StateError, trust.TrustError) as fault:
        return _refuse(fault, fault.hint)


def _reported(path: Path, fault: Exception) -> snapshot.StateError:
    """Why a state with a valid mark was not restored; the log has it in its last line, after the traceback."""
    report_exception()
    failure = snapshot.StateError(
        f"{path} cannot be restored: {type(fault).__name__}: {fault}.",
        f"Install the version of accountsctl that wrote it; or: {snapshot.START_AGAIN} Nothing was changed.",
    )
    report(f"{failure} {failure.hint}")
    return failure


def _refuse(fault: Exception, hint: str) -> int:
    """Print what and what next in one line, the last of the log, which the CLI shows; return the exit code."""
    print(f"{fault} {hint}", file=sys.stderr)
    return 4


class Daemon:
    def __init__(self, data: Path, port: int | None, lock: int) -> None:
        self._data = data
        self._lock = lock
        self._stop = threading.Event()
        self._code = 0
        self._token = _token(data)
        self._started = time.time()
        self._state = snapshot.read(data / STATE)
        self._idle = IdleTime()
        self._router = Router(self._handle_control_call, self._idle)
        self._server = http.listen(self._router.handle, port or last_port(data), dispatch.kept_bytes)
        self._blobs = snapshot.blobs_of(data / STATE)
        self._places = Places(self._blobs)
        self._services = Services(data, lambda: self._server.endpoint, self._router.handle_own, self._blobs)
        self._services.functions.use = self._idle.use

    def run(self, ready: int | None) -> int:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name="http", daemon=True).start()
        self._announce()
        if ready is not None:
            os.write(ready, b"ready\n")
            os.close(ready)
        saver = self._open()
        while not self._stop.wait(WATCH) and self._is_ours() and not self._is_idle():
            continue
        if saver:
            self._close(saver)
        (self._data / INFO).unlink(missing_ok=True)
        self._server.server_close()
        return self._code

    def _is_idle(self) -> bool:
        """Whether it was not used for as long as its setting says, which may change at any time."""
        limit = idle_stop.minutes(self._data)
        if not self._idle.is_over(limit):
            return False
        report(f"nothing called it for {limit:g} min, stopping; `accountsctl local start` starts it again")
        self._stop.set()
        return True

    def _is_ours(self) -> bool:
        """Whether the folder still exists. If it was deleted, there is nothing to save and no one to serve."""
        try:
            current = (self._data / LOCK).stat()
        except FileNotFoundError:
            return False
        return os.path.samestat(current, os.fstat(self._lock))

    def _open(self) -> Saver | None:
        """Restore the state and serve everyone; None if that failed: the daemon then ends."""
        saver = Saver(self._save)
        self._services.changed = saver.changed
        self._router.prepare(self._services)
        try:
            self._services.restore(self._state)
        except Exception as fault:  # noqa: BLE001 - in the log and the exit code; the state on disk stays as it is
            self._code = 5
            # Whoever waits for a response gets the reason before the daemon stops.
            self._router.fail(_reported(self._data / STATE, fault))
            threading.Timer(REFUSING_SECONDS, self._stop.set).start()
            return None
        self._state = None
        self._router.open(saver)
        threading.Thread(target=self._warm, name="warm", daemon=True).start()
        return saver

    def _save(self) -> None:
        places, named = self._places.place(self._services.state(completely=self._stop.is_set()))
        snapshot.write(self._data / STATE, places)
        self._blobs.sweep(named)

    def _warm(self) -> None:
        try:
            self._services.clients.warm(DEFAULT_REGION)
            give_back_memory()
        except Exception:  # noqa: BLE001 - only the first calls are slower then; the log says why
            report_exception()

    def _close(self, saver: Saver) -> None:
        """Accept no new calls, let the running ones end, write the last state, stop the databases."""
        self._server.shutdown()
        try:
            self._services.close()
            if self._is_ours():
                saver.changed()
            saver.close()
        finally:
            self._services.postgres.stop()

    def _announce(self) -> None:
        endpoint = self._server.endpoint
        info = {"pid": os.getpid(), "endpoint": endpoint, "started": self._started, "version": __version__}
        snapshot.write_private(self._data / PORT, endpoint.rpartition(":")[2].encode())
        snapshot.write_private(self._data / INFO, json.dumps(info).encode())

    def _handle_control_call(self, request: Request) -> Response:
        """``/_accountsctl/…``: for the CLI that shares our folder, and so our token."""
        token = request.header("X-Accountsctl-Token") or ""
        if not hmac.compare_digest(token.encode(), self._token.encode()):
            return error(403, "AccessDeniedException", "The token is missing or wrong.")
        match (request.method, request.path.removeprefix("/_accountsctl/")):
            case ("GET", "health"):
                return _json({"pid": os.getpid(), "version": __version__})
            case ("GET", "status"):
                return _json({"pid": os.getpid(), "services": self._services.status()})
            case ("POST", "shutdown"):
                self._stop.set()
                return _json({})
            case ("POST", "pools"):
                return self._pool(json.loads(request.body))
            case ("POST", "sleep"):
                self._router.wait()
                return _json({"asleep": self._services.sleep(json.loads(request.body)["seconds"])})
            case ("POST", "delays"):
                delays = self._services.cloudformation.delays
                delays.change(json.loads(request.body)["seconds"])
                return _json({"seconds": delays.seconds})
            case ("POST", "debug"):
                body = json.loads(request.body)
                return self._debug(body["functions"], on=body["on"])
        return error(404, "UnknownOperationException", "There is no such call.")

    def _debug(self, functions: list[DebugRequest], *, on: bool) -> Response:
        self._router.wait()
        debugging = self._services.functions.debugging
        try:
            (debugging.open if on else debugging.end)(functions)
        except PortTaken as fault:
            return error(409, "PortTaken", str(fault))
        return _json({})

    def _pool(self, body: PoolRequest) -> Response:
        self._router.wait()
        try:
            created = self._services.control.ensure_pool(body["region"], body["pool"], body["user"])
        except ValueError as fault:
            return error(400, "InvalidParameterException", str(fault))
        if created:
            self._router.save()
        return _json({"made": created})


def _json(value: Mapping[str, object]) -> Response:
    return Response(200, (("Content-Type", "application/json"),), json.dumps(value).encode())


def lock(data: Path) -> int:
    """Hold the folder; raises Busy if another daemon does. Its lock ends with the descriptor, or with the process.

    A command that looks for the daemon shares the lock for a moment; that does not count.
    """
    handle = os.open(data / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    end = time.monotonic() + LOOKED_AT_SECONDS
    while not _locked(handle):
        if time.monotonic() >= end:
            os.close(handle)
            raise Busy
        time.sleep(POLL_SECONDS)
    os.ftruncate(handle, 0)
    os.write(handle, str(os.getpid()).encode())
    return handle


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _token(data: Path) -> str:
    """The folder's token, made by its first daemon."""
    path = data / TOKEN
    if not path.exists():
        snapshot.write_private(path, secrets.token_urlsafe(32).encode())
    return path.read_text()
