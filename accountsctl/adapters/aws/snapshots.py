"""Snapshots of database clusters, by RDS."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from accountsctl.adapters.aws.clients import service_client
from accountsctl.adapters.aws.errors import translated
from accountsctl.adapters.aws.session import Session
from accountsctl.model.database_reports import DatabaseSnapshot

ENGINE = "aurora-postgresql"


class RdsSnapshots:
    """`ports.Snapshots` of a session's region."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def snapshots(self) -> Sequence[DatabaseSnapshot]:
        """The manual and final ones of Aurora PostgreSQL, the newest first."""
        pages = service_client(self._session, "rds").get_paginator("describe_db_cluster_snapshots")
        with translated("list the snapshots of databases"):
            found = [
                DatabaseSnapshot(
                    snapshot["DBClusterSnapshotIdentifier"],
                    snapshot["DBClusterIdentifier"],
                    snapshot.get("SnapshotCreateTime"),
                    snapshot.get("EngineVersion", ""),
                    snapshot.get("Status", ""),
                )
                for page in pages.paginate(SnapshotType="manual")
                for snapshot in page["DBClusterSnapshots"]
                if snapshot.get("Engine") == ENGINE
            ]
        return sorted(
            found, key=lambda snapshot: snapshot.created or datetime.min.replace(tzinfo=UTC), reverse=True
        )
