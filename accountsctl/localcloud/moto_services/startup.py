"""Whether moto is loaded: the one lock around its objects, and the wait until they exist."""

from __future__ import annotations

import threading


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
        self._finished.wait()
        if self._fault is not None:
            raise RuntimeError("The control plane did not start; see the log.") from self._fault
