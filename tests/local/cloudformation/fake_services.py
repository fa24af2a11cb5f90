"""The services that the engine calls by itself, in memory."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

REGION = "eu-west-1"


@dataclass
class FakeServices:
    """The clients that the engine asks for: S3, SSM, Secrets Manager, EC2, each by what was put into it.

    `crossing`, if set, holds a call that reads an object until another one does too, or until the barrier's timeout.
    """

    objects: dict[tuple[str, str], str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    roles: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    topics: set[str] = field(default_factory=set)
    published: list[tuple[str, str, str]] = field(default_factory=list)
    alarms: dict[str, str] = field(default_factory=dict)
    reads: list[str] = field(default_factory=list)
    functions: dict[str, Callable[[Any], Any]] = field(default_factory=dict)
    crossing: threading.Barrier | None = None

    def __call__(self, service: str, region: str) -> FakeServices:
        return self

    def get_object(self, *, Bucket: str, Key: str) -> Any:
        self.reads.append(Key)
        if self.crossing:
            with suppress(threading.BrokenBarrierError):
                self.crossing.wait()
        if (Bucket, Key) not in self.objects:
            error: Any = {"Error": {"Code": "NoSuchKey", "Message": "The specified key does not exist."}}
            raise ClientError(error, "GetObject")
        return {"Body": io.BytesIO(self.objects[Bucket, Key].encode(errors="surrogateescape"))}

    def get_topic_attributes(self, *, TopicArn: str) -> Any:
        if TopicArn not in self.topics:
            error: Any = {"Error": {"Code": "NotFound", "Message": "Topic does not exist"}}
            raise ClientError(error, "GetTopicAttributes")
        return {"Attributes": {}}

    def publish(self, *, TopicArn: str, Subject: str, Message: str) -> Any:
        self.get_topic_attributes(TopicArn=TopicArn)
        self.published.append((TopicArn, Subject, Message))
        if TopicArn in self.functions:
            self.functions[TopicArn](json.loads(Message))

    def get_function_configuration(self, *, FunctionName: str) -> Any:
        return {"FunctionName": FunctionName, "Runtime": "python3.13"}

    def describe_alarms(self, *, AlarmNames: list[str]) -> Any:
        """Those that exist, with their states."""
        known = [name for name in AlarmNames if name in self.alarms]
        return {"MetricAlarms": [{"AlarmName": name, "StateValue": self.alarms[name]} for name in known]}

    def invoke(self, *, FunctionName: str, Payload: bytes) -> Any:
        """What the function returns of the event; an exception of its is a function error."""
        if FunctionName not in self.functions:
            error: Any = {
                "Error": {
                    "Code": "ResourceNotFoundException",
                    "Message": f"Function not found: {FunctionName}",
                }
            }
            raise ClientError(error, "Invoke")
        try:
            answer = self.functions[FunctionName](json.loads(Payload))
        except ValueError as raised:
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(str(raised).encode())}
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}

    def get_role(self, *, RoleName: str) -> Any:
        if RoleName not in self.roles:
            error: Any = {"Error": {"Code": "NoSuchEntity", "Message": "There is no such role."}}
            raise ClientError(error, "GetRole")
        arn, trust = self.roles[RoleName]
        return {"Role": {"Arn": arn, "AssumeRolePolicyDocument": trust}}

    def get_parameter(self, *, Name: str, WithDecryption: bool) -> Any:
        if Name not in self.parameters:
            error: Any = {"Error": {"Code": "ParameterNotFound", "Message": ""}}
            raise ClientError(error, "GetParameter")
        return {"Parameter": {"Value": self.parameters[Name]}}

    def get_secret_value(self, *, SecretId: str) -> Any:
        return {"SecretString": self.secrets[SecretId]}

    def describe_availability_zones(self, ZoneNames: list[str] | None = None) -> Any:
        zones = [f"{REGION}{letter}" for letter in "abc"]
        if set(ZoneNames or ()) - set(zones):
            error: Any = {"Error": {"Code": "InvalidParameterValue", "Message": "Invalid availability zone"}}
            raise ClientError(error, "DescribeAvailabilityZones")
        return {"AvailabilityZones": [{"ZoneName": zone} for zone in ZoneNames or zones]}

    def describe_vpcs(self, *, VpcIds: list[str]) -> Any:
        """One VPC, vpc-1; EC2 answers for another one with an error, as it does on AWS."""
        if VpcIds != ["vpc-1"]:
            error: Any = {"Error": {"Code": "InvalidVpcID.NotFound", "Message": "There is no such VPC."}}
            raise ClientError(error, "DescribeVpcs")
        return {"Vpcs": [{"VpcId": "vpc-1"}]}
