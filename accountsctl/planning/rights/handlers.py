"""The actions that CloudFormation calls to create, read, update, delete and list a resource, by its type.

The table is ``permissions.json``, which tools/extract_schemas.py generates from the ``handlers`` of the AWS resource
schemas that cfn-lint carries; change that tool, not the file.
Source: https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TypedDict

PASS_ROLE = "iam:PassRole"  # noqa: S105 - an action
NO_RIGHTS = frozenset(
    {
        "AWS::CloudFormation::CustomResource",
        "AWS::CloudFormation::WaitCondition",
        "AWS::CloudFormation::WaitConditionHandle",
    }
)
"""Types that CloudFormation handles by itself."""
OPTIONAL: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "AWS::ApiGateway::Method": {PASS_ROLE: ("Integration.Credentials",)},
    "AWS::EC2::Subnet": {"SubnetCidrBlock": ("Ipv6CidrBlock", "Ipv6IpamPoolId", "Ipv6NetmaskLength")},
    "AWS::EC2::VPC": {"Tenancy": ("InstanceTenancy",), "VpcEncryptionControl": ("VpcEncryptionControl",)},
    "AWS::IAM::Role": {
        "AttachRolePolicy": ("ManagedPolicyArns",),
        "DetachRolePolicy": ("ManagedPolicyArns",),
        "PermissionsBoundary": ("PermissionsBoundary",),
    },
    "AWS::Lambda::Function": {
        "CapacityProvider": ("CapacityProviderConfig",),
        "CodeSigningConfig": ("CodeSigningConfigArn",),
        "FunctionConcurrency": ("ReservedConcurrentExecutions",),
        "FunctionScaling": ("FunctionScalingConfig",),
        "LayerVersion": ("Layers",),
        "RecursionConfig": ("RecursiveLoop",),
        "Runtime": ("RuntimeManagementConfig",),
        "ec2:": ("VpcConfig",),
        "elasticfilesystem:": ("FileSystemConfigs",),
        "kms:": ("KmsKeyArn",),
        "s3files:": ("FileSystemConfigs",),
    },
    "AWS::Logs::LogGroup": {
        "BearerToken": ("BearerTokenAuthenticationEnabled",),
        "DataProtection": ("DataProtectionPolicy",),
        "DeletionProtection": ("DeletionProtectionEnabled",),
        "IndexPolic": ("FieldIndexPolicies",),
        "KmsKey": ("KmsKeyId",),
        "LogDelivery": ("DataProtectionPolicy",),
        "ResourcePolic": ("ResourcePolicyDocument",),
        "firehose:": ("DataProtectionPolicy",),
        "s3:": ("DataProtectionPolicy",),
    },
    "AWS::RDS::DBCluster": {
        "DBInstance": ("DBClusterInstanceClass",),
        "GlobalCluster": ("GlobalClusterIdentifier",),
        "Restore": ("RestoreType", "SnapshotIdentifier", "SourceDBClusterIdentifier"),
        "RoleToDB": ("AssociatedRoles",),
        "RoleFromDB": ("AssociatedRoles",),
        "secretsmanager:": ("ManageMasterUserPassword",),
        PASS_ROLE: ("AssociatedRoles", "MonitoringRoleArn"),
    },
    "AWS::RDS::DBInstance": {
        "BackupsReplication": ("AutomaticBackupReplicationRegion",),
        "ReadReplica": ("SourceDBInstanceIdentifier", "SourceDBClusterIdentifier"),
        "Restore": ("DBSnapshotIdentifier", "DBClusterSnapshotIdentifier", "RestoreTime"),
        "RoleToDB": ("AssociatedRoles",),
        "RoleFromDB": ("AssociatedRoles",),
        "secretsmanager:": ("ManageMasterUserPassword",),
        PASS_ROLE: ("AssociatedRoles", "MonitoringRoleArn", "DomainIAMRoleName"),
    },
    "AWS::S3::Bucket": {
        "Abac": ("AbacStatus",),
        "Accelerate": ("AccelerateConfiguration",),
        "Acl": ("AccessControl",),
        "Analytics": ("AnalyticsConfigurations",),
        "BucketLogging": ("LoggingConfiguration",),
        "CORS": ("CorsConfiguration",),
        "Cors": ("CorsConfiguration",),
        "IntelligentTiering": ("IntelligentTieringConfigurations",),
        "Inventory": ("InventoryConfigurations", "MetadataConfiguration"),
        "Metadata": ("MetadataConfiguration", "MetadataTableConfiguration"),
        "Metrics": ("MetricsConfigurations",),
        "Notification": ("NotificationConfiguration",),
        "ObjectLock": ("ObjectLockConfiguration", "ObjectLockEnabled"),
        "Replication": ("ReplicationConfiguration",),
        "Website": ("WebsiteConfiguration",),
        "s3tables:": ("MetadataConfiguration", "MetadataTableConfiguration"),
        PASS_ROLE: ("ReplicationConfiguration",),
    },
}
"""Type -> a part of an action -> the properties without which the type's handlers do not call such actions.

What a handler reads is read whatever the properties are, but for the actions of other services.
"""
READS = ("Describe", "Get", "List")
READ_ON_DEMAND = ("lambda:GetCodeSigningConfig", "lambda:GetLayerVersion")
"""Reads that a handler makes only for a property that is set."""
ALSO: Mapping[str, tuple[str, ...]] = {
    "AWS::RDS::DBCluster": ("kms:CreateGrant", "kms:DescribeKey"),
    "AWS::RDS::DBInstance": ("kms:CreateGrant", "kms:DescribeKey"),
}
"""What services do in the caller's name besides: RDS encrypts storage and the password that it manages.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
"""


def handler_actions(type_name: str, properties: Mapping[str, object]) -> frozenset[str] | None:
    """The actions, as ``lambda:CreateFunction``, for a resource with these properties; None if AWS publishes none."""
    if type_name in NO_RIGHTS or type_name.startswith("Custom::"):
        return frozenset()
    published = _types().get(type_name)
    if published is None:
        return None
    actions = {f"{service}:{action}" for service, names in published.items() for action in names}
    optional = OPTIONAL.get(type_name, {})
    return frozenset(
        action for action in {*actions, *ALSO.get(type_name, ())} if _is_called(action, optional, properties)
    )


def _is_called(
    action: str, optional: Mapping[str, tuple[str, ...]], properties: Mapping[str, object]
) -> bool:
    name = action.partition(":")[2]
    always = name.startswith(READS) and action not in READ_ON_DEMAND
    for part, needed in optional.items():
        concerned = part in action and (not always or part.endswith(":"))
        if concerned and not any(_is_set(properties, path) for path in needed):
            return False
    return True


def _is_set(properties: Mapping[str, object], path: str) -> bool:
    head, _, rest = path.partition(".")
    inner = properties.get(head)
    return head in properties and (not rest or (isinstance(inner, Mapping) and _is_set(inner, rest)))


def has_resources(action: str) -> bool:
    """Whether IAM can allow the action on single resources; False if it is allowed on all of them or not at all."""
    return action not in _table()["unscoped"]


def _types() -> Mapping[str, Mapping[str, list[str]]]:
    return _table()["types"]


class PermissionsTable(TypedDict):
    """``permissions.json``: type -> service -> names of actions; `unscoped` are complete actions."""

    unscoped: list[str]
    types: Mapping[str, Mapping[str, list[str]]]


@cache  # 450 KB of JSON: read by one command only
def _table() -> PermissionsTable:
    text = resources.files(__package__).joinpath("permissions.json").read_text(encoding="utf-8")
    table: PermissionsTable = json.loads(text)
    return table
