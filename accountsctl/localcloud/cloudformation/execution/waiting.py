"""The wait of a resource for the signals that complete it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.runtime.shapes import TemplateValue
from accountsctl.localcloud.cloudformation.runtime.signals import (
    Awaited,
    Signal,
    count_of,
    duration_of,
    failed,
    seconds_of,
    succeeded,
)
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import StackRuntime
from accountsctl.localcloud.cloudformation.runtime.state import WAIT_CONDITION, Record, Stack

STOPPED = "The embedded cloud was stopped before the resource had its signals."


def place_of(stack: Stack, logical_id: str) -> str:
    """Where SignalResource sends signals to a resource."""
    return f"{stack.id}/{logical_id}"


class SignalWaiter:
    """Waits for the resources of one stack that is deployed; `stopped` is whether the operation is given up."""

    def __init__(self, runtime: StackRuntime, stack: Stack, stopped: Callable[[], bool]) -> None:
        self._runtime = runtime
        self._stack = stack
        self._stopped = stopped

    def expect(self, record: Record, policy: TemplateValue) -> None:
        """Take the signals of a resource that is to be created; they may come before it waits for them."""
        if _has_signals(policy):
            self._runtime.signals.expect(place_of(self._stack, record.logical_id))

    def forget(self, record: Record) -> None:
        """Take no more signals of a resource whose creation failed."""
        self._runtime.signals.forget(place_of(self._stack, record.logical_id))

    def wait(self, record: Record, policy: TemplateValue) -> None:
        """Return when a new resource has its signals; `policy` is its CreationPolicy, with values.

        Raises CloudFormationError, in AWS's words, if one is a failure or they do not come in time.
        """
        awaited = self._awaited(record, policy)
        if awaited is None:
            return
        end = self._runtime.delays.clock() + awaited.seconds

        def is_over() -> bool:
            delays = self._runtime.delays
            return delays.clock() >= end or delays.closed or self._stopped()

        def seen(signal: Signal) -> None:
            why = f"Received {signal.status} signal with UniqueId {signal.unique_id}"
            self._runtime.store.resource_status(self._stack, record, "CREATE_IN_PROGRESS", why)

        signals = self._runtime.signals.wait(awaited, seen, is_over)
        if self._stopped():
            return  # the deployment says that it was cancelled
        reason = _failure(awaited, signals)
        if reason and self._runtime.delays.closed:
            reason = STOPPED
        if reason:
            raise CloudFormationError(reason)
        if record.type == WAIT_CONDITION:
            data = {signal.unique_id: signal.data for signal in succeeded(signals)}
            record.attributes = {"Data": json.dumps(data, separators=(",", ":"))}

    def _awaited(self, record: Record, policy: TemplateValue) -> Awaited | None:
        if _has_signals(policy):
            signal = policy["ResourceSignal"] or {}
            seconds = duration_of(signal.get("Timeout", "PT5M"))
            return Awaited(
                place_of(self._stack, record.logical_id), count_of(signal.get("Count", 1)), seconds, False
            )
        if record.type != WAIT_CONDITION:
            return None
        properties = record.properties
        if "Handle" not in properties or "Timeout" not in properties:
            raise CloudFormationError(
                "A wait condition has a Handle and a Timeout, or a CreationPolicy with a ResourceSignal"
            )
        count, seconds = count_of(properties.get("Count", 1)), seconds_of(properties["Timeout"])
        return Awaited(str(properties["Handle"]), count, seconds, True)


def _has_signals(policy: TemplateValue) -> bool:
    return isinstance(policy, Mapping) and "ResourceSignal" in policy


def _failure(awaited: Awaited, signals: Mapping[str, Signal]) -> str | None:
    """Why the signals do not complete the resource; None if they do."""
    failures, received = failed(signals), len(succeeded(signals))
    if awaited.by_handle and failures:
        return f"WaitCondition received failed message: '{failures[0].reason}' for uniqueId: {failures[0].unique_id}"
    if awaited.by_handle and received < awaited.count:
        return f"WaitCondition timed out. Received {received} conditions when expecting {awaited.count}"
    if failures:
        return f"Received {len(failures)} FAILURE signal(s) out of {awaited.count}"
    if received < awaited.count:
        missing = awaited.count - received
        return f"Failed to receive {missing} resource signal(s) within the specified duration"
    return None
