"""Resources are read back as they were made; what is changed or deleted at a service is noticed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

from accountsctl.localcloud.cloudformation.execution.drift import is_gone
from accountsctl.localcloud.cloudformation.planning.property_differences import property_differences
from accountsctl.localcloud.cloudformation.providers import PROVIDERS
from accountsctl.localcloud.cloudformation.providers.base import ProvidedResource, ProviderError
from accountsctl.localcloud.cloudformation.providers.reading import Readable
from tests.local.cloudformation.providers.conftest import TRUST, Bench

Change = Callable[[Bench, ProvidedResource, Mapping[str, Any]], object]
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"}],
}
OTHER_POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "logs:GetLogEvents", "Resource": "*"}],
}


@dataclass(frozen=True)
class ReadCase:
    """A type with properties, what changes it at its service, and the properties that then differ.

    `needs` makes what it refers to, and returns more properties.
    """

    type: str
    properties: Mapping[str, Any]
    change: Change | None
    paths: tuple[str, ...]
    needs: Callable[[Bench], Mapping[str, Any]] = field(default=lambda _: {})


def function(bench: Bench, **more: Any) -> Mapping[str, Any]:
    role = bench.create("AWS::IAM::Role", {"AssumeRolePolicyDocument": TRUST}, "Role")
    return {"Role": role.attributes["Arn"], **more}


def named_function(bench: Bench) -> Mapping[str, Any]:
    code = {"ZipFile": "def handler(event, context): return 1"}
    made = function(bench, Handler="index.handler", Runtime="python3.13", Code=code)
    return {"FunctionName": bench.create("AWS::Lambda::Function", made, "Function").physical_id}


def api(bench: Bench) -> Mapping[str, Any]:
    return {"RestApiId": bench.create("AWS::ApiGateway::RestApi", {"Name": "api"}, "Api").physical_id}


def api_root(bench: Bench) -> Mapping[str, Any]:
    made = bench.create("AWS::ApiGateway::RestApi", {"Name": "api"}, "Api")
    return {"RestApiId": made.physical_id, "ResourceId": made.attributes["RootResourceId"]}


def path(bench: Bench) -> Mapping[str, Any]:
    made = bench.create("AWS::ApiGateway::RestApi", {"Name": "api"}, "Api")
    return {"RestApiId": made.physical_id, "ParentId": made.attributes["RootResourceId"]}


def deployed_api(bench: Bench) -> Mapping[str, Any]:
    root = api_root(bench)
    mock = {"HttpMethod": "GET", "AuthorizationType": "NONE", "Integration": {"Type": "MOCK"}}
    bench.create("AWS::ApiGateway::Method", {**root, **mock}, "Get")
    deployment = bench.create("AWS::ApiGateway::Deployment", {"RestApiId": root["RestApiId"]}, "Deployment")
    return {"RestApiId": root["RestApiId"], "DeploymentId": deployment.physical_id}


def subnets(bench: Bench) -> Mapping[str, Any]:
    vpc = bench.create("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}, "Vpc").physical_id
    made = [
        bench.create(
            "AWS::EC2::Subnet",
            {"VpcId": vpc, "CidrBlock": f"10.0.{index}.0/24", "AvailabilityZone": f"eu-central-1{zone}"},
            f"Subnet{zone}",
        ).physical_id
        for index, zone in enumerate("ab")
    ]
    return {"SubnetIds": made}


def vpc(bench: Bench) -> Mapping[str, Any]:
    return {"VpcId": bench.create("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}, "Vpc").physical_id}


def bucket(bench: Bench) -> Mapping[str, Any]:
    name = bench.create("AWS::S3::Bucket", {"BucketName": "read-me"}, "Bucket").physical_id
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": f"arn:aws:s3:::{name}/*"}
    return {"Bucket": name, "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}


def pool(bench: Bench) -> Mapping[str, Any]:
    return {"UserPoolId": bench.create("AWS::Cognito::UserPool", {}, "Pool").physical_id}


def role_name(bench: Bench) -> Mapping[str, Any]:
    return {"RoleName": bench.create("AWS::IAM::Role", {"AssumeRolePolicyDocument": TRUST}, "R").physical_id}


def managed_policy(bench: Bench) -> Mapping[str, Any]:
    made = bench.create("AWS::IAM::ManagedPolicy", {"PolicyDocument": POLICY}, "Policy")
    return {"ManagedPolicyArns": [made.physical_id]}


def key(bench: Bench) -> Mapping[str, Any]:
    return {"TargetKeyId": bench.create("AWS::KMS::Key", {}, "Key").physical_id}


CASES = [
    ReadCase(
        "AWS::Lambda::Function",
        {
            "Handler": "index.handler",
            "Runtime": "python3.13",
            "Code": {"ZipFile": "def handler(event, context): return 1"},
            "Timeout": 25,
            "MemorySize": 256,
            "Description": "reads",
            "Environment": {"Variables": {"A": "1"}},
            "Architectures": ["arm64"],
            "TracingConfig": {"Mode": "Active"},
            "EphemeralStorage": {"Size": 1024},
            "ReservedConcurrentExecutions": 3,
            "Tags": [{"Key": "own", "Value": "yes"}],
        },
        lambda bench, made, _: (
            bench.client("lambda").update_function_configuration(
                FunctionName=made.physical_id, Timeout=3, Environment={"Variables": {"A": "2", "B": "3"}}
            ),
            bench.client("lambda").put_function_concurrency(
                FunctionName=made.physical_id, ReservedConcurrentExecutions=9
            ),
        ),
        (
            "/Environment/Variables/A",
            "/Environment/Variables/B",
            "/ReservedConcurrentExecutions",
            "/Timeout",
        ),
        function,
    ),
    ReadCase(
        "AWS::Lambda::Permission",
        {
            "Action": "lambda:InvokeFunction",
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": "arn:aws:execute-api:eu-central-1:123456789012:abc/*",
            "SourceAccount": "123456789012",
        },
        lambda bench, made, properties: (
            bench.client("lambda").remove_permission(
                FunctionName=properties["FunctionName"], StatementId=made.physical_id
            ),
            bench.client("lambda").add_permission(
                FunctionName=properties["FunctionName"],
                StatementId=made.physical_id,
                Action="lambda:InvokeFunction",
                Principal="apigateway.amazonaws.com",
                SourceAccount="123456789012",
            ),
        ),
        ("/SourceArn",),
        named_function,
    ),
    ReadCase(
        "AWS::Logs::LogGroup",
        {"LogGroupName": "/read/me", "RetentionInDays": 7, "Tags": [{"Key": "own", "Value": "yes"}]},
        lambda bench, made, _: (
            bench.client("logs").delete_retention_policy(logGroupName=made.physical_id),
            bench.client("logs").tag_log_group(logGroupName=made.physical_id, tags={"other": "no"}),
        ),
        ("/RetentionInDays", "/Tags/1"),
    ),
    ReadCase(
        "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": TRUST,
            "Description": "reads",
            "Policies": [{"PolicyName": "logs", "PolicyDocument": POLICY}],
        },
        lambda bench, made, properties: (
            bench.client("iam").put_role_policy(
                RoleName=made.physical_id, PolicyName="more", PolicyDocument=json.dumps(OTHER_POLICY)
            ),
            bench.client("iam").detach_role_policy(
                RoleName=made.physical_id, PolicyArn=properties["ManagedPolicyArns"][0]
            ),
        ),
        ("/ManagedPolicyArns/0", "/Policies/1"),
        managed_policy,
    ),
    ReadCase(
        "AWS::IAM::RolePolicy",
        {"PolicyName": "logs", "PolicyDocument": POLICY},
        lambda bench, _, properties: bench.client("iam").put_role_policy(
            RoleName=properties["RoleName"], PolicyName="logs", PolicyDocument=json.dumps(OTHER_POLICY)
        ),
        ("/PolicyDocument/Statement/0/Action",),
        role_name,
    ),
    ReadCase(
        "AWS::IAM::ManagedPolicy",
        {"Description": "reads", "PolicyDocument": POLICY},
        lambda bench, made, _: bench.client("iam").create_policy_version(
            PolicyArn=made.physical_id, PolicyDocument=json.dumps(OTHER_POLICY), SetAsDefault=True
        ),
        ("/PolicyDocument/Statement/0/Action",),
    ),
    ReadCase(
        "AWS::S3::Bucket",
        {
            "VersioningConfiguration": {"Status": "Enabled"},
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            "PublicAccessBlockConfiguration": {"BlockPublicAcls": True, "BlockPublicPolicy": True},
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [
                    {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
                ]
            },
            "LifecycleConfiguration": {
                "Rules": [
                    {
                        "Id": "old",
                        "Status": "Enabled",
                        "Prefix": "a/",
                        "ExpirationInDays": 30,
                        "NoncurrentVersionExpiration": {"NoncurrentDays": 9},
                        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
                    }
                ]
            },
            "CorsConfiguration": {
                "CorsRules": [
                    {
                        "AllowedMethods": ["GET"],
                        "AllowedOrigins": ["*"],
                        "ExposedHeaders": ["etag"],
                        "MaxAge": 60,
                    }
                ]
            },
            "WebsiteConfiguration": {"IndexDocument": "index.html", "ErrorDocument": "error.html"},
            "Tags": [{"Key": "own", "Value": "yes"}],
        },
        lambda bench, made, _: (
            bench.client("s3").put_bucket_versioning(
                Bucket=made.physical_id, VersioningConfiguration={"Status": "Suspended"}
            ),
            bench.client("s3").delete_bucket_cors(Bucket=made.physical_id),
            bench.client("s3").put_public_access_block(
                Bucket=made.physical_id,
                PublicAccessBlockConfiguration={"BlockPublicAcls": True, "BlockPublicPolicy": False},
            ),
            bench.client("s3").delete_bucket_tagging(Bucket=made.physical_id),
        ),
        (
            "/CorsConfiguration",
            "/PublicAccessBlockConfiguration/BlockPublicPolicy",
            "/Tags",
            "/VersioningConfiguration/Status",
        ),
    ),
    ReadCase(
        "AWS::S3::BucketPolicy",
        {},
        lambda bench, made, _: bench.client("s3").put_bucket_policy(
            Bucket=made.physical_id, Policy='{"Version": "2012-10-17"}'
        ),
        ("/PolicyDocument/Statement",),
        bucket,
    ),
    ReadCase(
        "AWS::ApiGateway::RestApi",
        {
            "Name": "api",
            "Description": "reads",
            "ApiKeySourceType": "HEADER",
            "EndpointConfiguration": {"Types": ["REGIONAL"]},
            "Tags": [{"Key": "own", "Value": "yes"}],
        },
        lambda bench, made, _: bench.client("apigateway").update_rest_api(
            restApiId=made.physical_id,
            patchOperations=[
                {"op": "replace", "path": "/name", "value": "renamed"},
                {"op": "replace", "path": "/apiKeySource", "value": "AUTHORIZER"},
            ],
        ),
        ("/ApiKeySourceType", "/Name"),
    ),
    ReadCase(
        "AWS::ApiGateway::Resource",
        {"PathPart": "accounts"},
        None,
        (),
        path,
    ),
    ReadCase(
        "AWS::ApiGateway::Method",
        {
            "HttpMethod": "OPTIONS",
            "AuthorizationType": "NONE",
            "ApiKeyRequired": False,
            "MethodResponses": [
                {"StatusCode": "204", "ResponseParameters": {"method.response.header.Vary": True}}
            ],
            "Integration": {
                "Type": "MOCK",
                "RequestTemplates": {"application/json": '{"statusCode": 204}'},
                "IntegrationResponses": [
                    {"StatusCode": "204", "ResponseParameters": {"method.response.header.Vary": "'Origin'"}}
                ],
            },
        },
        lambda bench, _, properties: bench.client("apigateway").put_integration_response(
            restApiId=properties["RestApiId"],
            resourceId=properties["ResourceId"],
            httpMethod="OPTIONS",
            statusCode="204",
            responseParameters={"method.response.header.Vary": "'*'"},
        ),
        ("/Integration/IntegrationResponses/0/ResponseParameters/method.response.header.Vary",),
        api_root,
    ),
    ReadCase(
        "AWS::ApiGateway::Authorizer",
        {
            "Name": "pool",
            "Type": "COGNITO_USER_POOLS",
            "IdentitySource": "method.request.header.Authorization",
            "ProviderARNs": ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_a"],
            "AuthorizerResultTtlInSeconds": 60,
        },
        lambda bench, made, properties: bench.client("apigateway").update_authorizer(
            restApiId=properties["RestApiId"],
            authorizerId=made.physical_id,
            patchOperations=[
                {
                    "op": "replace",
                    "path": "/identitySource",
                    "value": "method.request.header.Other",
                }
            ],
        ),
        ("/IdentitySource",),
        api,
    ),
    ReadCase(
        "AWS::ApiGateway::RequestValidator",
        {"Name": "body", "ValidateRequestBody": True},
        lambda bench, made, properties: bench.client("apigateway").update_request_validator(
            restApiId=properties["RestApiId"],
            requestValidatorId=made.physical_id,
            patchOperations=[{"op": "replace", "path": "/validateRequestBody", "value": "false"}],
        ),
        ("/ValidateRequestBody",),
        api,
    ),
    ReadCase(
        "AWS::ApiGateway::GatewayResponse",
        {
            "ResponseType": "DEFAULT_4XX",
            "ResponseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"},
        },
        lambda bench, _, properties: bench.client("apigateway").put_gateway_response(
            restApiId=properties["RestApiId"], responseType="DEFAULT_4XX", responseParameters={}
        ),
        ("/ResponseParameters/gatewayresponse.header.Access-Control-Allow-Origin",),
        api,
    ),
    ReadCase(
        "AWS::ApiGateway::Stage",
        {
            "StageName": "dev",
            "Variables": {"a": "1"},
            "TracingEnabled": True,
            "MethodSettings": [
                {
                    "ResourcePath": "/*",
                    "HttpMethod": "*",
                    "ThrottlingRateLimit": 10,
                    "ThrottlingBurstLimit": 5,
                }
            ],
        },
        lambda bench, _, properties: bench.client("apigateway").update_stage(
            restApiId=properties["RestApiId"],
            stageName="dev",
            patchOperations=[
                {"op": "replace", "path": "/variables/a", "value": "2"},
                {"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "99"},
            ],
        ),
        ("/MethodSettings/0/ThrottlingRateLimit", "/Variables/a"),
        deployed_api,
    ),
    ReadCase(
        "AWS::EC2::VPC",
        {"CidrBlock": "10.0.0.0/16", "EnableDnsHostnames": True, "Tags": [{"Key": "own", "Value": "yes"}]},
        lambda bench, made, _: bench.client("ec2").modify_vpc_attribute(
            VpcId=made.physical_id, EnableDnsHostnames={"Value": False}
        ),
        ("/EnableDnsHostnames",),
    ),
    ReadCase(
        "AWS::EC2::Subnet",
        {"CidrBlock": "10.0.1.0/24", "AvailabilityZone": "eu-central-1a", "MapPublicIpOnLaunch": False},
        lambda bench, made, _: bench.client("ec2").modify_subnet_attribute(
            SubnetId=made.physical_id, MapPublicIpOnLaunch={"Value": True}
        ),
        ("/MapPublicIpOnLaunch",),
        vpc,
    ),
    ReadCase(
        "AWS::EC2::SecurityGroup",
        {
            "GroupDescription": "reads",
            "SecurityGroupIngress": [
                {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/16"}
            ],
        },
        lambda bench, made, _: bench.client("ec2").authorize_security_group_ingress(
            GroupId=made.physical_id, IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="0.0.0.0/0"
        ),
        ("/SecurityGroupIngress/1",),
        vpc,
    ),
    ReadCase(
        "AWS::RDS::DBSubnetGroup",
        {
            "DBSubnetGroupDescription": "reads",
            "DBSubnetGroupName": "Read-Me",
            "Tags": [{"Key": "own", "Value": "yes"}],
        },
        lambda bench, made, _: bench.client("rds").add_tags_to_resource(
            ResourceName=f"arn:aws:rds:eu-central-1:123456789012:subgrp:{made.physical_id}",
            Tags=[{"Key": "own", "Value": "no"}],
        ),
        ("/Tags/0/Value",),
        subnets,
    ),
    ReadCase(
        "AWS::Cognito::UserPool",
        {"UserPoolName": "pool", "UsernameAttributes": ["email"], "MfaConfiguration": "OFF"},
        lambda bench, made, _: bench.client("cognito-idp").set_user_pool_mfa_config(
            UserPoolId=made.physical_id,
            MfaConfiguration="ON",
            SoftwareTokenMfaConfiguration={"Enabled": True},
        ),
        ("/MfaConfiguration",),
    ),
    ReadCase(
        "AWS::Cognito::UserPoolClient",
        {"ClientName": "web", "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]},
        lambda bench, made, properties: bench.client("cognito-idp").update_user_pool_client(
            UserPoolId=properties["UserPoolId"], ClientId=made.physical_id, ClientName="renamed"
        ),
        ("/ClientName",),
        pool,
    ),
    ReadCase(
        "AWS::SSM::Parameter",
        {"Name": "/read/me", "Type": "String", "Value": "1"},
        lambda bench, made, _: bench.client("ssm").put_parameter(
            Name=made.physical_id, Value="2", Type="String", Overwrite=True
        ),
        ("/Value",),
    ),
    ReadCase(
        "AWS::SecretsManager::Secret",
        {"Name": "read-me", "Description": "reads", "SecretString": "hunter2"},
        lambda bench, made, _: bench.client("secretsmanager").update_secret(
            SecretId=made.physical_id, Description="other", SecretString="hunter3"
        ),
        ("/Description",),
    ),
    ReadCase(
        "AWS::KMS::Key",
        {"Description": "reads", "EnableKeyRotation": True},
        lambda bench, made, _: bench.client("kms").disable_key_rotation(KeyId=made.physical_id),
        ("/EnableKeyRotation",),
    ),
    ReadCase(
        "AWS::KMS::Alias",
        {"AliasName": "alias/read-me"},
        lambda bench, made, _: bench.client("kms").update_alias(
            AliasName=made.physical_id, TargetKeyId=bench.client("kms").create_key()["KeyMetadata"]["KeyId"]
        ),
        ("/TargetKeyId",),
        key,
    ),
]


def read(bench: Bench, case: ReadCase, made: ProvidedResource, properties: Mapping[str, Any]) -> list[str]:
    """The paths of the properties that differ."""
    provider: object = PROVIDERS[case.type]
    assert isinstance(provider, Readable)
    actual = provider.read(bench.context(), made.physical_id, properties)
    return [each["PropertyPath"] for each in property_differences(properties, actual)]


@pytest.fixture(params=CASES, ids=lambda case: case.type)
def case(request: pytest.FixtureRequest) -> ReadCase:
    chosen: ReadCase = request.param
    return chosen


def test_what_was_made_is_in_sync(bench: Bench, case: ReadCase) -> None:
    properties = {**case.properties, **case.needs(bench)}
    made = bench.create(case.type, properties)

    assert read(bench, case, made, properties) == []


def test_a_change_at_the_service_is_found_in_its_property(bench: Bench, case: ReadCase) -> None:
    properties = {**case.properties, **case.needs(bench)}
    made = bench.create(case.type, properties)
    if case.change is None:
        pytest.skip("the services that we run against have no call that changes it")
    case.change(bench, made, properties)

    assert read(bench, case, made, properties) == list(case.paths)


def test_what_was_deleted_is_not_found(bench: Bench, case: ReadCase) -> None:
    properties = {**case.properties, **case.needs(bench)}
    made = bench.create(case.type, properties)
    PROVIDERS[case.type].delete(bench.context(), made.physical_id, properties)

    with pytest.raises((ClientError, ProviderError)) as refused:
        read(bench, case, made, properties)
    assert is_gone(refused.value)
