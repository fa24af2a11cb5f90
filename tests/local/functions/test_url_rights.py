"""Who may call the URL of a function, by all kinds of statements."""

from __future__ import annotations

from typing import Any

import pytest

from accountsctl.localcloud.contracts.function_names import named_function
from accountsctl.localcloud.contracts.function_urls import FunctionUrl
from accountsctl.localcloud.contracts.lookups import FunctionConfig, Signer
from accountsctl.localcloud.contracts.messages import Request
from accountsctl.localcloud.http_apis.function_urls import permitted
from accountsctl.localcloud.moto_services import calls

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:f"
FUNCTION = FunctionConfig(
    ARN, "f", "eu-west-1", "python3.13", "i.h", b"", "", {}, 3, 128, "/aws/lambda/f", None
)
URL = FunctionUrl("u", "AWS_IAM", None, FUNCTION)
ALL: dict[str, Any] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
NOT_IAM: dict[str, Any] = {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
ONLY_IAM: dict[str, Any] = {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}
ELSEWHERE: dict[str, Any] = {"Effect": "Deny", "Action": "*", "NotResource": f"{ARN}-other"}


@pytest.mark.parametrize(
    ("own", "boundary", "wanted"),
    [
        ([NOT_IAM], None, True),
        ([ALL], [NOT_IAM], True),
        ([ALL], [], False),
        ([ALL, ONLY_IAM], None, False),
        ([ALL], [ALL, ONLY_IAM], False),
        ([ALL, ELSEWHERE], None, False),
    ],
)
def test_a_statement_by_what_it_excludes_decides_about_a_url(
    own: list[dict[str, Any]], boundary: list[dict[str, Any]] | None, wanted: bool
) -> None:
    limit = None if boundary is None else {"Statement": boundary}
    caller = Signer(
        "s", "arn:aws:sts::123456789012:assumed-role/r/s", "A:s", ({"Statement": own},), boundary=limit
    )
    assert permitted(URL, caller) is wanted


def test_a_function_may_be_called_arn() -> None:
    assert named_function("arn:live", "", "eu-west-1") == ("arn", "live")


def test_a_user_with_a_boundary_is_refused_instead_of_having_none() -> None:
    headers = (("Content-Type", "application/x-www-form-urlencoded"),)
    body = (
        b"Action=CreateUser&UserName=u&PermissionsBoundary=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FReadOnlyAccess"
    )
    refused = calls.refusal_of("iam", Request("POST", "/", headers=headers, body=body))
    assert refused is not None
    assert (refused.status, b"boundary of a user" in refused.body) == (501, True)
