"""Public reports of the sets eighteen to twenty-one whose reporter shows the lines of a console alone."""

from __future__ import annotations

from pathlib import Path

from tests.faults.reported.pasted import Pasted

TEXTS = Path(__file__).parents[2] / "data/doctor/pasted-consoles.txt"
"""A line "== THREAD: CAUSE, CAUSE" before the lines of each."""


def of_consoles() -> list[Pasted]:
    """All of the file, in its order."""
    found = []
    for block in TEXTS.read_text(encoding="utf-8").split("== ")[1:]:
        head, _, text = block.partition("\n")
        thread, _, causes = head.partition(": ")
        found.append(Pasted(thread, tuple(causes.split(", ")), text))
    return found
