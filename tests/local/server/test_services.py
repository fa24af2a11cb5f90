"""What the embedded cloud adds to moto's RDS and Lambda, what it refuses, and what a web page may not reach."""

from __future__ import annotations

import http.client
import io
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from accountsctl.localcloud.client import LocalCloudClient
from tests.iam import LAMBDA_TRUST
from tests.local.conftest import ServiceClients
from tests.local.lambdas.conftest import zipped

if TYPE_CHECKING:
    from mypy_boto3_rds import RDSClient
    from mypy_boto3_rds.type_defs import DBClusterTypeDef


def code_of(raised: pytest.ExceptionInfo[ClientError]) -> str:
    return raised.value.response["Error"]["Code"]


@pytest.fixture
def rds(client: ServiceClients) -> RDSClient:
    service: RDSClient = client("rds")
    return service


@pytest.fixture
def cluster(rds: RDSClient) -> Iterator[DBClusterTypeDef]:
    made = rds.create_db_cluster(**ask())["DBCluster"]
    yield made
    left = rds.describe_db_clusters(Filters=[{"Name": "db-cluster-id", "Values": ["accounts"]}])["DBClusters"]
    if left:
        rds.delete_db_cluster(DBClusterIdentifier="accounts", SkipFinalSnapshot=True)


def ask(**more: Any) -> Any:
    return {
        "DBClusterIdentifier": "Accounts",
        "Engine": "aurora-postgresql",
        "EngineVersion": "17",
        "MasterUsername": "dbadmin",
        "ManageMasterUserPassword": True,
        "EnableHttpEndpoint": True,
        "DatabaseName": "accountsDatabase",
        "ServerlessV2ScalingConfiguration": {"MinCapacity": 0, "MaxCapacity": 1},
        **more,
    }


def test_a_bare_major_becomes_a_full_version_and_stays_what_it_is(
    rds: RDSClient, cluster: DBClusterTypeDef
) -> None:
    assert cluster["EngineVersion"].startswith("17.")
    rds.modify_db_cluster(DBClusterIdentifier="accounts", EngineVersion="17")
    assert rds.describe_db_clusters()["DBClusters"][0]["EngineVersion"] == cluster["EngineVersion"]


@pytest.mark.parametrize("name", ["../../snapshot", "a/b", "a--b", "a" * 256])
def test_no_snapshot_has_an_invalid_name(rds: RDSClient, cluster: DBClusterTypeDef, name: str) -> None:
    identifier = cluster["DBClusterIdentifier"]
    with pytest.raises(ClientError, match="DBClusterSnapshotIdentifier is not a valid identifier"):
        rds.create_db_cluster_snapshot(DBClusterIdentifier=identifier, DBClusterSnapshotIdentifier=name)
    with pytest.raises(ClientError, match="FinalDBSnapshotIdentifier is not a valid identifier"):
        rds.delete_db_cluster(DBClusterIdentifier=identifier, FinalDBSnapshotIdentifier=name)
    manual = rds.describe_db_cluster_snapshots(DBClusterIdentifier=identifier, SnapshotType="manual")
    assert manual["DBClusterSnapshots"] == []


def test_the_data_api_is_switched_on_and_off(rds: RDSClient, cluster: DBClusterTypeDef) -> None:
    def on() -> bool:
        return rds.describe_db_clusters(DBClusterIdentifier="accounts")["DBClusters"][0][
            "HttpEndpointEnabled"
        ]

    assert on()
    rds.modify_db_cluster(DBClusterIdentifier="accounts", EnableHttpEndpoint=False)
    assert not on()
    assert rds.enable_http_endpoint(ResourceArn=cluster["DBClusterArn"])["HttpEndpointEnabled"]
    assert on()
    rds.disable_http_endpoint(ResourceArn=cluster["DBClusterArn"])
    assert not on()


def test_a_managed_password_is_random_and_goes_with_the_cluster(
    rds: RDSClient, cluster: DBClusterTypeDef, client: ServiceClients
) -> None:
    secrets = client("secretsmanager")
    arn = cluster["MasterUserSecret"]["SecretArn"]
    shown = secrets.get_secret_value(SecretId=arn)
    assert shown["Name"].startswith("rds!cluster-")
    value = json.loads(shown["SecretString"])
    assert set(value) == {"username", "password"}
    assert value["username"] == "dbadmin"
    assert len(value["password"]) >= 28
    rds.delete_db_cluster(DBClusterIdentifier="accounts", FinalDBSnapshotIdentifier="last")
    with pytest.raises(secrets.exceptions.ResourceNotFoundException):
        secrets.get_secret_value(SecretId=arn)
    (kept,) = rds.describe_db_cluster_snapshots(DBClusterSnapshotIdentifier="last")["DBClusterSnapshots"]
    assert kept["DBClusterIdentifier"] == "accounts"
    rds.delete_db_cluster_snapshot(DBClusterSnapshotIdentifier="last")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"MasterUsername": "admin"}, "InvalidParameterValue"),
        ({"EngineVersion": "99"}, "InvalidParameterCombination"),
        ({"DatabaseName": "1st"}, "InvalidParameterValue"),
        ({"DBClusterIdentifier": "two--hyphens"}, "InvalidParameterValue"),
        ({"DBSubnetGroupName": "nowhere"}, "DBSubnetGroupNotFoundFault"),
        ({"MasterUserPassword": "Both-of-them-1"}, "InvalidParameterCombination"),
        (
            {"ServerlessV2ScalingConfiguration": {"MinCapacity": 4, "MaxCapacity": 2}},
            "InvalidParameterCombination",
        ),
        (
            {"ServerlessV2ScalingConfiguration": {"MinCapacity": 0.3, "MaxCapacity": 2}},
            "InvalidParameterValue",
        ),
    ],
)
def test_rds_refuses_what_aws_refuses_at_create_time(
    rds: RDSClient, change: dict[str, Any], code: str
) -> None:
    with pytest.raises(ClientError) as refused:
        rds.create_db_cluster(**ask(**change))
    assert code_of(refused) == code
    assert rds.describe_db_clusters()["DBClusters"] == []


def test_an_identifier_in_use_is_refused(rds: RDSClient, cluster: DBClusterTypeDef) -> None:
    with pytest.raises(rds.exceptions.DBClusterAlreadyExistsFault):
        rds.create_db_cluster(**ask(DBClusterIdentifier="ACCOUNTS"))


def test_a_refused_change_leaves_the_cluster_as_it_was(rds: RDSClient, cluster: DBClusterTypeDef) -> None:
    with pytest.raises(ClientError):
        rds.modify_db_cluster(DBClusterIdentifier="accounts", EnableHttpEndpoint=False, EngineVersion="99")
    (after,) = rds.describe_db_clusters()["DBClusters"]
    assert (after["HttpEndpointEnabled"], after["EngineVersion"]) == (True, cluster["EngineVersion"])


def test_a_cluster_is_not_deleted_before_its_data_are_decided_on(
    rds: RDSClient, cluster: DBClusterTypeDef
) -> None:
    with pytest.raises(ClientError) as refused:
        rds.delete_db_cluster(DBClusterIdentifier="accounts")
    assert code_of(refused) == "InvalidParameterCombination"


def test_a_cluster_can_be_made_again_at_once(rds: RDSClient, cluster: DBClusterTypeDef) -> None:
    rds.delete_db_cluster(DBClusterIdentifier="accounts", SkipFinalSnapshot=True)
    again = rds.create_db_cluster(**ask())["DBCluster"]
    assert again["DbClusterResourceId"] != cluster["DbClusterResourceId"]


def test_lambda_refuses_missing_code_and_impossible_limits(client: ServiceClients) -> None:
    functions, s3, archive = client("lambda"), client("s3"), zipped({"a.py": "b = 1"})
    s3.create_bucket(Bucket="code", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="code", Key="f.zip", Body=archive)
    role = client("iam").create_role(RoleName="runner", AssumeRolePolicyDocument=LAMBDA_TRUST)["Role"]["Arn"]
    common = {"FunctionName": "limits", "Role": role, "Handler": "a.b", "Runtime": "python3.13"}
    code = {"S3Bucket": "code", "S3Key": "f.zip"}
    for change, wanted in (
        ({"Code": {"S3Bucket": "code", "S3Key": "no.zip"}}, "InvalidParameterValueException"),
        ({"Code": {"S3Bucket": "no-such-bucket", "S3Key": "f.zip"}}, "InvalidParameterValueException"),
        ({"Code": code, "Timeout": 901}, "ValidationException"),
        ({"Code": code, "MemorySize": 10241}, "ValidationException"),
        ({"Code": code, "Runtime": "python9.9"}, "InvalidParameterValueException"),
    ):
        with pytest.raises(ClientError) as refused:
            functions.create_function(**common | change)
        assert code_of(refused) == wanted, change
    functions.create_function(**common, Code=code)
    with pytest.raises(ClientError) as refused:
        functions.update_function_code(FunctionName="limits", S3Bucket="code", S3Key="no.zip")
    assert code_of(refused) == "InvalidParameterValueException"
    assert functions.get_function(FunctionName="limits")["Configuration"]["CodeSize"] == len(archive)


@pytest.mark.parametrize(
    ("service", "call"),
    [
        ("ses", lambda ses: ses.list_identities()),
        ("elasticache", lambda elasticache: elasticache.describe_cache_clusters()),
        ("route53", lambda route53: route53.list_hosted_zones()),
        ("cloudfront", lambda cloudfront: cloudfront.list_distributions()),
        ("kinesis", lambda kinesis: kinesis.list_streams()),
        ("efs", lambda efs: efs.describe_file_systems()),
        (
            "rds",
            lambda rds: rds.restore_db_cluster_to_point_in_time(
                DBClusterIdentifier="x", SourceDBClusterIdentifier="y"
            ),
        ),
    ],
)
def test_what_is_not_imitated_is_refused_with_501_in_the_services_own_protocol(
    client: ServiceClients, service: str, call: Callable[[Any], object]
) -> None:
    with pytest.raises(ClientError) as refused:
        call(client(service))
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert "does not imitate" in refused.value.response["Error"]["Message"]


def test_objects_of_any_size_and_name_come_back(client: ServiceClients) -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket="objects", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    large = bytes(range(256)) * 40_000
    s3.upload_fileobj(io.BytesIO(large), "objects", "large")
    assert s3.get_object(Bucket="objects", Key="large")["Body"].read() == large
    s3.put_object(Bucket="objects", Key="ä b/c+d", Body=b"", Metadata={"with_underscore": "1"})
    head = s3.head_object(Bucket="objects", Key="ä b/c+d")
    assert (head["ContentLength"], head["Metadata"]) == (0, {"with_underscore": "1"})
    for key in ("large", "ä b/c+d"):
        s3.delete_object(Bucket="objects", Key=key)
    url = s3.generate_presigned_url("put_object", {"Bucket": "objects", "Key": "signed"})
    # The signature covers the content type, and urllib would state one of its own.
    put = urllib.request.Request(url, b"x", {"Content-Type": ""}, method="PUT")
    urllib.request.urlopen(put).close()
    assert s3.get_object(Bucket="objects", Key="signed")["Body"].read() == b"x"


def raw(
    cloud: LocalCloudClient, method: str, path: str, headers: dict[str, str], body: bytes = b""
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(urlsplit(cloud.start().url).netloc, timeout=10)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


SIGNED = (
    "/?Action=ListRoles&Version=2010-05-08&X-Amz-Credential=A%2F20260101%2Feu-west-1%2Fiam%2Faws4_request"
)


def signed_by_query(cloud: LocalCloudClient) -> str:
    """The path of a link that anyone who has it may open: its signature is in the query."""
    request = AWSRequest("GET", f"{cloud.start().url}/?Action=ListRoles&Version=2010-05-08")
    SigV4QueryAuth(Credentials(*cloud.credentials()), "iam", "us-east-1").add_auth(request)
    url = urlsplit(str(request.url))
    return f"{url.path}?{url.query}"


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}],
)
def test_a_web_page_reaches_no_control_plane(cloud: LocalCloudClient, headers: dict[str, str]) -> None:
    signed = signed_by_query(cloud)
    assert raw(cloud, "GET", signed, {})[0] == 200
    assert raw(cloud, "GET", signed, headers)[0] == 403


def test_a_name_that_was_rebound_to_loopback_is_refused(cloud: LocalCloudClient) -> None:
    assert raw(cloud, "GET", SIGNED, {"Host": "evil.example"})[0] == 421


def test_a_web_page_may_sign_in_with_cognito(cloud: LocalCloudClient) -> None:
    asked = "content-type,x-amz-target,x-amz-user-agent"
    origin = {"Origin": "https://app.example"}
    status, headers, _ = raw(
        cloud,
        "OPTIONS",
        "/",
        {**origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": asked},
    )
    assert (status, headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert headers["Access-Control-Allow-Headers"] == asked
    target = {"X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth"}
    body = b'{"ClientId":"unknown","AuthFlow":"USER_SRP_AUTH","AuthParameters":{}}'
    status, headers, said = raw(
        cloud, "POST", "/", {**origin, **target, "Content-Type": "application/x-amz-json-1.1"}, body
    )
    assert (status, headers["Access-Control-Allow-Origin"]) == (400, "*")
    assert b"ResourceNotFoundException" in said


def test_a_call_without_a_signature_is_refused(cloud: LocalCloudClient) -> None:
    status, headers, _ = raw(cloud, "GET", "/bucket/key", {})
    assert (status, headers["x-amzn-ErrorType"]) == (403, "MissingAuthenticationTokenException")
