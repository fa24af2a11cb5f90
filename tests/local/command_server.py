"""Run commands for tests: a process that has imported what they use, and forks itself for every command.

A command is a process with its own folder, environment and streams, as it is for its user. What it does not repeat is
the start of the interpreter, the imports, and at the end the release of all objects: half a second of a processor, and
most of many commands. Tests of the wheel, of terminals and of commands that go on until they are stopped start them as
users do.

A request is a JSON object {arguments, folder, environment} with four descriptors: the streams, and a socket on which
the process id is sent at once and the exit code at the end.
"""

from __future__ import annotations

import gc
import importlib
import json
import multiprocessing
import os
import pkgutil
import select
import socket
import sys
from multiprocessing.process import BaseProcess

import accountsctl
from accountsctl.__main__ import main

LARGEST_REQUEST = 1 << 17
ROOMS = ("cli", "commands", "adapters", "ui", "synth", "doctor", "formats", "planning", "ports", "model")
LATER = (
    "boto3",
    "botocore.httpsession",
    "cfnlint.api",
    "jinja2",
    "rich.console",
    "rich.table",
    "ruamel.yaml",
)
"""What commands import where they use it."""


def load() -> None:
    """Import what commands use."""
    for module in pkgutil.walk_packages(accountsctl.__path__, "accountsctl."):
        if module.name.split(".")[1] in ROOMS and ".scaffold" not in module.name:
            importlib.import_module(module.name)
    for name in LATER:
        importlib.import_module(name)
    gc.freeze()  # a collection in a forked process would copy all pages that it looks at


def serve(control: socket.socket) -> None:
    """Fork for every request, until the tests end."""
    running: dict[int, tuple[BaseProcess, socket.socket]] = {}
    while True:
        waited_for: list[socket.socket | int] = [control, *running]
        readable, _, _ = select.select(waited_for, [], [])
        for sentinel in running.keys() & readable:
            process, reply = running.pop(sentinel)
            process.join()
            with reply:
                _send(reply, process.exitcode)
        if control not in readable:
            continue
        request, descriptors, _, _ = socket.recv_fds(control, LARGEST_REQUEST, 4)
        if not request:
            return
        process = multiprocessing.get_context("fork").Process(
            target=command, args=(json.loads(request), descriptors)
        )
        process.start()
        *streams, answer = descriptors
        for stream in streams:
            os.close(stream)
        reply = socket.socket(fileno=answer)
        running[process.sentinel] = (process, reply)
        _send(reply, process.pid)


def _send(reply: socket.socket, number: int | None) -> None:
    """Send a number; a test that waits no longer does not get it."""
    try:
        reply.send(str(number).encode())
    except (BrokenPipeError, ConnectionResetError):
        return


def command(request: dict[str, object], descriptors: list[int]) -> None:
    """Take the streams, folder, environment and arguments of a request, and run the command."""
    match request:
        case {"arguments": list(arguments), "folder": str(folder), "environment": dict(environment)}:
            for number, descriptor in enumerate(descriptors[:3]):
                os.dup2(descriptor, number)  # of which `sys.stdout` and `sys.stderr` are, unused so far
            for descriptor in descriptors:
                os.close(descriptor)
            os.chdir(folder)
            os.environ.clear()
            os.environ.update(environment)
            sys.argv = arguments
            with open(0, closefd=False) as sys.stdin:  # multiprocessing has put nothing in its place
                main()


if __name__ == "__main__":
    load()
    serve(socket.socket(fileno=int(sys.argv[1])))
