"""A request without a preflight that passes, where one with a preflight would not.

https://fetch.spec.whatwg.org/#cors-preflight-fetch
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from accountsctl.commands.doctor.cors import DiagnosisSources, find_out
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.facts.templates import read_templates

ONLY_SIMPLE = "preflight.only-simple"
ALLOWED = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "authorization"}


def mock(headers: dict[str, str]) -> dict[str, Any]:
    """A method of type MOCK with these headers."""
    values = {f"method.response.header.{name}": f"'{value}'" for name, value in headers.items()}
    declared = {name: {"schema": {"type": "string"}} for name in headers}
    integration = {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {"default": {"statusCode": "200", "responseParameters": values}},
    }
    return {"responses": {"200": {"headers": declared}}, "x-amazon-apigateway-integration": integration}


def found_of(methods: dict[str, Any], query: Query) -> Diagnosis:
    document = {"openapi": "3.0.1", "paths": {"/x": methods}}
    body = {"Resources": {"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": document}}}}
    apis = read_templates({"t.json": json.dumps(body)})
    (found,) = find_out(DiagnosisSources(static=lambda: apis), query).diagnoses
    return found


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        (None, "preflight.no-options"),
        (mock({}), "preflight.mock-no-headers"),
        (mock({"Access-Control-Allow-Origin": "*"}), "acah.authorization"),
        (mock(ALLOWED), ""),
        # Nothing that is known of the API takes a token.
        (mock({**ALLOWED, "Access-Control-Allow-Headers": "content-type"}), ""),
    ],
)
def test_a_pass_of_a_simple_request_says_what_another_one_would_meet(options: Any, cause: str) -> None:
    methods = {"get": mock(ALLOWED), **({"options": options} if options else {})}
    query = Query(origin="https://app.example.com", path="/x", method="GET")
    found = found_of(methods, query)
    assert found.outcome is DiagnosisOutcome.PASS
    remarks = [warning for warning in found.warnings if warning.card.id == ONLY_SIMPLE]
    assert [f": {cause};" in remark.evidence[0].observed for remark in remarks] == ([True] if cause else [])


@pytest.mark.parametrize(
    ("methods", "headers"),
    [
        # The request itself has a preflight, or does not pass.
        ({"get": mock(ALLOWED)}, (("authorization", "x"),)),
        ({"get": mock({})}, ()),
    ],
)
def test_what_is_blocked_needs_no_such_warning(methods: dict[str, Any], headers: Any) -> None:
    found = found_of(
        methods, Query(origin="https://app.example.com", path="/x", method="GET", headers=headers)
    )
    assert found.outcome is DiagnosisOutcome.BLOCKED
    assert ONLY_SIMPLE not in [warning.card.id for warning in found.warnings]


def test_a_request_with_a_preflight_that_passes_needs_no_such_warning() -> None:
    methods = {"get": mock(ALLOWED), "options": mock({**ALLOWED, "Access-Control-Allow-Headers": "x-a"})}
    found = found_of(
        methods, Query(origin="https://app.example.com", path="/x", method="GET", headers=(("x-a", "1"),))
    )
    assert found.outcome is DiagnosisOutcome.PASS
    assert ONLY_SIMPLE not in [warning.card.id for warning in found.warnings]
