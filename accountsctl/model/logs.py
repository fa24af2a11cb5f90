"""What a function logged, as it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class LogRecord:
    """A log event that was read. `level` is empty where none is stated; `text` may have several lines.

    `platform` is whether Lambda wrote it, and not the function; the text is then empty where it says nothing more than
    that an invocation began or ended.
    """

    text: str
    level: str = ""
    request: str = ""
    platform: bool = False


@dataclass(frozen=True)
class LogLine:
    """A log event of a function, by the name of its resource. `record.text` names files as the project has them."""

    at: datetime
    function: str
    record: LogRecord
    id: str


@dataclass(frozen=True)
class Invoked:
    """What a function returned, as JSON, or the error that ended it; and what it logged."""

    payload: object
    failed: bool
    records: tuple[LogRecord, ...]
