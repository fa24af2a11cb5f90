"""What the embedded cloud calls for the sample, as AWS's handlers do, is allowed by the project's policies."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from accountsctl.adapters.project_files.store import FileProjects
from accountsctl.commands.stacks.policy import project_policy
from accountsctl.localcloud.cloudformation import CloudFormation
from accountsctl.localcloud.contracts.messages import Request
from accountsctl.model.assembly import Assembly
from accountsctl.planning.rights.policy import PolicyRole
from accountsctl.synth import assemble
from tests.iam import allows
from tests.local.cloudformation.fake_services import REGION
from tests.local.cloudformation.providers.conftest import Bench
from tests.local.state.saved import dumped

ROOT = Path(__file__).resolve().parents[4]
ACCOUNT, STACK = "123456789012", "accounts-dev"
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
API_VERBS = {
    "Create": "POST",
    "Delete": "DELETE",
    "Get": "GET",
    "Put": "PUT",
    "Tag": "PUT",
    "Update": "PATCH",
}
BUCKET_ACTIONS = {
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "GetObject": "GetObject",
    "HeadBucket": "ListBucket",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
}
"""Operations of S3 whose actions have another name."""
NAMED = {
    "FunctionName": "function:{}",
    "RoleName": "role/{}",
    "logGroupName": "log-group:{}",
    "DBClusterIdentifier": "cluster:{}",
    "DBInstanceIdentifier": "db:{}",
    "DBSubnetGroupName": "subgrp:{}",
}
"""The parameter that names a resource, and how its ARN ends."""
ONE_OF_SEVERAL = ("CreateDBInstance", "ModifyDBInstance")
"""Calls about an instance that name its cluster as well."""


@dataclass
class HandlerCalls:
    """The calls that providers make, as IAM sees them: action and resource."""

    seen: set[tuple[str, str]] = field(default_factory=set)

    def record(self, **event: Any) -> None:
        model = event["model"]
        service, name = model.service_model.signing_name, model.name
        if service == "s3":
            name = BUCKET_ACTIONS.get(name, name)
        if service == "apigateway":
            name = next(verb for start, verb in API_VERBS.items() if name.startswith(start))
        self.seen.add((f"{service}:{name}", resource(service, name, event["params"])))


def resource(service: str, action: str, params: Mapping[str, Any]) -> str:
    """The ARN that a call is about."""
    if service == "s3":
        return f"arn:aws:s3:::{params['Bucket']}{'/key' if 'Object' in action else ''}"
    if service == "apigateway":
        return f"arn:aws:apigateway:{REGION}::/restapis"
    region = "" if service == "iam" else REGION
    for parameter, end in NAMED.items():
        if parameter in params and not (parameter.startswith("DBCluster") and action in ONE_OF_SEVERAL):
            return f"arn:aws:{service}:{region}:{ACCOUNT}:{end.format(params[parameter])}"
    return f"arn:aws:{service}:{region}:{ACCOUNT}:unnamed"


@pytest.fixture
def rendered() -> Assembly:
    return assemble(FileProjects(ROOT).read("dev"))


@pytest.fixture
def calls(bench: Bench, rendered: Assembly) -> Iterator[HandlerCalls]:
    """The sample's stacks, made, changed and deleted by the engine in this process."""
    recorded = HandlerCalls()
    clients: dict[str, Any] = {}

    def client(service: str, region: str) -> Any:
        assert region == REGION
        if service not in clients:
            clients[service] = bench.client_in(service, region)
            clients[service].meta.events.register(f"provide-client-params.{service}", recorded.record)
        return clients[service]

    cloud = CloudFormation(client, lambda: None)
    s3 = bench.client_in("s3", REGION)

    def operate(action: str, template: str, status: str) -> None:
        capabilities = {f"Capabilities.member.{index}": each for index, each in enumerate(CAPABILITIES, 1)}
        fields = {"Action": action, "StackName": STACK, "TemplateBody": template, **capabilities}
        assert cloud.handle(Request("POST", "/", body=urlencode(fields).encode()), REGION).status == 200
        cloud.wait()
        stack = next(each for each in dumped(cloud)["stacks"] if each["name"] == STACK)
        assert stack["status"] == status, [each.get("ResourceStatusReason") for each in stack["events"]]

    operate("CreateStack", rendered.seed.text, "CREATE_COMPLETE")
    bucket = s3.list_buckets()["Buckets"][0]["Name"]
    # moto reads the policy's conditions as if they were met, and would refuse every upload.
    s3.delete_bucket_policy(Bucket=bucket)
    for child in rendered.children:
        # moto has no calls for the Data API's endpoint.
        text = child.template.text.replace('"EnableHttpEndpoint": true,', "")
        s3.put_object(Bucket=bucket, Key=child.key, Body=text.encode())
        if child.package:
            s3.put_object(Bucket=bucket, Key=child.package.key, Body=child.package.content)
    operate("UpdateStack", rendered.root.text, "UPDATE_COMPLETE")
    operate("UpdateStack", rendered.seed.text, "UPDATE_COMPLETE")
    yield recorded
    cloud.close()


@pytest.mark.parametrize("role", PolicyRole)
def test_every_call_for_a_resource_is_allowed(
    calls: HandlerCalls, rendered: Assembly, role: PolicyRole
) -> None:
    document = json.loads(json.dumps(project_policy(rendered, role).document))
    services = {action.partition(":")[0] for action, _ in calls.seen}

    assert {"apigateway", "ec2", "iam", "lambda", "logs", "rds", "s3"} <= services
    assert len(calls.seen) > 40
    assert [call for call in sorted(calls.seen) if not allows(document, *call)] == []
