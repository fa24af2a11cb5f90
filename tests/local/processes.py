"""Whether a process of a test still runs, the wait until it does not, and ports for processes."""

from __future__ import annotations

import os
import select
import socket

SECONDS = 10.0


def ends(pid: int, within: float = SECONDS) -> bool:
    """Wait until the process has ended; return whether it did. A zombie has ended: it runs nothing.

    A signal is delivered some time after kill() returns, so a single look at the process could come too early.
    """
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        readable, _, _ = select.select([descriptor], [], [], within)
    finally:
        os.close(descriptor)
    return bool(readable)


def has_ended(pid: int) -> bool:
    """Whether the process has ended, without a wait."""
    return ends(pid, 0.0)


def free_port() -> int:
    """A port of this machine on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port
