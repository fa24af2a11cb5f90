"""When an embedded cloud that nothing calls stops by itself: the setting, and the time since it was used.

Any request counts as use, that of a page too, and any run of a function, so that a schedule keeps its cloud; a question
whether it runs does not. What runs on, a function under a debugger for example, is use until it ends. A machine that
sleeps does not count: https://docs.python.org/3/library/time.html#time.monotonic
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from accountsctl.localcloud.private_files import write_private

DEFAULT_MINUTES = 8 * 60.0
NEVER = "never"


def minutes(data: Path) -> float | None:
    """After how many minutes without use the cloud of a folder stops; None for never."""
    try:
        stated = (data / "idle-stop").read_text().strip()
    except FileNotFoundError:
        return DEFAULT_MINUTES
    if stated == NEVER:
        return None
    try:
        return float(stated)
    except ValueError:
        return DEFAULT_MINUTES


def choose(data: Path, after: float | None) -> None:
    """Let the cloud of a folder stop after so many minutes without use; None for never. One that runs obeys at once."""
    write_private(data / "idle-stop", NEVER if after is None else f"{after:g}")


class IdleTime:
    """How long the cloud has not been used; `now` in seconds, for threads that use it at the same time."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._running = 0
        self._last = now()

    def use(self) -> IdleTime:
        """It is used as long as the block of a `with` runs."""
        return self

    def __enter__(self) -> None:
        with self._lock:
            self._running += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._running -= 1
            self._last = self._now()

    def is_over(self, limit: float | None) -> bool:
        """Whether it was not used for `limit` minutes; None is without end."""
        with self._lock:
            return limit is not None and not self._running and self._now() - self._last >= limit * 60
