"""A question whose answers split a set of suspects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class SplittingQuestion:
    """A question whose answers name the suspects that remain. `where` is a command or a place in DevTools.

    `answers` are (answer, causes); what none of them lists remains after `otherwise`.
    """

    text: str
    where: str
    answers: tuple[tuple[str, frozenset[str]], ...]
    otherwise: str

    def lists(self, causes: Iterable[str]) -> bool:
        """Whether an answer lists each of the causes."""
        return set(causes) <= {cause for _, listed in self.answers for cause in listed}

    def split(self, causes: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The causes that remain after each answer, in their order; answers that leave none are left out."""
        found: dict[str, list[str]] = {answer: [] for answer, _ in self.answers}
        found.setdefault(self.otherwise, [])
        for cause in causes:
            named = next((answer for answer, listed in self.answers if cause in listed), self.otherwise)
            found[named].append(cause)
        return {answer: tuple(left) for answer, left in found.items() if left}
