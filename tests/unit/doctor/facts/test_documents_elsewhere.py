"""An API whose document stands elsewhere: what that may hold excludes no cause of a response that was recorded."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.diagnosis.diagnose import Diagnosis
from accountsctl.doctor.facts.templates import read_templates
from tests.faults.reported.report import OPEN, Report, Response, chromium

INCLUDED = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://b/api.yaml"}}}
PASSED = Response(200, headers=(*OPEN, ("access-control-allow-headers", "authorization")))
KIND = "AWS::ApiGateway::RestApi"
APIS: dict[str, dict[str, Any]] = {
    "Body by Include": {"Type": KIND, "Properties": {"Body": INCLUDED}},
    "Body by S3": {"Type": KIND, "Properties": {"BodyS3Location": {"Bucket": "b", "Key": "k"}}},
    "part of Body by Include": {
        "Type": KIND,
        "Properties": {"Body": {"openapi": "3.0.1", "paths": {"/other": {"get": {}}}, **INCLUDED}},
    },
    "DefinitionUri": {
        "Type": "AWS::Serverless::Api",
        "Properties": {"StageName": "dev", "DefinitionUri": "s3://b/api.yaml"},
    },
}
REPORTS = (
    Report("401", (), PASSED, Response(401, "UnauthorizedException", "Unauthorized")),
    Report("403", (), PASSED, Response(403, "ForbiddenException", "Forbidden")),
    Report("500", (), PASSED, Response(500, "InternalServerErrorException", "Internal server error")),
    Report("OPTIONS 401", (), Response(401, "UnauthorizedException", "Unauthorized")),
    Report(
        "OPTIONS 403",
        (),
        Response(403, "MissingAuthenticationTokenException", "Missing Authentication Token"),
    ),
    Report("OPTIONS 500", (), Response(500, "InternalServerErrorException", "Internal server error")),
)


def recorded(report: Report, resources: dict[str, Any]) -> Diagnosis:
    body = {"Transform": "AWS::Serverless-2016-10-31", "Resources": resources}
    apis = read_templates({"t.json": json.dumps(body)}) if resources else ()
    (found,) = from_recording(chromium(report), "r.har", apis).diagnoses
    return found


def causes(found: Diagnosis) -> list[str]:
    return list(found.causes)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.thread)
@pytest.mark.parametrize("api", APIS)
def test_a_response_has_the_causes_that_it_has_without_the_template(api: str, report: Report) -> None:
    found = recorded(report, {"Api": APIS[api]})
    assert causes(found) == causes(recorded(report, {}))
    assert causes(found)
    assert all(evidence.place.layer != "static" for evidence in (found.root.evidence if found.root else ()))
