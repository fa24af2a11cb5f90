"""A function's log on disk: one file per function, appended whole invocations, with one older file kept."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

ROTATE_AT = 8 * 1024 * 1024
TAIL = 4096
KEPT_SECONDS = 1.0


class Logs:
    """Writes `folder/<function>.log`; invocations never interleave within it. `now`: seconds of a clock."""

    def __init__(self, folder: Path, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._folder = folder
        self._lock = threading.Lock()
        self._open: _OpenLog | None = None
        folder.mkdir(parents=True, exist_ok=True)

    def append(self, function: str, text: bytes) -> None:
        """Add one invocation's lines, after the time: CloudWatch Logs keeps one for each event, a file does not."""
        stamp = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        path = f"{self._folder}/{function}.log"
        # A function that ran has run, even if its log cannot be written: a full disk must not fail its call.
        with self._lock, contextlib.suppress(OSError):
            self._current(path).write(f"{stamp} ".encode() + text)

    def close(self) -> None:
        """Close the file that was written last."""
        with self._lock:
            current, self._open = self._open, None
            if current is not None:
                current.close()

    def _current(self, path: str) -> _OpenLog:
        """The log at `path`, kept open for a second: a busy function does not open it for each invocation."""
        current, self._open = self._open, None
        if current is not None:
            if current.path == path and current.lasts(self._now()):
                self._open = current
                return current
            current.close()
        self._open = _OpenLog(path, self._now())
        return self._open


class _OpenLog:
    """A log that is open for appending. It is soon opened again, so that one that was deleted comes back."""

    def __init__(self, path: str, now: float) -> None:
        self.path = path
        self._until = now + KEPT_SECONDS
        self._descriptor = _opened(path)
        self._left = ROTATE_AT - os.fstat(self._descriptor).st_size
        if self._left < 0:
            os.close(self._descriptor)
            os.replace(path, f"{path}.1")  # noqa: PTH105
            self._descriptor, self._left = _opened(path), ROTATE_AT

    def lasts(self, now: float) -> bool:
        return self._left >= 0 and now < self._until

    def write(self, text: bytes) -> None:
        self._left -= os.write(self._descriptor, text)

    def close(self) -> None:
        os.close(self._descriptor)


def _opened(path: str) -> int:
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
