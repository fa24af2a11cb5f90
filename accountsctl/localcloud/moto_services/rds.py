"""What we fix in moto's RDS, for Aurora clusters.

- A bad request is refused as RDS refuses it: an identifier in use, a subnet group that is not there, a
  reserved user name, an engine version that does not exist, a final snapshot that no one decided on.
- `EngineVersion: "17"` becomes a full version; the Data API can be switched on for today's engines.
- A password managed by RDS is a random one, in the secret ``rds!cluster-<uuid>``.
- What a deletion leaves to be done outside of moto is kept for `take_deleted`.
"""

from __future__ import annotations

import importlib
import json
import re
import secrets
import string
from collections.abc import Callable, Mapping
from typing import Any

from accountsctl.localcloud.cloudformation.resource_schemas.schemas import services
from accountsctl.localcloud.moto_services.apps import backends, models
from accountsctl.localcloud.moto_services.patching import wrap

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

_deleted: list[tuple[str, str | None]] = []


def install() -> None:
    """Fix moto.rds. Once per process."""
    moto = models("rds")
    wrap(moto.MasterUserSecret, "_generate_secret_string", _random_password)
    moto.DBCluster.enable_http_endpoint = property(_http_endpoint, _set_http_endpoint)
    wrap(moto.DBCluster, "get_cfg", _configuration)
    wrap(moto.RDSBackend, "create_db_cluster", _create)
    wrap(moto.RDSBackend, "modify_db_cluster", _modify)
    wrap(moto.RDSBackend, "delete_db_cluster", _delete)
    wrap(moto.RDSBackend, "modify_db_subnet_group", _kept_subnet_group)
    responses = importlib.import_module("moto.rds.responses").RDSResponse
    wrap(responses, "delete_db_cluster", _decided_on_snapshot)
    responses.enable_http_endpoint = lambda response: _switch(response, True)
    responses.disable_http_endpoint = lambda response: _switch(response, False)


def _kept_subnet_group(
    original: Callable[..., Any], backend: Any, subnet_name: str, *args: Any, **named: Any
) -> Any:
    """moto takes a subnet group out to change it, and never puts it back."""
    if subnet_name not in backend.subnet_groups:
        raise importlib.import_module("moto.rds.exceptions").DBSubnetGroupNotFoundError(subnet_name)
    changed = original(backend, subnet_name, *args, **named)
    backend.subnet_groups[subnet_name] = changed
    return changed


def take_deleted() -> list[tuple[str, str | None]]:
    """Resource ids of the clusters that were deleted since the last call, each with the snapshot to keep."""
    taken = _deleted[:]
    _deleted.clear()
    return taken


def find_cluster(arn: str) -> Any:
    """The cluster of exactly this ARN in any region, None where there is none."""
    return next((cluster for cluster in all_clusters() if cluster.arn == arn), None)


def all_clusters() -> list[Any]:
    regions = [backend for account in backends("rds").values() for backend in account.values()]
    return [cluster for backend in regions for cluster in backend.clusters.values()]


def password_of(cluster: Any) -> str:
    """The master password, wherever it is kept."""
    if not cluster.manage_master_user_password:
        return str(cluster._master_user_password)
    secret = cluster.master_user_secret
    value = secret.secretsmanager.get_secret_value(secret.secret_arn, "", "AWSCURRENT")
    return str(json.loads(value["SecretString"])["password"])


def _exceptions() -> Any:
    return importlib.import_module("moto.rds.exceptions")


def _random_password(_original: Any, secret: Any) -> str:
    password = "".join(secrets.choice(PASSWORD) for _ in range(32))
    return json.dumps({"username": secret.resource.master_username, "password": password})


def _http_endpoint(cluster: Any) -> bool:
    return bool(cluster._enable_http_endpoint)


def _set_http_endpoint(cluster: Any, value: bool | None) -> None:
    """Aurora's engines have the Data API, provisioned (Serverless v2) as well as serverless; others ignore it."""
    cluster._enable_http_endpoint = bool(value) and cluster.engine.startswith("aurora")


def _configuration(original: Any, cluster: Any) -> Any:
    """moto takes the password out of a copy, and fails where RDS manages it."""
    cluster.__dict__.setdefault("_master_user_password", None)
    return original(cluster)


def _switch(response: Any, value: bool) -> Any:
    """EnableHttpEndpoint and DisableHttpEndpoint, which moto has not got."""
    arn = response.params.get("ResourceArn")
    cluster = find_cluster(arn)
    if cluster is None:
        raise _exceptions().RDSClientError("ResourceNotFoundFault", f"The resource {arn} was not found.")
    cluster.enable_http_endpoint = value
    shown = {"ResourceArn": arn, "HttpEndpointEnabled": value}
    return importlib.import_module("moto.core.responses").ActionResult(shown)


def _create(original: Any, backend: Any, kwargs: dict[str, Any]) -> Any:
    identifier = kwargs["db_cluster_identifier"]
    faults = _exceptions()
    if identifier in backend.clusters:
        raise faults.RDSClientError("DBClusterAlreadyExistsFault", "DB Cluster already exists")
    group = kwargs.get("db_subnet_group_name")
    if group and group != "default" and group not in backend.subnet_groups:
        raise faults.RDSClientError(
            "DBSubnetGroupNotFoundFault", f"DB subnet group '{group}' does not exist."
        )
    _check_identifier(identifier)
    if kwargs.get("engine") == "aurora-postgresql":
        _check_postgres(kwargs)
        kwargs["engine_version"] = full_version(kwargs.get("engine_version") or "17")
        major = kwargs["engine_version"].partition(".")[0]
        kwargs["db_cluster_parameter_group_name"] = (
            kwargs.get("db_cluster_parameter_group_name") or f"default.aurora-postgresql{major}"
        )
        kwargs["license_model"] = "postgresql-license"
    cluster = original(backend, kwargs)
    cluster.kms_key_id = cluster.kms_key_id if kwargs.get("kms_key_id") else _default_key(backend)
    return cluster


def _default_key(backend: Any) -> str:
    return f"arn:aws:kms:{backend.region_name}:{backend.account_id}:alias/aws/rds"


def _check_identifier(identifier: str) -> None:
    """RDS's rule for the names of clusters."""
    shape = r"[A-Za-z](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,62}"
    if not re.fullmatch(shape, identifier):
        raise _exceptions().InvalidParameterValue(
            "The parameter DBClusterIdentifier is not a valid identifier. Identifiers must begin with a letter; "
            "must contain only ASCII letters, digits, and hyphens; "
            "and must not end with a hyphen or contain two consecutive hyphens."
        )


def _check_postgres(kwargs: Mapping[str, Any]) -> None:
    faults = _exceptions()
    name = kwargs.get("master_username") or ""
    if name.lower() in RESERVED or name.lower().startswith("pg_"):
        raise faults.InvalidParameterValue(
            f"MasterUsername {name} cannot be used as it is a reserved word used by the engine"
        )
    if name and not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,62}", name):
        raise faults.InvalidParameterValue(
            "The parameter MasterUsername is not a valid identifier. Identifiers must begin with a letter; "
            "must contain only ASCII letters, digits, and underscores."
        )
    database = kwargs.get("database_name")
    if database and not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,62}", database):
        raise faults.InvalidParameterValue(
            "DatabaseName must begin with a letter and contain only alphanumeric characters."
        )
    if kwargs.get("manage_master_user_password") and kwargs.get("master_user_password"):
        raise faults.InvalidParameterCombination(
            "You can't specify MasterUserPassword when ManageMasterUserPassword is enabled."
        )
    _check_capacity(kwargs.get("serverless_v2_scaling_configuration") or {})


def _check_capacity(scaling: Mapping[str, Any]) -> None:
    """Serverless v2: halves of an ACU, 0 to 256, and not the wrong way round."""
    low, high = (scaling.get(key) for key in ("min_capacity", "max_capacity"))
    for value in (low, high):
        if value is not None and (not 0 <= float(value) <= 256 or float(value) * 2 % 1):
            raise _exceptions().InvalidParameterValue(f"Serverless v2 capacity {value} isn't valid.")
    if low is not None and high is not None and (float(low) > float(high) or float(high) < 1):
        raise _exceptions().InvalidParameterCombination(
            f"Serverless v2 maximum capacity {high} isn't valid. The maximum capacity must be at least 1 "
            f"and no less than the minimum capacity {low}."
        )


def full_version(asked: str) -> str:
    """A full version of Aurora PostgreSQL: of a bare major its newest minor, of a full one itself."""
    known = services()["auroraVersions"]["aurora-postgresql"]
    if asked not in known:
        raise _exceptions().InvalidParameterCombination(f"Cannot find version {asked} for aurora-postgresql")
    minors = [each for each in known if each.startswith(f"{asked}.") and each.replace(".", "").isdigit()]
    return max(minors, key=lambda each: int(each.partition(".")[2])) if minors else asked


def _modify(original: Any, backend: Any, kwargs: dict[str, Any]) -> Any:
    """moto takes the cluster out of its table while it changes it, and loses it where a value is refused."""
    identifier = kwargs["db_cluster_identifier"]
    cluster = backend.clusters.get(identifier)
    if cluster is None:
        raise _exceptions().DBClusterNotFoundError(identifier)
    _check_capacity(kwargs.get("serverless_v2_scaling_configuration") or {})
    if kwargs.get("engine_version") and cluster.engine == "aurora-postgresql":
        major = cluster.engine_version.partition(".")[0]
        asked = kwargs["engine_version"]
        kwargs["engine_version"] = cluster.engine_version if asked == major else full_version(asked)
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


def _decided_on_snapshot(original: Any, response: Any) -> Any:
    """RDS deletes no cluster until the call states what becomes of the data."""
    skip, name = response.params.get("SkipFinalSnapshot"), response.params.get("FinalDBSnapshotIdentifier")
    if skip and name:
        raise _exceptions().InvalidParameterCombination(
            "FinalDBSnapshotIdentifier can not be specified when deleting a DB cluster with SkipFinalSnapshot"
        )
    if not skip and not name:
        raise _exceptions().InvalidParameterCombination(
            "FinalDBSnapshotIdentifier is required when SkipFinalSnapshot is not specified or is set to false"
        )
    return original(response)


def _delete(original: Any, backend: Any, cluster_identifier: str, snapshot_name: str | None = None) -> Any:
    """The snapshot's name is judged before the secret is gone; automated backups go with the cluster."""
    if snapshot_name and snapshot_name in backend.cluster_snapshots:
        raise _exceptions().DBClusterSnapshotAlreadyExistsError(snapshot_name)
    cluster = original(backend, cluster_identifier, snapshot_name)
    backend.clusters.pop(cluster_identifier, None)
    keep = snapshot_name
    for name, snapshot in list(backend.cluster_snapshots.items()):
        if snapshot.cluster.db_cluster_resource_id != cluster.db_cluster_resource_id:
            continue
        if snapshot.snapshot_type == "automated":
            del backend.cluster_snapshots[name]
        else:
            keep = snapshot_name or name  # the newest manual one stands for the data as it is now
    _deleted.append((cluster.db_cluster_resource_id, keep))
    return cluster
