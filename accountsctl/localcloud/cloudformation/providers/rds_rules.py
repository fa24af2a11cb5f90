"""What RDS refuses at create time although the resource schema allows it.

Sources: RDS API Reference (CreateDBCluster, CreateDBSubnetGroup, ServerlessV2ScalingConfiguration), and
the lists of engine versions that cfn-lint keeps.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.cloudformation.providers.base import (
    Properties,
    ProviderError,
)
from accountsctl.localcloud.cloudformation.resource_schemas.schemas import services

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_rds import RDSClient

DATABASE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}")
AUTO_PAUSE = range(300, 86_401)


def check_cluster(properties: Properties) -> None:
    """Raise for the first thing about a cluster that RDS would refuse."""
    engine = properties.get("Engine", "")
    if not engine.startswith("aurora"):
        raise ProviderError(
            "The embedded cloud provides Aurora clusters only; push to AWS to use another engine"
        )
    _check_version(engine, properties.get("EngineVersion"))
    _check_database_name(properties.get("DatabaseName"))
    _check_capacity(properties.get("ServerlessV2ScalingConfiguration"))
    if properties.get("EngineMode", "provisioned") != "provisioned":
        raise ProviderError(
            f"The engine mode {properties['EngineMode']} you requested is currently unavailable."
        )
    if engine == "aurora-postgresql" and int(properties.get("BacktrackWindow", 0)):
        raise ProviderError("Backtrack is not enabled for the aurora-postgresql engine.")
    managed = str(properties.get("ManageMasterUserPassword", "")).lower() == "true"
    if managed and "MasterUserPassword" in properties:
        raise ProviderError("You can't specify MasterUserPassword when ManageMasterUserPassword is true.")
    restored = bool(properties.get("SnapshotIdentifier"))  # with the user and the password of the snapshot
    if not (managed or restored) and "MasterUserPassword" not in properties:
        raise ProviderError(
            "The parameter MasterUserPassword must be provided and must not be blank."
            if "MasterUsername" in properties
            else "The parameter MasterUsername must be provided and must not be blank."
        )


def _check_version(engine: str, version: object) -> None:
    if version is None:
        return
    creatable = services()["auroraVersions"].get(engine, [])
    if str(version) not in creatable:
        raise ProviderError(f"Cannot find version {version} for {engine}", "NotFound")


def _check_database_name(name: object) -> None:
    if name is not None and not DATABASE_NAME.fullmatch(str(name)):
        raise ProviderError(
            f"Invalid database name: {name}. DatabaseName must begin with a letter and contain only"
            " alphanumeric characters."
        )


def _check_capacity(scaling: Any) -> None:
    """Aurora capacity units come in half steps; 0 lets the cluster pause."""
    if not scaling:
        return
    for name in ("MinCapacity", "MaxCapacity"):
        if name not in scaling:
            raise ProviderError(f"Serverless v2 {name[:3].lower()} capacity must be specified")
        units = float(scaling[name])
        if units * 2 != int(units * 2):
            raise ProviderError(
                f"Serverless v2 capacity {scaling[name]} isn't valid. Specify a multiple of 0.5."
            )
    least, most = float(scaling["MinCapacity"]), float(scaling["MaxCapacity"])
    if least < 0 or most < 1 or most > 256 or least > most:
        raise ProviderError(
            f"Serverless v2 capacity range {least:g} to {most:g} isn't valid: the minimum is from 0 to 256,"
            " the maximum from 1 to 256 and not below the minimum."
        )
    pause = scaling.get("SecondsUntilAutoPause")
    if pause is not None and int(pause) not in AUTO_PAUSE:
        raise ProviderError(
            f"Invalid seconds until auto pause {pause}. It must be between {AUTO_PAUSE[0]} and {AUTO_PAUSE[-1]}."
        )


def check_instance(client: RDSClient, properties: Properties) -> None:
    """A serverless member needs a cluster that has a capacity range."""
    if properties.get("DBInstanceClass") != "db.serverless":
        return
    cluster = properties.get("DBClusterIdentifier")
    if cluster is None:
        raise ProviderError("The instance class db.serverless is only for members of an Aurora DB cluster.")
    found = client.describe_db_clusters(DBClusterIdentifier=cluster.lower())["DBClusters"][0]
    if not found.get("ServerlessV2ScalingConfiguration"):
        raise ProviderError(
            "Set the Serverless v2 scaling configuration on the parent DB cluster before creating a Serverless v2"
            " DB instance.",
        )


def check_zones(ec2: EC2Client, subnets: list[str]) -> None:
    """A DB subnet group reaches over two Availability Zones at least."""
    found = ec2.describe_subnets(SubnetIds=list(subnets))["Subnets"]
    zones = sorted({subnet["AvailabilityZone"] for subnet in found})
    if len(zones) < 2:
        raise ProviderError(
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage:"
            f" {', '.join(zones)}. Add subnets to cover at least 2 AZs."
        )
