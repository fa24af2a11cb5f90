"""What the SDK raises becomes one error of three lines."""

from __future__ import annotations

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    InfiniteLoopConfigError,
    LoginInsufficientPermissions,
    LoginRefreshRequired,
    LoginTokenLoadError,
    MissingDependencyException,
    NoCredentialsError,
    ReadTimeoutError,
)

from accountsctl.adapters.aws.errors import cloud_error, translated
from accountsctl.model.errors import CloudError


def refusal(code: str, message: str = "because\n  of this") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "DescribeStacks")


def test_a_refusal_keeps_awss_words_code_and_operation_and_says_what_next() -> None:
    with pytest.raises(CloudError) as caught, translated("read the stack dev"):
        raise refusal("ExpiredToken")
    error = caught.value
    assert error.what == "AWS refused to read the stack dev."
    assert error.why == "because of this (ExpiredToken, DescribeStacks)"
    assert "aws sso login" in error.hint
    assert error.code == "ExpiredToken"
    assert isinstance(error.__cause__, ClientError)


def test_a_services_own_hint_goes_first_and_an_unknown_code_has_none() -> None:
    with pytest.raises(CloudError) as caught, translated("x", {"AccessDenied": "ours"}):
        raise refusal("AccessDenied")
    assert caught.value.hint == "ours"
    with pytest.raises(CloudError) as caught, translated("x"):
        raise refusal("Strange", "")
    assert (caught.value.hint, caught.value.why) == ("", "Strange (DescribeStacks)")


def test_an_answer_without_a_code_is_known_by_its_status() -> None:
    with pytest.raises(CloudError) as caught, translated("x"):
        raise ClientError({"Error": {}, "ResponseMetadata": {"HTTPStatusCode": 502}}, "Op")  # type: ignore[typeddict-item]
    assert caught.value.code == "502"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NoCredentialsError(), "NoCredentials"),
        (LoginTokenLoadError(error_msg="no token"), "ExpiredToken"),
        (LoginRefreshRequired(), "ExpiredToken"),
        (LoginInsufficientPermissions(), "AccessDenied"),
        (MissingDependencyException(msg="botocore[crt]"), "MissingDependency"),
        (CredentialRetrievalError(provider="custom-process", error_msg="exit 1"), "NoCredentials"),
        (InfiniteLoopConfigError(source_profile="a", visited_profiles=["a"]), "InvalidConfig"),
        (EndpointConnectionError(endpoint_url="https://x"), "EndpointConnectionError"),
        (ReadTimeoutError(endpoint_url="https://x"), "ConnectionError"),
        (ConnectTimeoutError(endpoint_url="https://x"), "ConnectionError"),
    ],
)
def test_what_never_reached_aws_is_told_apart(error: Exception, code: str) -> None:
    with pytest.raises(CloudError, match=r"Could not read\.") as caught, translated("read"):
        raise error
    assert caught.value.code == code
    assert caught.value.hint


def test_other_exceptions_pass_untouched() -> None:
    with pytest.raises(KeyError), translated("x"):
        raise KeyError("a bug stays a bug")


def test_a_role_that_cloudformation_cannot_assume_is_named_with_what_to_correct() -> None:
    message = "Role arn:aws:iam::123456789012:role/x is invalid or cannot be assumed"
    refused = ClientError({"Error": {"Code": "ValidationError", "Message": message}}, "CreateChangeSet")
    error = cloud_error("send a change set", refused)

    assert message in error.why
    assert "roleArn" in error.hint
    assert "--role-arn" in error.hint
