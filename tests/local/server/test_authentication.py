"""Who reaches the port is not the account: a holder of the cloud's own keys is."""

from __future__ import annotations

import hashlib
import http.client
import json
from collections.abc import Callable
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore import UNSIGNED
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from accountsctl.localcloud.client import LocalCloudClient
from accountsctl.localcloud.contracts import keys, sigv4
from accountsctl.localcloud.contracts.messages import Request
from accountsctl.localcloud.lambdas.runtime_api import PREFIX, Outcome, RuntimeApi
from tests.local.conftest import POOL, REGION, ServiceClients

Call = Callable[[Any], object]
CALLS: dict[str, tuple[Call, str, str]] = {
    # service: a call; the code for an unknown key; the code for a wrong secret
    "cloudformation": (lambda c: c.describe_stacks(), "InvalidClientTokenId", "SignatureDoesNotMatch"),
    "iam": (lambda c: c.list_roles(), "InvalidClientTokenId", "SignatureDoesNotMatch"),
    "rds": (lambda c: c.describe_db_clusters(), "InvalidClientTokenId", "SignatureDoesNotMatch"),
    "ec2": (lambda c: c.describe_vpcs(), "AuthFailure", "AuthFailure"),
    "s3": (lambda c: c.list_buckets(), "InvalidAccessKeyId", "SignatureDoesNotMatch"),
    "lambda": (lambda c: c.list_functions(), "UnrecognizedClientException", "InvalidSignatureException"),
    "apigateway": (lambda c: c.get_rest_apis(), "UnrecognizedClientException", "InvalidSignatureException"),
    "secretsmanager": (
        lambda c: c.list_secrets(),
        "UnrecognizedClientException",
        "InvalidSignatureException",
    ),
    "cognito-idp": (
        lambda c: c.list_user_pools(MaxResults=1),
        "UnrecognizedClientException",
        "InvalidSignatureException",
    ),
    "rds-data": (
        lambda c: c.execute_statement(resourceArn="a" * 11, secretArn="b" * 11, sql="SELECT 1"),
        "UnrecognizedClientException",
        "InvalidSignatureException",
    ),
}


def client_with(cloud: LocalCloudClient, service: str, key: str, secret: str, **config: Any) -> Any:
    session: Any = boto3.Session(key, secret, region_name=REGION)
    once = Config(retries={"total_max_attempts": 1}, **config)
    return session.client(service, endpoint_url=cloud.start().url, config=once)


def code(call: Callable[[], object]) -> str:
    with pytest.raises(ClientError) as refused:
        call()
    return refused.value.response["Error"]["Code"]


@pytest.mark.parametrize("service", CALLS)
def test_each_service_refuses_foreign_keys_as_aws_does(cloud: LocalCloudClient, service: str) -> None:
    call, unknown, mismatch = CALLS[service]
    own, secret = cloud.credentials()
    assert code(lambda: call(client_with(cloud, service, "AKIAFOREIGN", secret))) == unknown
    assert code(lambda: call(client_with(cloud, service, "INTERNAL", "internal"))) == unknown
    assert code(lambda: call(client_with(cloud, service, own, "wrong"))) == mismatch


def test_keys_that_were_public_are_not_accepted(cloud: LocalCloudClient) -> None:
    for key, secret in (
        ("accountsctl", "accountsctl"),
        ("ASIALOCALFUNCTION", "local"),
        ("TESTACCESSKEY12345", "ABCSECRETKEY"),
    ):
        with pytest.raises(ClientError):
            client_with(cloud, "iam", key, secret).list_roles()


def test_a_key_that_iam_made_here_is_accepted_until_it_is_deleted(
    cloud: LocalCloudClient, client: ServiceClients
) -> None:
    iam = client("iam")
    iam.create_user(UserName="signs")
    key = iam.create_access_key(UserName="signs")["AccessKey"]
    theirs = client_with(cloud, "sts", key["AccessKeyId"], key["SecretAccessKey"])
    assert theirs.get_caller_identity()["Arn"].endswith("user/signs")
    iam.delete_access_key(UserName="signs", AccessKeyId=key["AccessKeyId"])
    assert code(theirs.get_caller_identity) == "InvalidClientTokenId"


def test_credentials_of_an_identity_pool_open_no_service(cloud: LocalCloudClient) -> None:
    public = client_with(cloud, "cognito-identity", "a", "b", signature_version=UNSIGNED)
    identity = public.get_id(IdentityPoolId=POOL["identityPoolId"])["IdentityId"]
    given = public.get_credentials_for_identity(IdentityId=identity)["Credentials"]
    assert given["AccessKeyId"] == keys.IDENTITY
    assert given["SecretKey"] != "ABCSECRETKEY"
    assert (
        code(client_with(cloud, "iam", given["AccessKeyId"], given["SecretKey"]).list_roles) == "AccessDenied"
    )


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_presigned_urls_of_both_versions_are_verified(
    cloud: LocalCloudClient, client: ServiceClients, version: str
) -> None:
    s3 = client("s3")
    signer = client_with(
        cloud, "s3", *cloud.credentials(), signature_version=version, s3={"addressing_style": "path"}
    )
    bucket = f"presigned-{version}"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=bucket, Key="a b/ü+c", Body=b"content")
    url = signer.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a b/ü+c"})
    target = url.partition(urlsplit(url).netloc)[2]
    assert send(cloud, "GET", target) == (200, b"content")
    for other in (
        target.replace("c?", "d?"),
        target.replace("Signature=", "Signature=a"),
        target.split("?")[0],
    ):
        assert send(cloud, "GET", other)[0] == 403
    assert send(cloud, "DELETE", target)[0] == 403


def signed(cloud: LocalCloudClient, query: str, *, method: str = "GET", body: bytes = b"") -> AWSRequest:
    url = f"{cloud.start().url}/?{query}"
    request = AWSRequest(method=method, url=url, data=body)
    SigV4Auth(Credentials(*cloud.credentials()), "cloudformation", REGION).add_auth(request)
    return request


def test_a_link_changes_nothing(cloud: LocalCloudClient) -> None:
    scope = f"AKIAX/20260101/{REGION}/cloudformation/aws4_request"
    assert send(cloud, "GET", f"/?Action=DeleteStack&StackName=x&X-Amz-Credential={scope}")[0] == 403
    assert send(cloud, "GET", "/?Action=DeleteStack&StackName=x")[0] == 403
    request = signed(cloud, "Action=DeleteStack&StackName=x&Version=2010-05-15")
    status, text = send(
        cloud, "GET", "/?" + (request.url or "").partition("?")[2], headers=dict(request.headers)
    )
    assert (status, b"DeleteStack changes something" in text) == (405, True)
    presigned = AWSRequest(method="GET", url=f"{cloud.start().url}/?Action=DescribeStacks&Version=2010-05-15")
    SigV4QueryAuth(Credentials(*cloud.credentials()), "cloudformation", REGION).add_auth(presigned)
    assert send(cloud, "GET", "/?" + (presigned.url or "").partition("?")[2])[0] == 200


def test_another_body_than_the_signed_one_is_refused(cloud: LocalCloudClient) -> None:
    """Whoever signs may state the hash of the body; it must be that of the body."""
    for claims in (False, True):
        sent = b"Action=DescribeStacks"
        request = AWSRequest(method="POST", url=f"{cloud.start().url}/", data=sent)
        if claims:
            request.headers["X-Amz-Content-SHA256"] = hashlib.sha256(sent).hexdigest()
        SigV4Auth(Credentials(*cloud.credentials()), "cloudformation", REGION).add_auth(request)
        headers = {**dict(request.headers), "Content-Type": "application/x-www-form-urlencoded"}
        assert send(cloud, "POST", "/", sent, headers)[0] == 200
        assert send(cloud, "POST", "/", b"Action=ListStacks", headers)[0] == 403


def test_two_hosts_or_a_foreign_one_are_refused(cloud: LocalCloudClient) -> None:
    assert send(cloud, "GET", "/", headers={"Host": "evil.example"})[0] == 421
    place = urlsplit(cloud.start().url)
    with closing(http.client.HTTPConnection(place.hostname or "", place.port, timeout=20)) as connection:
        connection.putrequest("GET", "/", skip_host=True)
        for host in ("127.0.0.1", "evil.example"):
            connection.putheader("Host", host)
        connection.endheaders()
        assert connection.getresponse().status == 400


NOW = 1_790_000_000.0
STATED = sigv4.Signature("AK", "20260921", REGION, "s3", ("host",), "0", "20260921T141320Z", None)


@pytest.mark.parametrize(
    ("seconds", "expires", "valid"),
    [
        (0, None, True),
        (299, None, True),
        (301, None, False),
        (-299, None, True),
        (-301, None, False),
        (3600, 3600, True),
        (3601, 3600, False),
        (1, 7 * 24 * 3600 + 1, False),
    ],
)
def test_a_signature_is_valid_for_five_minutes_and_a_url_until_it_expires(
    seconds: int, expires: int | None, valid: bool
) -> None:
    assert sigv4.is_current(STATED._replace(expires=expires), NOW + seconds) == valid


def test_only_s3_takes_a_body_that_is_not_signed() -> None:
    request = Request("PUT", "/", headers=(("X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD"),), body=b"x")
    assert sigv4.payload_hash(STATED, request) == "UNSIGNED-PAYLOAD"
    assert sigv4.payload_hash(STATED._replace(service="rds"), request) is None


def test_a_runtime_api_serves_its_own_sandbox_only() -> None:
    outcomes: list[Outcome] = []
    api = RuntimeApi(outcomes.append)
    host, _, secret = api.address.partition("/")
    try:
        for path, headers in (
            (f"{PREFIX}/invocation/next", {}),
            (f"/wrong{PREFIX}/invocation/next", {}),
            (f"/{secret}{PREFIX}/invocation/next", {"Host": "evil.example"}),
            (f"/{secret}{PREFIX}/invocation/next", {"Host": "localhost"}),
        ):
            assert ask(host, "GET", path, headers) == 403
        assert ask(host, "POST", f"{PREFIX}/init/error", {}) == 403
        assert outcomes == []
        assert ask(host, "POST", f"/{secret}{PREFIX}/init/error", {}) == 202
    finally:
        api.close()


def ask(host: str, method: str, path: str, headers: dict[str, str]) -> int:
    with closing(http.client.HTTPConnection(host, timeout=20)) as connection:
        connection.request(method, path, json.dumps({}) if method == "POST" else None, headers)
        return connection.getresponse().status


def send(
    cloud: LocalCloudClient,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, bytes]:
    place = urlsplit(cloud.start().url)
    with closing(http.client.HTTPConnection(place.hostname or "", place.port, timeout=20)) as connection:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
