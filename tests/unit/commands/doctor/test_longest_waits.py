"""How long API Gateway waits for a function, if its integration does not say it: 29 s, of an HTTP API 30 s."""

from __future__ import annotations

import json

import pytest

from accountsctl.commands.doctor.cors import DiagnosisSources, find_out
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.facts.templates import read_templates


@pytest.mark.parametrize(
    ("kind", "seconds", "too_long"), [("HttpApi", 30, False), ("HttpApi", 31, True), ("Api", 30, True)]
)
def test_a_function_with_a_longer_timeout_gets_a_warning(kind: str, seconds: int, too_long: bool) -> None:
    event = {"Type": kind, "Properties": {"Path": "/items", "Method": "get"}}
    code = {"Handler": "index.handler", "Runtime": "nodejs22.x", "CodeUri": "s3://bucket/key"}
    function = {"Timeout": seconds, **code, "Events": {"Get": event}}
    body = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {"Items": {"Type": "AWS::Serverless::Function", "Properties": function}},
    }
    apis = read_templates({"template.json": json.dumps(body)})
    asked = Query("http://localhost:4200", path="/items", method="GET")
    (found,) = find_out(DiagnosisSources(static=lambda: apis), asked).diagnoses
    assert ("int.gateway-timeout" in [warning.card.id for warning in found.warnings]) is too_long
