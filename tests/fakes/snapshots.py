"""Snapshots that a test names."""

from __future__ import annotations

from dataclasses import dataclass

from accountsctl.model.database_reports import DatabaseSnapshot


@dataclass(frozen=True)
class FakeSnapshots:
    """`ports.Snapshots`."""

    found: tuple[DatabaseSnapshot, ...] = ()

    def snapshots(self) -> tuple[DatabaseSnapshot, ...]:
        return self.found
