"""What Lambda writes about an invocation, and what is known of its process."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
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


@dataclass(frozen=True)
class Measured:
    """What was measured of an invocation. `init`: the seconds of its init phase, if it had one; `peak` is in MB."""

    request_id: str
    seconds: float
    init: float | None
    peak: int | None
    payload: bytes

    @property
    def status(self) -> str:
        """The error's type if Lambda ended the invocation; "" if the runtime did, with success or without."""
        for kind in ("Sandbox.Timedout", "Runtime.ExitError"):
            if f'"{kind}"'.encode() in self.payload[:80]:
                return kind
        return ""


def invocation_log(function: FunctionConfig, run: Measured, printed: bytes) -> bytes:
    """The log of an invocation: what the code printed, among Lambda's own lines."""
    start, *end = _json_lines(function, run) if function.system_level else _text_lines(function, run)
    if run.status == "Sandbox.Timedout":
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
        end.append(f"{stamp} {run.request_id} {timeout_message(function)}\n")
    elif run.status == "Runtime.ExitError":
        end.append(f"{json.loads(run.payload)['errorMessage']}\nRuntime.ExitError\n")
    elif b'"Function.ResponseSizeTooLarge"' in run.payload[:80]:
        end.insert(0, refused_line())
    gap = b"" if not printed or printed.endswith(b"\n") else b"\n"
    return _block([start]) + printed + gap + _block(end)


def _block(lines: list[str]) -> bytes:
    shown = [line for line in lines if line]
    return "\n".join([*shown, ""]).encode() if shown else b""


def _text_lines(function: FunctionConfig, run: Measured) -> list[str]:
    milliseconds = run.seconds * 1000
    fields = [
        f"REPORT RequestId: {run.request_id}",
        f"Duration: {milliseconds:.2f} ms",
        f"Billed Duration: {-int(-milliseconds // 1)} ms",
        f"Memory Size: {function.memory} MB",
    ]
    if run.peak is not None:
        fields.append(f"Max Memory Used: {run.peak} MB")
    if run.init is not None:
        fields.append(f"Init Duration: {run.init * 1000:.2f} ms")
    if run.status:
        timed_out = run.status == "Sandbox.Timedout"
        fields.append("Status: timeout" if timed_out else f"Status: error\tError Type: {run.status}")
    report = "\t".join(fields) + ("" if run.status else "\t")
    return [
        f"START RequestId: {run.request_id} Version: {function.version}",
        f"END RequestId: {run.request_id}",
        report,
    ]


def _json_lines(function: FunctionConfig, run: Measured) -> list[str]:
    """Lambda's lines in the format JSON; all of them have the level INFO.

    https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html
    """
    if function.system_level not in ("DEBUG", "INFO"):
        return ["", ""]
    metrics = {
        "durationMs": round(run.seconds * 1000, 3),
        "billedDurationMs": -int(-run.seconds * 1000 // 1),
        "memorySizeMB": function.memory,
        "maxMemoryUsedMB": run.peak,
        "initDurationMs": None if run.init is None else round(run.init * 1000, 3),
    }
    statuses = {"": "success", "Sandbox.Timedout": "timeout", "Runtime.ExitError": "error"}
    report = {
        "requestId": run.request_id,
        "metrics": {name: value for name, value in metrics.items() if value is not None},
        "status": statuses[run.status],
        **({"errorType": run.status} if statuses[run.status] == "error" else {}),
    }
    start = {"requestId": run.request_id, "version": function.version}
    return [_event("platform.start", start), _event("platform.report", report)]


def _event(kind: str, record: Mapping[str, object]) -> str:
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"time": now, "type": kind, "record": record}, separators=(",", ":"))
