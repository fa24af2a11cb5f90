"""Rules with a schedule: when they fire. What was missed while the embedded cloud was stopped is not made up for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from functools import partial

from accountsctl.localcloud.contracts import schedules
from accountsctl.localcloud.contracts.event_sources import EventSources, QueuedInvocation, ScheduledRule
from accountsctl.localcloud.events.engine import Job


class ScheduledRules:
    """All rules with a schedule, as a source of the engine. `invoke` takes over the invocations of a rule's targets."""

    def __init__(
        self,
        sources: EventSources,
        invoke: Callable[[Sequence[QueuedInvocation]], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._sources = sources
        self._invoke = invoke
        self._clock = clock
        self._lock = threading.Lock()
        self._anchors: dict[str, float] = {}  # when each rule's rate began to count
        self._next: dict[str, float | None] = {}

    def dump(self) -> dict[str, float]:
        """The anchors, as JSON."""
        with self._lock:
            return dict(self._anchors)

    def load(self, anchors: dict[str, float]) -> None:
        with self._lock:
            self._anchors = dict(anchors)

    def due(self, now: float) -> tuple[Sequence[Job], float | None]:
        rules = {f"{rule.arn} {rule.expression}": rule for rule in self._sources.scheduled()}
        jobs: list[Job] = []
        with self._lock:
            for table in (self._anchors, self._next):
                for key in set(table) - set(rules):
                    del table[key]
            for key, rule in rules.items():
                anchor = self._anchors.setdefault(key, now)
                if key not in self._next:
                    self._next[key] = schedules.parse(rule.expression).after(now, anchor)
                at = self._next[key]
                if at is not None and at <= now:
                    jobs.append(partial(self._fire, rule, at))
                    self._next[key] = schedules.parse(rule.expression).after(now, anchor)
            times = [at for at in self._next.values() if at is not None]
        return jobs, min(times, default=None)

    def _fire(self, rule: ScheduledRule, moment: float) -> None:
        self._invoke(self._sources.fire(rule, moment))
