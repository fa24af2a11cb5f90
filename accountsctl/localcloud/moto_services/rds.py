"""What we fix in moto's RDS, for Aurora clusters.

- A bad request is refused as RDS refuses it: an identifier in use, a subnet group that does not exist, a
  reserved user name, an unknown engine version, a deletion that does not decide about a final snapshot.
- `EngineVersion: "17"` becomes a full version; the Data API can be switched on for today's engines.
- A password managed by RDS is a random one, in the secret ``rds!cluster-<uuid>``.
- Deleted clusters are reported to whoever made the call (see `data_steps`), because their databases are not moto's.
"""

from __future__ import annotations

import importlib
import json
import re
import secrets
import string
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from accountsctl.localcloud.moto_services import adoption, rds_changes, rds_logs, rds_options
from accountsctl.localcloud.moto_services.apps import JsonObject, backends, models
from accountsctl.localcloud.moto_services.data_steps import Dropped, data_steps, report_step
from accountsctl.localcloud.moto_services.patching import wrap

if TYPE_CHECKING:
    from types import ModuleType

    from moto.core.responses import ActionResult
    from moto.rds.models import DBCluster, MasterUserSecret, RDSBackend
    from moto.rds.responses import RDSResponse

RESERVED = (
    "admin",
    "rdsadmin",
    "rdsrepladmin",
    "rds_superuser",
    "rdstopmgr",
    "replication",
    "public",
    "user",
)
PASSWORD = string.ascii_letters + string.digits + "!#$%&*()-_=+[]{}<>:?"


def install() -> None:
    """Fix moto.rds. Once per process."""
    moto = models("rds")
    wrap(moto.MasterUserSecret, "_generate_secret_string", _random_password)
    moto.DBCluster.enable_http_endpoint = property(_http_endpoint, _set_http_endpoint)
    wrap(moto.DBCluster, "get_cfg", _configuration)
    wrap(moto.RDSBackend, "create_db_cluster", _create)
    wrap(moto.RDSBackend, "modify_db_cluster", _modify)
    wrap(moto.RDSBackend, "delete_db_cluster", _delete)
    wrap(moto.RDSBackend, "modify_db_subnet_group", rds_changes.modify_subnet_group)
    rds_options.install()
    responses = importlib.import_module("moto.rds.responses").RDSResponse
    wrap(responses, "delete_db_cluster", _check_final_snapshot)
    responses.enable_http_endpoint = lambda operation: _switch(operation, True)
    responses.disable_http_endpoint = lambda operation: _switch(operation, False)


def find_cluster(arn: str) -> DBCluster | None:
    """The cluster of exactly this ARN in any region; None if there is none."""
    return next((cluster for cluster in all_clusters() if cluster.arn == arn), None)


def all_clusters() -> Iterator[DBCluster]:
    """The clusters of every account and region."""
    for regions in backends("rds").values():
        for backend in regions.values():
            yield from backend.clusters.values()


def password_of(cluster: DBCluster) -> str:
    """The master password: the cluster's own, or the one in its secret."""
    if not cluster.manage_master_user_password:
        return str(cluster._master_user_password)
    secret = cluster.master_user_secret
    value = secret.secretsmanager.get_secret_value(secret.secret_arn, "", "AWSCURRENT")
    return str(json.loads(value["SecretString"])["password"])


def _exceptions() -> ModuleType:
    return importlib.import_module("moto.rds.exceptions")


def _random_password(_original: Callable[..., str], secret: MasterUserSecret) -> str:
    """The SecretString of a password that RDS manages; moto's is the same for every cluster."""
    password = "".join(secrets.choice(PASSWORD) for _ in range(32))
    return json.dumps({"username": secret.resource.master_username, "password": password})


def _http_endpoint(cluster: DBCluster) -> bool:
    return bool(cluster._enable_http_endpoint)


def _set_http_endpoint(cluster: DBCluster, value: bool | None) -> None:
    """Aurora's engines have the Data API, provisioned (Serverless v2) or serverless; other engines ignore it."""
    cluster._enable_http_endpoint = bool(value) and cluster.engine.startswith("aurora")


def _configuration(original: Callable[[DBCluster], JsonObject], cluster: DBCluster) -> JsonObject:
    """moto removes the password from a copy, and fails if there is none because RDS manages it."""
    cluster.__dict__.setdefault("_master_user_password", None)
    return original(cluster)


def _switch(operation: RDSResponse, value: bool) -> ActionResult:
    """EnableHttpEndpoint and DisableHttpEndpoint, which moto does not have."""
    from moto.core.responses import ActionResult

    arn = operation.params.get("ResourceArn")
    cluster = find_cluster(arn)
    if cluster is None:
        raise _exceptions().RDSClientError("ResourceNotFoundFault", f"The resource {arn} was not found.")
    cluster.enable_http_endpoint = value
    return ActionResult({"ResourceArn": arn, "HttpEndpointEnabled": value})


def _create(original: Callable[..., DBCluster], backend: RDSBackend, kwargs: JsonObject) -> DBCluster:
    identifier = kwargs["db_cluster_identifier"]
    exceptions = _exceptions()
    if identifier in backend.clusters:
        raise exceptions.RDSClientError("DBClusterAlreadyExistsFault", "DB Cluster already exists")
    group = kwargs.get("db_subnet_group_name")
    if group and group != "default" and group not in backend.subnet_groups:
        raise exceptions.RDSClientError(
            "DBSubnetGroupNotFoundFault", f"DB subnet group '{group}' does not exist."
        )
    rds_changes.check_identifier(identifier, "DBClusterIdentifier")
    if kwargs.get("engine") == "aurora-postgresql":
        _check_postgres(kwargs)
        kwargs["engine_version"] = rds_changes.full_version(kwargs.get("engine_version") or "17")
        major = kwargs["engine_version"].partition(".")[0]
        kwargs["db_cluster_parameter_group_name"] = (
            kwargs.get("db_cluster_parameter_group_name") or f"default.aurora-postgresql{major}"
        )
        kwargs["license_model"] = "postgresql-license"
    cluster = original(backend, kwargs)
    cluster.kms_key_id = cluster.kms_key_id if kwargs.get("kms_key_id") else _default_key(backend)
    return adoption.adopt(cluster, backend)


def _default_key(backend: RDSBackend) -> str:
    """The alias of the KMS key that RDS uses if a call names none."""
    return f"arn:aws:kms:{backend.region_name}:{backend.account_id}:alias/aws/rds"


def _check_postgres(kwargs: JsonObject) -> None:
    """RDS's rules for the user, the database and the password of an Aurora PostgreSQL cluster."""
    exceptions = _exceptions()
    name = kwargs.get("master_username") or ""
    if name.lower() in RESERVED or name.lower().startswith("pg_"):
        raise exceptions.InvalidParameterValue(
            f"MasterUsername {name} cannot be used as it is a reserved word used by the engine"
        )
    if name and not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,62}", name):
        raise exceptions.InvalidParameterValue(
            "The parameter MasterUsername is not a valid identifier. Identifiers must begin with a letter; "
            "must contain only ASCII letters, digits, and underscores."
        )
    database = kwargs.get("database_name")
    if database and not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,62}", database):
        raise exceptions.InvalidParameterValue(
            "DatabaseName must begin with a letter and contain only alphanumeric characters."
        )
    if kwargs.get("manage_master_user_password") and kwargs.get("master_user_password"):
        raise exceptions.InvalidParameterCombination(
            "You can't specify MasterUserPassword when ManageMasterUserPassword is enabled."
        )
    _check_capacity(kwargs.get("serverless_v2_scaling_configuration") or {})


def _check_capacity(scaling: JsonObject) -> None:
    """Serverless v2: halves of an ACU, 0 to 256, and the minimum not over the maximum."""
    low, high = (scaling.get(key) for key in ("min_capacity", "max_capacity"))
    for value in (low, high):
        if value is not None and (not 0 <= float(value) <= 256 or float(value) * 2 % 1):
            raise _exceptions().InvalidParameterValue(f"Serverless v2 capacity {value} isn't valid.")
    if low is not None and high is not None and (float(low) > float(high) or float(high) < 1):
        raise _exceptions().InvalidParameterCombination(
            f"Serverless v2 maximum capacity {high} isn't valid. The maximum capacity must be at least 1 "
            f"and no less than the minimum capacity {low}."
        )


def _modify(original: Callable[..., DBCluster], backend: RDSBackend, kwargs: JsonObject) -> DBCluster:
    """moto removes the cluster from its table while it changes it, and loses it if a value is refused."""
    identifier = kwargs["db_cluster_identifier"]
    cluster = backend.clusters.get(identifier)
    if cluster is None:
        raise _exceptions().DBClusterNotFoundError(identifier)
    _check_capacity(kwargs.get("serverless_v2_scaling_configuration") or {})
    if kwargs.get("engine_version") and cluster.engine == "aurora-postgresql":
        rds_changes.upgrade(cluster, kwargs)
    if "enable_iam_database_authentication" in kwargs:
        cluster.iam_auth = kwargs.pop("enable_iam_database_authentication")
    if kwargs.get("manage_master_user_password") and cluster.manage_master_user_password:
        kwargs.pop("manage_master_user_password")  # it is managed already; moto would make a second secret
    before = dict(cluster.__dict__)
    try:
        return original(backend, kwargs)
    except Exception:
        cluster.__dict__.clear()
        cluster.__dict__.update(before)
        backend.clusters[identifier] = cluster
        raise


def _check_final_snapshot(
    original: Callable[[RDSResponse], ActionResult], operation: RDSResponse
) -> ActionResult:
    """RDS deletes no cluster until the call states what becomes of the data."""
    skip, name = operation.params.get("SkipFinalSnapshot"), operation.params.get("FinalDBSnapshotIdentifier")
    if skip and name:
        raise _exceptions().InvalidParameterCombination(
            "FinalDBSnapshotIdentifier can not be specified when deleting a DB cluster with SkipFinalSnapshot"
        )
    if not skip and not name:
        raise _exceptions().InvalidParameterCombination(
            "FinalDBSnapshotIdentifier is required when SkipFinalSnapshot is not specified or is set to false"
        )
    return original(operation)


def _delete(
    original: Callable[..., DBCluster],
    backend: RDSBackend,
    cluster_identifier: str,
    snapshot_name: str | None = None,
) -> DBCluster:
    """Check the snapshot's name before moto deletes the secret; delete automated backups with the cluster."""
    if snapshot_name:
        rds_changes.check_identifier(snapshot_name, "FinalDBSnapshotIdentifier")
    if snapshot_name and snapshot_name in backend.cluster_snapshots:
        raise _exceptions().DBClusterSnapshotAlreadyExistsError(snapshot_name)
    with data_steps():  # the final snapshot is not a copy: it takes the data over
        cluster = original(backend, cluster_identifier, snapshot_name)
    backend.clusters.pop(cluster_identifier, None)
    for name, snapshot in list(backend.cluster_snapshots.items()):
        own = snapshot.cluster.db_cluster_resource_id == cluster.db_cluster_resource_id
        if own and snapshot.snapshot_type == "automated":
            del backend.cluster_snapshots[name]
    rds_logs.cluster_is_deleted(cluster, backend)
    report_step(Dropped(cluster.db_cluster_resource_id, snapshot_name))
    return cluster
