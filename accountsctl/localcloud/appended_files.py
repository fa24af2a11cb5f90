"""Files that grow by whole records: the one written last stays open for a moment, and a large one is put aside."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable

KEPT_SECONDS = 1.0


class AppendedFiles:
    """Records never interleave. A file that has reached `rotate_at` bytes becomes ``<path>.1``, the older one ends.

    A record ends with the end of a line, so that the next one is not taken for a part of one that was cut off.
    `now`: seconds of a clock.
    """

    def __init__(self, rotate_at: int, now: Callable[[], float] = time.monotonic) -> None:
        self._rotate_at = rotate_at
        self._now = now
        self._lock = threading.Lock()
        self._open: _OpenFile | None = None

    def append(self, path: str, record: bytes) -> None:
        """Add a record; one that cannot be written, on a full disk, is lost."""
        with self._lock, contextlib.suppress(OSError):
            self._current(path).write(record)

    def read(self, path: str) -> list[bytes]:
        """The contents of the older file and of this one, as far as there are any."""
        with self._lock:
            return [_content(name) for name in (f"{path}.1", path)]

    def delete(self, path: str) -> None:
        """Remove both files."""
        with self._lock:
            self._close()
            for name in (path, f"{path}.1"):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(name)  # noqa: PTH108  paths are text here

    def close(self) -> None:
        """Close the file that was written last."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        current, self._open = self._open, None
        if current is not None:
            current.close()

    def _current(self, path: str) -> _OpenFile:
        """The file at `path`, kept open for a second: a busy function does not open it for each invocation."""
        current, self._open = self._open, None
        if current is not None:
            if current.path == path and current.lasts(self._now()):
                self._open = current
                return current
            current.close()
        self._open = _OpenFile(path, self._now(), self._rotate_at)
        return self._open


class _OpenFile:
    """A file that is open for appending. It is soon opened again, so that one that was deleted comes back."""

    def __init__(self, path: str, now: float, rotate_at: int) -> None:
        self.path = path
        self._until = now + KEPT_SECONDS
        self._descriptor = _opened(path)
        size = os.fstat(self._descriptor).st_size
        self._left = rotate_at - size
        if self._left < 0:
            os.close(self._descriptor)
            os.replace(path, f"{path}.1")  # noqa: PTH105
            self._descriptor, self._left = _opened(path), rotate_at
            size = 0
        # The process may have been killed within its last record.
        self._cut_off = size > 0 and os.pread(self._descriptor, 1, size - 1) != b"\n"

    def lasts(self, now: float) -> bool:
        return self._left >= 0 and now < self._until

    def write(self, record: bytes) -> None:
        line = b"\n" + record if self._cut_off else record
        written = os.write(self._descriptor, line)
        if written < len(line):
            # A full disk took a part: without it, the next record begins on a line of its own.
            os.ftruncate(self._descriptor, os.fstat(self._descriptor).st_size - written)
            return
        self._cut_off = False
        self._left -= written

    def close(self) -> None:
        os.close(self._descriptor)


def _opened(path: str) -> int:
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
    try:
        return os.open(path, flags, 0o600)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)  # noqa: PTH103, PTH120  paths are text here
        return os.open(path, flags, 0o600)


def _content(path: str) -> bytes:
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return file.read()
    except FileNotFoundError:
        return b""
