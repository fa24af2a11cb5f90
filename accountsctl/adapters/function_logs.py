"""What functions of the embedded cloud logged, and what a line of a Lambda log says about a failure.

The embedded cloud appends whole invocations to one file for each function, each with its time before its START line.
Lines are text or JSON, as the function's log format is and as it prints them; a line without a time is as old as the
last that had one.
Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from accountsctl.doctor.browser.redact import text as redacted
from accountsctl.formats.lambda_logs import FAILED_LEVELS, error_in_short, json_object, titled
from accountsctl.ports.telemetry import Errors

# Lambda's runtimes and its own lines: "[ERROR] KeyError: 'id'", "<time>\t<request>\tERROR\tInvoke Error\t{...}".
TEXT_ERROR = re.compile(
    r"\b(?:ERROR|CRITICAL|FATAL)\b|Task timed out|Runtime exited|\tStatus: (?:error|timeout)"
)
BEGINNING = re.compile(r"(?:\S+ )?START RequestId: |\S+ \[ERROR\] ")
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\S+")
REQUEST = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
EXITED = "Runtime exited"


class FunctionLogs:
    """`ports.Telemetry` over the log files of the embedded cloud. `paths` are those of all its logs."""

    def __init__(self, paths: Callable[[], Iterable[str]]) -> None:
        self._paths = paths

    def errors(self, function: str, since: datetime) -> Errors:
        """The failed invocations of a function since then."""
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
    """The last error of each failed invocation of a log since then, one line each, without secrets."""
    at, last = datetime.min.replace(tzinfo=UTC), ""
    for line in log.splitlines():
        if BEGINNING.match(line) and last:
            yield summary(last)
            last = ""
        at = _time_of(line) or at
        # That the process ended says less than the error that ended it.
        if at >= since and is_error(line) and not (last and EXITED in line):
            last = line
    if last:
        yield summary(last)


def is_error(line: str) -> bool:
    """Whether a line of a log reports a failure: by its level if it is JSON, else by the words of the runtimes."""
    record = json_object(line)
    if record:
        return str(record.get("level", "")).upper() in FAILED_LEVELS
    return TEXT_ERROR.search(line) is not None


def failed_invocations(messages: Iterable[str]) -> int:
    """How many invocations some error messages are about: two with the same request id are about one."""
    seen = set()
    for number, message in enumerate(messages):
        found = REQUEST.search(message)
        seen.add(found.group() if found else str(number))
    return len(seen)


def summary(line: str) -> str:
    """What an error's message says: its type and the lines before its trace, without secrets."""
    record = json_object(line) or json_object(line.rpartition("\t")[2]) or {}
    title = titled(record.get("errorType"), record.get("errorMessage") or record.get("message"))
    return error_in_short(redacted(title or _plain(line)))


def _plain(line: str) -> str:
    """A text message without its level, its time, its request id and the traceback after it."""
    first = line.strip().partition("\n")[0]
    text = first.rpartition("\t")[2] if REQUEST.search(first) else STAMP.sub("", first).strip()
    return re.sub(r"^\[[A-Z]+\]\s+", "", text)


def _time_of(line: str) -> datetime | None:
    stamp = STAMP.match(line)
    text = stamp.group() if stamp else str((json_object(line) or {}).get("timestamp"))
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
