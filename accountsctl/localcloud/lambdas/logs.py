"""A function's log on disk: one file per function, appended whole invocations, with one older file kept."""

from __future__ import annotations

import contextlib
import os
import threading
from datetime import UTC, datetime
from pathlib import Path

ROTATE_AT = 8 * 1024 * 1024
TAIL = 4096


class Logs:
    """Writes `folder/<function>.log`; invocations never interleave within it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)

    def append(self, function: str, text: bytes) -> None:
        """Add one invocation's lines, after the time: CloudWatch Logs keeps one for each event, a file does not."""
        stamp = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        path = f"{self._folder}/{function}.log"
        # A function that ran has run, even if its log cannot be written: a full disk must not fail its call.
        with self._lock, contextlib.suppress(OSError):
            descriptor = _opened(path)
            if os.fstat(descriptor).st_size > ROTATE_AT:
                os.close(descriptor)
                os.replace(path, f"{path}.1")  # noqa: PTH105
                descriptor = _opened(path)
            with os.fdopen(descriptor, "ab", 0) as file:
                file.write(f"{stamp} ".encode() + text)


def _opened(path: str) -> int:
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
