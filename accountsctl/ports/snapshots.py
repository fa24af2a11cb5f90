"""Snapshots of database clusters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from accountsctl.model.database_reports import DatabaseSnapshot

AVAILABLE = "available"


class Snapshots(Protocol):
    """RDS of one region (adapter: `adapters.aws.snapshots`). Reads only."""

    def snapshots(self) -> Sequence[DatabaseSnapshot]:
        """The manual and final snapshots of Aurora PostgreSQL clusters, the newest first; CloudError if AWS refuses."""
