"""Buckets, networks, pools and keys: how they are made, and changed by another tool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.local.cloudformation.providers.conftest import Bench
from tests.local.cloudformation.providers.read_case import ReadCase


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


def key(bench: Bench) -> Mapping[str, Any]:
    return {"TargetKeyId": bench.create("AWS::KMS::Key", {}, "Key").physical_id}


STORAGE = [
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
