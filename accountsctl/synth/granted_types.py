"""What a function may do with what it depends on, by the type of resource: what it needs to use it, and no more.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
What Ref and Fn::GetAtt return is the type's "Return values" in the CloudFormation template reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto


class OutputIdentity(Enum):
    """What the value of an output is: its resource's ARN, its name, or a URL that ends with its name."""

    ARN = auto()
    NAME = auto()
    URL = auto()


@dataclass(frozen=True)
class TypeRights:
    """The rights on resources of one type.

    `identities` are the attributes by which an output names the resource; ``""`` is Ref. `arn` is the ARN with ``{}``
    for the name. `allows` are actions, each group with what follows the ARN of the resources that it is allowed on.
    """

    identities: Mapping[str, OutputIdentity]
    arn: str
    allows: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]


def _arn(service: str, resource: str) -> str:
    return f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{resource}"


TABLE_ACTIONS = tuple(
    f"dynamodb:{name}"
    for name in (
        *("BatchGetItem", "BatchWriteItem", "ConditionCheckItem", "DeleteItem", "GetItem", "PutItem"),
        *("Query", "Scan", "UpdateItem"),
    )
)
DATA_API = tuple(
    f"rds-data:{name}"
    for name in (
        *("BatchExecuteStatement", "BeginTransaction", "CommitTransaction", "ExecuteStatement"),
        "RollbackTransaction",
    )
)
ARN, NAME, URL = OutputIdentity.ARN, OutputIdentity.NAME, OutputIdentity.URL

RIGHTS: Mapping[str, tuple[TypeRights, ...]] = {
    "AWS::DynamoDB::Table": (
        TypeRights(
            {"": NAME, "Arn": ARN}, _arn("dynamodb", "table/{}"), ((TABLE_ACTIONS, ("", "/index/*")),)
        ),
    ),
    "AWS::Events::EventBus": (
        TypeRights(
            {"": NAME, "Name": NAME, "Arn": ARN},
            _arn("events", "event-bus/{}"),
            ((("events:PutEvents",), ("",)),),
        ),
    ),
    "AWS::KMS::Key": (
        TypeRights(
            {"": NAME, "KeyId": NAME, "Arn": ARN},
            _arn("kms", "key/{}"),
            ((("kms:Decrypt", "kms:GenerateDataKey"), ("",)),),
        ),
    ),
    "AWS::Lambda::Function": (
        TypeRights(
            {"": NAME, "Arn": ARN}, _arn("lambda", "function:{}"), ((("lambda:InvokeFunction",), ("",)),)
        ),
    ),
    "AWS::RDS::DBCluster": (
        TypeRights({"DBClusterArn": ARN}, "", ((DATA_API, ("",)),)),
        TypeRights({"MasterUserSecret.SecretArn": ARN}, "", ((("secretsmanager:GetSecretValue",), ("",)),)),
    ),
    "AWS::S3::Bucket": (
        TypeRights(
            {"": NAME, "Arn": ARN},
            "arn:${AWS::Partition}:s3:::{}",
            ((("s3:DeleteObject", "s3:GetObject", "s3:PutObject"), ("/*",)), (("s3:ListBucket",), ("",))),
        ),
    ),
    "AWS::SNS::Topic": (
        TypeRights(
            {"": ARN, "TopicArn": ARN, "TopicName": NAME}, _arn("sns", "{}"), ((("sns:Publish",), ("",)),)
        ),
    ),
    "AWS::SQS::Queue": (
        TypeRights(
            {"": URL, "QueueUrl": URL, "QueueName": NAME, "Arn": ARN},
            _arn("sqs", "{}"),
            ((("sqs:SendMessage",), ("",)),),
        ),
    ),
    "AWS::SSM::Parameter": (
        TypeRights({"": NAME}, _arn("ssm", "parameter/{}"), ((("ssm:GetParameter",), ("",)),)),
    ),
    "AWS::SecretsManager::Secret": (
        TypeRights({"": ARN, "Id": ARN}, "", ((("secretsmanager:GetSecretValue",), ("",)),)),
    ),
    "AWS::StepFunctions::StateMachine": (
        TypeRights(
            {"": ARN, "Arn": ARN, "Name": NAME},
            _arn("states", "stateMachine:{}"),
            ((("states:StartExecution",), ("",)),),
        ),
    ),
}
