"""What functions logged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class LogEvent:
    """What a function, or Lambda, wrote at once, as it was written. `id` tells events of one function apart."""

    id: str
    at: datetime
    message: str


class LogReader(Protocol):
    """The logs of an environment's functions (adapters: `aws.logs`, `log_files`)."""

    def read(self, function: str, since: datetime) -> list[LogEvent]:
        """What a function (its name in Lambda) logged since then, oldest first; nothing if it never ran.

        CloudError if that may not be read.
        """
