"""The ARNs that a project's resources have, or can have: by the names that its templates state.

A resource without a name of its own gets one from CloudFormation, which begins with the name of the stack; of that
name CloudFormation keeps as much as the service's limit leaves, at least 20 characters.
Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from accountsctl.model.environment import Environment
from accountsctl.planning.stack_tree import EvaluatedResource

KEPT = 20
PARTITIONS = (
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-isob-", "aws-iso-b"),
    ("us-isof-", "aws-iso-f"),
    ("eu-isoe-", "aws-iso-e"),
    ("us-iso-", "aws-iso"),
    ("eusc-", "aws-eusc"),
)


@dataclass(frozen=True)
class ArnFormat:
    """How a type's ARN ends, ``{}`` standing for the name, and the property that states the name.

    `lower` is True if the service keeps names in lower case; `named_by_stack` is False if a name that CloudFormation
    makes does not begin with the stack's.
    """

    service: str
    pattern: str
    property: str
    lower: bool = False
    named_by_stack: bool = True


FORMATS: Mapping[str, tuple[ArnFormat, ...]] = {
    "AWS::DynamoDB::Table": (
        ArnFormat("dynamodb", "table/{}", "TableName"),
        ArnFormat("dynamodb", "table/{}/*", "TableName"),
    ),
    "AWS::Events::Rule": (ArnFormat("events", "rule/{}", "Name"),),
    "AWS::IAM::ManagedPolicy": (ArnFormat("iam", "policy/{}", "ManagedPolicyName"),),
    "AWS::IAM::Role": (ArnFormat("iam", "role/{}", "RoleName"),),
    "AWS::Lambda::Function": (
        ArnFormat("lambda", "function:{}", "FunctionName"),
        ArnFormat("lambda", "function:{}:*", "FunctionName"),
    ),
    "AWS::Logs::LogGroup": (
        ArnFormat("logs", "log-group:{}", "LogGroupName"),
        ArnFormat("logs", "log-group:{}:*", "LogGroupName"),
    ),
    "AWS::RDS::DBCluster": (
        ArnFormat("rds", "cluster:{}", "DBClusterIdentifier", lower=True),
        ArnFormat("rds", "cluster-pg:{}", "", named_by_stack=False),
        ArnFormat("rds", "cluster-snapshot:{}", "", named_by_stack=False),
    ),
    "AWS::RDS::DBClusterParameterGroup": (
        ArnFormat("rds", "cluster-pg:{}", "DBClusterParameterGroupName", lower=True),
    ),
    "AWS::RDS::DBInstance": (
        ArnFormat("rds", "db:{}", "DBInstanceIdentifier", lower=True),
        ArnFormat("rds", "pg:{}", "", named_by_stack=False),
        ArnFormat("rds", "og:{}", "", named_by_stack=False),
        ArnFormat("rds", "snapshot:{}", "", named_by_stack=False),
    ),
    "AWS::RDS::DBParameterGroup": (ArnFormat("rds", "pg:{}", "DBParameterGroupName", lower=True),),
    "AWS::RDS::DBSubnetGroup": (ArnFormat("rds", "subgrp:{}", "DBSubnetGroupName", lower=True),),
    "AWS::S3::Bucket": (
        ArnFormat("s3", "{}", "BucketName", lower=True),
        ArnFormat("s3", "{}/*", "BucketName", lower=True),
    ),
    "AWS::SNS::Topic": (ArnFormat("sns", "{}", "TopicName"),),
    "AWS::SQS::Queue": (ArnFormat("sqs", "{}", "QueueName"),),
    "AWS::SSM::Parameter": (ArnFormat("ssm", "parameter/{}", "Name", named_by_stack=False),),
    "AWS::SecretsManager::Secret": (
        ArnFormat("secretsmanager", "secret:{}-*", "Name", named_by_stack=False),
    ),
    "AWS::StepFunctions::StateMachine": (ArnFormat("states", "stateMachine:{}", "StateMachineName"),),
}
FIXED: Mapping[str, tuple[str, ...]] = {
    "apigateway": (
        "/account",
        "/apikeys*",
        "/restapis*",
        "/tags/*",
        "/usageplans*",
    ),
    "secretsmanager": ("secret:rds!*",),
}
"""ARNs whose ids a service makes: an API's, or those of the secrets that RDS manages."""
GLOBAL = {"iam": ("", "{account}"), "s3": ("", "")}
"""Services whose ARNs have no region, and S3's, which have no account either."""


@dataclass(frozen=True)
class ArnScope:
    """Where an environment is deployed: what its ARNs have in common. `account` is ``*`` if it is not known."""

    partition: str
    region: str
    account: str
    stack: str

    @classmethod
    def of(cls, environment: Environment) -> ArnScope:
        """The scope of an environment."""
        region = environment.region
        partition = next((name for prefix, name in PARTITIONS if region.startswith(prefix)), "aws")
        return cls(partition, region, environment.account_id or "*", environment.stack_name)

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource, ``function:accounts`` for example."""
        region, account = (
            (pattern.format(account=self.account) for pattern in GLOBAL[service])
            if service in GLOBAL
            else (self.region, "" if service == "apigateway" else self.account)
        )
        return f"arn:{self.partition}:{service}:{region}:{account}:{resource}"

    def arns(self, service: str, resources: Iterable[EvaluatedResource]) -> tuple[str, ...]:
        """The ARNs of those of `resources` that are `service`'s; empty if they cannot be narrowed down."""
        named = {
            self.arn(service, format_.pattern.format(self._name(format_, resource)))
            for resource in resources
            for format_ in FORMATS.get(resource.type, ())
            if format_.service == service
        }
        fixed = {self.arn(service, pattern) for pattern in FIXED.get(service, ())}
        return tuple(sorted(_without_covered(named | fixed)))

    def _name(self, format_: ArnFormat, resource: EvaluatedResource) -> str:
        properties = resource.properties if isinstance(resource.properties, Mapping) else {}
        stated = properties.get(format_.property)
        if isinstance(stated, str):
            return (
                stated.lower().lstrip("/")
                if format_.lower
                else stated.lstrip("/")
                if format_.service == "ssm"
                else stated
            )
        if stated is not None or not format_.named_by_stack:
            return "*"
        start = self.stack[:KEPT]
        return f"{start.lower() if format_.lower else start}*"


def _without_covered(arns: set[str]) -> Iterator[str]:
    """The ARNs without those that another one, which ends in ``*``, stands for as well."""
    open_ended = [arn for arn in arns if arn.endswith("*")]
    return (
        arn for arn in arns if not any(other != arn and arn.startswith(other[:-1]) for other in open_ended)
    )
