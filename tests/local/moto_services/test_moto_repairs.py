"""Settings that moto loses or cannot change, and the embedded cloud keeps and can change."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypedDict

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import ServiceClients

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_apigateway.type_defs import PatchOperationTypeDef
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_rds import RDSClient

POOL = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_{}"


@pytest.fixture
def gateway(client: ServiceClients) -> APIGatewayClient:
    gateway: APIGatewayClient = client("apigateway")
    return gateway


@pytest.fixture
def api(gateway: APIGatewayClient) -> Iterator[str]:
    api_id = gateway.create_rest_api(name="fixed", tags={"team": "a", "old": "1"})["id"]
    yield api_id
    gateway.delete_rest_api(restApiId=api_id)


def test_an_authorizer_keeps_its_expression_and_can_change_its_pools(
    gateway: APIGatewayClient, api: str
) -> None:
    authorizer = gateway.create_authorizer(
        restApiId=api,
        name="users",
        type="COGNITO_USER_POOLS",
        providerARNs=[POOL.format("One")],
        identitySource="method.request.header.Authorization",
        identityValidationExpression="^abc$",
    )
    assert authorizer["identityValidationExpression"] == "^abc$"
    operations: list[PatchOperationTypeDef] = [
        {"op": "add", "path": "/providerARNs", "value": POOL.format("Two")},
        {"op": "remove", "path": "/providerARNs", "value": POOL.format("One")},
        {"op": "replace", "path": "/identityValidationExpression", "value": "^def$"},
    ]
    gateway.update_authorizer(restApiId=api, authorizerId=authorizer["id"], patchOperations=operations)
    changed = gateway.get_authorizer(restApiId=api, authorizerId=authorizer["id"])
    assert (changed["providerARNs"], changed["identityValidationExpression"]) == (
        [POOL.format("Two")],
        "^def$",
    )


def test_a_deployment_moves_the_stage_that_it_names(gateway: APIGatewayClient, api: str) -> None:
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    gateway.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
    gateway.put_integration(restApiId=api, resourceId=root, httpMethod="GET", type="MOCK")
    first = gateway.create_deployment(restApiId=api, stageName="dev", variables={"one": "1"})["id"]
    switch: PatchOperationTypeDef = {"op": "replace", "path": "/*/*/metrics/enabled", "value": "true"}
    gateway.update_stage(restApiId=api, stageName="dev", patchOperations=[switch])
    with pytest.raises(ClientError, match="Active stages"):
        gateway.delete_deployment(restApiId=api, deploymentId=first)

    second = gateway.create_deployment(restApiId=api, stageName="dev", variables={"two": "2"})["id"]
    stage = gateway.get_stage(restApiId=api, stageName="dev")
    assert (stage["deploymentId"], stage["variables"]) == (second, {"one": "1", "two": "2"})
    assert stage["methodSettings"]["*/*"]["metricsEnabled"]
    gateway.delete_deployment(restApiId=api, deploymentId=first)
    with pytest.raises(ClientError, match="NotFound"):
        gateway.delete_deployment(restApiId=api, deploymentId=first)
    with pytest.raises(ClientError, match="Active stages"):
        gateway.delete_deployment(restApiId=api, deploymentId=second)


def test_an_api_can_be_tagged_and_untagged(gateway: APIGatewayClient, api: str) -> None:
    arn = f"arn:aws:apigateway:eu-west-1::/restapis/{api}"
    gateway.tag_resource(resourceArn=arn, tags={"team": "b"})
    gateway.untag_resource(resourceArn=arn, tagKeys=["old"])
    assert gateway.get_rest_api(restApiId=api)["tags"] == {"team": "b"}
    assert gateway.get_tags(resourceArn=arn)["tags"] == {"team": "b"}


@pytest.mark.parametrize("value", ["true", "false"])
def test_the_endpoint_of_an_api_is_switched_as_requested(
    gateway: APIGatewayClient, api: str, value: str
) -> None:
    operation: PatchOperationTypeDef = {"op": "replace", "path": "/disableExecuteApiEndpoint", "value": value}
    gateway.update_rest_api(restApiId=api, patchOperations=[operation])
    assert gateway.get_rest_api(restApiId=api)["disableExecuteApiEndpoint"] is (value == "true")


def test_a_subnet_group_that_was_changed_is_still_there(client: ServiceClients) -> None:
    ec2: EC2Client = client("ec2")
    rds: RDSClient = client("rds")
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


def test_an_api_keeps_its_binary_media_types_and_can_change_them(gateway: APIGatewayClient) -> None:
    created = gateway.create_rest_api(name="binary", binaryMediaTypes=["image/png", "a~b/c"])
    assert created["binaryMediaTypes"] == ["image/png", "a~b/c"]
    operations: list[PatchOperationTypeDef] = [
        {"op": "remove", "path": "/binaryMediaTypes/a~0b~1c"},
        {"op": "add", "path": "/binaryMediaTypes/image~1gif"},
        {"op": "replace", "path": "/binaryMediaTypes/image~1png", "value": "image/*"},
        {"op": "replace", "path": "/description", "value": "still changed"},
    ]
    gateway.update_rest_api(restApiId=created["id"], patchOperations=operations)
    changed = gateway.get_rest_api(restApiId=created["id"])
    assert sorted(changed["binaryMediaTypes"]) == ["image/*", "image/gif"]
    assert changed["description"] == "still changed"
    gateway.delete_rest_api(restApiId=created["id"])


class MethodIds(TypedDict):
    """What every call about a method names."""

    restApiId: str
    resourceId: str
    httpMethod: str


@pytest.fixture
def deployment(gateway: APIGatewayClient, api: str) -> str:
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    where: MethodIds = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    gateway.put_method(**where, authorizationType="NONE")
    gateway.put_integration(**where, type="MOCK", requestTemplates={"application/json": '{"statusCode":200}'})
    gateway.put_method_response(**where, statusCode="200")
    gateway.put_integration_response(**where, statusCode="200", responseTemplates={"application/json": ""})
    return gateway.create_deployment(restApiId=api, description="first")["id"]


def test_the_description_of_a_deployment_can_be_changed_and_nothing_else(
    gateway: APIGatewayClient, api: str, deployment: str
) -> None:
    where = {"restApiId": api, "deploymentId": deployment}
    describe: PatchOperationTypeDef = {"op": "replace", "path": "/description", "value": "second"}
    assert gateway.update_deployment(**where, patchOperations=[describe])["description"] == "second"
    with pytest.raises(gateway.exceptions.BadRequestException, match="Invalid patch path"):
        gateway.update_deployment(**where, patchOperations=[{**describe, "path": "/id"}])
    assert gateway.get_deployment(**where)["description"] == "second"


def test_a_deployment_that_is_not_there_is_not_found(gateway: APIGatewayClient, api: str) -> None:
    with pytest.raises(gateway.exceptions.NotFoundException):
        gateway.get_deployment(restApiId=api, deploymentId="nosuch")
    with pytest.raises(gateway.exceptions.NotFoundException):
        gateway.update_deployment(restApiId=api, deploymentId="nosuch", patchOperations=[])


def test_the_summary_of_a_deployment_lists_what_was_deployed_and_not_what_is_there_now(
    gateway: APIGatewayClient, api: str, deployment: str
) -> None:
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    gateway.delete_method(restApiId=api, resourceId=root, httpMethod="GET")
    where = {"restApiId": api, "deploymentId": deployment}
    deployed = gateway.get_deployment(**where, embed=["apisummary"])
    assert deployed["apiSummary"] == {"/": {"GET": {"authorizationType": "NONE", "apiKeyRequired": False}}}
    assert "apiSummary" not in gateway.get_deployment(**where)


def test_a_function_keeps_where_and_how_it_logs(client: ServiceClients) -> None:
    functions: LambdaClient = client("lambda")
    name = f"logging-{uuid.uuid4().hex[:8]}"
    trusted = {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": [trusted]})
    role = client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("app.py", "def h(event, context):\n    return context.log_group_name\n")
    functions.create_function(
        FunctionName=name,
        Role=role,
        Runtime="python3.13",
        Handler="app.h",
        Code={"ZipFile": archive.getvalue()},
        LoggingConfig={"LogFormat": "JSON", "LogGroup": "/team/accounts"},
    )
    logging = functions.get_function_configuration(FunctionName=name)["LoggingConfig"]
    levels = {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"}
    assert logging == {"LogFormat": "JSON", "LogGroup": "/team/accounts", **levels}
    assert json.load(functions.invoke(FunctionName=name)["Payload"]) == "/team/accounts"
    changed = functions.update_function_configuration(FunctionName=name, LoggingConfig={"LogFormat": "Text"})
    assert changed["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"}
    functions.delete_function(FunctionName=name)
    client("iam").delete_role(RoleName=name)


MANAGED = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


def test_a_policy_that_aws_manages_can_be_attached_and_read(client: ServiceClients) -> None:
    iam: IAMClient = client("iam")
    role = f"managed-{uuid.uuid4().hex[:8]}"
    iam.create_role(RoleName=role, AssumeRolePolicyDocument="{}")
    iam.attach_role_policy(RoleName=role, PolicyArn=MANAGED)
    (attached,) = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    assert attached == {"PolicyName": "AWSLambdaBasicExecutionRole", "PolicyArn": MANAGED}
    version = iam.get_policy(PolicyArn=MANAGED)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=MANAGED, VersionId=version)["PolicyVersion"]["Document"]
    assert "logs:PutLogEvents" in str(document)
    iam.detach_role_policy(RoleName=role, PolicyArn=MANAGED)
    iam.delete_role(RoleName=role)


@pytest.mark.parametrize("name", ["service-role/NoSuchPolicy", "AWSLambdaBasicExecutionRole"])
def test_a_policy_that_aws_does_not_have_there_is_refused(client: ServiceClients, name: str) -> None:
    iam: IAMClient = client("iam")
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_policy(PolicyArn=f"arn:aws:iam::aws:policy/{name}")


@pytest.mark.slow
def test_a_list_of_aws_policies_holds_all_of_them(client: ServiceClients) -> None:
    iam: IAMClient = client("iam")
    pages = iam.get_paginator("list_policies").paginate(Scope="AWS")
    names = [policy["PolicyName"] for page in pages for policy in page["Policies"]]
    assert "AdministratorAccess" in names
    assert len(names) == len(set(names)) > 1000
