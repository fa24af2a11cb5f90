"""A call of a function, of an IAM user or of an assumed role is served if their policies allow it, as on AWS."""

from __future__ import annotations

import io
import json
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from accountsctl.localcloud.client import LocalCloudClient
from accountsctl.localcloud.contracts.keys import FUNCTION, Keys, RoleSession
from tests.local.conftest import REGION, ServiceClients

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com", "AWS": "*"},
            "Action": "sts:AssumeRole",
        }
    ],
}
CALLER = """
import boto3
def handler(event, context):
    client = boto3.client(event["service"])
    answer = getattr(client, event["method"])(**event["members"])
    return {name: value for name, value in answer.items() if isinstance(value, (str, int))}
"""


def policy(action: str, resource: str = "*", effect: str = "Allow") -> str:
    statement = {"Effect": effect, "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def keys_of(cloud: LocalCloudClient) -> Keys:
    """The keys of a running cloud, from its folder."""
    return Keys.of(Path(cloud.status()["dataDir"]))


@pytest.fixture(scope="module")
def role(client: ServiceClients) -> str:
    iam = client("iam")
    arn: str = iam.create_role(RoleName="reader", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    return arn


@pytest.fixture
def allow(client: ServiceClients, role: str) -> Callable[..., None]:
    """Give the role one policy, in the place of any other."""
    iam = client("iam")

    def give(action: str, resource: str = "*", effect: str = "Allow") -> None:
        iam.put_role_policy(
            RoleName="reader", PolicyName="only", PolicyDocument=policy(action, resource, effect)
        )

    give("none:None")
    return give


@pytest.fixture(scope="module")
def call(client: ServiceClients, role: str) -> Callable[..., dict[str, Any]]:
    """Call a service from inside a function in the role; its answer, or its error."""
    functions = client("lambda")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("index.py", CALLER)
    functions.create_function(
        FunctionName="caller",
        Role=role,
        Runtime="python3.13",
        Handler="index.handler",
        Code={"ZipFile": target.getvalue()},
        Timeout=30,
    )

    def invoke(service: str, method: str, **members: Any) -> dict[str, Any]:
        event = json.dumps({"service": service, "method": method, "members": members})
        answer: dict[str, Any] = json.loads(
            functions.invoke(FunctionName="caller", Payload=event)["Payload"].read()
        )
        return answer

    return invoke


def test_a_function_is_its_role_under_its_own_name(call: Callable[..., dict[str, Any]]) -> None:
    found = call("sts", "get_caller_identity")
    assert found["Arn"] == "arn:aws:sts::123456789012:assumed-role/reader/caller"
    assert found["UserId"].startswith("AROA")
    assert found["UserId"].endswith(":caller")


def test_a_right_that_the_role_lacks_is_refused_in_aws_s_words_until_it_is_given(
    call: Callable[..., dict[str, Any]], allow: Callable[..., None], client: ServiceClients
) -> None:
    client("ssm").put_parameter(Name="/app/one", Value="1", Type="String")
    refused = call("ssm", "get_parameters_by_path", Path="/app")
    assert refused["errorType"] == "AccessDeniedException"
    assert refused["errorMessage"].endswith(
        "User: arn:aws:sts::123456789012:assumed-role/reader/caller is not authorized to perform: "
        "ssm:GetParametersByPath on resource: arn:aws:ssm:eu-west-1:123456789012:parameter/app because no "
        "identity-based policy allows the ssm:GetParametersByPath action"
    )
    allow("ssm:GetParametersByPath", "arn:aws:ssm:*:*:parameter/app*")
    assert "errorType" not in call("ssm", "get_parameters_by_path", Path="/app")
    allow("ssm:*", effect="Deny")
    assert "explicit deny" in call("ssm", "get_parameters_by_path", Path="/app")["errorMessage"]


def test_what_the_boundary_of_the_role_does_not_allow_is_refused(
    call: Callable[..., dict[str, Any]], allow: Callable[..., None], client: ServiceClients
) -> None:
    iam = client("iam")
    allow("ssm:*")
    made = iam.create_policy(PolicyName="boundary", PolicyDocument=policy("s3:*"))["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName="reader", PermissionsBoundary=made)
    refused = call("ssm", "get_parameters_by_path", Path="/app")
    iam.delete_role_permissions_boundary(RoleName="reader")
    assert refused["errorMessage"].endswith(
        "because no permissions boundary allows the ssm:GetParametersByPath action"
    )
    assert "errorType" not in call("ssm", "get_parameters_by_path", Path="/app")


def test_a_policy_of_aws_as_boundary_allows_what_it_states(
    call: Callable[..., dict[str, Any]], allow: Callable[..., None], client: ServiceClients
) -> None:
    iam = client("iam")
    allow("ssm:*")
    made = "arn:aws:iam::aws:policy/PowerUserAccess"
    iam.put_role_permissions_boundary(RoleName="reader", PermissionsBoundary=made)
    answer = call("ssm", "get_parameters_by_path", Path="/app")
    iam.delete_role_permissions_boundary(RoleName="reader")
    assert "errorType" not in answer


@pytest.mark.parametrize(
    "policy_arn", ["arn:aws:iam::123456789012:policy/none", "arn:aws:iam::aws:policy/None"]
)
def test_a_boundary_that_is_not_there_is_refused(client: ServiceClients, role: str, policy_arn: str) -> None:
    iam = client("iam")
    with pytest.raises(iam.exceptions.NoSuchEntityException, match="does not exist or is not attachable"):
        iam.put_role_permissions_boundary(RoleName="reader", PermissionsBoundary=policy_arn)
    with pytest.raises(iam.exceptions.NoSuchEntityException, match="does not exist or is not attachable"):
        iam.create_role(RoleName="none", AssumeRolePolicyDocument="{}", PermissionsBoundary=policy_arn)


@pytest.mark.parametrize(
    ("service", "method", "members", "error"),
    [
        ("sqs", "create_queue", {"QueueName": "q"}, "AccessDenied"),
        ("sns", "create_topic", {"Name": "t"}, "AuthorizationError"),
        ("s3", "list_buckets", {}, "AccessDenied"),
        ("dynamodb", "list_tables", {}, "AccessDeniedException"),
        ("lambda", "list_functions", {}, "AccessDeniedException"),
        ("ec2", "describe_vpcs", {}, "UnauthorizedOperation"),
        ("cloudformation", "list_stacks", {}, "AccessDenied"),
        (
            "rds-data",
            "execute_statement",
            {
                "resourceArn": "arn:aws:rds:eu-west-1:123456789012:cluster:c",
                "secretArn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:s-AbCdEf",
                "sql": "SELECT 1",
            },
            "AccessDeniedException",
        ),
    ],
)
def test_each_service_refuses_in_its_own_code(
    service: str,
    method: str,
    members: dict[str, Any],
    error: str,
    allow: Callable[..., None],
    caller: Callable[..., Any],
) -> None:
    with pytest.raises(ClientError) as refused:
        getattr(caller(service), method)(**members)
    assert refused.value.response["Error"]["Code"] == error
    assert "is not authorized to perform" in refused.value.response["Error"]["Message"]


@pytest.fixture
def caller(client: ServiceClients, role: str, cloud: LocalCloudClient) -> Callable[..., Any]:
    """Clients with the credentials that STS gives for the role."""
    given = client("sts").assume_role(RoleArn=role, RoleSessionName="me")["Credentials"]
    session: Any = boto3.Session(
        given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], region_name=REGION
    )
    config = Config(retries={"max_attempts": 0})
    return lambda service: session.client(service, endpoint_url=cloud.start().url, config=config)


def test_an_iam_user_may_do_what_the_policies_of_their_groups_allow(
    client: ServiceClients, cloud: LocalCloudClient
) -> None:
    iam = client("iam")
    iam.create_user(UserName="visitor")
    key = iam.create_access_key(UserName="visitor")["AccessKey"]
    session: Any = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name=REGION)
    theirs = session.client("sqs", endpoint_url=cloud.start().url)
    with pytest.raises(ClientError, match="sqs:ListQueues"):
        theirs.list_queues()
    iam.create_group(GroupName="visitors")
    iam.put_group_policy(GroupName="visitors", PolicyName="p", PolicyDocument=policy("sqs:List*"))
    iam.add_user_to_group(GroupName="visitors", UserName="visitor")
    theirs.list_queues()


def test_the_secret_is_read_in_the_callers_name_by_its_name_too(
    client: ServiceClients, caller: Callable[..., Any], allow: Callable[..., None]
) -> None:
    arn = client("secretsmanager").create_secret(Name="key", SecretString="s")["ARN"]
    allow("secretsmanager:GetSecretValue", arn)
    assert caller("secretsmanager").get_secret_value(SecretId="key")["SecretString"] == "s"
    allow("secretsmanager:GetSecretValue", arn[:-1])
    with pytest.raises(ClientError, match="no identity-based policy"):
        caller("secretsmanager").get_secret_value(SecretId="key")


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_a_presigned_url_may_do_what_its_signer_may_when_it_is_used(
    version: str,
    client: ServiceClients,
    cloud: LocalCloudClient,
    role: str,
    allow: Callable[..., None],
) -> None:
    client("s3").create_bucket(
        Bucket=f"urls-{version}", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    client("s3").put_object(Bucket=f"urls-{version}", Key="k", Body=b"content")
    session = RoleSession(role, "caller")
    secret = keys_of(cloud).session_secret(session)
    made: Any = boto3.Session(FUNCTION, secret, session.token, region_name=REGION)
    signer = made.client(
        "s3",
        endpoint_url=cloud.start().url,
        config=Config(signature_version=version, s3={"addressing_style": "path"}),
    )
    url = signer.generate_presigned_url("get_object", Params={"Bucket": f"urls-{version}", "Key": "k"})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(url)
    allow("s3:GetObject", f"arn:aws:s3:::urls-{version}/*")
    with urllib.request.urlopen(url) as answer:
        assert answer.read() == b"content"


def test_a_token_that_someone_makes_up_is_worth_nothing(cloud: LocalCloudClient, role: str) -> None:
    mine = RoleSession(role, "caller")
    others = RoleSession("arn:aws:iam::123456789012:role/admin", "caller")
    secret = keys_of(cloud).session_secret(mine)
    for token in (others.token, "local", "", "é"):
        made: Any = boto3.Session(FUNCTION, secret, token.encode().decode("latin-1"), region_name=REGION)
        client = made.client(
            "sts", endpoint_url=cloud.start().url, config=Config(retries={"max_attempts": 0})
        )
        with pytest.raises(ClientError, match=r"invalid|does not match"):
            client.get_caller_identity()


def test_a_role_that_was_deleted_allows_nothing(client: ServiceClients, cloud: LocalCloudClient) -> None:
    session = RoleSession("arn:aws:iam::123456789012:role/gone", "caller")
    secret = keys_of(cloud).session_secret(session)
    made: Any = boto3.Session(FUNCTION, secret, session.token, region_name=REGION)
    with pytest.raises(ClientError, match="assumed-role/gone/caller is not authorized"):
        made.client("sqs", endpoint_url=cloud.start().url).list_queues()
