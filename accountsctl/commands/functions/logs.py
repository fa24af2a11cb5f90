"""`logs`: what an environment's functions logged, read once or followed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from accountsctl.commands.stacks.outputs import Outputs, function_names
from accountsctl.formats.lambda_logs import read_record
from accountsctl.formats.layout import resource_folder
from accountsctl.model.errors import UsageError
from accountsctl.model.logs import LogLine, LogRecord
from accountsctl.model.names import ResourceId
from accountsctl.model.suggestions import did_you_mean
from accountsctl.ports.logs import LogEvent, LogReader

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
LATE = timedelta(seconds=30)
"""How much later than it is dated an event may arrive in CloudWatch Logs and still be seen by whoever follows."""
# Where a function's code lies: on Lambda, and in the embedded cloud's folder.
CODE = re.compile(r"/var/task/|[^\s\"'(]*/functions/(?:code/[0-9a-f]+|debugged/[^/\s]+)/")


@dataclass(frozen=True)
class FunctionLog:
    """The logs of an environment's functions. `functions` are their names in Lambda by the names of their resources;
    those that are added while the log is followed are followed too."""

    functions: Mapping[str, str]
    logs: LogReader

    @property
    def several(self) -> bool:
        """Whether a line has to name its function."""
        return len(self.functions) > 1

    def lines(self, since: datetime, containing: str = "") -> list[LogLine]:
        """All lines since then that contain a text, oldest first; those of one function in the order of its log."""
        found = [
            line
            for name, physical in dict(self.functions).items()
            for line in _lines(name, self.logs.read(physical, since))
            if containing in line.record.text
        ]
        return sorted(found, key=lambda line: line.at)

    def follow(
        self, since: datetime, containing: str, wait: Callable[[], object], now: Callable[[], datetime]
    ) -> Iterator[LogLine]:
        """All lines since then, and then those that come, without an end. `wait` is called between two looks."""
        seen: dict[str, datetime] = {}
        while True:
            looked = now()
            for line in self.lines(since, containing):
                if _key(line) not in seen:
                    seen[_key(line)] = line.at
                    yield line
            since = max(since, looked - LATE)
            # Only what the next look can find once more has to be remembered.
            seen = {key: at for key, at in seen.items() if at >= since}
            wait()


def _key(line: LogLine) -> str:
    return f"{line.function}/{line.id}"


def _lines(name: str, events: Iterable[LogEvent]) -> Iterator[LogLine]:
    """What an invocation says that it has begun or ended says nothing to a reader, so it is left out."""
    for event in events:
        record = in_project(name, read_record(event.message))
        if record.text:
            yield LogLine(event.at, name, record, event.id)


def in_project(function: str, record: LogRecord) -> LogRecord:
    """The record with a function's files named by where they are in the project."""
    source = f"{resource_folder(ResourceId('function', function))}/src/"
    return replace(record, text=CODE.sub(source, record.text))


def function_log(outputs: Outputs, logs: LogReader, name: str | None = None) -> FunctionLog:
    """The log of the deployed functions: of all, or of the one named; UsageError as `chosen`."""
    return FunctionLog(chosen(function_names(outputs), name), logs)


def chosen(functions: Mapping[str, str], name: str | None) -> dict[str, str]:
    """The deployed functions that a command is about: all, or the one named (``name`` or ``function/name``).

    `functions` are their names in Lambda by resource; the result has the resources' bare names. UsageError for a name
    of no deployed function.
    """
    bare = {resource.partition("/")[2]: physical for resource, physical in functions.items()}
    if name is None:
        return bare
    wanted = name.removeprefix("function/")
    if wanted in bare:
        return {wanted: bare[wanted]}
    raise UsageError(
        f"No function named {wanted} is deployed in this environment.",
        why=f"There is {', '.join(sorted(bare)) or 'none'}.",
        hint=did_you_mean(wanted, bare) or "Name one of these, or run `accountsctl push` first.",
    )


def parse_since(text: str, now: datetime) -> datetime:
    """``10m``, ``2h``, ``30s``, ``1d``, or a time in ISO 8601 (UTC where it names no zone); UsageError for another."""
    if found := re.fullmatch(r"(\d{1,6})([smhd])", text):
        return now - timedelta(**{UNITS[found[2]]: int(found[1])})
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"--since {text} is not a time.",
            why="It takes a span back from now, or a date with or without a time.",
            hint="Write 30s, 10m, 2h, 1d or 2026-11-28T12:00.",
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
