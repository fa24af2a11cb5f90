"""A resource schema for the widgets of the tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FakeSchema:
    """A type whose properties are whatever they are, but for the named ones."""

    create_only: frozenset[str] = frozenset({"Kind"})
    conditional_create_only: frozenset[str] = frozenset()
    read_only: frozenset[str] = frozenset({"Arn", "Size"})
    write_only: frozenset[str] = frozenset()
    primary_identifier: tuple[str, ...] = ("Name",)
    taggable: bool = True

    def faults(self, properties: Any) -> list[str]:
        return ["#: extraneous key [Nonsense] is not permitted"] if "Nonsense" in properties else []

    def findings(self, properties: Any, undecided: Callable[[Any], bool]) -> list[tuple[str, str]]:
        """A size below zero is refused early, unless it is not known yet."""
        size = properties.get("Size", 0)
        negative = not undecided(size) and int(size) < 0 if str(size).lstrip("-").isdigit() else False
        return [("/Size", f"{size} is not greater or equal to 0")] if negative else []

    def coerced(self, properties: Any) -> dict[str, Any]:
        return dict(properties)

    def readable(self, attribute: str) -> bool:
        return attribute in self.read_only
