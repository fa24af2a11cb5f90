from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from accountsctl.localcloud.cloudformation.providers import rds
from accountsctl.localcloud.cloudformation.providers.base import Properties, ProvidedResource, ProviderError
from accountsctl.localcloud.cloudformation.providers.rds_rules import check_cluster
from tests.local.cloudformation.providers.conftest import Bench

VPC, SUBNET, GROUP = "AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::EC2::SecurityGroup"
CLUSTER: dict[str, Any] = {
    "DBClusterIdentifier": "accountsCluster",
    "Engine": "aurora-postgresql",
    "EngineVersion": "17",
    "DatabaseName": "accounts",
    "MasterUsername": "owner",
    "ManageMasterUserPassword": True,
    "ServerlessV2ScalingConfiguration": {"MinCapacity": 0, "MaxCapacity": "1", "SecondsUntilAutoPause": 300},
}


@pytest.fixture
def vpc(bench: Bench) -> ProvidedResource:
    return bench.create(VPC, {"CidrBlock": "10.0.0.0/16", "EnableDnsHostnames": "true"})


def subnet(vpc: ProvidedResource, cidr: str, zone: str) -> dict[str, Any]:
    return {"VpcId": vpc.physical_id, "CidrBlock": cidr, "AvailabilityZone": zone}


def test_a_network_of_two_zones_stands_and_goes(bench: Bench, vpc: ProvidedResource) -> None:
    client = bench.client("ec2")
    assert vpc.attributes["DefaultSecurityGroup"].startswith("sg-")
    asked = client.describe_vpc_attribute(VpcId=vpc.physical_id, Attribute="enableDnsHostnames")
    assert asked["EnableDnsHostnames"]["Value"] is True
    properties = subnet(vpc, "10.0.0.0/24", "eu-central-1a")
    made = bench.create(SUBNET, properties)
    assert made.attributes["AvailabilityZone"] == "eu-central-1a"
    with pytest.raises(ClientError, match="conflicts with another subnet"):
        bench.create(SUBNET, subnet(vpc, "10.0.0.128/25", "eu-central-1b"))
    bench.update(SUBNET, made, properties, {**properties, "MapPublicIpOnLaunch": True})
    assert client.describe_subnets(SubnetIds=[made.physical_id])["Subnets"][0]["MapPublicIpOnLaunch"] is True
    bench.delete(SUBNET, made, properties)
    bench.delete(VPC, vpc, {})


def test_a_security_group_has_exactly_the_rules_of_its_template(bench: Bench, vpc: ProvidedResource) -> None:
    inside = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": "5432", "CidrIp": "10.0.0.0/16"}
    nowhere = {"IpProtocol": "-1", "CidrIp": "127.0.0.1/32"}
    old = {"GroupDescription": "db", "VpcId": vpc.physical_id, "SecurityGroupIngress": [inside]}
    made = bench.create(GROUP, old)
    assert made.attributes["VpcId"] == vpc.physical_id
    new = {"GroupDescription": "db", "VpcId": vpc.physical_id, "SecurityGroupEgress": [nowhere]}
    bench.update(GROUP, made, old, new)
    now = bench.client("ec2").describe_security_groups(GroupIds=[made.physical_id])["SecurityGroups"][0]
    assert now["IpPermissions"] == []
    assert [r["CidrIp"] for p in now["IpPermissionsEgress"] for r in p["IpRanges"]] == ["127.0.0.1/32"]
    rule = {"GroupId": made.physical_id, **inside}
    outside = bench.create(f"{GROUP}Ingress", rule)
    bench.delete(f"{GROUP}Ingress", outside, rule)
    bench.delete(GROUP, made, new)


def test_routes_gateways_and_endpoints_come_and_go(bench: Bench, vpc: ProvidedResource) -> None:
    table_of = {"VpcId": vpc.physical_id}
    gateway = bench.create("AWS::EC2::InternetGateway", {})
    joined = {"VpcId": vpc.physical_id, "InternetGatewayId": gateway.physical_id}
    attachment = bench.create("AWS::EC2::VPCGatewayAttachment", joined)
    table = bench.create("AWS::EC2::RouteTable", table_of)
    way = {
        "RouteTableId": table.physical_id,
        "DestinationCidrBlock": "0.0.0.0/0",
        "GatewayId": gateway.physical_id,
    }
    route = bench.create("AWS::EC2::Route", way)
    assert route.physical_id == f"{table.physical_id}|0.0.0.0/0"
    zone = bench.create(SUBNET, subnet(vpc, "10.0.1.0/24", "eu-central-1a"))
    pair = {"RouteTableId": table.physical_id, "SubnetId": zone.physical_id}
    association = bench.create("AWS::EC2::SubnetRouteTableAssociation", pair)
    service = {
        "VpcId": vpc.physical_id,
        "ServiceName": "com.amazonaws.eu-central-1.s3",
        "VpcEndpointType": "Gateway",
    }
    endpoint = bench.create("AWS::EC2::VPCEndpoint", service)
    bench.delete("AWS::EC2::VPCEndpoint", endpoint, service)
    bench.delete("AWS::EC2::SubnetRouteTableAssociation", association, pair)
    bench.delete("AWS::EC2::Route", route, way)
    bench.delete("AWS::EC2::RouteTable", table, table_of)
    bench.delete("AWS::EC2::VPCGatewayAttachment", attachment, joined)
    bench.delete("AWS::EC2::InternetGateway", gateway, {})


def test_a_subnet_group_has_to_reach_over_two_zones(bench: Bench, vpc: ProvidedResource) -> None:
    subnets = [
        bench.create(SUBNET, subnet(vpc, f"10.0.{n}.0/24", f"eu-central-1{zone}")).physical_id
        for n, zone in enumerate("aab")
    ]
    properties = {"DBSubnetGroupName": "Accounts", "DBSubnetGroupDescription": "d", "SubnetIds": subnets[:2]}
    with pytest.raises(ProviderError, match=r"Current AZ coverage: eu-central-1a\. Add subnets"):
        bench.create("AWS::RDS::DBSubnetGroup", properties)
    made = bench.create("AWS::RDS::DBSubnetGroup", {**properties, "SubnetIds": subnets[1:]})
    assert made.physical_id == "accounts"
    bench.delete("AWS::RDS::DBSubnetGroup", made, properties)


def test_a_cluster_is_known_in_lower_case_with_a_managed_secret(bench: Bench) -> None:
    made = bench.create("AWS::RDS::DBCluster", CLUSTER)
    assert made.physical_id == "accountscluster"
    assert made.attributes["DBClusterArn"].endswith(":cluster:accountscluster")
    assert made.attributes["Endpoint.Port"] == "5432"
    assert made.attributes["Endpoint.Address"].startswith("accountscluster.cluster-")
    secret = made.attributes["MasterUserSecret.SecretArn"]
    assert bench.client("secretsmanager").describe_secret(SecretId=secret)["ARN"] == secret

    new = {**CLUSTER, "BackupRetentionPeriod": "7", "DeletionProtection": "true"}
    assert bench.update("AWS::RDS::DBCluster", made, CLUSTER, new) == made
    client = bench.client("rds")
    now = client.describe_db_clusters(DBClusterIdentifier="accountscluster")["DBClusters"][0]
    assert (now["BackupRetentionPeriod"], now["DeletionProtection"]) == (7, True)
    with pytest.raises(ClientError, match="Cannot delete protected Cluster"):
        bench.delete("AWS::RDS::DBCluster", made, new)
    bench.update("AWS::RDS::DBCluster", made, new, CLUSTER)

    snapshot = rds.DBClusterProvider().snapshot(bench.context(), made.physical_id, CLUSTER)
    bench.delete("AWS::RDS::DBCluster", made, CLUSTER)
    kept = client.describe_db_cluster_snapshots(DBClusterSnapshotIdentifier=snapshot)["DBClusterSnapshots"]
    assert kept[0]["DBClusterIdentifier"] == "accountscluster"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"EngineVersion": "16.4"}, "Cannot find version 16.4 for aurora-postgresql"),
        ({"DatabaseName": "accounts-db"}, "DatabaseName must begin with a letter"),
        ({"ServerlessV2ScalingConfiguration": {"MinCapacity": 0.3, "MaxCapacity": 1}}, "multiple of 0.5"),
        ({"ServerlessV2ScalingConfiguration": {"MinCapacity": 2, "MaxCapacity": 1}}, "not below the minimum"),
        (
            {
                "ServerlessV2ScalingConfiguration": {
                    "MinCapacity": 0,
                    "MaxCapacity": 1,
                    "SecondsUntilAutoPause": 60,
                }
            },
            "seconds until auto pause 60",
        ),
        ({"BacktrackWindow": 60}, "Backtrack is not enabled"),
        ({"MasterUserPassword": "x"}, "ManageMasterUserPassword is true"),
        ({"ManageMasterUserPassword": False}, "MasterUserPassword must be provided"),
        ({"EngineMode": "serverless"}, "serverless"),
        ({"Engine": "mysql"}, "Aurora clusters only"),
    ],
)
def test_what_rds_refuses_of_a_cluster_is_refused_and_nothing_is_made(
    bench: Bench, change: Properties, words: str
) -> None:
    with pytest.raises(ProviderError, match=words):
        bench.create("AWS::RDS::DBCluster", {**CLUSTER, **change})
    assert bench.client("rds").describe_db_clusters()["DBClusters"] == []


def test_bare_majors_and_current_minors_are_creatable() -> None:
    for version in ("17", "16", "17.7", 16):
        check_cluster({**CLUSTER, "EngineVersion": version})


def test_a_serverless_instance_needs_a_cluster_with_a_capacity_range(bench: Bench) -> None:
    plain = {key: value for key, value in CLUSTER.items() if key != "ServerlessV2ScalingConfiguration"}
    bench.create("AWS::RDS::DBCluster", {**plain, "DBClusterIdentifier": "plain"})
    bench.create("AWS::RDS::DBCluster", CLUSTER)
    member = {
        "DBClusterIdentifier": "plain",
        "DBInstanceClass": "db.serverless",
        "Engine": "aurora-postgresql",
    }
    with pytest.raises(ProviderError, match="Serverless v2 scaling configuration"):
        bench.create("AWS::RDS::DBInstance", member)
    properties = {**member, "DBClusterIdentifier": "accountscluster"}
    made = bench.create("AWS::RDS::DBInstance", properties)
    assert made.physical_id == "demo-thing-abcdefghijkl"
    assert made.attributes["DBInstanceArn"].endswith(f":db:{made.physical_id}")
    bench.update("AWS::RDS::DBInstance", made, properties, {**properties, "AutoMinorVersionUpgrade": False})
    bench.delete("AWS::RDS::DBInstance", made, properties)


def test_the_data_api_is_turned_on_and_off_by_its_own_calls(bench: Bench) -> None:
    client: Any = Rds(enabled=False)
    cluster = rds.DBClusterProvider()
    cluster._serve_data_api(client, "c", {"EnableHttpEndpoint": "true"})
    cluster._serve_data_api(client, "c", {"EnableHttpEndpoint": True})
    cluster._serve_data_api(client, "c", {})
    assert client.asked == ["enable", "disable"]


class Rds:
    """Remembers how the HTTP endpoint was asked for."""

    def __init__(self, *, enabled: bool) -> None:
        self.enabled = enabled
        self.asked: list[str] = []

    def describe_db_clusters(self, DBClusterIdentifier: str) -> dict[str, Any]:
        return {"DBClusters": [{"DBClusterArn": "arn", "HttpEndpointEnabled": self.enabled}]}

    def enable_http_endpoint(self, ResourceArn: str) -> None:
        self.enabled = True
        self.asked.append("enable")

    def disable_http_endpoint(self, ResourceArn: str) -> None:
        self.enabled = False
        self.asked.append("disable")


def test_a_parameter_group_is_named_in_lower_case(bench: Bench) -> None:
    properties = {"Family": "aurora-postgresql17", "Description": "d", "Parameters": {"log_statement": "ddl"}}
    made = bench.create("AWS::RDS::DBClusterParameterGroup", properties)
    assert made.physical_id == "demo-thing-abcdefghijkl"
    changed = {**properties, "Parameters": {"log_statement": "all"}}
    bench.update("AWS::RDS::DBClusterParameterGroup", made, properties, changed)
    bench.delete("AWS::RDS::DBClusterParameterGroup", made, properties)
