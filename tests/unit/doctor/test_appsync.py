"""AppSync's refusals, which the page may read: by their words, or by what the page sends."""

from __future__ import annotations

import pytest

from accountsctl.doctor.diagnosis.diagnose import DiagnosisOutcome
from tests.faults.reported.pasted import Pasted, diagnosis_of_text
from tests.faults.reported.report import ANY, Report, chromium, passed
from tests.faults.reported.servers import answer
from tests.faults.test_reported import causes, diagnosed

URL = "https://abcdefghijklmnopqrstuvwxyz.appsync-api.us-east-1.amazonaws.com/graphql"
UNAUTHORIZED = ("x-amzn-errortype", "UnauthorizedException")


def named(
    status: int, message: str, asks: tuple[str, ...] = ("authorization",), url: str = URL, token: str = ""
) -> list[str]:
    refused = answer(status, *ANY, UNAUTHORIZED, body=f'{{"errors":[{{"message":"{message}"}}]}}')
    report = Report("", (), passed(asks), refused, url=url, method="POST", asks=asks, token=token)
    found = diagnosed(report, chromium(report), template=False)
    assert found.outcome is DiagnosisOutcome.ERROR
    return causes(found)


@pytest.mark.parametrize(
    ("status", "message", "expected"),
    [
        (401, "Token has expired.", "auth.cognito-expired"),
        (401, "Valid authorization header not provided.", "auth.no-token"),
        (403, "User: arn:x is not authorized to perform: appsync:GraphQL on resource", "auth.iam-denied"),
        (403, "WAFForbiddenException", "auth.waf"),
    ],
)
def test_its_words_tell_the_cause(status: int, message: str, expected: str) -> None:
    assert named(status, message) == [expected]


def test_without_such_words_what_the_page_sends_tells_it() -> None:
    other = "You are not authorized to make this call."
    assert named(401, other, ("x-api-key",)) == ["auth.api-key"]
    assert named(401, other) == ["auth.cognito-expired", "auth.cognito-wrong-pool"]
    assert named(401, other, ("content-type",), token="x") == ["auth.no-token"]


def test_a_console_does_not_tell_whether_a_token_was_sent() -> None:
    line = Pasted("", (), f"POST {URL} 401 (Unauthorized)")
    assert causes(diagnosis_of_text(line)) == ["auth.no-token", "auth.cognito-expired"]


def test_another_host_keeps_its_own_causes() -> None:
    assert named(401, "Token has expired.", url="https://api.example.com/graphql") != ["auth.no-token"]
