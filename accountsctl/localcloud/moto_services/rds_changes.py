"""What RDS refuses of a change to a cluster's version or to a subnet group, and moto takes."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from accountsctl.localcloud.cloudformation.resource_schemas.schemas import services
from accountsctl.localcloud.moto_services.apps import JsonObject

if TYPE_CHECKING:
    from types import ModuleType

    from moto.ec2.models.subnets import Subnet
    from moto.rds.models import DBCluster, DBSubnetGroup, RDSBackend


IDENTIFIER = re.compile(r"[A-Za-z](?:[A-Za-z0-9]|-(?=[A-Za-z0-9]))*")


def _exceptions() -> ModuleType:
    return importlib.import_module("moto.rds.exceptions")


def check_identifier(identifier: str, parameter: str) -> None:
    """RDS's rule for the names of clusters and snapshots, which also name files here."""
    longest = 63 if parameter == "DBClusterIdentifier" else 255
    if len(identifier) > longest or not IDENTIFIER.fullmatch(identifier):
        raise _exceptions().InvalidParameterValue(
            f"The parameter {parameter} is not a valid identifier. Identifiers must begin with a letter; "
            "must contain only ASCII letters, digits, and hyphens; "
            "and must not end with a hyphen or contain two consecutive hyphens."
        )


def full_version(requested: str) -> str:
    """A full version of Aurora PostgreSQL: the newest minor version of a major one; a full one as it is."""
    available = services()["auroraVersions"]["aurora-postgresql"]
    if requested not in available:
        raise _exceptions().InvalidParameterCombination(
            f"Cannot find version {requested} for aurora-postgresql"
        )
    minors = [
        version
        for version in available
        if version.startswith(f"{requested}.") and version.replace(".", "").isdigit()
    ]
    return max(minors, key=lambda version: int(version.partition(".")[2])) if minors else requested


def upgrade(cluster: DBCluster, kwargs: JsonObject) -> None:
    """Settle the version that a ModifyDBCluster asks for, or refuse it."""
    before, requested = cluster.engine_version, str(kwargs["engine_version"])
    major = before.partition(".")[0]
    # A call that names the major version alone changes nothing: RDS upgrades to a minor version that is named.
    version = before if requested == major else full_version(requested)
    _check_upgrade(cluster, version, bool(kwargs.get("allow_major_version_upgrade")))
    kwargs["engine_version"] = version
    if cluster.parameter_group == f"default.aurora-postgresql{major}":
        kwargs.setdefault(
            "db_cluster_parameter_group_name", f"default.aurora-postgresql{version.partition('.')[0]}"
        )


def _check_upgrade(cluster: DBCluster, version: str, major: bool) -> None:
    """RDS never goes back to an older version, and to another major version only if the call allows it."""
    before, after = (
        tuple(int(part) for part in text.split("-")[0].split("."))
        for text in (cluster.engine_version, version)
    )
    if after < before:
        raise _exceptions().InvalidParameterCombination(
            f"Cannot upgrade {cluster.engine} from {cluster.engine_version} to {version}"
        )
    if after[0] > before[0] and not major:
        raise _exceptions().InvalidParameterCombination(
            "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version."
        )


def modify_subnet_group(
    original: Callable[..., DBSubnetGroup],
    backend: RDSBackend,
    subnet_name: str,
    description: str,
    subnets: list[Subnet],
) -> DBSubnetGroup:
    """Refuse subnets of another VPC; moto removes the group from its table, and never puts it back."""
    before = backend.subnet_groups.get(subnet_name)
    if before is None:
        raise _exceptions().DBSubnetGroupNotFoundError(subnet_name)
    if any(subnet.vpc_id != before.vpc_id for subnet in subnets):
        raise _exceptions().InvalidParameterValue(
            "The new Subnets are not in the same Vpc as the existing subnet group"
        )
    group = original(backend, subnet_name, description, subnets)
    backend.subnet_groups[subnet_name] = group
    return group
