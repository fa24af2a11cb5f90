"""A postmaster's life: start it, wait until it accepts connections, end it.

The kernel stops a postmaster when the daemon dies, whatever kills it (PR_SET_PDEATHSIG, set
by `setpriv`). That signal follows the death of the *thread* that started the child, so every
start goes through one thread that lives as long as the process. If `setpriv` is missing, and in the
instant before it has run, a postmaster can outlive its daemon; the next start ends it first.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from accountsctl.localcloud.rds_data.postgres.binaries import Binaries, PostgresError, environment

START_EMPTY = "delete the resource (accountsctl delete) and push again, to start empty."
_START_LIMIT = 30.0
_STOP_LIMIT = 10.0
_POLL = 0.005
_STALE_MEMORY = "pre-existing shared memory block"

_launcher = ThreadPoolExecutor(1, thread_name_prefix="postgres-launcher")

SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",
    "fsync": "on",
    "synchronous_commit": "on",
    "jit": "off",
    "logging_collector": "off",
    # A statement may carry a secret: the log keeps the error, not the statement.
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}

CONFIGURATION = {
    "postgresql.conf": """\
datestyle = 'iso, mdy'
lc_messages = 'C.UTF-8'
lc_monetary = 'C.UTF-8'
lc_numeric = 'C.UTF-8'
lc_time = 'C.UTF-8'
default_text_search_config = 'pg_catalog.english'
""",
    "postgresql.auto.conf": "",
    "pg_hba.conf": "local all all scram-sha-256\n",
    "pg_ident.conf": "",
}
"""What a server reads, in full: everything else is on its command line. `initdb` writes the same for our locale."""


def start(binaries: Binaries, data: Path, sockets: Path, log: Path) -> subprocess.Popen[bytes]:
    """Start the postmaster of `data` and return once it takes connections; one left over is ended first."""
    end_leftover(data)
    own_configuration(data)
    deadline = time.monotonic() + _START_LIMIT
    while True:
        mark = log.stat().st_size if log.exists() else 0
        child = _launcher.submit(_spawn, binaries, data, sockets, log).result()
        if _became_ready(child, data, deadline):
            return child
        output = _log_since(log, mark)
        # After kill -9 the old backends need a moment to notice that their postmaster has ended.
        if _STALE_MEMORY not in output or time.monotonic() > deadline:
            raise PostgresError(_not_started(output.strip(), log))
        time.sleep(0.05)


def _not_started(output: str, log: Path) -> str:
    sentence = f"PostgreSQL did not start: {output or 'it printed nothing'} (log: {log})"
    if "PG_VERSION" in output or "incompatible" in output:
        sentence += f" Its files are damaged: put them back from a copy; or {START_EMPTY}"
    return sentence


def own_configuration(data: Path) -> None:
    """Write all configuration again. Settings can name commands and libraries to load; only ours are used."""
    for name, text in CONFIGURATION.items():
        path = data / name
        if path.is_symlink():
            path.unlink()
        owner = data.stat()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        os.chown(path, owner.st_uid, owner.st_gid)


def end_leftover(data: Path) -> None:
    """End the postmaster that a killed daemon left on `data`, and clear its pid file if it is stale."""
    pid = _recorded_pid(data)
    if pid is None:
        return
    if _serves(pid, data):
        _signal(pid, signal.SIGINT)
        if not _wait(lambda: not _serves(pid, data), _STOP_LIMIT):
            _signal(pid, signal.SIGKILL)
            _wait(lambda: not _serves(pid, data), _STOP_LIMIT)
    with contextlib.suppress(FileNotFoundError):
        (data / "postmaster.pid").unlink()


def stop(child: subprocess.Popen[bytes]) -> None:
    """Fast shutdown: open transactions are rolled back, everything committed is written."""
    for number, limit in ((signal.SIGINT, _STOP_LIMIT), (signal.SIGQUIT, 2.0), (signal.SIGKILL, 2.0)):
        if child.poll() is not None:
            return
        child.send_signal(number)
        try:
            child.wait(limit)
        except subprocess.TimeoutExpired:
            continue
    child.wait()


def _spawn(binaries: Binaries, data: Path, sockets: Path, log: Path) -> subprocess.Popen[bytes]:
    settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
    command = binaries.command("postgres", "-D", str(data), "-k", str(sockets), *settings)
    setpriv = shutil.which("setpriv")
    if setpriv is not None:
        # Behind the namespace's prefix: entering a namespace clears the parent-death signal.
        split = len(binaries.prefix)
        command = [*command[:split], setpriv, "--pdeathsig", "INT", "--", *command[split:]]
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            cwd=data,
            env=environment(),
        )


def _became_ready(child: subprocess.Popen[bytes], data: Path, deadline: float) -> bool:
    while child.poll() is None:
        lines = _pid_file(data)
        if len(lines) > 7 and lines[0] == str(child.pid) and lines[7].strip() == "ready":
            return True
        if time.monotonic() > deadline:
            stop(child)
            return False
        time.sleep(_POLL)
    return False


def _pid_file(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []


def _recorded_pid(data: Path) -> int | None:
    """The pid in the pid file; 0 if a kill cut the file off, None if there is no file."""
    if not (data / "postmaster.pid").exists():
        return None
    first = (_pid_file(data) or [""])[0].strip()
    return int(first) if first.isdigit() else 0


def _serves(pid: int, data: Path) -> bool:
    """Whether `pid` is a living postmaster of `data`: not a zombie, not another program with its old number."""
    if pid <= 1:
        return False
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return _serves_by_ps(pid, data) if not Path("/proc/self").exists() else False
    return os.fsencode(data) in words


def _serves_by_ps(pid: int, data: Path) -> bool:
    listing = subprocess.run(["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, check=False)
    return os.fsencode(data) in listing.stdout


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _wait(done: Callable[[], bool], limit: float) -> bool:
    deadline = time.monotonic() + limit
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL)
    return True


def _log_since(log: Path, mark: int) -> str:
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(mark)
        return file.read()[-2000:].decode("utf-8", "replace")
