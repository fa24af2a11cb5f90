"""What Lambda does with a function's role is limited by the role's permissions boundary too."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from accountsctl.localcloud.moto_services import apps, iam
from accountsctl.localcloud.moto_services.signers import role_permits

QUEUE = "arn:aws:sqs:eu-west-1:123456789012:orders"


def document(action: str) -> str:
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def create_role() -> Iterator[Callable[[str], str]]:
    """Creates a role that may use queues, with a boundary, in moto in this process; returns its ARN."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        for name, value in {
            **apps.ENVIRONMENT,
            "AWS_ACCESS_KEY_ID": "a",
            "AWS_SECRET_ACCESS_KEY": "b",
        }.items():
            patch.setenv(name, value)
        apps.configure()
        iam.install()
        with mock_aws():
            client: Any = boto3.client("iam", region_name="eu-west-1")

            def create(allowed: str) -> str:
                boundary = client.create_policy(PolicyName="boundary", PolicyDocument=document(allowed))
                role: str = client.create_role(
                    RoleName="worker",
                    AssumeRolePolicyDocument="{}",
                    PermissionsBoundary=boundary["Policy"]["Arn"],
                )["Role"]["Arn"]
                client.put_role_policy(
                    RoleName="worker", PolicyName="queues", PolicyDocument=document("sqs:*")
                )
                return role

            yield create


@pytest.mark.parametrize(("allowed", "permitted"), [("sqs:SendMessage", True), ("s3:*", False)])
def test_lambda_sends_only_what_the_boundary_of_the_role_allows(
    create_role: Callable[[str], str], allowed: str, permitted: bool
) -> None:
    assert role_permits(create_role(allowed), "sqs:SendMessage", QUEUE) is permitted


def test_of_a_role_that_is_not_there_nothing_is_known(create_role: Callable[[str], str]) -> None:
    assert role_permits("arn:aws:iam::123456789012:role/none", "sqs:SendMessage", QUEUE) is None


def test_a_policy_that_limits_a_role_is_not_deleted(create_role: Callable[[str], str]) -> None:
    create_role("s3:*")
    client: Any = boto3.client("iam", region_name="eu-west-1")
    boundary = client.get_role(RoleName="worker")["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"]
    with pytest.raises(client.exceptions.DeleteConflictException, match="attached to entities"):
        client.delete_policy(PolicyArn=boundary)
    client.delete_role_permissions_boundary(RoleName="worker")
    client.attach_role_policy(RoleName="worker", PolicyArn=boundary)
    with pytest.raises(client.exceptions.DeleteConflictException, match="attached to entities"):
        client.delete_policy(PolicyArn=boundary)
    client.detach_role_policy(RoleName="worker", PolicyArn=boundary)
    client.create_policy_version(PolicyArn=boundary, PolicyDocument=document("s3:GetObject"))
    with pytest.raises(client.exceptions.DeleteConflictException, match="more than one version"):
        client.delete_policy(PolicyArn=boundary)
    client.delete_policy_version(PolicyArn=boundary, VersionId="v2")
    client.delete_policy(PolicyArn=boundary)
