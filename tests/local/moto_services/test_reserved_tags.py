"""Only AWS itself may set tags whose keys start with `aws:`."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import ServiceClients

TRUST = '{"Version": "2012-10-17", "Statement": []}'
LIST = [{"Key": "aws:x", "Value": "1"}]


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "code"),
    [
        ("apigateway", "create_rest_api", {"name": "x", "tags": {"AWS:x": "1"}}, "BadRequestException"),
        ("ec2", "create_tags", {"Resources": ["vpc-1"], "Tags": LIST}, "InvalidParameterValue"),
        (
            "iam",
            "create_role",
            {"RoleName": "x", "AssumeRolePolicyDocument": TRUST, "Tags": LIST},
            "InvalidInput",
        ),
        ("sqs", "create_queue", {"QueueName": "x", "tags": {"aws:x": "1"}}, "InvalidParameterValue"),
        ("secretsmanager", "create_secret", {"Name": "x", "Tags": LIST}, "InvalidParameterException"),
        ("sns", "create_topic", {"Name": "x", "Tags": LIST}, "InvalidParameter"),
        ("kms", "create_key", {"Tags": [{"TagKey": "aws:x", "TagValue": "1"}]}, "TagException"),
    ],
)
def test_a_tag_of_aws_itself_is_refused(
    client: ServiceClients, service: str, operation: str, arguments: dict[str, Any], code: str
) -> None:
    with pytest.raises(ClientError) as refused:
        getattr(client(service), operation)(**arguments)
    error = refused.value.response["Error"]
    assert (error["Code"], "aws:" in error["Message"]) == (code, True)


def test_other_tags_and_values_are_taken(client: ServiceClients) -> None:
    tags = {"team:aws:x": "aws:x"}
    made = client("apigateway").create_rest_api(name="tags", tags=tags)
    assert made["tags"] == tags
    client("apigateway").delete_rest_api(restApiId=made["id"])
