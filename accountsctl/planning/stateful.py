"""The resource types that lose data when they are deleted, and what CloudFormation then does."""

from __future__ import annotations

from accountsctl.model.template_body import TemplateResource

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


def holds_data(resource: TemplateResource) -> bool:
    """Whether the loss of this template resource loses data. An instance of a cluster holds no data of its own."""
    if resource.get("Type") == "AWS::RDS::DBInstance":
        return "DBClusterIdentifier" not in resource.get("Properties", {})
    return resource.get("Type") in HOLDS_DATA


def what_remains(resource: TemplateResource, policy: str) -> str:
    """What its ``DeletionPolicy`` or ``UpdateReplacePolicy`` keeps of a resource, as a clause for a sentence."""
    match resource.get(policy, "Delete"):
        case "Snapshot":
            return "a final snapshot is kept"
        case "Retain":
            return "it is kept, outside the stack"
        case _:
            return "nothing of it is kept"
