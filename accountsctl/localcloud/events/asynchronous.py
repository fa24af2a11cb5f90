"""Asynchronous invocations: accepted at once, tried again if they fail, and sent to a destination at their end.

Lambda waits one minute before the second attempt and two before the third; here these are seconds, so that what a
function does with a failure is seen at once. A function that is busy is tried again for as long as the event may be
old.
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, Protocol

from accountsctl.localcloud.contracts.event_sources import (
    AsyncSettings,
    EventSources,
    QueuedInvocation,
)
from accountsctl.localcloud.contracts.lookups import FunctionConfig, Invocation, Invoker, Lookups
from accountsctl.localcloud.contracts.reporting import report
from accountsctl.localcloud.events.engine import Job
from accountsctl.localcloud.events.streams import stamp

LONGEST_PAUSE = 300.0
NOT_THE_FUNCTIONS_FAULT = ("TooManyRequestsException", "ServiceException")


class Send(Protocol):
    """Sends a text to an ARN; `attributes` are those of a message, `event` is what a bus gets."""

    def __call__(self, arn: str, text: str, attributes: Mapping[str, str] | None = None) -> None: ...


@dataclass(frozen=True)
class Pending:
    """An event that is not done. `accepted` and `not_before` are in epoch seconds; `pauses` counts refusals."""

    id: str
    function_arn: str
    payload: str
    accepted: float
    not_before: float
    attempts: int = 0
    pauses: int = 0


class AsyncInvocations:
    """The queue of asynchronous invocations, as a source of the engine. `changed` has the state written soon."""

    def __init__(
        self,
        sources: EventSources,
        lookups: Lookups,
        invoker: Invoker,
        send: Send,
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
        self._pending: dict[str, Pending] = {}
        self._running: set[str] = set()
        self._stopping = False

    def put(self, invocations: Iterable[QueuedInvocation]) -> None:
        """Accept events; they are kept until they are done."""
        now = self._clock()
        with self._lock:
            for invocation in invocations:
                pending = Pending(str(uuid.uuid4()), invocation.function_arn, invocation.payload, now, now)
                self._pending[pending.id] = pending

    def dump(self) -> list[dict[str, Any]]:
        """The events that are not done, as JSON."""
        with self._lock:
            return [asdict(pending) for pending in self._pending.values()]

    def load(self, dumped: Iterable[dict[str, Any]]) -> None:
        with self._lock:
            self._pending = {fields["id"]: Pending(**fields) for fields in dumped}

    def stop(self) -> None:
        """From now on a failure counts for nothing: the functions are being ended."""
        self._stopping = True

    def due(self, now: float) -> tuple[Sequence[Job], float | None]:
        with self._lock:
            waiting = [pending for pending in self._pending.values() if pending.id not in self._running]
            ready = [pending for pending in waiting if pending.not_before <= now]
            self._running |= {pending.id for pending in ready}
        later = [pending.not_before for pending in waiting if pending.not_before > now]
        return [partial(self._run, pending) for pending in ready], min(later, default=None)

    def _run(self, pending: Pending) -> None:
        left: Pending | None = replace(pending, not_before=self._clock() + LONGEST_PAUSE)  # after a bug
        try:
            left = self._attempt(pending)
        finally:
            with self._lock:
                self._running.discard(pending.id)
                if left is None:
                    self._pending.pop(pending.id, None)
                else:
                    self._pending[pending.id] = left
            self._changed()  # otherwise a kill would bring back what is done

    def _attempt(self, pending: Pending) -> Pending | None:
        """Invoke the function once; what is left to do, None if nothing is."""
        region = pending.function_arn.split(":")[3]
        function = self._lookups.function(pending.function_arn, region)
        if function is None:
            report(f"an event for {pending.function_arn} was dropped: the function does not exist")
            return None
        settings = self._sources.async_settings(pending.function_arn)
        too_old = pending.accepted + settings.max_age < self._clock()
        if function.reserved == 0 or (too_old and pending.attempts + pending.pauses):
            condition = "ZeroReservedConcurrency" if function.reserved == 0 else "EventAgeExceeded"
            self._give_up(_End(function, pending, condition, None), settings)
            return None
        run = self._invoker.invoke(function, pending.payload.encode())
        if self._stopping and run.error is not None:
            return pending
        return self._after(function, pending, settings, run)

    def _after(
        self, function: FunctionConfig, pending: Pending, settings: AsyncSettings, run: Invocation
    ) -> Pending | None:
        """What is left to do after an attempt."""
        if _error_type(run) in NOT_THE_FUNCTIONS_FAULT:
            pause = min(LONGEST_PAUSE, 2.0**pending.pauses)
            return replace(pending, pauses=pending.pauses + 1, not_before=self._clock() + pause)
        pending = replace(pending, attempts=pending.attempts + 1)
        if run.error is None:
            self._finish(settings.on_success, _End(function, pending, "Success", run))
            return None
        if pending.attempts > settings.retries:
            self._give_up(_End(function, pending, "RetriesExhausted", run), settings)
            return None
        pause = settings.pauses[min(pending.attempts, len(settings.pauses)) - 1]
        return replace(pending, not_before=self._clock() + pause)

    def _give_up(self, end: _End, settings: AsyncSettings) -> None:
        """Send the event to the dead letter queue and its record to the destination, as far as they are set."""
        if settings.dead_letters:
            self._try(settings.dead_letters, end.pending.payload, end.attributes())
        self._finish(settings.on_failure, end)

    def _finish(self, destination: str | None, end: _End) -> None:
        if destination:
            self._try(destination, json.dumps(end.record()))

    def _try(self, arn: str, text: str, attributes: Mapping[str, str] | None = None) -> None:
        try:
            self._send(arn, text, attributes)
        except Exception as fault:  # noqa: BLE001 - AWS counts it in a metric, and drops the event
            report(f"an event could not be sent to {arn}: {fault}")


@dataclass(frozen=True)
class _End:
    """How an event ended. `run` is its last invocation, None if there was none."""

    function: FunctionConfig
    pending: Pending
    condition: str
    run: Invocation | None

    def record(self) -> dict[str, Any]:
        """The invocation record; https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html"""
        record: dict[str, Any] = {
            "version": "1.0",
            "timestamp": stamp(time.time()),
            "requestContext": {
                "requestId": self._request_id,
                "functionArn": _qualified(self.pending.function_arn),
                "condition": self.condition,
                "approximateInvokeCount": self.pending.attempts,
            },
            "requestPayload": json.loads(self.pending.payload),
        }
        if self.run is not None:
            error = {"functionError": self.run.error} if self.run.error else {}
            record["responseContext"] = {"statusCode": 200, "executedVersion": self.function.version, **error}
            record["responsePayload"] = json.loads(self.run.payload or b"null")
        return record

    def attributes(self) -> dict[str, str]:
        """What a dead letter says of its error."""
        message = _error(self.run).get("errorMessage", self.condition)
        return {
            "RequestID": self._request_id,
            "ErrorCode": "200" if self.run is not None else "429",
            "ErrorMessage": str(message)[:1024],
        }

    @property
    def _request_id(self) -> str:
        return (self.run.request_id if self.run else "") or self.pending.id


def _qualified(arn: str) -> str:
    return arn if arn.count(":") > 6 else f"{arn}:$LATEST"


def _error(run: Invocation | None) -> dict[str, Any]:
    try:
        content = json.loads(run.payload) if run is not None and run.error else {}
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _error_type(run: Invocation) -> str:
    return str(_error(run).get("errorType", ""))
