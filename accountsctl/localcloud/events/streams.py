"""Event source mappings of DynamoDB streams: records in order, one batch of a mapping at a time.

A batch that fails is tried again until it is done, its retries are used up or it is too old; what is given up goes to
the on-failure destination. https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from accountsctl.localcloud.contracts import patterns
from accountsctl.localcloud.contracts.event_sources import EventSources, SourceMapping, StreamRecord
from accountsctl.localcloud.contracts.lookups import FunctionConfig, Invocation, Invoker, Lookups
from accountsctl.localcloud.contracts.reporting import report
from accountsctl.localcloud.events import batches
from accountsctl.localcloud.events.engine import Job

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0
"""Seconds before a failed batch is tried again; doubled each time."""
SHARD = "shardId-00000001541626099285-f35f62ef"


@dataclass
class BatchProgress:
    """What is known of a mapping's present batch. `size` is smaller than the mapping's after a bisection."""

    running: bool = False
    attempts: int = 0
    size: int = 0
    not_before: float = 0.0


class StreamMappings:
    """The mappings whose source is a stream, as a source of the engine.

    `send` takes the ARN of an on-failure destination and a record. `changed`: a checkpoint is to be saved.
    """

    def __init__(
        self,
        sources: EventSources,
        lookups: Lookups,
        invoker: Invoker,
        send: Callable[[str, str], None],
        changed: Callable[[], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._sources = sources
        self._lookups = lookups
        self._invoker = invoker
        self._send = send
        self._changed = changed
        self._clock = clock
        self._lock = threading.Lock()
        self._progress: dict[str, BatchProgress] = {}
        self._stopping = False

    def stop(self) -> None:
        """From now on a failure counts for nothing: the functions are being ended."""
        self._stopping = True

    def due(self, now: float) -> tuple[Sequence[Job], float | None]:
        jobs: list[Job] = []
        times: list[float] = []
        mappings = [mapping for mapping in self._sources.mappings() if mapping.service == "dynamodb"]
        with self._lock:
            for uuid in set(self._progress) - {mapping.uuid for mapping in mappings}:
                del self._progress[uuid]
            for mapping in mappings:
                progress = self._progress.setdefault(mapping.uuid, BatchProgress())
                ready_at = None if progress.running else self._ready_at(mapping, progress)
                if ready_at is None:
                    continue
                if ready_at > now:
                    times.append(ready_at)
                    continue
                progress.running = True
                jobs.append(partial(self._run, mapping, progress))
        return jobs, min(times, default=None)

    def _ready_at(self, mapping: SourceMapping, progress: BatchProgress) -> float | None:
        records = self._sources.records(mapping, mapping.batch_size)
        if not records or self._lookups.function(mapping.function_arn, mapping.region) is None:
            return None
        waits = mapping.window if len(records) < mapping.batch_size and not progress.attempts else 0
        return max(progress.not_before, records[0].created + waits)

    def _run(self, mapping: SourceMapping, progress: BatchProgress) -> None:
        try:
            self._batch(mapping, progress)
        finally:
            with self._lock:
                progress.running = False

    def _batch(self, mapping: SourceMapping, progress: BatchProgress) -> None:
        records = self._sources.records(mapping, progress.size or mapping.batch_size)
        function = self._lookups.function(mapping.function_arn, mapping.region)
        if not records or function is None:
            return
        chosen = _wanted(mapping, records)
        if not chosen:
            self._done(mapping, progress, records[-1].sequence)
            return
        run = self._invoker.invoke(function, json.dumps(_event(mapping, chosen)).encode())
        failed = batches.failed_items(mapping, run, [str(record.sequence) for record in chosen])
        if not failed:
            self._done(mapping, progress, records[-1].sequence)
        elif not self._stopping:
            self._failed(mapping, progress, chosen, min(map(int, failed)), _Failure(function, run))

    def _done(self, mapping: SourceMapping, progress: BatchProgress, last: int) -> None:
        self._sources.advance(mapping, last)
        self._changed()
        progress.attempts, progress.size, progress.not_before = 0, 0, 0.0

    def _failed(
        self,
        mapping: SourceMapping,
        progress: BatchProgress,
        batch: Sequence[StreamRecord],
        first_failed: int,
        failure: _Failure,
    ) -> None:
        """Go on behind the records before the first failed one; try the others again, or give them up."""
        now = self._clock()
        if first_failed > batch[0].sequence:
            self._done(mapping, progress, first_failed - 1)
            batch = [record for record in batch if record.sequence >= first_failed]
        progress.attempts += 1
        too_old = mapping.max_age is not None and batch[0].created + mapping.max_age < now
        exhausted = mapping.retries is not None and progress.attempts > mapping.retries
        if mapping.bisect and len(batch) > 1 and not too_old:
            progress.size = len(batch) // 2
        elif too_old or exhausted:
            condition = "RecordAgeExceeded" if too_old else "RetryAttemptsExhausted"
            self._give_up(mapping, batch, failure.record(condition, progress.attempts))
            self._done(mapping, progress, batch[-1].sequence)
            return
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(progress.attempts - 1, 10))
        progress.not_before = now + pause

    def _give_up(
        self, mapping: SourceMapping, batch: Sequence[StreamRecord], record: Mapping[str, Any]
    ) -> None:
        if mapping.on_failure is None:
            return
        info = {
            "shardId": SHARD,
            "startSequenceNumber": str(batch[0].sequence),
            "endSequenceNumber": str(batch[-1].sequence),
            "approximateArrivalOfFirstRecord": stamp(batch[0].created),
            "approximateArrivalOfLastRecord": stamp(batch[-1].created),
            "batchSize": len(batch),
            "streamArn": mapping.source_arn,
        }
        try:
            self._send(mapping.on_failure, json.dumps({**record, "DDBStreamBatchInfo": info}))
        except Exception as fault:  # noqa: BLE001 - AWS counts it in a metric, and goes on with the stream
            report(f"records of {mapping.source_arn} could not be sent to {mapping.on_failure}: {fault}")


@dataclass(frozen=True)
class _Failure:
    """The last failed invocation of a batch."""

    function: FunctionConfig
    run: Invocation

    def record(self, condition: str, attempts: int) -> dict[str, Any]:
        """The invocation record, without the batch."""
        return {
            "requestContext": {
                "requestId": self.run.request_id,
                "functionArn": self.function.arn,
                "condition": condition,
                "approximateInvokeCount": attempts,
            },
            "responseContext": {
                "statusCode": 200,
                "executedVersion": "$LATEST",
                "functionError": self.run.error or "Unhandled",
            },
            "version": "1.0",
            "timestamp": stamp(time.time()),
        }


def stamp(moment: float) -> str:
    """Epoch seconds as invocation records have them: ``2019-11-14T00:38:06.021Z``."""
    text = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def _event(mapping: SourceMapping, records: Sequence[StreamRecord]) -> dict[str, Any]:
    return {"Records": [{**record.content, "eventSourceARN": mapping.source_arn} for record in records]}


def _wanted(mapping: SourceMapping, records: Sequence[StreamRecord]) -> list[StreamRecord]:
    filters = [json.loads(text) for text in mapping.filters]
    return [
        record
        for record in records
        if not filters or any(patterns.matches(pattern, record.content) for pattern in filters)
    ]
