"""A function's log on disk: one file per function, appended whole invocations, with one older file kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from accountsctl.localcloud.appended_files import AppendedFiles

ROTATE_AT = 8 * 1024 * 1024
TAIL = 4096


class Logs:
    """Writes `folder/<function>.log`; invocations never interleave within it. `now`: seconds of a clock."""

    def __init__(self, folder: Path, now: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._files = AppendedFiles(ROTATE_AT, now)
        folder.mkdir(parents=True, exist_ok=True)

    def append(self, function: str, text: bytes) -> None:
        """Add one invocation's lines, after the time: CloudWatch Logs keeps one for each event, a file does not.

        An invocation without a line adds nothing: the time of the next one would come after its own. A function that
        ran has run, even if its log cannot be written: a full disk does not fail its call.
        """
        if not text:
            return
        end = b"" if text.endswith(b"\n") else b"\n"
        stamp = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self._files.append(f"{self._folder}/{function}.log", f"{stamp} ".encode() + text + end)

    def close(self) -> None:
        """Close the file that was written last."""
        self._files.close()
