"""One sandbox: a process that runs a function's code, one invocation at a time.

At the end of an invocation everything that the code printed before it responded is already in the
output file, so the log needs no reader thread and comes in a fixed order.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from accountsctl.localcloud.contracts.identifiers import new_trace_part, new_uuid
from accountsctl.localcloud.contracts.lookups import FunctionConfig
from accountsctl.localcloud.lambdas.debugging import DebuggedProcess
from accountsctl.localcloud.lambdas.environment import CloudAccess, Folders, command, variables, wrapped
from accountsctl.localcloud.lambdas.output import SandboxOutput
from accountsctl.localcloud.lambdas.report import (
    Measured,
    PeakMemory,
    error_payload,
    exit_message,
    invocation_log,
    own_megabytes,
    timeout_message,
)
from accountsctl.localcloud.lambdas.runtime_api import (
    Completed,
    Exited,
    InitFailed,
    Outcome,
    Ready,
    RuntimeApi,
    Task,
)

INIT_SECONDS = 10.0
MEMORY_SECONDS = 0.1
"""How often the memory of a running invocation is read. Lambda ends it at once; here it may have more for so long."""
HELD_SECONDS = 3600.0
"""The time that a function sees that it has left, if a debugger is connected."""


@dataclass(frozen=True)
class Run:
    """The result of one invocation, and its log.

    `stream` is the log stream of its sandbox; `seconds` is how long the handler took.
    """

    request_id: str
    payload: bytes
    failed: bool
    log: bytes
    stream: str
    seconds: float


class Sandbox:
    """Started by the constructor; `invoke` may be called by one thread at a time.

    As long as a debugger is connected to it by `debugged`, no limit of time ends it.
    """

    def __init__(
        self,
        function: FunctionConfig,
        folders: Folders,
        access: CloudAccess,
        debugged: DebuggedProcess | None = None,
    ) -> None:
        # First, because it may refuse, and nothing is open yet.
        program = command(function, debugged.port if debugged else None)
        self.function = function
        self._debugged = debugged
        self._outcomes: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        self._output = SandboxOutput()
        self._fresh = True
        self._broken = False
        self._peak: int | None = None
        self._started = time.monotonic()
        self._api = RuntimeApi(self._outcomes.put)
        program, arguments = wrapped(program, function, folders)
        environment = {**variables(function, folders, self._api.address, access), **arguments}
        self._stream = environment["AWS_LAMBDA_LOG_STREAM_NAME"]
        self._process = self._start(program, folders.code, environment)
        self._memory = PeakMemory(self._process.pid)
        self._waiter = threading.Thread(target=self._wait, name="sandbox-exit", daemon=True)
        self._waiter.start()

    @property
    def usable(self) -> bool:
        """Whether another invocation may go here."""
        return not self._broken and self._process.returncode is None

    def invoke(self, payload: bytes, client_context: str | None = None, arn: str | None = None) -> Run:
        """Run the handler on `payload`; always ends, at the function's timeout at the latest.

        `arn`: what the function was invoked by, if it is not its own ARN.
        """
        request_id = new_uuid()
        if self._debugged is not None:
            self._debugged.wait_for_debugger()
        init = self._ready() if self._fresh else None
        self._fresh = False
        started = time.monotonic()
        if isinstance(init, InitFailed | Exited):
            result = self._failure(request_id, init)
        elif init is not None and not isinstance(init, Ready):
            raise AssertionError(f"a runtime that is not ready cannot have {init}")
        else:
            seconds = HELD_SECONDS if _held(self._debugged) else self.function.timeout
            self._api.give(_task(self.function, request_id, payload, client_context, arn, seconds))
            result = self._result(request_id, started + self.function.timeout)
        seconds = time.monotonic() - started
        init_seconds = started - self._started if init is not None else None
        log = self._log(request_id, seconds, init_seconds, result)
        return Run(request_id, result.payload, result.failed, log, self._stream, seconds)

    def close(self) -> None:
        """End the process and all its children, and the Runtime API."""
        self.kill()
        self._waiter.join()
        self._api.close()
        self._output.close()
        self._memory.close()

    def _start(
        self, program: list[str], root: Path, environment: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            program,
            cwd=root,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=self._output.file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def _wait(self) -> None:
        code = self._process.wait()
        if self._debugged is not None:
            self._debugged.ended()
        self._outcomes.put(Exited(code))

    def kill(self) -> None:
        """End the process and its children now; an invocation under way fails."""
        self._broken = True
        with contextlib.suppress(ProcessLookupError):  # it ended by itself and left no children
            os.killpg(self._process.pid, signal.SIGKILL)

    def _ready(self) -> Outcome:
        """The end of the init phase, which has a limit of its own."""
        while True:
            try:
                return self._outcomes.get(timeout=INIT_SECONDS)
            except queue.Empty:
                if _held(self._debugged):
                    continue
            self.kill()
            return InitFailed(
                error_payload("Sandbox.Timedout", f"Init phase timed out after {INIT_SECONDS:.2f} seconds")
            )

    def _result(self, request_id: str, deadline: float) -> Completed:
        """The response, once the runtime requests the next task or has ended: only then the sandbox is free again."""
        response: Completed | None = None
        while True:
            if _held(self._debugged):
                deadline = time.monotonic() + self.function.timeout
            left = deadline - time.monotonic()
            try:
                outcome = _outcome(self._api, self._outcomes, max(0.0, min(left, MEMORY_SECONDS)), left)
            except queue.Empty:
                if self._exceeds_memory():
                    self.kill()  # what comes next is its end by a signal
                if left > MEMORY_SECONDS:
                    continue
                self.kill()
                message = f"RequestId: {request_id} Error: {timeout_message(self.function)}"
                return (
                    response
                    or self._api.take_response()
                    or Completed(request_id, True, error_payload("Sandbox.Timedout", message))
                )
            match outcome:
                case Completed():
                    response = outcome
                case Ready() if response is not None:
                    return response
                case Exited() | InitFailed():
                    self.kill()
                    return response or self._api.take_response() or self._failure(request_id, outcome)
                case _:
                    raise AssertionError("a runtime requests a task only when it is free")

    def _exceeds_memory(self) -> bool:
        """Whether the process has more memory of its own than the function has on Lambda; with a debugger it may."""
        own = None if self._debugged else own_megabytes(self._process.pid)
        if own is None or own <= self.function.memory:
            return False
        self._peak = self.function.memory
        return True

    def _failure(self, request_id: str, outcome: InitFailed | Exited) -> Completed:
        self.kill()
        if isinstance(outcome, Exited):
            message = f"RequestId: {request_id} Error: {exit_message(outcome.code)}"
            return Completed(request_id, True, error_payload("Runtime.ExitError", message))
        failure = json.loads(outcome.payload)
        if isinstance(failure, dict) and "requestId" in failure:
            failure["requestId"] = request_id
        return Completed(request_id, True, json.dumps(failure).encode())

    def _log(self, request_id: str, seconds: float, init: float | None, result: Completed) -> bytes:
        peak = self._peak or self._memory.megabytes()
        run = Measured(request_id, seconds, init, peak, result.payload)
        return invocation_log(self.function, run, self._output.unread())


def _held(process: DebuggedProcess | None) -> bool:
    """Whether a debugger is connected."""
    return process is not None and process.attached


def _outcome(api: RuntimeApi, outcomes: queue.SimpleQueue[Outcome], seconds: float, limit: float) -> Outcome:
    """The next outcome; raises queue.Empty if there is none within `seconds`. See RuntimeApi.serve for `limit`."""
    return outcomes.get_nowait() if api.serve(seconds, limit) else outcomes.get(timeout=seconds)


def _task(
    function: FunctionConfig,
    request_id: str,
    payload: bytes,
    client_context: str | None,
    arn: str | None,
    seconds: float,
) -> Task:
    deadline = int((time.time() + seconds) * 1000)
    now = int(time.time())
    headers = [
        ("Lambda-Runtime-Deadline-Ms", str(deadline)),
        ("Lambda-Runtime-Invoked-Function-Arn", arn or function.arn),
        (
            "Lambda-Runtime-Trace-Id",
            f"Root=1-{now:08x}-{new_trace_part()};Parent={new_trace_part()[:16]};Sampled=0",
        ),
    ]
    if client_context is not None:
        headers.append(("Lambda-Runtime-Client-Context", client_context))
    return Task(request_id, payload, tuple(headers))
