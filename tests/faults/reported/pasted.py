"""What a reporter pasted: lines of a console, or what curl or DevTools showed, with what the reporter says of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.diagnosis.diagnose import Diagnosis
from accountsctl.doctor.diagnosis.targets import Query


@dataclass(frozen=True)
class Pasted:
    """One thread. `causes` are the names that are right; the first suspect is one of them, or one of two is."""

    thread: str
    causes: tuple[str, ...]
    text: str
    query: Query = field(default_factory=Query)

    def __str__(self) -> str:
        return self.thread


def diagnosis_of_text(pasted: Pasted) -> Diagnosis:
    """What the doctor says of the text's first request."""
    (found, *_) = from_recording(pasted.text, "pasted.txt", (), pasted.query).diagnoses
    return found
