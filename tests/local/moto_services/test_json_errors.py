"""Errors of services that speak JSON by X-Amz-Target."""

from __future__ import annotations

import json

import pytest

from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.moto_services.json_errors import as_aws


def answered(
    status: int, body: object, scope: str = "secretsmanager", target: str = "secretsmanager.X"
) -> Response:
    headers = (("X-Amz-Target", target),) if target else ()
    request = Request("POST", "/", "", headers, b"{}")
    return as_aws(Response(status, (), json.dumps(body).encode()), scope, request)


@pytest.mark.parametrize(
    ("scope", "member"), [("secretsmanager", "Message"), ("ssm", "message"), ("logs", "message")]
)
def test_an_error_has_status_400_and_the_message_under_its_own_name(scope: str, member: str) -> None:
    code = "ParameterNotFound" if scope == "ssm" else "ResourceNotFoundException"
    response = answered(404, {"__type": code, "message": "gone"}, scope)
    assert (response.status, json.loads(response.body)) == (400, {"__type": code, member: "gone"})


@pytest.mark.parametrize(
    ("status", "body", "scope", "target"),
    [
        (200, {"__type": "ResourceNotFoundException", "message": "m"}, "secretsmanager", "t"),
        (500, {"__type": "ResourceNotFoundException", "message": "m"}, "secretsmanager", "t"),
        (404, {"__type": "ResourceNotFoundException", "message": "m"}, "s3", "t"),
        (404, {"__type": "ResourceNotFoundException", "message": "m"}, "secretsmanager", ""),
        (404, ["no error"], "secretsmanager", "t"),
    ],
)
def test_other_responses_stay_as_they_are(status: int, body: object, scope: str, target: str) -> None:
    response = answered(status, body, scope, target)
    assert (response.status, json.loads(response.body)) == (status, body)
