"""Signals, for which wait conditions and resources with a CreationPolicy wait before they are complete.

A signal comes by a PUT to the URL of a wait condition handle, or by SignalResource. Those of a handle are saved: a
wait condition that is created later finds them. Those of a resource end with its operation, which a kill rolls back.
See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-waitcondition.html
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.runtime.shapes import TemplateValue

LOOK = 0.1
"""Seconds between two looks whether the time has come, or the operation was cancelled in the meantime."""
LONGEST = 12 * 3600
DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")
STATUSES = ("SUCCESS", "FAILURE")
LONGEST_DATA = 4096


@dataclass(frozen=True)
class Signal:
    """One signal; `unique_id` tells it from others, and from itself when it is sent again."""

    unique_id: str
    status: str
    reason: str = ""
    data: str = ""

    @classmethod
    def parse(cls, body: object) -> Signal:
        """The signal of this JSON; raises CloudFormationError if it is not one."""
        if not isinstance(body, Mapping) or body.get("Status") not in STATUSES or not body.get("UniqueId"):
            raise CloudFormationError("A signal has a Status, SUCCESS or FAILURE, and a UniqueId.")
        data = str(body.get("Data", ""))
        if len(data.encode()) > LONGEST_DATA:
            raise CloudFormationError(f"The data of a signal may not exceed {LONGEST_DATA} bytes.")
        return cls(str(body["UniqueId"]), str(body["Status"]), str(body.get("Reason", "")), data)


@dataclass(frozen=True)
class Awaited:
    """What a resource waits for: so many successes at `place` within `seconds`."""

    place: str
    count: int
    seconds: float
    by_handle: bool


class Signals:
    """The signals that have come, by the place that they were sent to: the URL of a handle, or a resource."""

    def __init__(self) -> None:
        self._moved = threading.Condition()
        self._received: dict[str, dict[str, Signal]] = {}

    def expect(self, place: str) -> None:
        """Take signals at a place from now on."""
        with self._moved:
            self._received.setdefault(place, {})

    def expects(self, place: str) -> bool:
        """Whether signals are taken at a place."""
        with self._moved:
            return place in self._received

    def forget(self, place: str) -> None:
        """Drop a place that takes no signals any more, with those that came."""
        with self._moved:
            self._received.pop(place, None)

    def send(self, place: str, signal: Signal) -> None:
        """Take a signal; one that came before is passed over."""
        with self._moved:
            self._received.setdefault(place, {}).setdefault(signal.unique_id, signal)
            self._moved.notify_all()

    def dump(self, places: Collection[str]) -> dict[str, list[dict[str, str]]]:
        """The signals that came to `places`, in their order; `load` takes them."""
        with self._moved:
            return {
                place: [dict(vars(signal)) for signal in received.values()]
                for place, received in self._received.items()
                if place in places and received
            }

    def load(self, saved: Mapping[str, list[dict[str, str]]]) -> None:
        """Take over what `dump` gave."""
        with self._moved:
            for place, signals in saved.items():
                self._received[place] = {signal["unique_id"]: Signal(**signal) for signal in signals}

    def wait(
        self, awaited: Awaited, listener: Callable[[Signal], None], is_over: Callable[[], bool]
    ) -> Mapping[str, Signal]:
        """Return the signals once they are enough, one is a failure, or `is_over`.

        `listener` is called for each signal that comes meanwhile, in the thread that waits: what it writes must not
        come after what the resource becomes then.
        """
        with self._moved:
            seen = len(self._received.get(awaited.place, {})) if awaited.by_handle else 0
        while True:
            with self._moved:
                received = self._received.setdefault(awaited.place, {})
                new = list(received.values())[seen:]
                if not new and (_enough(received, awaited.count) or is_over()):
                    if not awaited.by_handle:
                        self.forget(awaited.place)
                    return dict(received)
                if not new:
                    self._moved.wait(LOOK)
            for signal in new:
                listener(signal)
            seen += len(new)


def succeeded(signals: Mapping[str, Signal]) -> list[Signal]:
    """The successes among signals."""
    return [signal for signal in signals.values() if signal.status == "SUCCESS"]


def failed(signals: Mapping[str, Signal]) -> list[Signal]:
    """The failures among signals."""
    return [signal for signal in signals.values() if signal.status == "FAILURE"]


def count_of(value: TemplateValue) -> int:
    """The Count of a wait condition or a policy; raises CloudFormationError if it is not one."""
    try:
        count = int(value)
    except (TypeError, ValueError):
        count = 0
    if count < 1:
        raise CloudFormationError(f"Count must be an integer of at least 1, not {value}")
    return count


def seconds_of(value: TemplateValue) -> float:
    """The Timeout of a wait condition, in seconds."""
    try:
        seconds = int(value)
    except (TypeError, ValueError):
        seconds = -1
    if not 0 <= seconds <= LONGEST:
        raise CloudFormationError(f"Timeout must be a number of seconds up to {LONGEST}, not {value}")
    return seconds


def duration_of(value: TemplateValue) -> float:
    """The Timeout of a policy: ``PT#H#M#S`` of ISO 8601."""
    match = DURATION.fullmatch(str(value))
    if match is None or not any(match.groups()):
        raise CloudFormationError(f"Timeout must be a duration of the form PT#H#M#S, not {value}")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return min(hours * 3600 + minutes * 60 + seconds, LONGEST)


def _enough(received: Mapping[str, Signal], count: int) -> bool:
    return bool(failed(received)) or len(succeeded(received)) >= count
