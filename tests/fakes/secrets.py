"""A secret store in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class FakeSecrets:
    """`ports.SecretStore`; it remembers the values."""

    values: dict[str, str] = field(default_factory=dict)

    def put(self, place: str, value: str) -> None:
        self.values[place] = value

    def stored(self, places: Iterable[str]) -> frozenset[str]:
        return frozenset(self.values) & frozenset(places)

    def remove(self, place: str) -> bool:
        return self.values.pop(place, None) is not None
