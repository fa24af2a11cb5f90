"""The resource types whose content goes with them, and what CloudFormation does when they go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

HOLDS_DATA = frozenset(
    {
        "AWS::Cognito::UserPool",
        "AWS::DocDB::DBCluster",
        "AWS::DynamoDB::GlobalTable",
        "AWS::DynamoDB::Table",
        "AWS::EC2::Volume",
        "AWS::EFS::FileSystem",
        "AWS::ElastiCache::ReplicationGroup",
        "AWS::KMS::Key",
        "AWS::Kinesis::Stream",
        "AWS::Neptune::DBCluster",
        "AWS::OpenSearchService::Domain",
        "AWS::RDS::DBCluster",
        "AWS::RDS::DBInstance",
        "AWS::Redshift::Cluster",
        "AWS::S3::Bucket",
        "AWS::SQS::Queue",
        "AWS::SecretsManager::Secret",
    }
)


def holds_data(resource: Mapping[str, Any]) -> bool:
    """True where losing this template resource loses data. A member of a cluster holds none of its own."""
    if resource.get("Type") == "AWS::RDS::DBInstance":
        return "DBClusterIdentifier" not in resource.get("Properties", {})
    return resource.get("Type") in HOLDS_DATA


def what_remains(resource: Mapping[str, Any], policy: str) -> str:
    """What is left of a resource by its ``DeletionPolicy`` or ``UpdateReplacePolicy``, as half a sentence."""
    match resource.get(policy, "Delete"):
        case "Snapshot":
            return "a final snapshot is kept"
        case "Retain":
            return "it is kept, outside the stack"
        case _:
            return "nothing of it is kept"
