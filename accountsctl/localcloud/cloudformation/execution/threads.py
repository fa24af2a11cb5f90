"""The threads that operations on stacks run in."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from accountsctl.localcloud.cloudformation.runtime.state import Stack
from accountsctl.localcloud.cloudformation.runtime.store import Store

log = logging.getLogger(__name__)


class OperationThreads:
    """One thread for each operation that is running, under the id of its stack or change set."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._threads: dict[str, threading.Thread] = {}

    def of(self, key: str) -> threading.Thread | None:
        """The thread that was last started under `key`; it may have ended."""
        return self._threads.get(key)

    @property
    def busy(self) -> bool:
        """Whether an operation is running."""
        with self._store.lock:
            return any(thread.is_alive() for thread in self._threads.values())

    def operate(self, stack: Stack, work: Callable[[], None]) -> None:
        """Run an operation on `stack`; an unexpected error leaves the stack in a failed status."""

        def guarded() -> None:
            try:
                work()
            except Exception:
                log.exception("an operation on %s broke off", stack.name)
                status = stack.status.removesuffix("_IN_PROGRESS").removesuffix("_COMPLETE_CLEANUP")
                self._store.stack_status(stack, f"{status}_FAILED", "Internal Failure")
            finally:
                self._store.changed()

        self.start(stack.id, guarded)

    def start(self, key: str, work: Callable[[], None]) -> None:
        """Run `work` in a thread that `wait` waits for."""
        thread = threading.Thread(target=work, name=f"cloudformation {key}")
        with self._store.lock:
            self._threads = {name: other for name, other in self._threads.items() if other.is_alive()}
            self._threads[key] = thread
            thread.start()

    def wait(self, patience: float | None = None) -> None:
        """Return once no operation is running, or after `patience` seconds."""
        end = None if patience is None else time.monotonic() + patience
        while end is None or time.monotonic() < end:
            with self._store.lock:
                running = [thread for thread in self._threads.values() if thread.is_alive()]
            if not running:
                return
            for thread in running:
                thread.join(None if end is None else max(0.0, end - time.monotonic()))
