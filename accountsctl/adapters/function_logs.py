"""What functions of the embedded cloud logged.

The embedded cloud appends whole invocations to one file for each function. A function's own lines may be text or
JSON; those of the runtime are JSON with a timestamp, and a line without one is as old as the last that had one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from accountsctl.doctor.browser.redact import text as redacted
from accountsctl.ports.telemetry import Errors

TIMED_OUT = "Task timed out"
LONGEST = 200


class FunctionLogs:
    """`ports.Telemetry` over the log files of the embedded cloud. `paths` are those of all its logs."""

    def __init__(self, paths: Callable[[], Iterable[str]]) -> None:
        self._paths = paths

    def errors(self, function: str, since: datetime) -> Errors:
        """The errors that a function logged since then."""
        found = [
            line
            for path in self._paths()
            if Path(path).name == f"{function}.log"
            for line in errors_in(_text(path), since)
        ]
        return Errors(len(found), found[-1] if found else "")

    def capacity(self, _: str, /) -> float | None:
        """None: the embedded database does not pause by itself."""
        return None


def _text(path: str) -> str:
    file = Path(path)
    return file.read_text("utf-8", "replace") if file.is_file() else ""


def errors_in(log: str, since: datetime) -> Iterator[str]:
    """The errors of a function's log since then, one line each, without secrets."""
    at = datetime.min.replace(tzinfo=UTC)
    for line in log.splitlines():
        record = _json(line)
        at = _time(record.get("timestamp")) or at
        failed = str(record.get("level", "")).upper() in ("ERROR", "CRITICAL", "FATAL") or TIMED_OUT in line
        if failed and at >= since:
            yield summary(line)


def summary(line: str) -> str:
    """What an error's line says, in short: the error's type and message where it is JSON, without secrets."""
    record = _json(line)
    kind, message = record.get("errorType"), record.get("errorMessage") or record.get("message")
    parts = [str(part) for part in (kind, message) if part]
    return redacted(" ".join(": ".join(parts or [line]).split()))[:LONGEST]


def _json(line: str) -> dict[str, object]:
    if not line.startswith("{"):
        return {}
    try:
        record = json.loads(line)
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


def _time(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
