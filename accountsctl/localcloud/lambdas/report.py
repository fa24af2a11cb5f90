"""What Lambda writes about an invocation, and what is known of its process."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import time
from pathlib import Path

from accountsctl.localcloud.contracts.lookups import FunctionConfig

STATUS_BYTES = 8192  # /proc/PID/status has less than half of it
SIGNALS = {
    "SIGKILL": "killed",
    "SIGSEGV": "segmentation fault",
    "SIGABRT": "aborted",
    "SIGTERM": "terminated",
}
"""Signals in the words of Lambda's logs, which are those of Go."""


def refused_line() -> str:
    """What the client of Lambda's runtimes logs if a response is refused for its size (aws-lambda-cpp, runtime.cpp)."""
    milliseconds = int(time.time() * 1000)
    return f"[ERROR] [{milliseconds}] LAMBDA_RUNTIME Failed to post handler success response. Http response code: 413."


def timeout_message(function: FunctionConfig) -> str:
    return f"Task timed out after {function.timeout:.2f} seconds"


class PeakMemory:
    """The peak memory of a process. The system's file about it stays open: to open it costs as much as to read it."""

    def __init__(self, pid: int) -> None:
        self._descriptor: int | None = None
        with contextlib.suppress(OSError):  # without /proc, or if the process has ended already
            self._descriptor = os.open(f"/proc/{pid}/status", os.O_RDONLY)

    def megabytes(self) -> int | None:
        """None if the system does not report it, or not any more."""
        if self._descriptor is None:
            return None
        try:
            peak = re.search(rb"VmHWM:\s*(\d+)", os.pread(self._descriptor, STATUS_BYTES, 0))
        except OSError:
            return None
        return -(-int(peak[1]) // 1024) if peak else None

    def close(self) -> None:
        """Close the file."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def own_megabytes(pid: int) -> int | None:
    """The memory of a process in MB, without what it shares with others; None if the system does not report it."""
    try:
        _, resident, shared, *_ = Path(f"/proc/{pid}/statm").read_text().split()
    except (OSError, ValueError):
        return None
    return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE") // (1024 * 1024)


def exit_message(code: int) -> str:
    """How Lambda names the end of a runtime's process."""
    if code == 0:
        return "Runtime exited without providing a reason"
    if code < 0:
        name = signal.Signals(-code).name
        return f"Runtime exited with error: signal: {SIGNALS.get(name, name.removeprefix('SIG').lower())}"
    return f"Runtime exited with error: exit status {code}"


def error_payload(kind: str, message: str) -> bytes:
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()


def report_line(request_id: str, seconds: float, init: float | None, memory: int, peak: int | None) -> str:
    milliseconds = seconds * 1000
    fields = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {milliseconds:.2f} ms",
        f"Billed Duration: {-int(-milliseconds // 1)} ms",
        f"Memory Size: {memory} MB",
    ]
    if peak is not None:
        fields.append(f"Max Memory Used: {peak} MB")
    if init is not None:
        fields.append(f"Init Duration: {init * 1000:.2f} ms")
    return "\t".join(fields) + "\t"
