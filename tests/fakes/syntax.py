"""A runtime that reads what the test says it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass
class FakeSyntax:
    """Finds the given errors in all code, and remembers the requests: a runtime, and whether this machine runs it."""

    found: Sequence[tuple[str, int, str]] = ()
    requests: list[tuple[str, bool]] = field(default_factory=list)

    def errors(
        self, code: Mapping[str, bytes], runtime: str, *, local: bool
    ) -> Sequence[tuple[str, int, str]]:
        assert code
        self.requests.append((runtime, local))
        return self.found
