"""The part of a page that is generated: the lines between two marks."""

from __future__ import annotations

from collections.abc import Iterable

END = "<!-- to here -->\n"


def begin(script: str) -> str:
    """The mark before what a script writes; what follows `END` is not its own."""
    return f"<!-- python {script} writes from here -->\n"


def filled(page: str, script: str, lines: Iterable[str]) -> str:
    """The page with these lines between the marks of a script. A page without the marks ends the program."""
    before, begun, rest = page.partition(begin(script))
    _, ended, after = rest.partition(END)
    if not (begun and ended):
        raise SystemExit(f"A page lacks the marks {begin(script)!r} and {END!r}")
    return f"{before}{begun}\n" + "\n".join(lines) + f"\n\n{ended}{after}"
