"""What asynchronous invocations and mappings do when functions fail, at which times, on a clock of the test's own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from accountsctl.localcloud.contracts.event_sources import (
    AsyncSettings,
    QueuedInvocation,
    SourceMapping,
    StreamRecord,
)
from accountsctl.localcloud.contracts.lookups import FunctionConfig, Invocation
from accountsctl.localcloud.events.asynchronous import AsyncInvocations
from accountsctl.localcloud.events.streams import StreamMappings
from tests.local.events.fake_sources import FakeSources
from tests.local.lambdas.conftest import FakeLookups, function

FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:f"
DONE = Invocation(b"null", None, b"", "request-1")
FAILED = Invocation(b'{"errorType": "ValueError", "errorMessage": "no"}', "Unhandled", b"", "request-1")
BUSY = Invocation(b'{"errorType": "TooManyRequestsException"}', "Unhandled", b"", "")
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:q"


@dataclass
class FakeInvoker:
    """Gives the results one after the other, the last one for ever; keeps the events."""

    results: list[Invocation]
    events: list[object] = field(default_factory=list)

    def held(self, function: FunctionConfig) -> bool:
        return False

    def invoke(self, function: FunctionConfig, payload: bytes) -> Invocation:
        self.events.append(json.loads(payload))
        return self.results.pop(0) if len(self.results) > 1 else self.results[0]


@dataclass
class Sent:
    """What was sent to which ARN."""

    letters: list[tuple[str, object, Mapping[str, str]]] = field(default_factory=list)

    def __call__(self, arn: str, text: str, attributes: Mapping[str, str] | None = None) -> None:
        self.letters.append((arn, json.loads(text), dict(attributes or {})))


def _lookups(**changes: object) -> FakeLookups:
    lookups = FakeLookups()
    lookups.functions["f"] = replace(function("def handler(event, context): ..."), **changes)  # type: ignore[arg-type]
    return lookups


AWS_PAUSES = (60.0, 120.0)


class Bench:
    """Asynchronous invocations at a time that the test sets."""

    def __init__(self, invoker: FakeInvoker, settings: AsyncSettings, lookups: FakeLookups) -> None:
        self.now = 1000.0
        self.sent = Sent()
        sources = FakeSources(settings=settings)
        self.saved: list[object] = []
        self.queue = AsyncInvocations(sources, lookups, invoker, self.sent, self._save, lambda: self.now)

    def _save(self) -> None:
        self.saved.append(self.queue.dump())

    def run_until_done(self) -> list[float]:
        """Run what is due at its time; return the times."""
        times = []
        while True:
            jobs, next_at = self.queue.due(self.now)
            for job in jobs:
                times.append(self.now)
                job()
            if not jobs and next_at is None:
                return times
            if not jobs and next_at is not None:
                self.now = next_at


def test_an_event_that_fails_is_tried_again_after_two_pauses_and_ends_in_its_destinations() -> None:
    invoker = FakeInvoker([FAILED])
    bench = Bench(invoker, AsyncSettings(dead_letters=QUEUE, on_failure=QUEUE, pauses=AWS_PAUSES), _lookups())
    bench.queue.put([QueuedInvocation(FUNCTION, '{"n": 1}')])
    assert bench.run_until_done() == [1000.0, 1060.0, 1180.0]
    (letter, record) = bench.sent.letters
    assert letter[1] == {"n": 1}
    assert letter[2] == {"RequestID": "request-1", "ErrorCode": "200", "ErrorMessage": "no"}
    assert isinstance(record[1], dict)
    assert record[1]["requestContext"]["condition"] == "RetriesExhausted"
    assert record[1]["requestContext"]["approximateInvokeCount"] == 3


def test_a_busy_function_uses_up_no_retry() -> None:
    bench = Bench(FakeInvoker([BUSY, BUSY, DONE]), AsyncSettings(retries=0), _lookups())
    bench.queue.put([QueuedInvocation(FUNCTION, "{}")])
    assert bench.run_until_done() == [1000.0, 1001.0, 1003.0]
    assert bench.sent.letters == []


def test_an_event_that_is_too_old_is_given_up() -> None:
    bench = Bench(
        FakeInvoker([FAILED]), AsyncSettings(max_age=60, on_failure=QUEUE, pauses=AWS_PAUSES), _lookups()
    )
    bench.queue.put([QueuedInvocation(FUNCTION, "{}")])
    assert bench.run_until_done() == [1000.0, 1060.0, 1180.0]
    (letter,) = bench.sent.letters
    assert isinstance(letter[1], dict)
    assert letter[1]["requestContext"]["condition"] == "EventAgeExceeded"


def test_a_function_that_is_stopped_gets_no_event() -> None:
    invoker = FakeInvoker([DONE])
    bench = Bench(invoker, AsyncSettings(dead_letters=QUEUE), _lookups(reserved=0))
    bench.queue.put([QueuedInvocation(FUNCTION, "{}")])
    bench.run_until_done()
    assert invoker.events == []
    assert [arn for arn, _, _ in bench.sent.letters] == [QUEUE]


def test_events_that_are_not_done_survive() -> None:
    first = Bench(FakeInvoker([FAILED]), AsyncSettings(), _lookups())
    first.queue.put([QueuedInvocation(FUNCTION, '{"n": 1}')])
    first.queue.due(1000.0)[0][0]()
    second = Bench(FakeInvoker([DONE]), AsyncSettings(), _lookups())
    second.queue.load(json.loads(json.dumps(first.queue.dump())))
    assert second.run_until_done() == [1001.0]
    assert second.queue.dump() == []


def test_what_is_left_of_an_event_is_saved_after_each_attempt() -> None:
    bench = Bench(FakeInvoker([FAILED, DONE]), AsyncSettings(), _lookups())
    bench.queue.put([QueuedInvocation(FUNCTION, "{}")])
    bench.run_until_done()
    first, last = bench.saved
    assert isinstance(first, list)
    assert [(left["attempts"], left["not_before"]) for left in first] == [(1, 1001.0)]
    assert last == []


def test_a_failure_of_a_cloud_that_stops_is_not_one_of_the_function() -> None:
    bench = Bench(FakeInvoker([FAILED]), AsyncSettings(retries=0, dead_letters=QUEUE), _lookups())
    bench.queue.put([QueuedInvocation(FUNCTION, "{}")])
    bench.queue.stop()
    bench.queue.due(1000.0)[0][0]()
    assert bench.sent.letters == []
    assert len(bench.queue.dump()) == 1


def _records(count: int) -> list[StreamRecord]:
    return [StreamRecord(n, 990.0, {"dynamodb": {"SequenceNumber": str(n)}}) for n in range(1, count + 1)]


def _mapping(**changes: object) -> SourceMapping:
    stream = "arn:aws:dynamodb:eu-west-1:123456789012:table/t/stream/s"
    plain = SourceMapping("m", "eu-west-1", stream, FUNCTION, batch_size=4)
    return replace(plain, **changes)  # type: ignore[arg-type]


def _deliver(
    mapping: SourceMapping, results: Sequence[Invocation], records: int = 4
) -> tuple[list[list[int]], Sent, int]:
    """The sequences of each batch, what was sent, and the checkpoint at the end."""
    sources = FakeSources(known=[mapping], stream=_records(records))
    invoker, sent, now = FakeInvoker(list(results)), Sent(), 1000.0
    mappings = StreamMappings(sources, _lookups(), invoker, sent, lambda: None, lambda: now)
    for _ in range(50):
        jobs, next_at = mappings.due(now)
        for job in jobs:
            job()
        if not jobs and next_at is None:
            break
        now = max(now, next_at or now)
    batches = [
        [int(record["dynamodb"]["SequenceNumber"]) for record in event["Records"]]  # type: ignore[index]
        for event in invoker.events
    ]
    return batches, sent, sources.known[0].checkpoint


def test_a_batch_is_tried_again_before_the_next_one() -> None:
    batches, _, checkpoint = _deliver(_mapping(batch_size=2), [FAILED, FAILED, DONE])
    assert batches == [[1, 2], [1, 2], [1, 2], [3, 4]]
    assert checkpoint == 4


def test_a_partial_failure_goes_on_at_the_first_failed_record() -> None:
    partial = Invocation(b'{"batchItemFailures": [{"itemIdentifier": "3"}]}', None, b"", "")
    batches, _, checkpoint = _deliver(_mapping(partial=True), [partial, DONE])
    assert batches == [[1, 2, 3, 4], [3, 4]]
    assert checkpoint == 4


def test_a_bisected_batch_finds_the_bad_record() -> None:
    batches, sent, checkpoint = _deliver(
        _mapping(bisect=True, retries=1, on_failure=QUEUE), [FAILED, FAILED, FAILED, FAILED, DONE]
    )
    assert batches[:3] == [[1, 2, 3, 4], [1, 2], [1]]
    assert checkpoint == 4
    assert len(sent.letters) == 1


def test_records_that_are_too_old_are_given_up() -> None:
    batches, sent, checkpoint = _deliver(_mapping(max_age=5, on_failure=QUEUE), [FAILED, DONE])
    assert (batches, checkpoint) == ([[1, 2, 3, 4]], 4)
    ((_, letter, _),) = sent.letters
    assert isinstance(letter, dict)
    assert letter["requestContext"]["condition"] == "RecordAgeExceeded"


@pytest.mark.parametrize("payload", [b"[]", b'{"batchItemFailures": [{"itemIdentifier": "9"}]}', b"x"])
def test_a_report_that_cannot_be_read_is_a_failure_of_the_whole_batch(payload: bytes) -> None:
    unreadable = Invocation(payload, None, b"", "")
    batches, _, _ = _deliver(_mapping(partial=True), [unreadable, DONE])
    assert batches == [[1, 2, 3, 4], [1, 2, 3, 4]]
