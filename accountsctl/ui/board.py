"""What is known of an operation in progress: one model for the terminal's block and for a pipe's lines.

    Outline -> rows that are pending, with what they wait for
    StackEvent -> rows and their resources: working, done, failed
    anything -> how much time has passed

A row is a nested stack of the root; the root's own resources are a row of their own. A row counts its resources and
itself. How many there will be is known of a new stack by its template, of a changed one only as they are met.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from accountsctl.model.events import Event, Outline, StackEvent
from accountsctl.model.template_body import STACK

TITLES = {
    "CREATE": "Creating",
    "UPDATE": "Updating",
    "DELETE": "Deleting",
    "ROLLBACK": "Rolling back",
}


class Progress(StrEnum):
    """How far a row or a resource is."""

    PENDING = "pending"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"
    ROLLED_BACK = "rolled back"


@dataclass
class ResourceProgress:
    """A resource. `physical_id` is that of its present copy: a deletion of any other one is part of a replacement."""

    name: str
    type: str
    state: Progress
    status: str
    physical_id: str
    since: float
    replaced: bool = False


@dataclass
class StackRow:
    """A nested stack, or the root with its own resources."""

    name: str
    expected: int = 1
    waits_for: tuple[str, ...] = ()
    state: Progress = Progress.PENDING
    verb: str = ""
    since: float = 0.0
    began: datetime | None = None
    ended: datetime | None = None
    rolling_back: bool = False
    resources: dict[tuple[str, ...], ResourceProgress] = field(default_factory=dict)

    @property
    def done(self) -> int:
        """Resources that are as they are to be, and the stack itself when it is."""
        settled = sum(1 for resource in self.resources.values() if resource.state is Progress.DONE)
        return settled + (self.state is Progress.DONE)

    @property
    def total(self) -> int:
        """Resources that are known of, and the stack itself; at the end only what there was (conditions)."""
        met = len(self.resources) + 1
        return met if self.state is Progress.DONE else max(self.expected, met)

    @property
    def seconds(self) -> float:
        """How long it took, by CloudFormation's clock; 0 if it has not ended."""
        return (self.ended - self.began).total_seconds() if self.began and self.ended else 0.0

    @property
    def working(self) -> Sequence[ResourceProgress]:
        """What it waits for now, the longest first."""
        found = [resource for resource in self.resources.values() if resource.state is Progress.WORKING]
        return sorted(found, key=lambda resource: resource.since)

    @property
    def replaced(self) -> Sequence[str]:
        """Resources that have a new physical copy."""
        return [resource.name for resource in self.resources.values() if resource.replaced]


class Board:
    """Takes events in their order. `clock` gives seconds that only grow; `names` are those of nested stacks, by
    their logical ids, for what no `Outline` comes before: an operation that is followed, or a deletion."""

    def __init__(self, clock: Callable[[], float], names: Mapping[str, str] | None = None) -> None:
        self._clock = clock
        self._names = names or {}
        self._started = clock()
        self._title = ""
        self.rows: dict[str, StackRow] = {}
        self.root = StackRow("")

    @property
    def title(self) -> str:
        """What is under way: ``Pushing shop-dev``."""
        doing = TITLES.get(self.root.verb)
        return self._title or (f"{doing} {self.root.name}" if doing else "Waiting for CloudFormation")

    @property
    def elapsed(self) -> float:
        """Seconds since the operation began."""
        return self._clock() - self._started

    def take(self, event: Event) -> StackRow | None:
        """Take an event in; the row whose state it has changed, if it has."""
        if isinstance(event, Outline):
            self._title = event.title
            self.rows = {
                part.logical_id: StackRow(part.name, part.resources + 1, part.waits_for)
                for part in event.parts
            }
        if not isinstance(event, StackEvent):
            return None
        if not event.path:
            self.root.name = event.stack
            return self._advance(self.root, event)
        if len(event.path) == 1 and event.type == STACK:
            return self._advance(self.row_of(event), event)
        self._resource(self.row_of(event), event)
        return None

    def row_of(self, event: StackEvent) -> StackRow:
        """The row that an event belongs to."""
        nested = event.path[:1]
        if not nested or (len(event.path) == 1 and event.type != STACK):
            return self.root
        return self.rows.setdefault(nested[0], StackRow(self._names.get(nested[0], nested[0])))

    def in_state(self, *states: Progress) -> list[StackRow]:
        """The nested stacks in one of these states."""
        return [row for row in self.rows.values() if row.state in states]

    def is_of_an_old_copy(self, event: StackEvent) -> bool:
        """Whether it deletes another physical copy than the resource has now: a part of its replacement."""
        known = self.row_of(event).resources.get(event.path)
        other = known is not None and known.physical_id not in ("", event.physical_id)
        return other and event.status.startswith("DELETE")

    @property
    def done(self) -> int:
        """Resources that are ready."""
        return sum(row.done for row in self._counted)

    @property
    def total(self) -> int:
        """Resources that there are to be, as far as is known."""
        return sum(row.total for row in self._counted)

    @property
    def _counted(self) -> list[StackRow]:
        return [*self.rows.values(), *([self.root] if self.root.resources else [])]

    def _advance(self, row: StackRow, event: StackEvent) -> StackRow | None:
        # A nested stack that was rolled back is reported as updated, or as deleted, by its parent.
        row.rolling_back = row.rolling_back or self.root.rolling_back or "ROLLBACK" in event.status
        state = _state(event.status)
        if row.rolling_back and state is Progress.DONE:
            state = Progress.ROLLED_BACK
        before, row.state = row.state, state
        row.verb = event.status.partition("_")[0]
        if state is Progress.WORKING and before is not Progress.WORKING:
            row.since, row.began, row.ended = self.elapsed, row.began or event.at, None
        if state is not Progress.WORKING:
            row.began, row.ended = row.began or event.at, event.at
        return row if state is not before else None

    def _resource(self, row: StackRow, event: StackEvent) -> None:
        known = row.resources.get(event.path)
        if known is not None and self.is_of_an_old_copy(event):
            # The present copy is untouched. In a rollback it is the new copy that goes.
            known.replaced = known.replaced or not row.rolling_back
            return
        state = _state(event.status)
        since = known.since if known and known.state is state else self.elapsed
        row.resources[event.path] = ResourceProgress(
            name="/".join(event.path[1:] or event.path),
            type=event.type.removeprefix("AWS::"),
            state=state,
            status=event.status,
            physical_id=event.physical_id or (known.physical_id if known else ""),
            since=since,
            replaced=known.replaced if known else False,
        )


def _state(status: str) -> Progress:
    if status.endswith("_FAILED"):
        return Progress.FAILED
    if status.endswith("ROLLBACK_COMPLETE"):
        return Progress.ROLLED_BACK
    # What remains is the clean-up of old copies; everything new is in use.
    if status.endswith(("_COMPLETE", "_SKIPPED")) or status == "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS":
        return Progress.DONE
    return Progress.WORKING
