"""What functions logged in the embedded cloud, from its log files: an adapter of `ports.LogReader`.

A file has whole invocations, each after the time of its end, which is taken for the time of all of its lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from accountsctl.ports.logs import LogEvent

OLDER = ".log.1"
# A space follows: after the time that the runtime for Node writes on a line of its own, there is a tab.
STAMP = re.compile(r"(\d{4}-\d\d-\d\dT[\d:.]+Z) (?=\S)")


class FunctionLogFiles:
    """`ports.LogReader` over files. `paths` are those of all logs of the embedded cloud."""

    def __init__(self, paths: Callable[[], Iterable[str]]) -> None:
        self._paths = paths

    def read(self, function: str, since: datetime) -> list[LogEvent]:
        """Read the file of a function, and the older one that was put aside when it had grown too large."""
        logs = [Path(path) for path in self._paths() if Path(path).name == f"{function}.log"]
        files = [file for log in logs for file in (log.with_suffix(OLDER), log) if file.is_file()]
        events = (event for file in files for event in _events(file.read_text("utf-8", "replace")))
        return [event for event in events if event.at >= since]


def _events(text: str) -> Iterator[LogEvent]:
    at, invocation, number = datetime.min.replace(tzinfo=UTC), "", 0
    for line in text.splitlines():
        stamp = STAMP.match(line)
        if stamp:
            invocation, number = line, 0
            at, line = datetime.fromisoformat(stamp[1]), line[stamp.end() :]
        yield LogEvent(f"{invocation}#{number}", at, line)
        number += 1
