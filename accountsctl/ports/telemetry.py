"""What is measured of a running environment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Errors:
    """How often a function failed, and the last failure in one line without secrets (empty if none is reported)."""

    count: int
    latest: str = ""


class Telemetry(Protocol):
    """What is measured of a running environment (adapters: `aws.telemetry`, `machine`)."""

    def errors(self, function: str, since: datetime) -> Errors:
        """A function's failures since then; CloudError if that is not reported."""

    def capacity(self, cluster: str, /) -> float | None:
        """A Serverless cluster's capacity units now, 0 where it is paused; None if nothing is measured."""
