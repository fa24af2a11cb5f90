"""What moto loses or cannot change, and the embedded cloud keeps and can."""

from __future__ import annotations

import io
import json
import uuid
import zipfile

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


def test_an_api_keeps_its_binary_media_types_and_can_change_them(gateway):
    made = gateway.create_rest_api(name="binary", binaryMediaTypes=["image/png", "a~b/c"])
    assert made["binaryMediaTypes"] == ["image/png", "a~b/c"]
    operations = [
        {"op": "remove", "path": "/binaryMediaTypes/a~0b~1c"},
        {"op": "add", "path": "/binaryMediaTypes/image~1gif"},
        {"op": "replace", "path": "/binaryMediaTypes/image~1png", "value": "image/*"},
        {"op": "replace", "path": "/description", "value": "still changed"},
    ]
    gateway.update_rest_api(restApiId=made["id"], patchOperations=operations)
    found = gateway.get_rest_api(restApiId=made["id"])
    assert sorted(found["binaryMediaTypes"]) == ["image/*", "image/gif"]
    assert found["description"] == "still changed"
    gateway.delete_rest_api(restApiId=made["id"])


@pytest.fixture
def deployment(gateway, api):
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    where = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    gateway.put_method(**where, authorizationType="NONE")
    gateway.put_integration(**where, type="MOCK", requestTemplates={"application/json": '{"statusCode":200}'})
    gateway.put_method_response(**where, statusCode="200")
    gateway.put_integration_response(**where, statusCode="200", responseTemplates={"application/json": ""})
    return gateway.create_deployment(restApiId=api, description="first")["id"]


def test_the_description_of_a_deployment_can_be_changed_and_nothing_else(gateway, api, deployment):
    where = {"restApiId": api, "deploymentId": deployment}
    describe = {"op": "replace", "path": "/description", "value": "second"}
    assert gateway.update_deployment(**where, patchOperations=[describe])["description"] == "second"
    with pytest.raises(gateway.exceptions.BadRequestException, match="Invalid patch path"):
        gateway.update_deployment(**where, patchOperations=[{**describe, "path": "/id"}])
    assert gateway.get_deployment(**where)["description"] == "second"


def test_a_deployment_that_is_not_there_is_not_found(gateway, api):
    with pytest.raises(gateway.exceptions.NotFoundException):
        gateway.get_deployment(restApiId=api, deploymentId="nosuch")
    with pytest.raises(gateway.exceptions.NotFoundException):
        gateway.update_deployment(restApiId=api, deploymentId="nosuch", patchOperations=[])


def test_the_summary_of_a_deployment_tells_what_was_deployed_and_not_what_is(gateway, api, deployment):
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    gateway.delete_method(restApiId=api, resourceId=root, httpMethod="GET")
    where = {"restApiId": api, "deploymentId": deployment}
    found = gateway.get_deployment(**where, embed=["apisummary"])
    assert found["apiSummary"] == {"/": {"GET": {"authorizationType": "NONE", "apiKeyRequired": False}}}
    assert "apiSummary" not in gateway.get_deployment(**where)


def test_a_function_keeps_where_and_how_it_logs(client):
    functions = client("lambda")
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
    shown = functions.get_function_configuration(FunctionName=name)["LoggingConfig"]
    levels = {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"}
    assert shown == {"LogFormat": "JSON", "LogGroup": "/team/accounts", **levels}
    assert json.load(functions.invoke(FunctionName=name)["Payload"]) == "/team/accounts"
    changed = functions.update_function_configuration(FunctionName=name, LoggingConfig={"LogFormat": "Text"})
    assert changed["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"}
    functions.delete_function(FunctionName=name)
    client("iam").delete_role(RoleName=name)


MANAGED = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


def test_a_policy_that_aws_manages_can_be_attached_and_read(client):
    iam = client("iam")
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
def test_a_policy_that_aws_has_not_got_there_is_refused(client, name):
    iam = client("iam")
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_policy(PolicyArn=f"arn:aws:iam::aws:policy/{name}")


def test_who_lists_aws_policies_gets_all_of_them(client):
    pages = client("iam").get_paginator("list_policies").paginate(Scope="AWS")
    names = [each["PolicyName"] for page in pages for each in page["Policies"]]
    assert "AdministratorAccess" in names
    assert len(names) == len(set(names)) > 1000
