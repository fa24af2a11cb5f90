"""What a call of RDS does to databases, for whoever made the call: their data are not moto's.

moto has one RDS for the process, whatever number of clouds uses it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Dropped:
    """A cluster was deleted; its data stay as the snapshot `keep_as`, if that is given."""

    resource_id: str
    keep_as: str | None


@dataclass(frozen=True)
class SnapshotTaken:
    """A snapshot of a cluster was taken that goes on."""

    resource_id: str
    snapshot: str


@dataclass(frozen=True)
class Restored:
    """A cluster was created from a snapshot."""

    snapshot: str
    resource_id: str


@dataclass(frozen=True)
class SnapshotDeleted:
    """A snapshot was deleted."""

    snapshot: str


DataStep = Dropped | SnapshotTaken | Restored | SnapshotDeleted


class SnapshotData(Protocol):
    """The data of snapshots."""

    def delete(self, name: str) -> None:
        """Delete those of one."""


class DatabaseStore(Protocol):
    """Where the data of clusters and snapshots are."""

    def drop(self, resource_id: str, *, keep_as: str | None) -> None:
        """Delete a cluster's data, or keep them as a snapshot."""

    def take_snapshot(self, resource_id: str, name: str) -> None:
        """Copy a cluster's data to a snapshot."""

    def restore(self, name: str, resource_id: str) -> None:
        """Copy a snapshot's data to a new cluster."""

    @property
    def snapshots(self) -> SnapshotData:
        """The data of snapshots."""


_reported: ContextVar[list[DataStep] | None] = ContextVar("reported", default=None)


@contextmanager
def data_steps() -> Iterator[list[DataStep]]:
    """The steps of the calls within the block, in their order."""
    steps: list[DataStep] = []
    before = _reported.set(steps)
    try:
        yield steps
    finally:
        _reported.reset(before)


def report_step(step: DataStep) -> None:
    """A call did this."""
    steps = _reported.get()
    if steps is not None:
        steps.append(step)


def take(store: DatabaseStore, step: DataStep) -> None:
    """Do to the data what a call did to moto's records."""
    match step:
        case Dropped():
            store.drop(step.resource_id, keep_as=step.keep_as)
        case SnapshotTaken():
            store.take_snapshot(step.resource_id, step.snapshot)
        case Restored():
            store.restore(step.snapshot, step.resource_id)
        case SnapshotDeleted():
            store.snapshots.delete(step.snapshot)
