"""What `doctor` found when it looked at an environment as a whole: one frozen value, shown as a table or as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a check ended. A note is worth knowing and nobody's fault; `UNCHECKED` says why nobody looked."""

    OK = "ok"
    NOTE = "note"
    FINDING = "finding"
    UNCHECKED = "not checked"


@dataclass(frozen=True)
class Check:
    """One check. `told` is a sentence; `next` is what to do, a command where there is one."""

    name: str
    outcome: Outcome
    told: str
    next: str = ""


@dataclass(frozen=True)
class Health:
    """All checks of an environment, in the order in which they were made."""

    environment: str
    cloud: str
    region: str
    checks: tuple[Check, ...]
    blind: bool = False

    @property
    def healthy(self) -> bool:
        """True where nothing was found."""
        return all(each.outcome is not Outcome.FINDING for each in self.checks)

    @property
    def exit_code(self) -> int:
        """0 healthy; 1 a finding; 4 where the cloud could not be looked at (`blind`)."""
        return 1 if not self.healthy else 4 if self.blind else 0
