"""Public reports whose reporter shows the lines of a console, or of curl, alone: of later sets, and of web views."""

from __future__ import annotations

from pathlib import Path

from tests.faults.reported.pasted import Pasted

DATA = Path(__file__).parents[2] / "data/doctor"
"""A line "== THREAD: CAUSE, CAUSE" before the lines of each."""


def of_consoles(name: str = "pasted-consoles.txt") -> list[Pasted]:
    """All of a file, in its order."""
    found = []
    for block in (DATA / name).read_text(encoding="utf-8").split("== ")[1:]:
        head, _, text = block.partition("\n")
        thread, _, causes = head.partition(": ")
        found.append(Pasted(thread, tuple(causes.split(", ")), text))
    return found
