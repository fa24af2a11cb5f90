"""The log groups of a cluster: RDS writes to them until the cluster is gone, and so brings them back.

A log group that is deleted while its cluster is being destroyed is created again, without a retention; whoever
creates it under this name later finds it there (https://github.com/hashicorp/terraform-provider-aws/issues/42858).
On AWS this is a race, which RDS wins often; here it wins always.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from accountsctl.localcloud.moto_services.apps import backends

if TYPE_CHECKING:
    from moto.logs.models import LogsBackend
    from moto.rds.models import DBCluster, RDSBackend

_destroyed: set[tuple[str, str, str]] = set()
"""Account, region and name of each log group whose cluster was deleted while it existed."""


def cluster_is_deleted(cluster: DBCluster, backend: RDSBackend) -> None:
    """Bring the cluster's log groups back when they are deleted next."""
    logs = backends("logs")[backend.account_id][backend.region_name]
    for kind in cluster.enabled_cloudwatch_logs_exports:
        name = f"/aws/rds/cluster/{cluster.db_cluster_identifier}/{kind}"
        if name in logs.groups:
            _destroyed.add((backend.account_id, backend.region_name, name))


def group_is_deleted(backend: LogsBackend, log_group_name: str) -> None:
    """Bring the log group back if RDS still writes to it."""
    entry = backend.account_id, backend.region_name, log_group_name
    if entry in _destroyed:
        _destroyed.remove(entry)
        clusters = backends("rds")[backend.account_id][backend.region_name].clusters
        # A new cluster of the same name has log groups of its own.
        if log_group_name.split("/")[4] not in clusters:
            backend.ensure_log_group(log_group_name)
