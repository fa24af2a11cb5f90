"""What happens during a push, as typed events; the terminal is only one reader of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from accountsctl.model.plan import Change


@dataclass(frozen=True)
class Note:
    """A step of the push, in one line: an upload, a wait, a start of the embedded cloud."""

    text: str


@dataclass(frozen=True)
class StackEvent:
    """One event of CloudFormation.

    `path` are the logical ids from the root stack down to the resource; it is empty for the root itself.
    """

    id: str
    at: datetime
    stack: str
    path: tuple[str, ...]
    type: str
    status: str
    reason: str
    physical_id: str = ""

    @property
    def failed(self) -> bool:
        """Whether this event reports a failure (the steps of a rollback do not count)."""
        return self.status.endswith("_FAILED")


Event = Note | StackEvent
Listener = Callable[[Event], None]


@dataclass(frozen=True)
class PushResult:
    """What a push did. `outputs` is ``category/name`` -> output -> value; `seconds` is wall time."""

    environment: str
    cloud: str
    stack_name: str
    changed: bool
    changes: tuple[Change, ...]
    outputs: Mapping[str, Mapping[str, str]]
    seconds: float
