"""What a stack attaches to its own roles and security groups is not drift; anything else in their lists is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from moto.core.models import botocore_stubber

from accountsctl.localcloud.cloudformation import CloudFormation
from tests.local.cloudformation.conftest import client_of
from tests.local.cloudformation.fake_services import REGION
from tests.local.cloudformation.providers.conftest import TRUST, Bench
from tests.local.cloudformation.providers.read_case import OTHER_POLICY, POLICY

Resources = Mapping[str, Any]
INLINE = {"PolicyName": "added", "PolicyDocument": POLICY}
ROLE = {
    "Role": {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": "worker",
            "AssumeRolePolicyDocument": TRUST,
            "Policies": [{"PolicyName": "own", "PolicyDocument": POLICY}],
            "ManagedPolicyArns": [],
        },
    },
    "Policy": {"Type": "AWS::IAM::Policy", "Properties": {**INLINE, "Roles": [{"Ref": "Role"}]}},
    "RolePolicy": {
        "Type": "AWS::IAM::RolePolicy",
        "Properties": {**INLINE, "PolicyName": "more", "RoleName": {"Ref": "Role"}},
    },
    "Managed": {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {"PolicyDocument": POLICY, "Roles": [{"Ref": "Role"}]},
    },
}
WEB = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80}
GROUP = {
    "Group": {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {
            "GroupName": "web",
            "GroupDescription": "web",
            "SecurityGroupIngress": [{**WEB, "CidrIp": "10.0.0.0/24"}],
            "SecurityGroupEgress": [{**WEB, "CidrIp": "10.0.0.0/24"}],
        },
    },
    "Ingress": {
        "Type": "AWS::EC2::SecurityGroupIngress",
        "Properties": {"GroupId": {"Fn::GetAtt": ["Group", "GroupId"]}, **WEB, "CidrIp": "10.0.1.0/24"},
    },
    "Egress": {
        "Type": "AWS::EC2::SecurityGroupEgress",
        "Properties": {"GroupId": {"Fn::GetAtt": ["Group", "GroupId"]}, **WEB, "CidrIp": "10.0.2.0/24"},
    },
}


@pytest.fixture
def cloud(bench: Bench) -> CloudFormation:
    return CloudFormation(bench.client_in, lambda: None)


@pytest.fixture
def drift(cloud: CloudFormation) -> Callable[[str], list[str]]:
    """The paths of the properties of a resource that drifted."""

    def detect(logical_id: str) -> list[str]:
        found = client_past_moto(cloud).detect_stack_resource_drift(
            StackName="s", LogicalResourceId=logical_id
        )
        return [each["PropertyPath"] for each in found["StackResourceDrift"]["PropertyDifferences"]]

    return detect


def client_past_moto(cloud: CloudFormation) -> Any:
    """A client whose calls moto, which has a CloudFormation of its own, does not take."""
    client = client_of(cloud)
    client.meta.events.unregister("before-send", botocore_stubber)
    return client


def create(cloud: CloudFormation, resources: Resources, name: str = "s") -> None:
    client = client_past_moto(cloud)
    body = json.dumps({"Resources": resources})
    client.create_stack(StackName=name, TemplateBody=body, Capabilities=["CAPABILITY_NAMED_IAM"])
    cloud.wait()
    assert client.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"


def test_what_the_stack_attaches_to_a_role_is_not_drift_of_it(
    cloud: CloudFormation, drift: Callable[[str], list[str]]
) -> None:
    create(cloud, ROLE)
    assert drift("Role") == []


def test_what_another_tool_attaches_to_a_role_is_drift_of_it(
    cloud: CloudFormation, drift: Callable[[str], list[str]], bench: Bench
) -> None:
    create(cloud, ROLE)
    document = json.dumps(POLICY)
    bench.client("iam").put_role_policy(RoleName="worker", PolicyName="by-hand", PolicyDocument=document)
    assert drift("Role") == ["/Policies/1"]


def test_a_policy_of_the_roles_own_is_compared_though_another_resource_has_its_name(
    cloud: CloudFormation, drift: Callable[[str], list[str]], bench: Bench
) -> None:
    same = {**INLINE, "PolicyName": "own", "Roles": [{"Ref": "Role"}]}
    create(cloud, {**ROLE, "Policy": {"Type": "AWS::IAM::Policy", "Properties": same}})
    assert drift("Role") == []
    changed = json.dumps(OTHER_POLICY)
    bench.client("iam").put_role_policy(RoleName="worker", PolicyName="own", PolicyDocument=changed)
    assert drift("Role") == ["/Policies/0/PolicyDocument/Statement/0/Action"]


def test_what_another_stack_attaches_is_drift_as_on_aws(
    cloud: CloudFormation, drift: Callable[[str], list[str]]
) -> None:
    create(cloud, {"Role": ROLE["Role"]})
    policy = {"Type": "AWS::IAM::Policy", "Properties": {**INLINE, "Roles": ["worker"]}}
    create(cloud, {"Policy": policy}, "other")
    assert drift("Role") == ["/Policies/1"]


def test_a_rule_that_the_stack_adds_to_a_security_group_is_not_drift_of_it(
    cloud: CloudFormation, drift: Callable[[str], list[str]], bench: Bench
) -> None:
    create(cloud, GROUP)
    assert drift("Group") == []
    client = bench.client_in("ec2", REGION)
    named = [{"Name": "group-name", "Values": ["web"]}]
    group = client.describe_security_groups(Filters=named)["SecurityGroups"][0]["GroupId"]
    by_hand = {**WEB, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    client.authorize_security_group_ingress(GroupId=group, IpPermissions=[by_hand])
    assert drift("Group") == ["/SecurityGroupIngress/1"]
