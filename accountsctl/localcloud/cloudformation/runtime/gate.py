"""Between making a resource and writing down that it was made, the state must not be saved.

A kill would otherwise leave a resource that no stack knows: no one would take it back, and the next
push would find its name in use. So handlers pass through this gate together with their record, and
whoever saves the state closes it for that moment.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 10.0  # seconds; rather a state with that gap than none because one handler hangs


class Gate:
    """Many may pass at once, none while it is closed. Passing twice in one thread is not foreseen."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._state = threading.Condition()
        self._inside = 0
        self._closers = 0

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Make a resource and record it; waits while the gate is closed."""
        with self._state:
            self._state.wait_for(lambda: self._closers == 0)
            self._inside += 1
        try:
            yield
        finally:
            with self._state:
                self._inside -= 1
                self._state.notify_all()

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Nothing is half made meanwhile; waits for those inside, but not longer than its patience."""
        with self._state:
            self._closers += 1
            self._state.wait_for(lambda: self._inside == 0, self._patience)
        try:
            yield
        finally:
            with self._state:
                self._closers -= 1
                self._state.notify_all()
