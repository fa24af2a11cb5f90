"""What the delivery of events reads of the services that hold them: event source mappings, queues and streams.

`moto_services` implements `EventSources` on the same state that the public APIs show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class SourceMapping:
    """An event source mapping that is enabled, with Lambda's defaults filled in.

    `window` and `max_age` are in seconds; `retries` and `max_age` None: no limit. `filters`: patterns as JSON texts.
    https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
    """

    uuid: str
    region: str
    source_arn: str
    function_arn: str
    batch_size: int
    window: float = 0
    filters: tuple[str, ...] = ()
    partial: bool = False
    """Whether the function reports which items of a batch failed (ReportBatchItemFailures)."""
    concurrency: int | None = None
    retries: int | None = None
    max_age: float | None = None
    bisect: bool = False
    on_failure: str | None = None
    checkpoint: int = 0
    """The last record of a stream that is done."""

    @property
    def service(self) -> str:
        """``sqs`` or ``dynamodb``."""
        return self.source_arn.split(":")[2]


@dataclass(frozen=True)
class QueueDepth:
    """How many messages a queue would give out now, and when it gives out the next one that waits (epoch seconds)."""

    url: str
    deliverable: int
    next_at: float | None


@dataclass(frozen=True)
class StreamRecord:
    """A record of a DynamoDB stream. `content` is the record as Lambda passes it on, without eventSourceARN."""

    sequence: int
    created: float
    content: dict[str, Any]


@dataclass(frozen=True)
class QueuedInvocation:
    """A function that is to be invoked asynchronously. `payload` is JSON."""

    function_arn: str
    payload: str


@dataclass(frozen=True)
class AsyncSettings:
    """How asynchronous invocations of a function fail and end: its EventInvokeConfig and DeadLetterConfig.

    `max_age` is in seconds; the others are ARNs. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
    """

    retries: int = 2
    max_age: float = 6 * 3600
    on_success: str | None = None
    on_failure: str | None = None
    dead_letters: str | None = None
    pauses: tuple[float, ...] = (1.0, 2.0)
    """Seconds before the second and the third attempt; Lambda's are 60 and 120."""


@dataclass(frozen=True)
class ScheduledRule:
    """A rule of EventBridge that is enabled and has a schedule expression, which is valid."""

    arn: str
    region: str
    expression: str


class EventSources(Protocol):
    """Every call returns the state of this moment."""

    def mappings(self) -> Sequence[SourceMapping]:
        """All enabled mappings of all regions."""

    def queue(self, arn: str) -> QueueDepth | None:
        """None if there is no such queue."""

    def records(self, mapping: SourceMapping, limit: int) -> Sequence[StreamRecord]:
        """The records of a mapping's stream that are not done, oldest first."""

    def advance(self, mapping: SourceMapping, checkpoint: int) -> None:
        """Remember that the records up to `checkpoint` are done."""

    def async_settings(self, function_arn: str) -> AsyncSettings:
        """Lambda's defaults for what the function does not set."""

    def scheduled(self) -> Sequence[ScheduledRule]:
        """All rules of all regions that have a schedule."""

    def fire(self, rule: ScheduledRule, moment: float) -> Sequence[QueuedInvocation]:
        """Send the rule's event to its targets; returns the functions that are to be invoked for it."""
