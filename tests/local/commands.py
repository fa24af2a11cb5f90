"""Commands of tests, each a process that `command_server` forks."""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path

SERVER = Path(__file__).with_name("command_server.py")
COMMAND = Path(sys.executable).parent / "accountsctl"
SECONDS = 120.0


def run_command(
    words: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    stdin: str = "",
    started: Callable[[int], None] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run `accountsctl` with these words, and no terminal. AssertionError if it takes more than SECONDS.

    `started` is called with the process id when the process runs.
    """
    (get, into), (out, printed), (err, reported) = os.pipe(), os.pipe(), os.pipe()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    request = {
        "arguments": [str(COMMAND), *words],
        "folder": str(folder),
        "environment": dict(environment),
    }
    with ours, ThreadPoolExecutor(3) as pool:
        with theirs:
            descriptors = [get, printed, reported, theirs.fileno()]
            socket.send_fds(_server(), [json.dumps(request).encode()], descriptors)
        for descriptor in (get, printed, reported):
            os.close(descriptor)
        pool.submit(_write, into, stdin)
        texts = [pool.submit(_read, stream) for stream in (out, err)]
        process = int(ours.recv(32))
        if started:
            started(process)
        code = _exit_code(ours, process)
        return subprocess.CompletedProcess(words, code, *(text.result() for text in texts))


def _exit_code(reply: socket.socket, process: int) -> int:
    """What the server sends when the process has ended."""
    reply.settimeout(SECONDS)
    try:
        return int(reply.recv(32))
    except TimeoutError:
        os.kill(process, signal.SIGKILL)
        raise AssertionError(f"the command did not end within {SECONDS:.0f} s") from None


def _read(stream: int) -> str:
    """All text of a pipe."""
    with open(stream) as file:
        return file.read()


def _write(stream: int, text: str) -> None:
    """Write a pipe; a command may end without having read it."""
    with suppress(BrokenPipeError), open(stream, "w") as file:
        file.write(text)


@cache
def _server() -> socket.socket:
    """The socket of this worker's server, which ends with it."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        command = [sys.executable, "-P", str(SERVER), str(theirs.fileno())]
        process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours
