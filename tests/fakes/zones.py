"""Availability zones that a test names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FakeZones:
    """`ports.Zones`."""

    names: tuple[str, ...] = ("eu-west-1a", "eu-west-1b", "eu-west-1c")

    def usable(self) -> tuple[str, ...]:
        return self.names
