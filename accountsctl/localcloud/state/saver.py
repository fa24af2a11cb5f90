"""When the state is written: at once if a caller waits for it, otherwise soon.

A call from outside that changes something gets its response after its change is on disk. Calls that wait at
the same time share one write. Changes inside an operation of CloudFormation only mark the state as
changed; it is written within `SOON` seconds.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from accountsctl.localcloud.contracts.reporting import report, report_exception

SOON = 0.2
LONGEST = 30.0  # seconds that a caller waits; a disk that takes longer is reported as broken


class SaveError(Exception):
    """The state could not be written, and is kept in memory; it is written again with the next change."""


class Saver:
    """Counts changes, and writes until what is written has caught up with them."""

    def __init__(self, write: Callable[[], None], longest: float = LONGEST) -> None:
        self._write = write
        self._longest = longest
        self._state = threading.Condition()
        self._changes = 0
        self._written = 0
        self._urgent = False
        self._closed = False
        self._fault: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="saver", daemon=True)
        self._thread.start()

    def changed(self) -> None:
        """Something changed; write it soon."""
        with self._state:
            self._changes += 1
            self._state.notify_all()

    def save(self) -> None:
        """Something changed; return when it is on disk. Raises SaveError if it is not."""
        self.changed()
        self.flush()

    def flush(self) -> None:
        """Return when every change so far is on disk; at once if it already is. Raises SaveError if it is not."""
        with self._state:
            mine = self._changes
            if self._written >= mine:
                return
            self._urgent = True
            self._fault = None
            self._state.notify_all()
            end = time.monotonic() + self._longest
            while self._written < mine:
                if self._fault is not None:
                    raise SaveError(f"The state could not be written: {self._fault}") from self._fault
                if not self._state.wait(max(0.0, end - time.monotonic())):
                    raise SaveError(f"The state could not be written within {self._longest:.0f} seconds.")

    def close(self) -> None:
        """Write what is left and end. Later changes are not written."""
        with self._state:
            self._closed = True
            self._state.notify_all()
        self._thread.join(self._longest)
        if self._thread.is_alive() or self._fault is not None:
            report(f"the last changes are not on the disk: {self._fault or 'the write does not end'}")

    def _run(self) -> None:
        while self._due():
            self._once()

    def _due(self) -> bool:
        """Wait until a write is due; False if all is written and no more changes will come."""
        with self._state:
            while self._changes == self._written:
                if self._closed:
                    return False
                self._state.wait()
            if not (self._urgent or self._closed):
                self._state.wait_for(lambda: self._urgent or self._closed, SOON)
            return True

    def _once(self) -> None:
        with self._state:
            covered = self._changes
            self._urgent = False
        fault = self._try()
        with self._state:
            self._fault = fault
            if fault is None or self._closed:
                self._written = covered
            self._state.notify_all()
            if fault is not None:
                self._state.wait_for(lambda: self._urgent or self._closed, SOON)

    def _try(self) -> Exception | None:
        try:
            self._write()
        except Exception as fault:  # noqa: BLE001 - raised in the callers that wait; written again soon
            report("the state could not be written:")
            report_exception()
            return fault
        return None
