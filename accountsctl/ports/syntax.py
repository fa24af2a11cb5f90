"""The syntax of functions' code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol


class Syntax(Protocol):
    """What a runtime can load (adapter: `adapters.syntax`)."""

    def errors(
        self, code: Mapping[str, bytes], runtime: str, *, local: bool
    ) -> Sequence[tuple[str, int, str]]:
        """For each file that it cannot read: its path, the line and what is wrong. Nothing is run.

        `local`: this machine runs the function, so what its interpreter cannot read is an error, whatever its version.
        """
