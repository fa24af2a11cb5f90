"""Kinds of parts that published templates have and the healthy ones of these tests lack: each is said right."""

from __future__ import annotations

from typing import Any

import pytest

from accountsctl.doctor.diagnosis.diagnose import DiagnosisOutcome
from tests.faults.base import template
from tests.faults.changes import Fault
from tests.faults.test_templates import ORIGIN, told

ARN = "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/*"
ANY_ONE = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke"}


def changed(name: str, **properties: Any) -> dict[str, Any]:
    """The healthy template with properties of one resource replaced."""
    body = template(ORIGIN)
    body["Resources"][name]["Properties"] |= properties
    return body


@pytest.mark.parametrize(
    ("path", "rest", "passes"),
    [
        ("/items/1", "/items/{id}", True),
        ("/app/a/b", "/app/{proxy+}", True),
        ("/items/1", "/other/{id}", False),
        ("/items", "/items/{id}", False),
    ],
)
def test_a_permission_may_name_path_parameters(path: str, rest: str, passes: bool) -> None:
    body = changed("Permission", SourceArn={"Fn::Sub": ARN + rest})
    found = told(Fault("", path=path), body)
    assert (found.outcome is DiagnosisOutcome.PASS) is passes
    assert passes or (found.root is not None and found.root.card.id == "int.wrong-source-arn")


@pytest.mark.parametrize(
    ("statement", "passes"),
    [
        (ANY_ONE, True),  # about what is not said: it names no Resource
        ({**ANY_ONE, "Resource": "execute-api:/*"}, True),
        ({**ANY_ONE, "NotResource": "execute-api:/*/GET/other"}, True),
        ({"Effect": "Allow", "NotPrincipal": "x", "Action": "*", "Resource": "*"}, True),
        ({"Effect": "Allow", "Principal": "*", "NotAction": "x", "Resource": "*"}, True),
        ({**ANY_ONE, "Resource": "execute-api:/*/GET/other"}, False),
    ],
)
def test_a_policy_whose_statements_are_about_all_but_something_accuses_nothing(
    statement: dict[str, Any], passes: bool
) -> None:
    found = told(Fault(""), changed("Api", Policy={"Statement": [statement]}))
    assert (found.outcome is DiagnosisOutcome.PASS) is passes
    assert passes or (found.root is not None and found.root.card.id == "auth.resource-policy")
