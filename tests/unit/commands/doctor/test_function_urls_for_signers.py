"""A function URL of AuthType AWS_IAM without CORS: it refuses the preflight of a page that signs by itself."""

from __future__ import annotations

import json
from typing import Any

from accountsctl.commands.doctor.cors import DiagnosisSources, find_out
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.facts.templates import read_templates

ORIGIN = "http://localhost:4200"
SIGNED = (("authorization", "x"), ("x-amz-date", "x"))
EVERYTHING = {
    "AllowOrigins": ["*"],
    "AllowMethods": ["*"],
    "AllowHeaders": ["*", "authorization", "x-amz-date"],
}


def diagnosed(cors: dict[str, Any] | None = None, **query: Any) -> Diagnosis:
    """What is said of a URL whose function's code is not in the template."""
    url = {"AuthType": "AWS_IAM", **({"Cors": cors} if cors else {})}
    function = {"Handler": "index.handler", "Runtime": "nodejs22.x", "CodeUri": "s3://bucket/key"}
    body = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            "Items": {
                "Type": "AWS::Serverless::Function",
                "Properties": {**function, "FunctionUrlConfig": url},
            }
        },
    }
    apis = read_templates({"template.json": json.dumps(body)})
    (found,) = find_out(
        DiagnosisSources(static=lambda: apis), Query(ORIGIN, path="/", method="GET", **query)
    ).diagnoses
    return found


def test_it_refuses_the_preflight_of_a_page_that_signs() -> None:
    found = diagnosed(headers=SIGNED)
    assert found.root is not None
    assert found.root.card.id == "function-url.no-cors"
    assert found.walk.preflight is not None
    assert found.walk.preflight.status == 403
    assert found.next == ()


def test_a_distribution_may_sign_for_a_page_that_does_not() -> None:
    found = diagnosed()
    assert (found.outcome, found.root) == (DiagnosisOutcome.PASS, None)
    assert "function-url.no-cors" in [warning.card.id for warning in found.warnings]
    assert any("CloudFront" in what for what, _ in found.not_checked)


def test_a_cors_configuration_answers_without_a_signature() -> None:
    found = diagnosed(EVERYTHING, headers=SIGNED)
    assert found.outcome is DiagnosisOutcome.PASS
    assert "function-url.no-cors" not in [warning.card.id for warning in found.warnings]
