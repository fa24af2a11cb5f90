"""What rendering may cost. A project can come from anyone, and a template is a program: it must end, and fit.

A template of CloudFormation has at most 1 MB (`TemplateBody` by URL); ten times that, and seconds where
milliseconds are usual, are far beyond any real one.
"""

from __future__ import annotations

import resource
import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol

SECONDS = 5.0  # of processor time, for one template
CHARACTERS = 10_000_000
MEMORY = 4 << 30  # bytes of address space of this process, while a template is rendered


class OverBudget(Exception):
    """The template costs more than any real one; the text says of what."""


@contextmanager
def limited(seconds: float = SECONDS, memory: int = MEMORY) -> Iterator[None]:
    """Raise OverBudget inside the block once it has used so much processor time, MemoryError if it needs more memory.

    Only in the main thread: both limits are those of the process.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    with limited_memory(memory), _limited_time(seconds):
        yield


@contextmanager
def _limited_time(seconds: float) -> Iterator[None]:
    def expired(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise OverBudget(f"it does not end within {seconds:g} seconds")

    before = signal.signal(signal.SIGVTALRM, expired)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


class ResourceLimits(Protocol):
    """What of the module `resource` is used; its limits are those of this process."""

    RLIMIT_AS: int
    RLIM_INFINITY: int

    def getrlimit(self, resource: int, /) -> tuple[int, int]:
        """The soft and the hard limit."""

    def setrlimit(self, resource: int, limits: tuple[int, int], /) -> None:
        """Set both; ValueError or OSError if the system does not take them."""


@contextmanager
def limited_memory(most: int, system: ResourceLimits = resource) -> Iterator[None]:
    """Lower the soft limit of the address space; a lower limit that is set already stays.

    No limit where the system takes none: macOS refuses to lower this one. Time and length stay limited there.
    """
    soft, hard = system.getrlimit(system.RLIMIT_AS)
    bounds = [bound for bound in (soft, hard) if bound != system.RLIM_INFINITY]
    try:
        system.setrlimit(system.RLIMIT_AS, (min(most, *bounds), hard) if bounds else (most, hard))
    except (ValueError, OSError):
        yield
        return
    try:
        yield
    finally:
        system.setrlimit(system.RLIMIT_AS, (soft, hard))


def joined(parts: Iterable[object], limit: int = CHARACTERS) -> str:
    """The parts as one text; OverBudget before it becomes too long."""
    texts: list[str] = []
    length = 0
    for part in parts:
        texts.append(str(part))
        length += len(texts[-1])
        check_length(length, limit)
    return "".join(texts)


def check_length(length: int, limit: int = CHARACTERS) -> None:
    """Raise OverBudget for a text or list of more than `limit` characters or items."""
    if length > limit:
        raise OverBudget(f"it makes a value of more than {limit:,} characters")


def check_operation(operator: str, left: object, right: object) -> None:
    """Raise OverBudget if ``left operator right`` is too long a text, list or number."""
    if operator == "**" and isinstance(right, int) and right > 1000:
        raise OverBudget(f"it raises a number to the power of {right}")
    sized, number = (left, right) if isinstance(right, int) else (right, left)
    if operator == "*" and isinstance(sized, str | list | tuple) and isinstance(number, int):
        check_length(len(sized) * max(0, number))
    if operator == "+" and isinstance(left, str | list | tuple) and isinstance(right, str | list | tuple):
        check_length(len(left) + len(right))
