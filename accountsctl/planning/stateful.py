"""The resource types that lose data when they are deleted, and what CloudFormation then does."""

from __future__ import annotations

from accountsctl.model.template_body import TemplateResource

HOLDS_DATA = frozenset(
    {
        "AWS::Backup::BackupVault",
        "AWS::Cognito::IdentityPool",
        "AWS::Cognito::UserPool",
        "AWS::DSQL::Cluster",
        "AWS::DocDB::DBCluster",
        "AWS::DynamoDB::GlobalTable",
        "AWS::DynamoDB::Table",
        "AWS::EC2::Volume",
        "AWS::ECR::Repository",
        "AWS::EFS::FileSystem",
        "AWS::ElastiCache::ReplicationGroup",
        "AWS::ElastiCache::ServerlessCache",
        "AWS::Elasticsearch::Domain",
        "AWS::FSx::FileSystem",
        "AWS::KMS::Key",
        "AWS::Kinesis::Stream",
        "AWS::MemoryDB::Cluster",
        "AWS::Neptune::DBCluster",
        "AWS::OpenSearchServerless::Collection",
        "AWS::OpenSearchService::Domain",
        "AWS::RDS::DBCluster",
        "AWS::RDS::DBInstance",
        "AWS::Redshift::Cluster",
        "AWS::S3::Bucket",
        "AWS::SQS::Queue",
        "AWS::SecretsManager::Secret",
        "AWS::Serverless::SimpleTable",
        "AWS::Timestream::Table",
    }
)
SNAPSHOT_BY_DEFAULT = frozenset({"AWS::RDS::DBCluster", "AWS::RDS::DBInstance"})


def holds_data(resource: TemplateResource) -> bool:
    """Whether the loss of this template resource loses data.

    An instance of a cluster holds no data of its own; a log group does if someone chose how long it keeps its events.
    """
    properties = resource.get("Properties", {})
    match resource.get("Type"):
        case "AWS::RDS::DBInstance":
            return "DBClusterIdentifier" not in properties
        case "AWS::Logs::LogGroup":
            return "RetentionInDays" in properties
        case kind:
            return kind in HOLDS_DATA


def deletion_loses_data(resource: TemplateResource) -> bool:
    """Whether data is lost, or left where no stack knows it, if this template resource leaves its stack.

    A log group that its ``DeletionPolicy`` keeps goes on as before: it was never more than a name and its events.
    """
    kept = resource.get("DeletionPolicy") in ("Retain", "RetainExceptOnCreate")
    return holds_data(resource) and not (kept and resource.get("Type") == "AWS::Logs::LogGroup")


def default_policy(type_name: str, policy: str) -> str:
    """What CloudFormation does with a resource that states no ``DeletionPolicy`` or ``UpdateReplacePolicy``.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
    """
    return "Snapshot" if policy == "DeletionPolicy" and type_name in SNAPSHOT_BY_DEFAULT else "Delete"


def successor(resource: TemplateResource) -> str:
    """What takes the place of a resource that this template resource replaces, as a noun for a sentence."""
    snapshot = resource.get("Properties", {}).get("SnapshotIdentifier")
    return f"one from the snapshot {snapshot}" if isinstance(snapshot, str) else "an empty one"


def what_remains(resource: TemplateResource, policy: str) -> str:
    """What its ``DeletionPolicy`` or ``UpdateReplacePolicy`` keeps of a resource, as a clause for a sentence."""
    match resource.get(policy, default_policy(resource.get("Type", ""), policy)):
        case "Snapshot":
            return "a final snapshot is kept"
        case "Retain" | "RetainExceptOnCreate":
            return "it is kept, outside the stack"
        case _:
            return "nothing of it is kept"
