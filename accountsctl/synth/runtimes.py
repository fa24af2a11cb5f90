"""Lambda's runtimes and their end: which ones a function may be deployed on.

The dates are AWS's (Lambda developer guide, "Lambda runtimes", November 2026). A runtime past its
deprecation is refused although AWS would still create it for a while: what is created today cannot be
updated tomorrow.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

AS_OF = date(2026, 11, 22)
"""The day this table was made; the day to judge by where no other is given."""


@dataclass(frozen=True)
class FunctionRuntime:
    """`deprecated` is the first day without security patches, `blocked` the first without creation."""

    name: str
    deprecated: date
    blocked: date

    @property
    def language(self) -> str:
        """``python`` or ``nodejs``."""
        return self.name.rstrip("0123456789.x")


RUNTIMES = {
    runtime.name: runtime
    for runtime in (
        FunctionRuntime("nodejs20.x", date(2026, 4, 30), date(2027, 2, 1)),
        FunctionRuntime("nodejs22.x", date(2027, 4, 30), date(2027, 6, 1)),
        FunctionRuntime("nodejs24.x", date(2028, 4, 30), date(2028, 6, 1)),
        FunctionRuntime("python3.10", date(2026, 10, 31), date(2027, 2, 1)),
        FunctionRuntime("python3.11", date(2027, 6, 30), date(2027, 7, 31)),
        FunctionRuntime("python3.12", date(2028, 10, 31), date(2028, 11, 30)),
        FunctionRuntime("python3.13", date(2029, 6, 30), date(2029, 7, 31)),
        FunctionRuntime("python3.14", date(2029, 6, 30), date(2029, 7, 31)),
    )
}
DEFAULT = "python3.14"
SOON = 365


def refusal(name: str, today: date = AS_OF) -> str | None:
    """Why a function may not run on `name`, as a sentence; None if it may."""
    runtime = RUNTIMES.get(name)
    if runtime is None:
        return f'The runtime "{name}" is none that Lambda offers for Python or Node.js.'
    if runtime.deprecated <= today:
        return f"The runtime {name} has had no security patches since {runtime.deprecated}."
    return None


def supported(today: date = AS_OF) -> list[str]:
    """The runtimes that a new function may run on."""
    return [name for name in RUNTIMES if refusal(name, today) is None]


def warning(name: str, today: date = AS_OF) -> str | None:
    """What a team should know of a runtime that may still be used; None if there is nothing."""
    runtime = RUNTIMES.get(name)
    if runtime is None or runtime.deprecated <= today or (runtime.deprecated - today).days > SOON:
        return None
    return f"The runtime {name} gets its last security patches on {runtime.deprecated}."


def replacement(name: str) -> str:
    """The runtime to move to: the latest of the language that a name begins like."""
    return "nodejs24.x" if name.lower().startswith("node") else DEFAULT
