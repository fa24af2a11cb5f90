"""Small stacks with functions that note what they were invoked with, and how a test reads that."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Service = Callable[[str], Any]
WAIT = 20.0

NOTE = """
import boto3, json, os, time
def handler(event, context):
    key = "%s/%s" % (context.function_name, context.aws_request_id)
    body = json.dumps({"event": event, "at": time.time()})
    boto3.client("s3").put_object(Bucket=os.environ["NOTES"], Key=key, Body=body)
    return act(event)
"""
"""A handler that writes its event to the bucket NOTES; `act` decides the response."""

ROLE = {
    "Type": "AWS::IAM::Role",
    "Properties": {
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": ["lambda.amazonaws.com", "states.amazonaws.com"]},
                    "Action": "sts:AssumeRole",
                }
            ],
        },
        "Policies": [
            {
                "PolicyName": "all",
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
                },
            }
        ],
    },
}


def function(act: str = "def act(event): return None", **properties: Any) -> dict[str, Any]:
    """A function that notes its event, and then does what `act` says."""
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Runtime": "python3.13",
            "Handler": "index.handler",
            "Timeout": 10,
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            "Code": {"ZipFile": NOTE + act},
            "Environment": {"Variables": {"NOTES": {"Ref": "Notes"}}},
            **properties,
        },
    }


def permission(function: str, service: str, source: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::Lambda::Permission",
        "Properties": {
            "Action": "lambda:InvokeFunction",
            "FunctionName": {"Ref": function},
            "Principal": service,
            "SourceArn": source,
        },
    }


@dataclass(frozen=True)
class Stack:
    """A stack that was created; `ids` are physical ids by logical id."""

    service: Service
    name: str
    ids: Mapping[str, str]

    def __getitem__(self, logical_id: str) -> str:
        return self.ids[logical_id]

    def notes(self, function: str) -> list[Any]:
        """The events that a function was invoked with so far, oldest first."""
        s3 = self.service("s3")
        prefix = f"{self.ids[function]}/"
        found = s3.list_objects_v2(Bucket=self.ids["Notes"], Prefix=prefix).get("Contents", [])
        bodies = [s3.get_object(Bucket=self.ids["Notes"], Key=item["Key"])["Body"] for item in found]
        notes = sorted((json.loads(body.read()) for body in bodies), key=lambda note: note["at"])
        return [note["event"] for note in notes]

    def wait_for_notes(self, function: str, enough: Callable[[list[Any]], bool] = bool) -> list[Any]:
        """The events of a function, once there are enough of them."""
        notes: list[Any] = wait_for(lambda: self.notes(function), enough)
        return notes


def wait_for(read: Callable[[], Any], good: Callable[[Any], bool]) -> Any:
    """What `read` returns once it is good; fails with the last value after a while."""
    end = time.monotonic() + WAIT
    while True:
        value = read()
        if good(value):
            return value
        assert time.monotonic() < end, value
        time.sleep(0.05)


def create(service: Service, resources: Mapping[str, Any]) -> Stack:
    """Create a stack of these resources, with a bucket for notes and a role that may do everything."""
    name = f"events-{uuid.uuid4().hex[:8]}"
    template = {"Resources": {"Notes": {"Type": "AWS::S3::Bucket"}, "Role": ROLE, **resources}}
    cloudformation = service("cloudformation")
    cloudformation.create_stack(
        StackName=name, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_NAMED_IAM"]
    )
    stack = wait_for(
        lambda: cloudformation.describe_stacks(StackName=name)["Stacks"][0],
        lambda stack: not stack["StackStatus"].endswith("_IN_PROGRESS"),
    )
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    reasons = [event.get("ResourceStatusReason") for event in events]
    assert stack["StackStatus"] == "CREATE_COMPLETE", reasons
    rows = cloudformation.describe_stack_resources(StackName=name)["StackResources"]
    return Stack(service, name, {row["LogicalResourceId"]: row["PhysicalResourceId"] for row in rows})
