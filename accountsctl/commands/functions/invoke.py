"""`invoke`: one event to one function."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from accountsctl.commands.functions.explained import FunctionCode, explain_failure
from accountsctl.commands.functions.logs import in_project
from accountsctl.formats.lambda_logs import read_record
from accountsctl.model.errors import UsageError
from accountsctl.model.logs import Invoked, LogRecord
from accountsctl.ports.functions import FunctionCaller

EVENTS = Path(__file__).with_name("events")
MOST_BYTES = 6 * 1024 * 1024
"""https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""


def kinds() -> list[str]:
    """The kinds of events that can be generated."""
    return sorted(file.stem for file in EVENTS.glob("*.json"))


def generated(kind: str) -> bytes:
    """An event as the service of that kind sends it, with example values."""
    return (EVENTS / f"{kind}.json").read_bytes()


def checked(event: bytes, source: str) -> bytes:
    """The event, if Lambda would take it; UsageError otherwise."""
    try:
        json.loads(event)
    except ValueError as error:
        raise UsageError(
            f"The event in {source} is not JSON.",
            why=str(error),
            hint="Correct it, or see an example: accountsctl invoke FUNCTION --generate api",
        ) from None
    if len(event) > MOST_BYTES:
        raise UsageError(
            f"The event in {source} has {len(event):,} bytes.",
            why=f"Lambda takes at most {MOST_BYTES:,}.",
            hint="Put the data into a bucket, and its key into the event.",
        )
    return event


def invoke(functions: FunctionCaller, name: str, physical: str, event: bytes) -> Invoked:
    """Invoke the function of a resource; `physical` is its name in Lambda."""
    result = functions.invoke(physical, event)
    records = tuple(_records(name, result.log))
    try:
        payload: object = json.loads(result.payload) if result.payload else None
    except ValueError:
        payload = result.payload
    return Invoked(payload, result.failed, records)


def cause(code: FunctionCode, invoked: Invoked) -> str:
    """Where a failure is and what to do, in one line; empty if neither is known."""
    found = explain_failure(code, "\n".join(record.text for record in invoked.records))
    place = f"at {found.place}" if found.place else ""
    return " -> ".join(filter(None, (place, found.hint)))


def _records(name: str, log: str) -> Iterator[LogRecord]:
    """The lines of a log; what only says that an invocation has begun or ended is left out."""
    for line in log.splitlines():
        record = in_project(name, read_record(line))
        if record.text:
            yield record
