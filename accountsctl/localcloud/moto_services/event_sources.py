"""What the delivery of events reads of moto's objects: event source mappings, queues and streams."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.contracts.event_sources import (
    AsyncSettings,
    QueueDepth,
    QueuedInvocation,
    ScheduledRule,
    SourceMapping,
    StreamRecord,
)
from accountsctl.localcloud.contracts.lookups import ACCOUNT
from accountsctl.localcloud.moto_services import (
    apps,
    asynchronous,
    buses,
    deliveries,
    functions,
    streams,
)
from accountsctl.localcloud.moto_services.startup import Startup

if TYPE_CHECKING:
    from moto.sqs.models import Message, Queue

    from accountsctl.localcloud.moto_services.source_mappings import EventSourceMapping


class MotoEventSources:
    """Implements `EventSources`. Every lookup waits until moto is loaded."""

    def __init__(self, startup: Startup) -> None:
        self._startup = startup

    def mappings(self) -> Sequence[SourceMapping]:
        self._startup.wait()
        with self._startup.lock:
            return [
                _mapping(region, mapping)
                for region, backend in _regions("lambda")
                for mapping in backend._event_source_mappings.values()
                if mapping.enabled
            ]

    def queue(self, arn: str) -> QueueDepth | None:
        self._startup.wait()
        with self._startup.lock:
            queue = _queue(arn)
            return None if queue is None else _depth(queue)

    def records(self, mapping: SourceMapping, limit: int) -> Sequence[StreamRecord]:
        self._startup.wait()
        with self._startup.lock:
            shard = streams.shard_of(mapping.source_arn)
            return [] if shard is None else streams.records(shard, mapping.checkpoint, limit)

    def advance(self, mapping: SourceMapping, checkpoint: int) -> None:
        self._startup.wait()
        with self._startup.lock:
            found = apps.backends("lambda")[ACCOUNT][mapping.region].get_event_source_mapping(mapping.uuid)
            if found is not None:
                found.checkpoint = max(checkpoint, found.checkpoint)

    def async_settings(self, function_arn: str) -> AsyncSettings:
        self._startup.wait()
        with self._startup.lock:
            region, *_, qualifier = [*function_arn.split(":")[3:], ""][:5]
            plain = functions.find(":".join(function_arn.split(":")[:7]), region)
            found = functions.find(function_arn, region)
            if plain is None or found is None:
                return AsyncSettings()
            return asynchronous.settings(plain.function, found.function, qualifier)

    def scheduled(self) -> Sequence[ScheduledRule]:
        self._startup.wait()
        with self._startup.lock:
            return [
                ScheduledRule(rule.arn, rule.region_name, str(rule.scheduled_expression))
                for rule in buses.scheduled()
            ]

    def fire(self, rule: ScheduledRule, moment: float) -> Sequence[QueuedInvocation]:
        self._startup.wait()
        with self._startup.lock:
            found = next((known for known in buses.scheduled() if known.arn == rule.arn), None)
            if found is not None:
                buses.fire(found, moment)
            return deliveries.take()


def _regions(scope: str) -> Iterator[tuple[str, Any]]:
    """The backends of a service that exist already; which class they are the scope decides."""
    account = apps.backends(scope).get(ACCOUNT)
    return iter([] if account is None else list(account.items()))


def _mapping(region: str, mapping: EventSourceMapping) -> SourceMapping:
    criteria = mapping.filter_criteria or {}
    destinations = mapping.destination_config or {}
    return SourceMapping(
        uuid=mapping.uuid,
        region=region,
        source_arn=mapping.event_source_arn,
        function_arn=mapping.function_arn,
        batch_size=mapping.batch_size,
        window=float(mapping.max_batch_window or 0),
        filters=tuple(entry["Pattern"] for entry in criteria.get("Filters", [])),
        partial="ReportBatchItemFailures" in (mapping.function_response_types or []),
        concurrency=(mapping.scaling_config or {}).get("MaximumConcurrency"),
        retries=_limit(mapping.max_retry_attempts),
        max_age=_limit(mapping.max_record_age),
        bisect=bool(mapping.bisect_on_error),
        on_failure=(destinations.get("OnFailure") or {}).get("Destination"),
        checkpoint=mapping.checkpoint,
    )


def _limit(value: int | None) -> int | None:
    """-1, and nothing, stand for no limit."""
    return None if value is None or value < 0 else int(value)


def _queue(arn: str) -> Queue | None:
    _, _, _, region, _, name = arn.split(":")
    backend = dict(_regions("sqs")).get(region)
    queue: Queue | None = None if backend is None else backend.queues.get(name)
    return queue


def _depth(queue: Queue) -> QueueDepth:
    """A FIFO queue gives out nothing of a group of which a message is under way."""
    hidden = [message for message in queue._messages if not message.visible or message.delayed]
    groups = {message.group_id for message in hidden if message in queue.pending_messages}
    deliverable = [
        message for message in queue.messages if not queue.fifo_queue or message.group_id not in groups
    ]
    next_at = min((_visible_at(message) for message in hidden), default=None)
    return QueueDepth(
        f"https://sqs.{queue.region}.amazonaws.com/{queue.account_id}/{queue.name}", len(deliverable), next_at
    )


def _visible_at(message: Message) -> float:
    """Epoch seconds; moto counts in milliseconds, and a message is visible after its time."""
    return float(max(message.visible_at, message.delayed_until) + 1) / 1000
