"""Which clusters a call has deleted, for whoever made the call: their databases are not moto's.

moto has one RDS for the process, whatever number of clouds uses it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Deletions = list[tuple[str, str | None]]
"""The resource ids of deleted clusters, each with the name of the snapshot that keeps its data, if any."""

_reported: ContextVar[Deletions | None] = ContextVar("reported", default=None)


@contextmanager
def deletions() -> Iterator[Deletions]:
    """The clusters that are deleted by calls within the block."""
    deleted: Deletions = []
    before = _reported.set(deleted)
    try:
        yield deleted
    finally:
        _reported.reset(before)


def report_deletion(resource_id: str, keep_as: str | None) -> None:
    """A cluster was deleted; its data stay as the snapshot `keep_as`, if that is given."""
    deleted = _reported.get()
    if deleted is not None:
        deleted.append((resource_id, keep_as))
