"""An update takes effect at the service, or is refused in AWS's words and the stack goes back to what it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import ServiceClients

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

pytestmark = pytest.mark.slow
NAME = "changed"
CLUSTER = {
    "DBClusterIdentifier": "changed",
    "Engine": "aurora-postgresql",
    "EngineVersion": "16.8",
    "MasterUsername": "owner",
    "ManageMasterUserPassword": True,
}


def template(**resources: dict[str, Any]) -> str:
    return json.dumps({"Resources": resources})


def cluster(**more: Any) -> dict[str, Any]:
    return {"Type": "AWS::RDS::DBCluster", "Properties": {**CLUSTER, **more}}


@pytest.fixture
def update(client: ServiceClients) -> Iterator[Callable[..., tuple[str, str]]]:
    """Create the stack, or update it; returns its status and the reasons of the failures."""
    formation: CloudFormationClient = client("cloudformation")

    def run(**resources: dict[str, Any]) -> tuple[str, str]:
        known = formation.list_stacks(StackStatusFilter=["CREATE_COMPLETE", "UPDATE_COMPLETE"])
        exists = any(stack["StackName"] == NAME for stack in known["StackSummaries"])
        call = formation.update_stack if exists else formation.create_stack
        call(StackName=NAME, TemplateBody=template(**resources))
        while (status := formation.describe_stacks(StackName=NAME)["Stacks"][0]["StackStatus"]).endswith(
            "IN_PROGRESS"
        ):
            pass
        events = formation.describe_stack_events(StackName=NAME)["StackEvents"]
        failed = [event["ResourceStatusReason"] for event in events if "FAILED" in event["ResourceStatus"]]
        return status, "\n".join(reversed(failed))

    yield run
    formation.delete_stack(StackName=NAME)


def test_a_master_user_cannot_be_changed_and_the_stack_goes_back(
    update: Callable[..., tuple[str, str]],
) -> None:
    assert update(Db=cluster()) == ("CREATE_COMPLETE", "")
    status, reason = update(Db=cluster(MasterUsername="other"))
    assert status == "UPDATE_ROLLBACK_COMPLETE", reason
    assert "MasterUsername cannot be changed" in reason
    assert "NotUpdatable" in reason


def test_a_version_goes_up_and_never_down_even_in_a_rollback(
    client: ServiceClients, update: Callable[..., tuple[str, str]]
) -> None:
    def version() -> str:
        found = client("rds").describe_db_clusters(DBClusterIdentifier="changed")["DBClusters"][0]
        return str(found["EngineVersion"])

    update(Db=cluster())
    assert update(Db=cluster(EngineVersion="17.7")) == ("UPDATE_COMPLETE", "")
    assert version() == "17.7"
    bad = {"Type": "AWS::SSM::Parameter", "DependsOn": "Db", "Properties": {"Type": "None", "Value": "v"}}
    status, _ = update(Db=cluster(EngineVersion="18.4"), Bad=bad)
    assert (status, version()) == ("UPDATE_ROLLBACK_COMPLETE", "18.4")
    with pytest.raises(ClientError, match="Cannot upgrade aurora-postgresql from"):
        client("rds").modify_db_cluster(DBClusterIdentifier="changed", EngineVersion="16.8")


def test_an_older_version_is_refused(update: Callable[..., tuple[str, str]]) -> None:
    update(Db=cluster(EngineVersion="17.7"))
    status, reason = update(Db=cluster(EngineVersion="17.5"))
    assert status == "UPDATE_ROLLBACK_COMPLETE", reason
    assert "Cannot upgrade aurora-postgresql from 17.7 to 17.5" in reason


def test_a_major_upgrade_has_to_be_allowed_by_the_call(
    client: ServiceClients, update: Callable[..., tuple[str, str]]
) -> None:
    update(Db=cluster())
    with pytest.raises(ClientError, match="AllowMajorVersionUpgrade flag must be present"):
        client("rds").modify_db_cluster(DBClusterIdentifier="changed", EngineVersion="17.7")


def test_a_subnet_group_stays_in_its_vpc(update: Callable[..., tuple[str, str]]) -> None:
    def network(cidr: str) -> dict[str, dict[str, Any]]:
        def subnet(index: int) -> dict[str, Any]:
            zone = {"Fn::Select": [index, {"Fn::GetAZs": ""}]}
            block = f"{cidr}.{index}.0/24"
            properties = {"VpcId": {"Ref": "Vpc"}, "CidrBlock": block, "AvailabilityZone": zone}
            return {"Type": "AWS::EC2::Subnet", "Properties": properties}

        subnets = [{"Ref": "A"}, {"Ref": "B"}]
        group = {"DBSubnetGroupDescription": "d", "SubnetIds": subnets}
        return {
            "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": f"{cidr}.0.0/16"}},
            "A": subnet(0),
            "B": subnet(1),
            "Group": {"Type": "AWS::RDS::DBSubnetGroup", "Properties": group},
        }

    assert update(**network("10.7"))[0] == "CREATE_COMPLETE"
    status, reason = update(**network("10.8"))
    assert status == "UPDATE_ROLLBACK_COMPLETE", reason
    assert "The new Subnets are not in the same Vpc as the existing subnet group" in reason


def test_tags_of_keys_and_plans_and_the_name_of_a_pool_are_changed(
    client: ServiceClients, update: Callable[..., tuple[str, str]]
) -> None:
    def resources(tag: str, name: str) -> dict[str, dict[str, Any]]:
        tags = [{"Key": tag, "Value": "1"}]
        return {
            "Key": {"Type": "AWS::ApiGateway::ApiKey", "Properties": {"Name": "changed", "Tags": tags}},
            "Plan": {
                "Type": "AWS::ApiGateway::UsagePlan",
                "Properties": {"UsagePlanName": name, "Tags": tags},
            },
            "Pool": {"Type": "AWS::Cognito::UserPool", "Properties": {"UserPoolName": name}},
        }

    update(**resources("a", "before"))
    assert update(**resources("b", "after")) == ("UPDATE_COMPLETE", "")
    gateway = client("apigateway")
    (key,) = gateway.get_api_keys(nameQuery="changed")["items"]
    plans = [plan for plan in gateway.get_usage_plans()["items"] if plan["name"] == "after"]
    own = [
        {name: value for name, value in made["tags"].items() if name[:4] != "aws:"}
        for made in (key, plans[0])
    ]
    assert own == [{"b": "1"}, {"b": "1"}]
    pools = client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
    assert "after" in [pool["Name"] for pool in pools]
