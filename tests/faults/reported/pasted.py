"""What a reporter pasted: lines of a console, or what curl or DevTools showed, with what the reporter says of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.diagnosis.diagnose import Diagnosis
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.facts.templates import read_templates


@dataclass(frozen=True)
class Pasted:
    """One thread. `causes` are the names that are right: the first suspect is one of them, or one of two is.

    `template` is what the reporter shows of the API.
    """

    thread: str
    causes: tuple[str, ...]
    text: str
    query: Query = field(default_factory=Query)
    template: Mapping[str, Any] | None = None

    def __str__(self) -> str:
        return self.thread


def diagnosis_of_text(pasted: Pasted) -> Diagnosis:
    """What the doctor says of the text's first request."""
    files = {"t.json": json.dumps(pasted.template)} if pasted.template is not None else {}
    apis = read_templates(files, {})
    (found, *_) = from_recording(pasted.text, "pasted.txt", apis, pasted.query).diagnoses
    return found
