"""What a template has that is not read, or of which AWS documents nothing, is named and not judged."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accountsctl.commands.doctor.cors import DiagnosisSources, find_out
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.facts.templates import read_templates
from accountsctl.model.errors import CouldNotLook
from tests.unit.commands.doctor.recordings import causes

WEB = {"Type": "AWS::Serverless::WebFunction", "Properties": {"Runtime": "nodejs26.x"}}
LATER = {"Type": "AWS::Serverless::Later"}
PROXY = {"type": "http_proxy", "httpMethod": "GET", "uri": "https://example.com"}
CORS = {"AllowOrigins": ["*"], "AllowHeaders": ["authorization"]}


def http(options: Any = None, **properties: Any) -> dict[str, Any]:
    """An HTTP API with GET /x, and what takes OPTIONS there."""
    paths: dict[str, Any] = {"/x": {"get": {"x-amazon-apigateway-integration": PROXY}}}
    if options:
        paths["/x"]["options"] = {"responses": {}, "x-amazon-apigateway-integration": options}
    body = {"openapi": "3.0.1", "paths": paths, **properties}
    return {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Body": body}}


def found_of(**resources: Any) -> Diagnosis:
    apis = read_templates({"t.json": json.dumps({"Resources": resources})})
    query = Query(origin="https://app.example.com", headers=(("authorization", "x"),))
    (found,) = find_out(DiagnosisSources(static=lambda: apis), query).diagnoses
    return found


@pytest.mark.parametrize(("name", "resource"), [("Web", WEB), ("Later", LATER)])
def test_a_type_that_is_not_read_is_named(name: str, resource: dict[str, Any]) -> None:
    with pytest.raises(CouldNotLook, match=name):
        read_templates({"t.json": json.dumps({"Resources": {name: resource}})})
    found = found_of(Api=http(**{"x-amazon-apigateway-cors": CORS}), **{name: resource})
    assert [what for what, _ in found.not_checked if what.startswith(name)] == [
        f"{name} ({resource['Type']})"
    ]


@pytest.mark.parametrize("kind", ["mock", "MOCK", "aws", "http"])
def test_an_http_api_that_is_given_no_proxy_integration_is_not_judged_by_the_rules_of_rest_apis(
    kind: str,
) -> None:
    found = found_of(Api=http({"type": kind, "responses": {"default": {"statusCode": "500"}}}))
    assert found.outcome is DiagnosisOutcome.PASS
    assert "what OPTIONS /x answers" in [what for what, _ in found.not_checked]


def test_an_http_api_without_options_is_blocked_still() -> None:
    assert causes(found_of(Api=http())) == ["preflight.no-options"]
