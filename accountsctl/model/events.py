"""What happens during a push, as typed events; the terminal is only one reader of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from accountsctl.model.names import ResourceId
from accountsctl.model.plan import Change


@dataclass(frozen=True)
class Note:
    """A step of the push, in one line: an upload, a wait, a start of the embedded cloud."""

    text: str


@dataclass(frozen=True)
class Looked:
    """CloudFormation was asked once more, whether or not something was new: time has passed."""


@dataclass(frozen=True)
class Part:
    """A nested stack that a push is to change: ``category/name``, its logical id in the root, those that come first.

    `resources` is how many it will have; 0 if only some of them change, and it is not known which.
    """

    name: str
    logical_id: str
    waits_for: tuple[str, ...] = ()
    resources: int = 0


@dataclass(frozen=True)
class Outline:
    """What an operation is about to do, before its first event: ``Pushing shop-dev``, and the stacks in order."""

    title: str
    parts: tuple[Part, ...]


CONSEQUENCES = (
    "Resource creation cancelled",
    "Resource update cancelled",
    "The following resource(s) failed",
    "Embedded stack",
)
"""The beginnings of reasons that only report the failure of another resource."""


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
    def logical_id(self) -> str:
        """The resource's own logical id; empty for the root."""
        return self.path[-1] if self.path else ""

    @property
    def failed(self) -> bool:
        """Whether this event reports a failure (the steps of a rollback do not count)."""
        return self.status.endswith("_FAILED")

    @property
    def is_consequence(self) -> bool:
        """Whether its reason is only the failure of another resource."""
        return self.reason.startswith(CONSEQUENCES)


Event = Note | StackEvent | Outline | Looked
Listener = Callable[[Event], None]


@dataclass(frozen=True)
class PushResult:
    """What a push did. `outputs` is ``category/name`` -> output -> value; `seconds` is wall time.

    `next_steps` are commands to type after it.
    """

    environment: str
    cloud: str
    stack_name: str
    changed: bool
    changes: tuple[Change, ...]
    outputs: Mapping[str, Mapping[str, str]]
    seconds: float
    next_steps: tuple[str, ...] = ()
    left_out: tuple[ResourceId, ...] = ()
    """The resources that the push of a part left as they are, and a complete push would change."""
    code_only: bool = False
    """Whether only function code was updated, and the stack still names the code before."""
