"""A backend as Amplify's CLI deploys it, made in the embedded cloud without accountsctl.

The root has the resources of ``rootStackTemplate.json`` of Amplify's CLI: a bucket that a parameter names, two roles
for users, and one nested stack for each resource, whose templates and packages stand under Amplify's own keys.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.local.gen1.role_updates import role_updates
from tests.local.gen1.templates import (
    API,
    AUTH,
    BACKEND,
    BUCKET,
    CUSTOM,
    FUNCTION,
    PARAMETERS,
    STACK,
    STORAGE,
    TEMPLATES,
    Json,
    parameters,
    ref,
)

Clients = Callable[[str], Any]

REGION, ACCOUNT = "eu-west-1", "123456789012"
HANDLER = """\
exports.handler = async () => ({
  statusCode: 200,
  headers: { "Access-Control-Allow-Origin": "*" },
  body: JSON.stringify({ version: 1 }),
});
"""
TRUST: Json = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRoleWithWebIdentity"}],
}
FUNCTION_TRUST: Json = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com"]}, "Action": ["sts:AssumeRole"]}
    ],
}


def root() -> Json:
    """The root template, with a nested stack for each resource at Amplify's own address."""
    roles = {
        name: {
            "Type": "AWS::IAM::Role",
            "Properties": {"RoleName": ref(f"{name}Name"), "AssumeRolePolicyDocument": TRUST},
        }
        for name in ("AuthRole", "UnauthRole")
    }
    bucket = {
        "Type": "AWS::S3::Bucket",
        "DeletionPolicy": "Retain",
        "Properties": {"BucketName": ref("DeploymentBucketName")},
    }
    stacks = {
        name.replace("/", ""): {
            "Type": "AWS::CloudFormation::Stack",
            "Properties": {
                "TemplateURL": f"https://s3.amazonaws.com/{BUCKET}/{template_key(name)}",
                "Parameters": {"env": "dev", **given},
            },
        }
        for name, given in PARAMETERS.items()
    }
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Root Stack for AWS Amplify CLI",
        "Parameters": parameters("DeploymentBucketName", "AuthRoleName", "UnauthRoleName"),
        "Resources": {"DeploymentBucket": bucket, **roles, **stacks, **role_updates(FUNCTION_TRUST)},
        "Outputs": {
            "Region": {"Value": ref("AWS::Region")},
            "DeploymentBucketName": {"Value": ref("DeploymentBucketName")},
            "AuthRoleName": {"Value": ref("AuthRole")},
        },
    }


def text(content: Json | str) -> str:
    """A file's text: JSON, or the text that it is."""
    return content if isinstance(content, str) else json.dumps(content, indent=2)


def template_key(name: str) -> str:
    category, _, resource = name.partition("/")
    return f"amplify-cfn-templates/{category}/{resource}-cloudformation-template.json"


@dataclass(frozen=True)
class Deployed:
    """What Amplify left: the stack's id, and clients of the cloud that it is in."""

    stack_id: str
    client: Clients

    def ids(self) -> dict[str, str]:
        """The physical ids of all resources in the nested stacks, by nested stack and logical id."""
        cloudformation = self.client("cloudformation")
        found: dict[str, str] = {}
        for stack in self._resources(cloudformation, STACK):
            found[stack["LogicalResourceId"]] = stack["PhysicalResourceId"]
            if stack["ResourceType"] == "AWS::CloudFormation::Stack":
                for resource in self._resources(cloudformation, stack["PhysicalResourceId"]):
                    name = f"{stack['LogicalResourceId']}.{resource['LogicalResourceId']}"
                    found[name] = resource["PhysicalResourceId"]
        return found

    @staticmethod
    def _resources(cloudformation: Any, stack: str) -> list[Json]:
        summaries: list[Json] = cloudformation.list_stack_resources(StackName=stack)["StackResourceSummaries"]
        return summaries


def zipped(handler: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("index.js", handler)
    return content.getvalue()


def deploy(client: Clients) -> Deployed:
    """Deploy as Amplify does: a root with the bucket and the roles, the uploads, the root with everything."""
    cloudformation, bucket, complete = client("cloudformation"), client("s3"), root()
    names = {"DeploymentBucket", "AuthRole", "UnauthRole"}
    first = {**complete, "Resources": {name: complete["Resources"][name] for name in names}}
    given = [
        {"ParameterKey": "DeploymentBucketName", "ParameterValue": BUCKET},
        {"ParameterKey": "AuthRoleName", "ParameterValue": f"{STACK}-authRole"},
        {"ParameterKey": "UnauthRoleName", "ParameterValue": f"{STACK}-unauthRole"},
    ]
    tags = [{"Key": "user:Application", "Value": "shop"}, {"Key": "user:Stack", "Value": "dev"}]
    request = {
        "StackName": STACK,
        "Parameters": given,
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
        "Tags": tags,
    }
    made = cloudformation.create_stack(TemplateBody=json.dumps(first), **request)
    cloudformation.get_waiter("stack_create_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1})
    for name, template in TEMPLATES.items():
        bucket.put_object(Bucket=BUCKET, Key=template_key(name), Body=text(template).encode())
    package = PARAMETERS["function/orders"]["s3Key"]
    bucket.put_object(Bucket=BUCKET, Key=package, Body=zipped(HANDLER))
    cloudformation.update_stack(TemplateBody=json.dumps(complete), **request)
    cloudformation.get_waiter("stack_update_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1})
    return Deployed(made["StackId"], client)


def write_project(folder: Path, stack_id: str) -> None:
    """The project's folder as Amplify leaves it in Git, after `amplify build`."""
    team = {
        "dev": {
            "awscloudformation": {
                "Region": REGION,
                "StackName": STACK,
                "StackId": stack_id,
                "DeploymentBucketName": BUCKET,
                "AuthRoleName": f"{STACK}-authRole",
                "UnauthRoleName": f"{STACK}-unauthRole",
            },
            "categories": {"auth": {"users": {}}, "function": {"orders": {}}},
        }
    }
    files: dict[str, Json | str] = {
        "amplify/team-provider-info.json": team,
        "amplify/.config/project-config.json": {"projectName": "shop", "version": "3.1"},
        "amplify/.config/local-env-info.json": {"projectPath": "/home/ann/shop", "envName": "dev"},
        "amplify/backend/backend-config.json": BACKEND,
        "amplify/backend/function/orders/src/index.js": HANDLER,
        "amplify/backend/function/orders/orders-cloudformation-template.json": FUNCTION,
        "amplify/backend/function/orders/parameters.json": {},
        "amplify/backend/custom/setting/template.yaml": CUSTOM,
        "amplify/backend/custom/setting/parameters.json": {},
        "amplify/backend/auth/users/build/users-cloudformation-template.json": AUTH,
        "amplify/backend/auth/users/build/parameters.json": PARAMETERS["auth/users"],
        "amplify/backend/storage/files/build/cloudformation-template.json": STORAGE,
        "amplify/backend/storage/files/build/parameters.json": PARAMETERS["storage/files"],
        "amplify/backend/api/shopapi/build/shopapi-cloudformation-template.json": API,
        "amplify/backend/api/shopapi/build/parameters.json": {},
    }
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text(content))
