from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.cloudformation.providers.conftest import TRUST, Bench

LOGGING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"}],
}


def role(**more: Any) -> dict[str, Any]:
    return {"AssumeRolePolicyDocument": TRUST, **more}


def inline(name: str) -> list[dict[str, Any]]:
    return [{"PolicyName": name, "PolicyDocument": LOGGING}]


def test_a_role_keeps_exactly_the_policies_of_its_template(bench: Bench) -> None:
    old = role(Policies=inline("one"), Description="first")
    made = bench.create("AWS::IAM::Role", old)
    client = bench.client("iam")
    assert made.physical_id == "demo-Thing-ABCDEFGHIJKL"
    assert made.attributes["Arn"] == "arn:aws:iam::123456789012:role/demo-Thing-ABCDEFGHIJKL"
    assert made.attributes["RoleId"].startswith("AROA")

    new = role(Policies=inline("two"))
    assert bench.update("AWS::IAM::Role", made, old, new) == made
    assert client.list_role_policies(RoleName=made.physical_id)["PolicyNames"] == ["two"]
    assert client.get_role(RoleName=made.physical_id)["Role"].get("Description", "") == ""
    bench.delete("AWS::IAM::Role", made, new)
    with pytest.raises(ClientError, match="NoSuchEntity"):
        client.get_role(RoleName=made.physical_id)


def test_a_role_that_attaches_what_does_not_exist_leaves_nothing(bench: Bench) -> None:
    arn = "arn:aws:iam::123456789012:policy/none"
    with pytest.raises(ClientError, match="NoSuchEntity"):
        bench.create("AWS::IAM::Role", role(Policies=inline("one"), ManagedPolicyArns=[arn]))
    assert bench.client("iam").list_roles()["Roles"] == []


def test_an_inline_policy_follows_its_roles(bench: Bench) -> None:
    roles = [bench.create("AWS::IAM::Role", role(), name).physical_id for name in ("A", "B")]
    old = {"PolicyName": "p", "PolicyDocument": LOGGING, "Roles": [roles[0]]}
    made = bench.create("AWS::IAM::Policy", old)
    assert made.physical_id == made.attributes["Id"]
    new = {**old, "Roles": [roles[1]]}
    bench.update("AWS::IAM::Policy", made, old, new)
    client = bench.client("iam")
    assert [client.list_role_policies(RoleName=name)["PolicyNames"] for name in roles] == [[], ["p"]]
    bench.delete("AWS::IAM::Policy", made, new)


def test_a_managed_policy_is_attached_versioned_and_detached(bench: Bench) -> None:
    name = bench.create("AWS::IAM::Role", role()).physical_id
    old = {"PolicyDocument": LOGGING, "Roles": [name]}
    made = bench.create("AWS::IAM::ManagedPolicy", old)
    assert made.physical_id.startswith("arn:aws:iam::123456789012:policy/demo-Thing")
    for _ in range(7):
        new = {"PolicyDocument": {**LOGGING, "Id": "next"}, "Roles": []}
        bench.update("AWS::IAM::ManagedPolicy", made, old, new)
    client = bench.client("iam")
    assert client.list_attached_role_policies(RoleName=name)["AttachedPolicies"] == []
    assert len(client.list_policy_versions(PolicyArn=made.physical_id)["Versions"]) == 1
    bench.delete("AWS::IAM::ManagedPolicy", made, new)
    assert client.list_policies(Scope="Local")["Policies"] == []


def test_a_role_policy_is_put_and_taken_away(bench: Bench) -> None:
    name = bench.create("AWS::IAM::Role", role()).physical_id
    properties = {"RoleName": name, "PolicyName": "p", "PolicyDocument": LOGGING}
    made = bench.create("AWS::IAM::RolePolicy", properties)
    bench.update("AWS::IAM::RolePolicy", made, properties, properties)
    bench.delete("AWS::IAM::RolePolicy", made, properties)
    assert bench.client("iam").list_role_policies(RoleName=name)["PolicyNames"] == []


def test_a_log_group_changes_its_retention_in_place(bench: Bench) -> None:
    old = {"LogGroupName": "/aws/lambda/x", "RetentionInDays": "30", "Tags": [{"Key": "a", "Value": "b"}]}
    made = bench.create("AWS::Logs::LogGroup", old)
    assert made.physical_id == "/aws/lambda/x"
    assert made.attributes["Arn"] == "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/x:*"
    client = bench.client("logs")
    assert client.describe_log_groups()["logGroups"][0]["retentionInDays"] == 30
    bench.update("AWS::Logs::LogGroup", made, old, {"LogGroupName": "/aws/lambda/x"})
    assert "retentionInDays" not in client.describe_log_groups()["logGroups"][0]
    with pytest.raises(ClientError, match="ResourceAlreadyExists"):
        bench.create("AWS::Logs::LogGroup", old)
    bench.delete("AWS::Logs::LogGroup", made, old)
    assert client.describe_log_groups()["logGroups"] == []
