"""The tags of a stack are those of its resources, also where nothing else of a stack changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.exceptions import WaiterError

from tests.local.conftest import ServiceClients

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
NAME = "stack-tags"
RESOURCES: dict[str, Any] = {
    "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": NAME}},
    "Path": {
        "Type": "AWS::ApiGateway::Resource",
        "Properties": {
            "RestApiId": {"Ref": "Api"},
            "ParentId": {"Fn::GetAtt": ["Api", "RootResourceId"]},
            "PathPart": "x",
        },
    },
    "Bucket": {"Type": "AWS::S3::Bucket"},
    "Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": NAME}},
    "Http": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": NAME, "ProtocolType": "HTTP"}},
    "Parameter": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "v"}},
    "Pool": {"Type": "AWS::Cognito::UserPool"},
    "Queue": {"Type": "AWS::SQS::Queue"},
    "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}},
    "Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": {"SecretString": "s"}},
    "Table": {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        },
    },
    "Topic": {"Type": "AWS::SNS::Topic"},
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.9.0.0/16"}},
}
PLACES: Mapping[str, tuple[str, Callable[[Any, str], Any]]] = {
    "Api": ("apigateway", lambda client, name: client.get_rest_api(restApiId=name).get("tags", {})),
    "Bucket": ("s3", lambda client, name: client.get_bucket_tagging(Bucket=name)["TagSet"]),
    "Group": ("logs", lambda client, name: client.list_tags_log_group(logGroupName=name)["tags"]),
    "Http": ("apigatewayv2", lambda client, name: client.get_api(ApiId=name).get("Tags", {})),
    "Parameter": (
        "ssm",
        lambda client, name: client.list_tags_for_resource(ResourceType="Parameter", ResourceId=name)[
            "TagList"
        ],
    ),
    "Pool": (
        "cognito-idp",
        lambda client, name: client.describe_user_pool(UserPoolId=name)["UserPool"].get("UserPoolTags", {}),
    ),
    "Queue": ("sqs", lambda client, name: client.list_queue_tags(QueueUrl=name).get("Tags", {})),
    "Role": ("iam", lambda client, name: client.list_role_tags(RoleName=name)["Tags"]),
    "Secret": ("secretsmanager", lambda client, name: client.describe_secret(SecretId=name).get("Tags", [])),
    "Table": (
        "dynamodb",
        lambda client, name: client.list_tags_of_resource(
            ResourceArn=client.describe_table(TableName=name)["Table"]["TableArn"]
        )["Tags"],
    ),
    "Topic": ("sns", lambda client, name: client.list_tags_for_resource(ResourceArn=name)["Tags"]),
    "Vpc": ("ec2", lambda client, name: client.describe_vpcs(VpcIds=[name])["Vpcs"][0].get("Tags", [])),
}


@pytest.fixture(scope="module")
def retagged(client: ServiceClients) -> dict[str, dict[str, str]]:
    """The tags of each resource, after the stack was made with two and then given other ones."""
    formation = client("cloudformation")
    bring(formation, "create", {"team": "one", "gone": "x"})
    bring(formation, "update", {"team": "two", "new": "y"})
    tags = {}
    for name, (service, read) in PLACES.items():
        found = formation.describe_stack_resource(StackName=NAME, LogicalResourceId=name)
        listed = read(client(service), found["StackResourceDetail"]["PhysicalResourceId"])
        pairs = listed.items() if isinstance(listed, dict) else [(tag["Key"], tag["Value"]) for tag in listed]
        tags[name] = dict(pairs)
    return tags


def bring(formation: Any, verb: str, tags: dict[str, str]) -> None:
    getattr(formation, f"{verb}_stack")(
        StackName=NAME,
        TemplateBody=json.dumps({"Resources": RESOURCES}),
        Capabilities=["CAPABILITY_IAM"],
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )
    waiter = formation.get_waiter(f"stack_{verb}_complete")
    waiter.config.delay = 0.1
    try:
        waiter.wait(StackName=NAME)
    except WaiterError as failed:
        raise AssertionError(formation.describe_stack_events(StackName=NAME)["StackEvents"][:9]) from failed


@pytest.mark.parametrize("name", PLACES)
def test_a_change_of_the_stacks_tags_alone_reaches_what_has_tags(
    retagged: dict[str, dict[str, str]], name: str
) -> None:
    # Those that begin with aws: say which stack it is.
    own = {key: value for key, value in retagged[name].items() if not key.startswith("aws:")}
    assert own == {"team": "two", "new": "y"}
