"""A request that no input of its operation could be is refused with 400; a valid one is not refused."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from accountsctl.localcloud.client import LocalCloudClient
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.moto_services import malformed


def of_json(target: str, body: bytes) -> Request:
    headers = (("X-Amz-Target", target), ("Content-Type", "application/x-amz-json-1.1"))
    return Request("POST", "/", "", headers, body, "127.0.0.1")


def of_path(method: str, path: str, body: bytes) -> Request:
    return Request(method, path, "", (("Content-Type", "application/json"),), body, "127.0.0.1")


def of_form(body: bytes) -> Request:
    headers = (("Content-Type", "application/x-www-form-urlencoded"),)
    return Request("POST", "/", "", headers, body, "127.0.0.1")


def code(response: Response | None) -> Any:
    assert response is not None
    assert response.status == 400
    return json.loads(response.body)["__type"]


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b"\xff\xfe", b"[" * 5000, b'"x"', b'{"SecretId": 5}'])
def test_bytes_that_are_no_input_are_not_deserialized(body: bytes) -> None:
    refused = malformed.refusal_of("secretsmanager", of_json("secretsmanager.GetSecretValue", body))
    assert code(refused) == "SerializationException"


def test_a_value_of_another_kind_is_named_by_its_place() -> None:
    body = json.dumps({"SecretId": "s", "Tags": [{"Key": "a", "Value": 5}]}).encode()
    refused = malformed.refusal_of("secretsmanager", of_json("secretsmanager.TagResource", body))
    assert code(refused) == "SerializationException"
    assert refused is not None
    assert b"Tags[0].Value is not a string" in refused.body


@pytest.mark.parametrize(
    ("scope", "request_", "expected"),
    [
        ("kms", of_json("TrentService.DeleteAlias", b"{}"), "ValidationException"),
        ("cognito-idp", of_json("X.AdminGetUser", b"{}"), "InvalidParameterException"),
        ("lambda", of_path("POST", "/2015-03-31/functions", b"{}"), "ValidationException"),
        ("apigateway", of_path("POST", "/v2/apis/x/authorizers", b"{}"), "ValidationException"),
    ],
)
def test_a_required_member_that_is_missing_is_named(scope: str, request_: Request, expected: str) -> None:
    refused = malformed.refusal_of(scope, request_)
    assert code(refused) == expected
    assert refused is not None
    assert b"Member must not be null" in refused.body


def test_a_form_without_a_required_parameter_gets_xml() -> None:
    refused = malformed.refusal_of("sts", of_form(b"Action=AssumeRole&Version=2011-06-15&RoleArn=arn"))
    assert refused is not None
    assert refused.status == 400
    assert b"<Code>ValidationError</Code>" in refused.body
    assert b"'roleSessionName'" in refused.body


def test_bytes_that_are_no_form_get_xml() -> None:
    refused = malformed.refusal_of(
        "rds", Request("POST", "/", "Action=StartDBCluster", (), b"\xff", "127.0.0.1")
    )
    assert refused is not None
    assert b"<Code>MalformedQueryString</Code>" in refused.body


def test_a_body_that_is_no_xml_is_malformed_for_s3() -> None:
    refused = malformed.refusal_of("s3", Request("POST", "/b", "delete", (), b"{}", "127.0.0.1"))
    assert refused is not None
    assert b"<Code>MalformedXML</Code>" in refused.body


@pytest.mark.parametrize(
    ("scope", "request_"),
    [
        ("secretsmanager", of_json("secretsmanager.GetSecretValue", b'{"SecretId": "s"}')),
        ("lambda", of_path("GET", "/2015-03-31/functions/f", b"")),
        ("sts", of_form(b"Action=AssumeRole&RoleArn=arn&RoleSessionName=s")),
        ("ec2", of_form(b"Action=DeleteSubnet&SubnetId=s-1")),
        ("sqs", of_json("AmazonSQS.SendMessage", b'{"QueueUrl": "u", "MessageBody": "b"}')),
        (
            "sns",
            of_form(b"Action=AddPermission&TopicArn=t&Label=l&AWSAccountId.member.1=1&ActionName.member.1=a"),
        ),
        ("lambda", of_path("GET", "/unknown", b"{")),
    ],
)
def test_a_valid_request_is_not_blamed_for_a_failure(scope: str, request_: Request) -> None:
    assert malformed.refusal_of(scope, request_) is None


@pytest.mark.slow
def test_a_body_that_is_not_json_is_refused_without_a_traceback(cloud: LocalCloudClient) -> None:
    url, credentials = cloud.start().url, Credentials(*cloud.credentials())
    request = AWSRequest("POST", url, {"X-Amz-Target": "secretsmanager.GetSecretValue"}, b"{")
    SigV4Auth(credentials, "secretsmanager", "eu-central-1").add_auth(request)
    sent = urllib.request.Request(url, b"{", dict(request.headers), method="POST")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(sent)
    assert refused.value.code == 400
    assert json.loads(refused.value.read())["__type"] == "SerializationException"
