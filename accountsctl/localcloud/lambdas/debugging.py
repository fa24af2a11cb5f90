"""Breakpoints: a port of this machine leads to the process of a function, whichever process that is at the moment.

The daemon listens on the port itself and passes on what arrives, so that the port stays open when a push replaces the
process, and so that it is known whether a debugger is connected: as long as one is, no time-out ends the function.
Each process has a private port, on which debugpy or Node.js's inspector listens.

https://microsoft.github.io/debug-adapter-protocol/ and https://nodejs.org/en/learn/getting-started/debugging
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, TypedDict

from accountsctl.localcloud.contracts.lookups import FunctionConfig, Lookups

REACHABLE_SECONDS = 20.0
"""How long a debugger waits for a process that is starting."""
REATTACH_SECONDS = 5.0
"""How long the process that replaces a debugged one waits for the debugger to connect again."""
GRACE_SECONDS = 0.5
"""What a debugger needs after it has connected, to set its breakpoints."""
HANG_UP_SECONDS = 1.0
"""A process that ends so soon after it hung up has ended under its debugger."""
POLL_SECONDS = 0.02
CHUNK = 1 << 16


class DebugRequest(TypedDict):
    """A function of `region`, by its name in Lambda, and the port on which a debugger may connect.

    `folder`: the name of the folder below ``functions/debugged`` that its code is unpacked into, the same for every
    version. `wait`: its next call waits until a debugger is connected.
    """

    name: str
    region: str
    port: int
    folder: str
    wait: bool


class PortTaken(Exception):
    """Another program listens on a port."""


class DebuggedProcess:
    """The private port of one process, and how many debuggers are connected to it.

    `is_python`: they speak the Debug Adapter Protocol with it.
    """

    def __init__(self, debug_port: DebugPort, is_python: bool) -> None:
        self._debug_port = debug_port
        self._is_python = is_python
        self._ended = threading.Event()
        self._connections = 0
        self._hung_up = -HANG_UP_SECONDS
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    @property
    def attached(self) -> bool:
        """Whether a debugger is connected."""
        return self._connections > 0

    @property
    def has_ended(self) -> bool:
        """Whether the process has ended."""
        return self._ended.is_set()

    def wait_for_debugger(self) -> None:
        """Return when a debugger is connected and has set its breakpoints, or at once if none is expected."""
        self._debug_port.wait_for_debugger(self)

    def ended(self) -> None:
        """The process has ended; if that was under a debugger, it is expected to connect to the next one."""
        self._ended.set()
        if self.attached or time.monotonic() - self._hung_up < HANG_UP_SECONDS:
            self._debug_port.expect(REATTACH_SECONDS)

    @contextmanager
    def connection(self) -> Iterator[socket.socket]:
        """A connection to the process; OSError if it does not listen yet."""
        with socket.create_connection(("127.0.0.1", self.port)) as process:
            self._connections += 1
            try:
                yield process
            finally:
                self._connections -= 1

    def join(self, debugger: socket.socket, process: socket.socket) -> None:
        """Pass bytes on in both directions until one of them hangs up."""
        back = threading.Thread(target=self._pump, args=(process, debugger), daemon=True)
        back.start()
        _pump(debugger, process)
        back.join()

    def _pump(self, process: socket.socket, debugger: socket.socket) -> None:
        if self._is_python:
            with contextlib.suppress(OSError), process.makefile("rb") as messages:
                while message := read_message(messages):
                    debugger.sendall(self._with_restart(message))
        _pump(process, debugger)
        self._hung_up = time.monotonic()

    def _with_restart(self, message: bytes) -> bytes:
        """The message; one that says that the process has ended also lets the debugger connect again.

        debugpy does not do that if the debugger connects to it: https://github.com/microsoft/debugpy/issues/577
        """
        if b'"terminated"' not in message or not self._ended.wait(HANG_UP_SECONDS):
            return message
        event = json.loads(message.partition(b"\r\n\r\n")[2])
        if event.get("event") != "terminated":
            return message
        body = json.dumps({**event, "body": {**(event.get("body") or {}), "restart": True}}).encode()
        return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


class DebugPort:
    """Listens from its construction on; `start` starts the function's process unless it runs."""

    def __init__(self, request: DebugRequest, start: Callable[[], object]) -> None:
        self.request = request
        self.function = (request["name"], request["region"])
        self._start = start
        self._processes: list[DebuggedProcess] = []
        self._closed = threading.Event()
        self._expected_until = float("inf") if request["wait"] else 0.0
        try:
            self._listener = socket.create_server(("127.0.0.1", request["port"]))
        except OSError as error:
            raise PortTaken(f"Port {request['port']} of this machine is in use.") from error
        threading.Thread(target=self._accept, name="debug-port", daemon=True).start()

    @property
    def attached(self) -> bool:
        """Whether a debugger is connected to any process of the function."""
        return any(process.attached for process in self._processes)

    def new_process(self, *, is_python: bool) -> DebuggedProcess:
        """For a process that is about to start; new connections go there from now on."""
        process = DebuggedProcess(self, is_python)
        self._processes = [*(old for old in self._processes if old.attached), process]
        return process

    def expect(self, seconds: float) -> None:
        """Let the next call wait so long for a debugger."""
        self._expected_until = time.monotonic() + seconds

    def wait_for_debugger(self, process: DebuggedProcess) -> None:
        """See `DebuggedProcess.wait_for_debugger`."""
        if not self._expected_until:
            return
        while not process.attached and time.monotonic() < self._expected_until:
            if self._closed.wait(POLL_SECONDS):
                return
        if process.attached:
            self._closed.wait(GRACE_SECONDS)
        self._expected_until = 0.0

    def close(self) -> None:
        """Stop listening. A debugger that is connected stays so until its process ends."""
        self._closed.set()
        # A thread that waits in accept() is only woken by shutdown().
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while not self._closed.is_set():
            try:
                debugger, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=(debugger,), name="debugger", daemon=True).start()

    def _connect(self, debugger: socket.socket) -> None:
        with debugger:
            self._start()
            end = time.monotonic() + REACHABLE_SECONDS
            while time.monotonic() < end and not self._closed.wait(POLL_SECONDS):
                # The newest one each time: it may be replaced while it is waited for. debugpy outlives its process.
                newest = self._processes[-1] if self._processes else None
                if newest is None or newest.has_ended:
                    continue
                with contextlib.suppress(OSError), newest.connection() as process:
                    newest.join(debugger, process)
                    return


class Debugging:
    """The functions that are debugged. `start` starts the process of a function unless it runs."""

    def __init__(self, lookups: Lookups, start: Callable[[FunctionConfig], object]) -> None:
        self._lookups = lookups
        self._start = start
        self._ports: list[DebugPort] = []

    def open(self, requests: Sequence[DebugRequest]) -> None:
        """Debug these functions, on these ports from now on; raises PortTaken, and then debugs none of them."""
        self.end(requests)
        try:
            for request in requests:
                self._ports = [*self._ports, self._opened(request)]
        except PortTaken:
            self.end(requests)
            raise

    def end(self, requests: Sequence[DebugRequest]) -> None:
        """Do not debug these functions any more."""
        ended = {(request["name"], request["region"]) for request in requests}
        for port in self._ports:
            if port.function in ended:
                port.close()
        self._ports = [port for port in self._ports if port.function not in ended]

    def port(self, function: FunctionConfig) -> DebugPort | None:
        """The port on which a function is debugged; None if it is not."""
        for port in self._ports:
            if port.function == (function.name, function.region):
                return port
        return None

    def attached(self, function: FunctionConfig) -> bool:
        """Whether a debugger is connected to a function."""
        port = self.port(function)
        return port is not None and port.attached

    def close(self) -> None:
        """Debug no function."""
        for port in self._ports:
            port.close()
        self._ports = []

    def _opened(self, request: DebugRequest) -> DebugPort:
        def start() -> None:
            function = self._lookups.function(request["name"], request["region"])
            if function is not None:
                self._start(function)

        return DebugPort(request, start)


def read_message(stream: BinaryIO) -> bytes:
    """One message of the Debug Adapter Protocol, with its head; empty at the end of the stream.

    https://microsoft.github.io/debug-adapter-protocol/overview#base-protocol
    """
    head, length = b"", 0
    while line := stream.readline():
        head += line
        if line == b"\r\n":
            return head + stream.read(length)
        name, _, value = line.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    return b""


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(CHUNK):
            target.sendall(data)
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
