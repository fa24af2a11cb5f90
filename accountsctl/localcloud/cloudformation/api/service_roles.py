"""The role that CloudFormation takes on (RoleARN): it must exist, and let CloudFormation assume it.

The embedded cloud checks no rights, so what the role allows is not looked at.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import ClientFactory

SERVICE = "cloudformation.amazonaws.com"


def check_role(arn: str, clients: ClientFactory, region: str) -> None:
    """CloudFormationError, in AWS's words, if CloudFormation cannot assume the role."""
    try:
        role: Mapping[str, Any] = clients("iam", region).get_role(RoleName=arn.rpartition("/")[2])["Role"]
    except ClientError:
        role = {}
    statements = role.get("AssumeRolePolicyDocument", {}).get("Statement", [])
    if role.get("Arn") != arn or not any(_trusts(statement) for statement in _listed(statements)):
        raise CloudFormationError(f"Role {arn} is invalid or cannot be assumed")


def _trusts(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal", {})
    services = _listed(principal.get("Service", [])) if isinstance(principal, Mapping) else []
    return (
        statement.get("Effect") == "Allow"
        and SERVICE in services
        and "sts:AssumeRole" in _listed(statement.get("Action", []))
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
