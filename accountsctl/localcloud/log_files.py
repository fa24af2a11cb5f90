"""The events of log groups that services write here: functions their logs, stages their access logs.

They are many, and so are kept in files and not in the state. A group has a file and an older one; the oldest events of
a group that writes much are lost.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from accountsctl.localcloud.appended_files import AppendedFiles

ROTATE_AT = 2 * 1024 * 1024
"""Each read of a group parses its files: at most twice this."""


class GroupName(NamedTuple):
    """A log group of a region."""

    region: str
    name: str


class LoggedEvent(NamedTuple):
    """An event of a stream. `milliseconds` since the epoch; `id` is the same in each read."""

    stream: str
    milliseconds: int
    message: str
    id: int


class LogEventFiles:
    """One record per `append`, as a line of JSON: the stream, and time and message of each event.

    A record without events says that the stream was deleted. A line that is not JSON was cut off when the process was
    killed or the power failed: its events are lost.
    """

    def __init__(self, folder: Path, rotate_at: int = ROTATE_AT) -> None:
        self._folder = folder
        self._files = AppendedFiles(rotate_at)

    def append(self, group: GroupName, stream: str, events: Iterable[tuple[int, str]]) -> None:
        """Add events, as (milliseconds, message). What cannot be written, on a full disk, is lost."""
        added = list(events)
        if added:
            self._write(group, stream, added)

    def read(self, group: GroupName) -> list[LoggedEvent]:
        """The events of a group, in the order in which they were written."""
        found: list[LoggedEvent] = []
        copies: Counter[int] = Counter()
        for content in self._files.read(self._path(group)):
            for digest, stream, events in _records(content):
                if not events:
                    found = [event for event in found if event.stream != stream]
                # The same text may be logged twice in a millisecond, as by an access log without the request's id.
                first_id = (digest + copies[digest]) << 24
                copies[digest] += 1
                found.extend(
                    LoggedEvent(stream, milliseconds, message, first_id + number)
                    for number, (milliseconds, message) in enumerate(events)
                )
        return found

    def forget(self, group: GroupName) -> None:
        """The group was deleted."""
        self._files.delete(self._path(group))

    def forget_stream(self, group: GroupName, stream: str) -> None:
        """A stream of the group was deleted."""
        self._write(group, stream, [])

    def close(self) -> None:
        """Close the file that was written last."""
        self._files.close()

    def _write(self, group: GroupName, stream: str, events: list[tuple[int, str]]) -> None:
        self._files.append(self._path(group), json.dumps([stream, events]).encode() + b"\n")

    def _path(self, group: GroupName) -> str:
        return f"{self._folder}/{_file_name(group)}"


@lru_cache(maxsize=256)
def _file_name(group: GroupName) -> str:
    """A group's name may be longer than that of a file."""
    digest = hashlib.sha256("\0".join(group).encode()).hexdigest()[:16]
    return f"{quote(group.name, safe='')[-100:]}-{digest}.events"


def _records(content: bytes) -> Iterator[tuple[int, str, list[tuple[int, str]]]]:
    """A digest of 48 bits of each record that is complete, its stream and its events."""
    for line in content.splitlines():
        try:
            stream, events = json.loads(line)
        except ValueError:
            continue  # cut off
        yield int.from_bytes(hashlib.blake2b(line, digest_size=6).digest()), stream, events
