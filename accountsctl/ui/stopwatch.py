"""The time that a command takes: all of it, but for what it waits for its user."""

from __future__ import annotations

import time
from collections.abc import Callable


class Stopwatch:
    """Runs from its creation; `with stopwatch:` is a pause."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._started = clock()

    def __enter__(self) -> None:
        self._paused = self._clock()

    def __exit__(self, *_: object) -> None:
        self._started += self._clock() - self._paused

    @property
    def passed(self) -> float:
        """Seconds, without the pauses."""
        return self._clock() - self._started
