"""A project as Amplify leaves it, written to a folder, and commands run in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from accountsctl.cli import cli
from accountsctl.cli.boundary import run

FUNCTION: dict[str, dict[str, object]] = {
    "Parameters": {"env": {"Type": "String"}, "tableName": {"Type": "String"}},
    "Resources": {
        "LambdaExecutionRole": {
            "Type": "AWS::IAM::Role",
            "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}},
        },
    },
    "Outputs": {
        "Name": {"Value": {"Ref": "LambdaExecutionRole"}},
        "Arn": {"Value": {"Fn::GetAtt": ["LambdaExecutionRole", "Arn"]}},
    },
}
BACKEND = {
    "auth": {"users": {"service": "Cognito", "serviceType": "imported"}},
    "function": {"work": {"service": "Lambda", "build": True}},
    "api": {
        "web": {
            "service": "API Gateway",
            "dependsOn": [
                {"category": "function", "resourceName": "work", "attributes": ["Name", "Arn"]},
            ],
        }
    },
}
STACK_ID = "arn:aws:cloudformation:eu-central-1:111122223333:stack/amplify-shop-prod-1/00000000"
TEAM = {
    "prod": {
        "awscloudformation": {
            "Region": "eu-central-1",
            "StackName": "amplify-shop-prod-1",
            "StackId": STACK_ID,
            "DeploymentBucketName": "amplify-shop-prod-1-deployment",
        },
        "categories": {
            "auth": {"users": {"userPoolId": "eu-central-1_Abc", "userPoolName": "shoppers"}},
            "function": {"work": {"tableName": "orders", "s3Key": "amplify-builds/work-1.zip"}},
        },
    },
    "dev": {
        "awscloudformation": {"Region": "eu-west-1", "StackName": "amplify-shop-dev-1"},
        "categories": {"function": {"work": {"tableName": "dev-orders"}}},
    },
}
REST_INPUTS = {
    "version": 1,
    "paths": {
        "/orders": {"lambdaFunction": "work", "permissions": {"setting": "open"}},
        "/mine": {"lambdaFunction": "work", "permissions": {"setting": "private", "auth": ["read"]}},
    },
}


def write(root: Path, path: str, value: object) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(value if isinstance(value, str) else json.dumps(value, indent=2))


def do(*words: str, expect: int = 0) -> None:
    assert run(cli, list(words)) == expect, words


def contents(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def loaded(root: Path, path: str) -> Mapping[str, object]:
    value: Mapping[str, object] = json.loads((root / path).read_text())
    return value


def rendered(root: Path, environment: str, resource: str) -> dict[str, dict[str, object]]:
    do("render", "-e", environment)
    template = json.loads((root / f"amplify/build/{environment}/{resource}.json").read_text())
    resources: dict[str, dict[str, object]] = template["Resources"]
    return resources
