"""An alarm of CloudWatch that has changed its state: what its actions receive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class AlarmTransition:
    """`settings`: the metric and the threshold, by the names of a notification's Trigger; `moment` in ISO 8601."""

    arn: str
    name: str
    region: str
    description: str
    old: str
    new: str
    reason: str
    moment: str
    actions: tuple[str, ...]
    settings: Mapping[str, Any]


class AlarmStates(Protocol):
    def alarm_transitions(self, region: str, *, evaluate: bool) -> Sequence[AlarmTransition]:
        """The alarms that have changed their state since the last call; `evaluate`: judge their metrics first."""
