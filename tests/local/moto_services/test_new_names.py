"""A name that AWS refuses is refused here too, when something is created."""

from __future__ import annotations

import json

import pytest

from accountsctl.localcloud.contracts.messages import Request
from accountsctl.localcloud.moto_services.new_names import refusal_of

TARGETS = {
    "logs": "Logs_20140328",
    "dynamodb": "DynamoDB_20120810",
    "cognito-idp": "AWSCognitoIdentityProviderService",
}


def json_call(scope: str, operation: str, body: bytes) -> Request:
    return Request(
        "POST", "/", headers=(("X-Amz-Target", f"{TARGETS.get(scope, scope)}.{operation}"),), body=body
    )


def code(scope: str, operation: str, **members: object) -> str | None:
    response = refusal_of(scope, json_call(scope, operation, json.dumps(members).encode()))
    return None if response is None else str(json.loads(response.body)["__type"])


@pytest.mark.parametrize(
    ("scope", "operation", "member", "good", "bad", "refused"),
    [
        ("logs", "CreateLogGroup", "logGroupName", "/aws/a_b", "../x y", "InvalidParameterException"),
        ("dynamodb", "CreateTable", "TableName", "a.b", "ab", "ValidationException"),
        ("events", "CreateEventBus", "Name", "orders/a", "a b!", "ValidationException"),
        ("secretsmanager", "CreateSecret", "Name", "a/b", "a b", "ValidationException"),
        ("ssm", "PutParameter", "Name", "/a/b", "a b", "ValidationException"),
        ("cognito-idp", "CreateUserPool", "PoolName", "a b", "a/b", "InvalidParameterException"),
    ],
)
def test_a_name_is_refused_in_the_code_of_its_service(
    scope: str, operation: str, member: str, good: str, bad: str, refused: str
) -> None:
    assert code(scope, operation, **{member: good}) is None
    assert code(scope, operation, **{member: bad}) == refused


def test_what_is_wrong_and_with_what_is_in_the_refusal() -> None:
    response = refusal_of("logs", json_call("logs", "CreateLogGroup", b'{"logGroupName": "a b"}'))
    assert response is not None
    assert json.loads(response.body)["message"].startswith(
        "1 validation error detected: Value 'a b' at 'logGroupName' failed to satisfy constraint: Member must satisfy"
    )


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"logGroupName": 1}', b"\xff", b"[" * 100_000])
def test_a_body_that_cannot_be_read_is_left_to_the_service(body: bytes) -> None:
    assert refusal_of("logs", json_call("logs", "CreateLogGroup", body)) is None


def test_calls_that_create_nothing_and_services_that_check_themselves_are_left_alone() -> None:
    assert code("logs", "DeleteLogGroup", logGroupName="a b") is None
    assert code("sqs", "CreateQueue", QueueName="a b") is None
    assert code("logs", "CreateNothingThatIsKnown", logGroupName="a b") is None


def test_a_name_of_a_query_protocol() -> None:
    def role(name: str) -> bool:
        headers = (("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),)
        body = f"Action=CreateRole&RoleName={name}".encode()
        return refusal_of("iam", Request("POST", "/", headers=headers, body=body)) is None

    assert role("a-b")
    assert not role("a%2Fb")


@pytest.mark.parametrize("name", ["abc", "a.b-c", "1" * 63])
def test_names_of_buckets(name: str) -> None:
    assert refusal_of("s3", Request("PUT", f"/{name}")) is None


@pytest.mark.parametrize(
    "name",
    ["UPPER", "ab", "a" * 64, "-ab", "ab.", "a..b", "192.0.2.1", "xn--ab", "a-s3alias", "a_b", "a%20b"],
)
def test_names_that_no_bucket_has(name: str) -> None:
    response = refusal_of("s3", Request("PUT", f"/{name}"))
    assert response is not None
    assert b"InvalidBucketName" in response.body
    assert refusal_of("s3", Request("GET", f"/{name}")) is None
    assert refusal_of("s3", Request("PUT", f"/{name}/key")) is None
    assert refusal_of("s3", Request("PUT", f"/{name}", query="policy")) is None


def test_a_pattern_that_python_does_not_have_is_not_checked() -> None:
    """Cognito's names have patterns of Java: ``[\\\\p{L}\\\\p{M}]+``."""
    assert code("cognito-idp", "CreateGroup", GroupName="ä b", UserPoolId="eu-west-1_A") is None
    assert code("cognito-idp", "CreateGroup", GroupName="", UserPoolId="eu-west-1_A") is not None
