"""What Lambda refuses of its calls, by the embedded cloud's API and by its CloudFormation alike."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import json
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, WaiterError

from accountsctl.localcloud.client import LocalCloudClient
from accountsctl.localcloud.moto_services.lambda_calls import members
from accountsctl.localcloud.moto_services.runtimes import retired
from tests.iam import LAMBDA_TRUST
from tests.local.conftest import REGION, ServiceClients

Json = dict[str, Any]
QUEUE = f"arn:aws:sqs:{REGION}:123456789012:refusals"


def zipped(text: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("index.py"), text)
    return out.getvalue()


CODE = zipped("def handler(event, context): return 1")


@dataclass(frozen=True)
class Api:
    """Lambda's API with one function, whose role may not send anything, and what CreateFunction needs."""

    client: Any
    name: str
    spec: Json

    def refusal(self, operation: str, **change: Any) -> tuple[str, str, int]:
        """The code, the text and the status by which an operation on the function is refused."""
        with pytest.raises(ClientError) as refused:
            getattr(self.client, operation)(**{"FunctionName": self.name, **change})
        response = refused.value.response
        return (
            response["Error"]["Code"],
            response["Error"]["Message"],
            response["ResponseMetadata"]["HTTPStatusCode"],
        )


@pytest.fixture(scope="module")
def api(cloud: LocalCloudClient, client: ServiceClients) -> Iterator[Api]:
    name = f"refusals-{uuid.uuid4().hex[:8]}"
    iam = client("iam")
    roles = {suffix: f"{name}{suffix}" for suffix in ("", "-ec2", "-sqs")}
    for suffix, role in roles.items():
        trust = LAMBDA_TRUST.replace("lambda.", "ec2.") if suffix == "-ec2" else LAMBDA_TRUST
        arn = iam.create_role(RoleName=role, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        if not suffix:
            plain = arn
    allowed = {"Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}
    iam.put_role_policy(RoleName=roles["-sqs"], PolicyName="p", PolicyDocument=json.dumps(allowed))
    # The client's own checks of parameters would hide those of the service.
    unchecked = Config(retries={"total_max_attempts": 1}, parameter_validation=False)
    session: Any = boto3.Session(*cloud.credentials(), region_name=REGION)
    functions = session.client("lambda", endpoint_url=cloud.start().url, config=unchecked)
    spec = {"Role": plain, "Runtime": "python3.14", "Handler": "index.handler", "Code": {"ZipFile": CODE}}
    functions.create_function(FunctionName=name, **spec)
    yield Api(functions, name, spec)
    functions.delete_function(FunctionName=name)
    iam.delete_role_policy(RoleName=roles["-sqs"], PolicyName="p")
    for role in roles.values():
        iam.delete_role(RoleName=role)


INVALID = "InvalidParameterValueException"
CONFIGURATIONS: list[tuple[Json, str, str]] = [
    (
        {"Environment": {"Variables": {"AWS_REGION": "x"}}},
        INVALID,
        "Reserved keys used in this request: AWS_REGION",
    ),
    ({"Environment": {"Variables": {"LONG": "x" * 4090}}}, INVALID, "exceeded the 4KB limit"),
    ({"Environment": {"Variables": {"1A-": "x"}}}, "ValidationException", "Map keys must satisfy constraint"),
    ({"Runtime": "python2.7"}, INVALID, "python2.7 is no longer supported"),
    ({"Runtime": "python9"}, INVALID, "Value python9 at 'runtime' failed to satisfy constraint"),
    (
        {"VpcConfig": {"SubnetIds": ["subnet-12345678"], "SecurityGroupIds": ["sg-12345678"]}},
        INVALID,
        "The subnet ID 'subnet-12345678' does not exist",
    ),
    ({"VpcConfig": {"SubnetIds": ["subnet-12345678"]}}, INVALID, "SubnetIds and SecurityIds must coexist"),
    ({"Handler": "a b"}, "ValidationException", "at 'handler' failed to satisfy constraint"),
    ({"Timeout": 901}, "ValidationException", "Member must have value less than or equal to 900"),
    ({"MemorySize": 64}, "ValidationException", "Member must have value greater than or equal to 128"),
    ({"DeadLetterConfig": {"TargetArn": QUEUE}}, INVALID, "permissions to call SendMessage on SQS"),
    (
        {"FileSystemConfigs": [{"Arn": "a", "LocalMountPath": "/mnt/a"}]},
        "ValidationException",
        "fileSystemConfigs",
    ),
    ({"SnapStart": {"ApplyOn": "PublishedVersions"}}, "NotImplemented", "SnapStart.ApplyOn"),
    ({"Description": 3}, "SerializationException", "Description"),
]


@pytest.mark.parametrize(("change", "code", "text"), CONFIGURATIONS)
def test_a_configuration_is_refused_when_a_function_is_created_and_when_it_is_updated(
    api: Api, change: Json, code: str, text: str
) -> None:
    created = api.refusal("create_function", **{**api.spec, **change, "FunctionName": "never"})
    updated = api.refusal("update_function_configuration", **change)
    for refused in (created, updated):
        assert refused[0] == code
        assert text in refused[1]
    assert api.refusal("get_function", FunctionName="never")[0] == "ResourceNotFoundException"


def test_a_role_that_does_not_trust_lambda_is_refused(api: Api) -> None:
    role = f"{api.spec['Role']}-ec2"
    text = "The role defined for the function cannot be assumed by Lambda."
    assert api.refusal("create_function", **{**api.spec, "Role": role, "FunctionName": "never"})[1] == text
    assert api.refusal("update_function_configuration", Role=role)[1] == text


def test_code_that_is_not_a_zip_is_refused_and_the_code_stays(api: Api) -> None:
    before = api.client.get_function_configuration(FunctionName=api.name)["CodeSha256"]
    for refused in (
        api.refusal("create_function", **{**api.spec, "Code": {"ZipFile": b"none"}, "FunctionName": "never"}),
        api.refusal("update_function_code", ZipFile=b"none"),
    ):
        assert refused[:2] == (
            INVALID,
            "Could not unzip uploaded file. Please check your file, then try to upload again.",
        )
    assert api.client.get_function_configuration(FunctionName=api.name)["CodeSha256"] == before


def test_a_dry_run_reports_the_hash_of_the_code_and_changes_nothing(api: Api) -> None:
    before = api.client.get_function_configuration(FunctionName=api.name)
    other = zipped("def handler(event, context): return 2")
    shown = api.client.update_function_code(FunctionName=api.name, ZipFile=other, DryRun=True, Publish=True)
    assert shown["CodeSha256"] == base64.b64encode(hashlib.sha256(other).digest()).decode()
    after = api.client.get_function_configuration(FunctionName=api.name)
    assert (after["CodeSha256"], after["RevisionId"]) == (before["CodeSha256"], before["RevisionId"])
    versions = api.client.list_versions_by_function(FunctionName=api.name)["Versions"]
    assert [version["Version"] for version in versions] == ["$LATEST"]


@pytest.mark.parametrize(
    ("operation", "change"),
    [
        ("publish_version", {}),
        ("update_function_code", {"ZipFile": CODE}),
        ("update_function_configuration", {"Description": "d"}),
        ("add_permission", {"StatementId": "s", "Action": "lambda:InvokeFunction", "Principal": "*"}),
        ("remove_permission", {"StatementId": "kept"}),
    ],
)
def test_a_call_with_the_revision_of_an_earlier_state_changes_nothing(
    api: Api, operation: str, change: Json
) -> None:
    with contextlib.suppress(api.client.exceptions.ResourceConflictException):
        api.client.add_permission(
            FunctionName=api.name, StatementId="kept", Action="lambda:InvokeFunction", Principal="*"
        )
    stale = api.client.get_function_configuration(FunctionName=api.name)["RevisionId"]
    api.client.update_function_configuration(FunctionName=api.name, Description=uuid.uuid4().hex)
    code, text, status = api.refusal(operation, RevisionId=stale, **change)
    assert (code, status) == ("PreconditionFailedException", 412)
    assert "does not match the latest Revision Id" in text


def test_the_current_revision_is_accepted(api: Api) -> None:
    now = api.client.get_function_configuration(FunctionName=api.name)["RevisionId"]
    updated = api.client.update_function_configuration(
        FunctionName=api.name, RevisionId=now, Description=uuid.uuid4().hex
    )
    assert updated["RevisionId"] != now


def test_a_version_of_other_code_is_not_published(api: Api) -> None:
    code, text, _ = api.refusal("publish_version", CodeSha256="other")
    assert (code, "CodeSHA256 (other) is different" in text) == (INVALID, True)


def test_a_statement_exists_once_and_its_principal_is_one(api: Api) -> None:
    statement = {"StatementId": "once", "Action": "lambda:InvokeFunction", "Principal": "s3.amazonaws.com"}
    api.client.add_permission(FunctionName=api.name, **statement)
    code, text, status = api.refusal("add_permission", **statement)
    assert (code, status) == ("ResourceConflictException", 409)
    assert "The statement id (once) provided already exists." in text
    refused = api.refusal("add_permission", **{**statement, "StatementId": "two", "Principal": "someone"})
    assert refused[:2] == (
        INVALID,
        "The provided principal was invalid. Please check the principal and try again.",
    )
    api.client.remove_permission(FunctionName=api.name, StatementId="once")


def test_an_account_keeps_concurrency_for_functions_that_reserve_none(api: Api) -> None:
    code, text, _ = api.refusal("put_function_concurrency", ReservedConcurrentExecutions=901)
    assert (code, "below its minimum value of [100]" in text) == (INVALID, True)


def test_a_destination_needs_the_right_of_the_functions_role(api: Api) -> None:
    config = {"OnFailure": {"Destination": QUEUE}}
    code, text, _ = api.refusal("put_function_event_invoke_config", DestinationConfig=config)
    assert (code, f"permissions to call SendMessage on {QUEUE}" in text) == (INVALID, True)
    assert "at least one" in api.refusal("put_function_event_invoke_config")[1]


def test_a_mapping_names_the_right_that_is_missing_or_the_queue_that_is(api: Api) -> None:
    assert (
        "permissions to call ReceiveMessage"
        in api.refusal("create_event_source_mapping", EventSourceArn=QUEUE)[1]
    )
    role = api.spec["Role"]
    api.client.update_function_configuration(FunctionName=api.name, Role=f"{role}-sqs")
    code, text, _ = api.refusal("create_event_source_mapping", EventSourceArn=QUEUE)
    api.client.update_function_configuration(FunctionName=api.name, Role=role)
    assert (code, "The specified queue does not exist." in text) == (INVALID, True)


@pytest.mark.parametrize("name", ["../../../evil", "a.b", "a/b"])
@pytest.mark.parametrize("operation", ["get_function", "delete_function", "get_policy"])
def test_a_name_that_is_not_a_functions_name_is_refused_by_every_operation(
    api: Api, operation: str, name: str
) -> None:
    code, text, status = api.refusal(operation, FunctionName=name)
    assert (code, status) == ("ValidationException", 400)
    assert "functionName" in text


def test_an_operation_that_is_not_here_is_refused_as_such(api: Api) -> None:
    code, text, status = api.refusal("put_runtime_management_config", UpdateRuntimeOn="Auto")
    assert (code, status) == ("NotImplemented", 501)
    assert "does not imitate PutRuntimeManagementConfig" in text


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"Environment": {"Variables": {"AWS_REGION": "x"}}}, "Reserved keys used in this request"),
        ({"Runtime": "python2.7"}, "python2.7 is no longer supported"),
        ({"DeadLetterConfig": {"TargetArn": QUEUE}}, "permissions to call SendMessage on SQS"),
    ],
)
def test_cloudformation_reports_what_lambda_refuses(
    api: Api, client: ServiceClients, change: Json, text: str
) -> None:
    formation, name = client("cloudformation"), f"refused-{uuid.uuid4().hex[:8]}"
    spec = {**api.spec, "Code": {"ZipFile": "def handler(event, context): return 1"}, **change}
    template = {"Resources": {"Function": {"Type": "AWS::Lambda::Function", "Properties": spec}}}
    formation.create_stack(StackName=name, TemplateBody=json.dumps(template), OnFailure="DELETE")
    with pytest.raises(WaiterError):
        formation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    stack = formation.list_stacks()["StackSummaries"]
    ended = next(found for found in stack if found["StackName"] == name)
    events = formation.describe_stack_events(StackName=ended["StackId"])["StackEvents"]
    assert any(text in event.get("ResourceStatusReason", "") for event in events)


def test_a_runtime_is_refused_from_the_day_on_which_it_is_blocked() -> None:
    assert not retired("python3.10", date(2027, 1, 31), updating=False)
    assert retired("python3.10", date(2027, 2, 1), updating=False)
    assert not retired("python3.10", date(2027, 2, 1), updating=True)


def test_every_member_of_the_model_is_played_or_refused() -> None:
    model = botocore.session.get_session().get_service_model("lambda")
    assert set(members.PLAYED) <= set(model.operation_names)
    for operation, played in members.PLAYED.items():
        shape: Any = model.operation_model(operation).input_shape
        known = set(shape.members)
        refused = set(members.REFUSED.get(operation, {}))
        assert known == set(played.split()) | refused, operation
        assert not set(played.split()) & refused, operation
