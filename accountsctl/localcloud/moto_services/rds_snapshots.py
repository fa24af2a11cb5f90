"""Snapshots of Aurora clusters, with the rows: RDS's records are moto's, the data lie next to those of the clusters.

Source: RDS API Reference, CreateDBClusterSnapshot, RestoreDBClusterFromSnapshot, DeleteDBClusterSnapshot.
"""

from __future__ import annotations

import importlib
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING

from accountsctl.localcloud.moto_services.apps import JsonObject, models
from accountsctl.localcloud.moto_services.data_steps import (
    Restored,
    SnapshotDeleted,
    SnapshotTaken,
    report_step,
)
from accountsctl.localcloud.moto_services.patching import wrap
from accountsctl.localcloud.moto_services.rds_changes import check_identifier

if TYPE_CHECKING:
    from types import ModuleType

    from moto.rds.models import DBCluster, DBClusterSnapshot, RDSBackend

INHERITED = (
    "engine",
    "engine_version",
    "master_username",
    "database_name",
    "port",
    "storage_encrypted",
    "kms_key_id",
)
"""What a restored cluster has of the one that the snapshot was taken of, if the call does not state it."""
FIXED = frozenset(["engine", "master_username", "snapshot_identifier"])
"""What a call cannot change."""


def install() -> None:
    """Fix moto.rds. Once per process."""
    backend = models("rds").RDSBackend
    wrap(backend, "create_db_cluster_snapshot", _create)
    wrap(backend, "delete_db_cluster_snapshot", _delete)
    wrap(backend, "restore_db_cluster_from_snapshot", _restore)


def _create(
    original: Callable[..., DBClusterSnapshot],
    backend: RDSBackend,
    db_cluster_identifier: str,
    db_cluster_snapshot_identifier: str,
    snapshot_type: str = "manual",
    **more: object,
) -> DBClusterSnapshot:
    if snapshot_type == "manual":  # an automated one is named rds:<cluster>-<time>
        check_identifier(db_cluster_snapshot_identifier, "DBClusterSnapshotIdentifier")
    made = original(backend, db_cluster_identifier, db_cluster_snapshot_identifier, snapshot_type, **more)
    if snapshot_type == "manual":  # moto also takes an automated one of each new cluster
        report_step(SnapshotTaken(made.cluster.db_cluster_resource_id, db_cluster_snapshot_identifier))
    return made


def _delete(
    original: Callable[..., DBClusterSnapshot], backend: RDSBackend, db_snapshot_identifier: str
) -> DBClusterSnapshot:
    deleted = original(backend, db_snapshot_identifier)
    report_step(SnapshotDeleted(db_snapshot_identifier))
    return deleted


def _restore(
    _original: Callable[..., DBCluster], backend: RDSBackend, from_snapshot_id: str, overrides: JsonObject
) -> DBCluster:
    """A new cluster with the snapshot's data. Its password is the old one, which no one knows if RDS managed it."""
    name = from_snapshot_id.rpartition(":")[2] if from_snapshot_id.startswith("arn:") else from_snapshot_id
    snapshot = backend.cluster_snapshots.get(name)
    if snapshot is None:
        raise _exceptions().DBClusterSnapshotNotFoundError(name)
    wanted = {key: value for key, value in overrides.items() if value is not None and key not in FIXED}
    _check_engine(snapshot.cluster, overrides)
    inherited = {key: getattr(snapshot.cluster, key) for key in INHERITED}
    known = getattr(snapshot.cluster, "_master_user_password", None)
    cluster: DBCluster = backend.create_db_cluster(
        {**inherited, "master_user_password": known or secrets.token_urlsafe(24), **wanted}
    )
    report_step(Restored(name, cluster.db_cluster_resource_id))
    return cluster


def _exceptions() -> ModuleType:
    return importlib.import_module("moto.rds.exceptions")


def _check_engine(source: DBCluster, overrides: JsonObject) -> None:
    """The engine is the snapshot's, and its major version cannot go back."""
    engine = overrides.get("engine")
    if engine and engine != source.engine:
        raise _exceptions().InvalidParameterCombination(
            f"Engine {engine} is not the engine of the DB cluster snapshot, {source.engine}."
        )
    version = str(overrides.get("engine_version") or source.engine_version)
    if int(version.partition(".")[0]) < int(source.engine_version.partition(".")[0]):
        raise _exceptions().InvalidParameterCombination(
            f"Cannot upgrade {source.engine} from {source.engine_version} to {version}"
        )
