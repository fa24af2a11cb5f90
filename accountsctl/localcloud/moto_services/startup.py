"""Whether moto is loaded: the one lock around its objects, and the wait until they exist."""

from __future__ import annotations

import threading

LONGEST = 120.0  # seconds


class Startup:
    """`lock` guards moto's objects; `wait` returns once `finish` was called."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._finished = threading.Event()
        self._fault: BaseException | None = None

    def finish(self, fault: BaseException | None) -> None:
        """Let every waiting call continue; if there is a fault, each of them fails."""
        self._fault = fault
        self._finished.set()

    @property
    def ready(self) -> bool:
        return self._finished.is_set() and self._fault is None

    def wait(self) -> None:
        """Return when moto is loaded; raises RuntimeError if it could not be loaded."""
        if not (self._finished.is_set() or self._finished.wait(LONGEST)):  # to look costs less than to wait
            raise TimeoutError(f"The control plane did not start within {LONGEST:.0f} seconds.")
        if self._fault is not None:
            raise RuntimeError("The control plane did not start; see the log.") from self._fault
