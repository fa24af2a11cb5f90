"""What moto loses or cannot change, and the embedded cloud keeps and can."""

from __future__ import annotations

import uuid

import pytest
from botocore.exceptions import ClientError

POOL = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_{}"


@pytest.fixture
def gateway(client):
    return client("apigateway")


@pytest.fixture
def api(gateway):
    made = gateway.create_rest_api(name="mended", tags={"team": "a", "old": "1"})["id"]
    yield made
    gateway.delete_rest_api(restApiId=made)


def test_an_authorizer_keeps_its_expression_and_can_change_its_pools(gateway, api):
    made = gateway.create_authorizer(
        restApiId=api,
        name="users",
        type="COGNITO_USER_POOLS",
        providerARNs=[POOL.format("One")],
        identitySource="method.request.header.Authorization",
        identityValidationExpression="^abc$",
    )
    assert made["identityValidationExpression"] == "^abc$"
    operations = [
        {"op": "add", "path": "/providerARNs", "value": POOL.format("Two")},
        {"op": "remove", "path": "/providerARNs", "value": POOL.format("One")},
        {"op": "replace", "path": "/identityValidationExpression", "value": "^def$"},
    ]
    gateway.update_authorizer(restApiId=api, authorizerId=made["id"], patchOperations=operations)
    found = gateway.get_authorizer(restApiId=api, authorizerId=made["id"])
    assert (found["providerARNs"], found["identityValidationExpression"]) == ([POOL.format("Two")], "^def$")


def test_an_api_can_be_tagged_and_untagged(gateway, api):
    arn = f"arn:aws:apigateway:eu-west-1::/restapis/{api}"
    gateway.tag_resource(resourceArn=arn, tags={"team": "b"})
    gateway.untag_resource(resourceArn=arn, tagKeys=["old"])
    assert gateway.get_rest_api(restApiId=api)["tags"] == {"team": "b"}
    assert gateway.get_tags(resourceArn=arn)["tags"] == {"team": "b"}


@pytest.mark.parametrize("value", ["true", "false"])
def test_the_endpoint_of_an_api_is_switched_as_asked(gateway, api, value):
    operation = {"op": "replace", "path": "/disableExecuteApiEndpoint", "value": value}
    gateway.update_rest_api(restApiId=api, patchOperations=[operation])
    assert gateway.get_rest_api(restApiId=api)["disableExecuteApiEndpoint"] is (value == "true")


def test_a_subnet_group_that_was_changed_is_still_there(client):
    ec2, rds = client("ec2"), client("rds")
    vpc = ec2.create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.99.{n}.0/24", AvailabilityZone=f"eu-west-1{zone}")[
            "Subnet"
        ]["SubnetId"]
        for n, zone in enumerate("abc")
    ]
    name = f"group-{uuid.uuid4().hex[:8]}"
    rds.create_db_subnet_group(DBSubnetGroupName=name, DBSubnetGroupDescription="d", SubnetIds=subnets[:2])
    rds.modify_db_subnet_group(DBSubnetGroupName=name, SubnetIds=subnets)
    (group,) = rds.describe_db_subnet_groups(DBSubnetGroupName=name)["DBSubnetGroups"]
    assert len(group["Subnets"]) == 3
    with pytest.raises(ClientError, match="NotFound"):
        rds.modify_db_subnet_group(DBSubnetGroupName="nosuch", SubnetIds=subnets)
