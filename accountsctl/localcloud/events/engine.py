"""The one thread that knows when the next event is due, and the few that deliver.

An `EventSource` (event source mappings, schedules, asynchronous invocations) states what it can do now and when it
must be queried again. The engine queries all of them after each change (`wake`) and at the earliest time that one
stated. At rest it waits for a change, and uses no processor time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from accountsctl.localcloud.contracts.reporting import report_exception

WORKERS = 8
PAUSE_AFTER_BUG = 1.0  # seconds

Job = Callable[[], None]


class EventSource(Protocol):
    """Something that events come from."""

    def due(self, now: float) -> tuple[Sequence[Job], float | None]:
        """What to run now, and when to ask again (epoch seconds; None: after the next change).

        The source counts a job as under way from now on until it has run.
        """


class Engine:
    """Runs what its sources have. `clock` returns epoch seconds."""

    def __init__(self, sources: Sequence[EventSource], clock: Callable[[], float] = time.time) -> None:
        self._sources = sources
        self._clock = clock
        self._state = threading.Condition()
        self._woken = True  # what was left by the last run is due at once
        self._closed = False
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="event")
        self._thread = threading.Thread(target=self._run, name="events", daemon=True)

    def start(self) -> None:
        """Begin to deliver; before this, nothing is."""
        self._thread.start()

    def wake(self) -> None:
        """Something changed: query all sources again."""
        with self._state:
            self._woken = True
            self._state.notify_all()

    def stop(self) -> None:
        """Start no further job. Jobs under way go on; `join` waits for them."""
        with self._state:
            self._closed = True
            self._state.notify_all()

    def join(self) -> None:
        """Return when no job is under way any more."""
        if self._thread.is_alive():
            self._thread.join()
        self._workers.shutdown(cancel_futures=True)

    def _run(self) -> None:
        next_at: float | None = None
        while self._wait(next_at):
            try:
                next_at = self._round()
            except Exception:  # noqa: BLE001 - a bug in one source must not end the delivery of all events
                report_exception()
                next_at = self._clock() + PAUSE_AFTER_BUG

    def _wait(self, until: float | None) -> bool:
        """Wait for a change or a time; False when the engine is stopped."""
        with self._state:
            timeout = None if until is None else max(0.0, until - self._clock())
            self._state.wait_for(lambda: self._woken or self._closed, timeout)
            self._woken = False
            return not self._closed

    def _round(self) -> float | None:
        times = []
        for source in self._sources:
            jobs, next_at = source.due(self._clock())
            for job in jobs:
                self._workers.submit(self._work, job)
            if next_at is not None:
                times.append(next_at)
        return min(times, default=None)

    def _work(self, job: Job) -> None:
        try:
            job()
        except Exception:  # noqa: BLE001 - a bug is reported, and the other events are delivered
            report_exception()
        finally:
            self.wake()
