"""When the state is written: at once if a caller waits for it, otherwise soon.

A call from outside that changes something gets its response after its change is on disk. Calls that wait at
the same time share one write. Changes inside an operation of CloudFormation only mark the state as
changed; it is written within `SOON` seconds.
"""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable

SOON = 0.2


class Saver:
    """Counts changes, and writes until what is written has caught up with them."""

    def __init__(self, write: Callable[[], None]) -> None:
        self._write = write
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
        """Something changed; return when it is on disk. Raises what the write raised."""
        self.changed()
        self.flush()

    def flush(self) -> None:
        """Return when every change so far is on disk; at once if it already is."""
        with self._state:
            mine = self._changes
            if self._written >= mine:
                return
            self._urgent = True
            self._fault = None
            self._state.notify_all()
            while self._written < mine:
                if self._fault is not None:
                    raise self._fault
                self._state.wait()

    def close(self) -> None:
        """Write what is left and end. Later changes are not written."""
        with self._state:
            self._closed = True
            self._state.notify_all()
        self._thread.join()

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
            print("the state could not be written:", file=sys.stderr)
            traceback.print_exc()
            return fault
        return None
