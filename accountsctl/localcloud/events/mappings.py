"""Event source mappings: what is in a queue or a stream invokes its function, in batches.

A mapping of a queue runs several batches at a time, one of a stream one, so that its records stay in order.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial

from accountsctl.localcloud.contracts.clients import Clients
from accountsctl.localcloud.contracts.event_sources import EventSources, QueueDepth, SourceMapping
from accountsctl.localcloud.contracts.lookups import Invoker, Lookups
from accountsctl.localcloud.events import batches, queues
from accountsctl.localcloud.events.engine import Job

QUEUE_BATCHES = 4
"""Batches of one mapping at a time. AWS begins with five; a function has at most four processes here."""
EMPTY_PAUSE = 1.0  # seconds until a queue is read again that gave out none of its messages
ERROR_PAUSE = 1.0  # seconds until a mapping goes on after an error of our own


class QueueMappings:
    """The mappings whose source is a queue, as a source of the engine."""

    def __init__(
        self,
        sources: EventSources,
        lookups: Lookups,
        invoker: Invoker,
        clients: Clients,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._sources = sources
        self._lookups = lookups
        self._invoker = invoker
        self._clients = clients
        self._clock = clock
        self._lock = threading.Lock()
        self._running: dict[str, int] = {}  # batches under way, by the mapping's uuid
        self._not_before: dict[str, float] = {}
        self._first_seen: dict[str, float] = {}  # when a batching window began

    def due(self, now: float) -> tuple[Sequence[Job], float | None]:
        jobs: list[Job] = []
        times: list[float] = []
        mappings = [mapping for mapping in self._sources.mappings() if mapping.service == "sqs"]
        with self._lock:
            self._forget({mapping.uuid for mapping in mappings})
            for mapping in mappings:
                started, next_at = self._due(mapping, now)
                jobs += started
                times += [] if next_at is None else [next_at]
        return jobs, min(times, default=None)

    def _forget(self, known: set[str]) -> None:
        for table in (self._running, self._not_before, self._first_seen):
            for uuid in set(table) - known:
                del table[uuid]

    def _due(self, mapping: SourceMapping, now: float) -> tuple[list[Job], float | None]:
        depth = self._sources.queue(mapping.source_arn)
        if depth is None or self._lookups.function(mapping.function_arn, mapping.region) is None:
            return [], None
        if not depth.deliverable:
            self._first_seen.pop(mapping.uuid, None)
            return [], depth.next_at
        ready_at = self._ready_at(mapping, depth, now)
        if ready_at > now:
            return [], ready_at
        free = (mapping.concurrency or QUEUE_BATCHES) - self._running.get(mapping.uuid, 0)
        wanted = min(free, -(-depth.deliverable // mapping.batch_size))
        if wanted <= 0:
            return [], None
        self._first_seen.pop(mapping.uuid, None)
        self._running[mapping.uuid] = self._running.get(mapping.uuid, 0) + wanted
        return [partial(self._run, mapping, depth)] * wanted, None

    def _ready_at(self, mapping: SourceMapping, depth: QueueDepth, now: float) -> float:
        """When the next batch may start: at once if it is full, else at the end of the batching window."""
        pause = self._not_before.get(mapping.uuid, now)
        if not mapping.window or depth.deliverable >= mapping.batch_size:
            return pause
        return max(pause, self._first_seen.setdefault(mapping.uuid, now) + mapping.window)

    def _run(self, mapping: SourceMapping, depth: QueueDepth) -> None:
        pause = ERROR_PAUSE
        try:
            pause = 0.0 if self._batch(mapping, depth) else EMPTY_PAUSE
        finally:
            with self._lock:
                self._running[mapping.uuid] = self._running.get(mapping.uuid, 1) - 1
                if pause:
                    self._not_before[mapping.uuid] = self._clock() + pause

    def _batch(self, mapping: SourceMapping, depth: QueueDepth) -> bool:
        """Deliver one batch; whether there was one."""
        client = self._clients("sqs", mapping.region)
        received = queues.receive(client, depth, mapping.batch_size)
        messages, filtered = queues.wanted(mapping, received)
        queues.delete(client, depth, filtered)
        function = self._lookups.function(mapping.function_arn, mapping.region)
        if not messages or function is None:
            return bool(received)
        run = self._invoker.invoke(function, json.dumps(queues.event(mapping, messages)).encode())
        failed = batches.failed_items(mapping, run, [message["MessageId"] for message in messages])
        queues.delete(client, depth, [message for message in messages if message["MessageId"] not in failed])
        return True
