"""What curl prints without -i, with -I, and of a host that it did not reach."""

from __future__ import annotations

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.model.errors import UsageError
from tests.faults.test_reported import causes

API = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/items"


def of_text(text: str, query: Query | None = None) -> Diagnosis:
    (found, *_) = from_recording(text, "curl.txt", (), query or Query()).diagnoses
    return found


@pytest.mark.parametrize(
    ("body", "status", "first"),
    [
        ('{"message":"Missing Authentication Token"}', 403, "deploy.wrong-path"),
        ('{"message":"Forbidden"}', 403, "deploy.no-stage"),
        ('{"message":"Unauthorized"}', 401, "auth.no-token"),
        ('{"message":"The incoming token has expired"}', 401, "auth.cognito-expired"),
        ('{"message": "Internal server error"}', 502, "int.throws"),
        ('{"message": "Endpoint request timed out"}', 504, "int.gateway-timeout"),
        (
            '{"Message":"User is not authorized to access this resource with an explicit deny"}',
            403,
            "auth.lambda-deny",
        ),
        (
            '{"message":"Authorization header requires \'Credential\' parameter. Authorization=eyJ"}',
            403,
            "auth.iam-not-cognito",
        ),
    ],
)
def test_the_words_of_the_gateway_tell_the_status(body: str, status: int, first: str) -> None:
    found = of_text(
        f"$ curl -H 'Authorization: Bearer x' '{API}'\n{body}\n"
        if "Credential" in body or "token has" in body
        else f"$ curl {API}\n{body}\n"
    )
    assert causes(found)[0] == first
    assert found.probes[-1].status == status
    assert "curl without -i" in dict(found.not_checked)["the status and the headers"]
    assert found.masked_by == ()


@pytest.mark.parametrize(
    "body", ['{"message":"Hello"}', '{"statusCode":403,"message":"Forbidden"}', "[]", "{}"]
)
def test_the_words_of_an_application_tell_no_status(body: str) -> None:
    with pytest.raises(UsageError):
        of_text(f"$ curl {API}\n{body}\n")


def test_a_status_that_curl_shows_is_taken_and_not_the_words() -> None:
    found = of_text(
        f'$ curl -i {API}\nHTTP/2 500\ncontent-type: application/json\n\n{{"message":"Forbidden"}}\n'
    )
    assert found.probes[-1].status == 500


def test_head_that_has_no_route_says_nothing_of_get() -> None:
    refused = "HTTP/2 403\nx-amzn-errortype: MissingAuthenticationTokenException\nx-amz-apigw-id: a=\n"
    found = of_text(f"$ curl -I {API}\n{refused}")
    assert found.outcome is DiagnosisOutcome.UNKNOWN
    assert causes(found) == []
    assert "says nothing of GET" in dict(found.not_checked)["the response"]
    assert causes(of_text(f"$ curl -I -X GET {API}\n{refused}"))[0] == "deploy.wrong-path"
    assert causes(of_text(f"$ curl -I {API}\n{refused}", Query(method="HEAD")))[0] == "deploy.wrong-path"


def test_head_that_was_answered_stands_for_get() -> None:
    found = of_text(f"$ curl -I {API}\nHTTP/2 200\ncontent-type: application/json\nx-amz-apigw-id: a=\n")
    assert found.ask.method == "GET"
    assert causes(found) == ["acao.missing-actual"]


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("curl: (6) Couldn't resolve host 'abc123.execute-api.us-east-2.amazonaws.com'", "deploy.wrong-host"),
        ("curl: (6) Could not resolve host: abc123.execute-api.us-east-2.amazonaws.com", "deploy.wrong-host"),
        ("curl: (7) Failed to connect to api.example.com port 443: Connection refused", "deploy.unreachable"),
    ],
)
def test_curls_error_for_a_host_names_the_host(said: str, cause: str) -> None:
    found = of_text(said)
    assert causes(found) == [cause]
    assert found.ask.host in said
