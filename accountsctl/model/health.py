"""What `doctor` found in a complete environment: one frozen value, shown as a table or as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a check ended. A note is worth knowing but not a problem; `UNCHECKED` means that the check could not run."""

    OK = "ok"
    NOTE = "note"
    FINDING = "finding"
    UNCHECKED = "not checked"


@dataclass(frozen=True)
class Check:
    """One check. `message` is a sentence; `next` is what to do, a command if there is one."""

    name: str
    outcome: Outcome
    message: str
    next: str = ""


@dataclass(frozen=True)
class Health:
    """All checks of an environment, in their order. `blind` is True if the cloud could not be inspected."""

    environment: str
    cloud: str
    region: str
    checks: tuple[Check, ...]
    blind: bool = False

    @property
    def healthy(self) -> bool:
        """Whether no check has a finding."""
        return all(check.outcome is not Outcome.FINDING for check in self.checks)

    @property
    def exit_code(self) -> int:
        """0 healthy; 1 a finding; 4 if the cloud could not be inspected (`blind`)."""
        return 1 if not self.healthy else 4 if self.blind else 0
