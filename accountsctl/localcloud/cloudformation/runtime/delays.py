"""How long resources take until they are ready: on AWS a database takes minutes, here it is there at once.

On request a type takes as long as on AWS, so that what happens in the meantime can be tried: a sign-in that expires,
an interrupt, a second push. A handler of CloudFormation calls its service, and looks until the resource is stable:
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract.html
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

LOOK = 0.1
"""Seconds between two looks whether the time has come, or the operation was cancelled in the meantime."""


class Delays:
    """Seconds by resource type; a type that is not in it takes no time. `clock` gives seconds that only grow."""

    def __init__(self) -> None:
        self.clock: Callable[[], float] = time.monotonic
        self._seconds: dict[str, float] = {}
        self._waiting: list[Callable[[], bool]] = []
        self._closed = False
        self._moved = threading.Condition()

    @property
    def seconds(self) -> dict[str, float]:
        """What each type takes."""
        return dict(self._seconds)

    def change(self, seconds: Mapping[str, float]) -> None:
        """Let these types take so long from now on; 0 for no time. What is under way keeps its end."""
        merged = {**self._seconds, **seconds}
        self._seconds = {name: length for name, length in merged.items() if length > 0}

    def wait(self, resource_type: str, cancelled: Callable[[], bool] = lambda: False) -> None:
        """Return when a resource whose creation or deletion has begun now is ready, or `cancelled` becomes true."""
        length = self._seconds.get(resource_type, 0.0)
        if length:
            self.pause(length, cancelled)

    def pause(self, seconds: float, cancelled: Callable[[], bool]) -> None:
        """Return after some seconds, or when `cancelled` becomes true."""
        end = self.clock() + seconds

        def is_over() -> bool:
            return self.clock() >= end or self._closed or cancelled()

        with self._moved:
            self._waiting.append(is_over)
            while not is_over():
                self._moved.wait(LOOK)
            self._waiting.remove(is_over)

    @property
    def closed(self) -> bool:
        """Whether nothing waits any more: the embedded cloud is stopping."""
        return self._closed

    @property
    def rests(self) -> bool:
        """Whether something waits, and nothing that waits has come to its end by now."""
        with self._moved:
            return bool(self._waiting) and not any(is_over() for is_over in self._waiting)

    def move(self) -> None:
        """The clock was moved on, or something was cancelled: look now."""
        with self._moved:
            self._moved.notify_all()

    def close(self) -> None:
        """Let nothing wait any more."""
        self._closed = True
        self.move()
