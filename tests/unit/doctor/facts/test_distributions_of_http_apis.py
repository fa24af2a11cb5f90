"""CloudFront before an HTTP API: what it removes, and pages that it serves at the same origin."""

from __future__ import annotations

import json
from typing import Any

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome, diagnose
from accountsctl.doctor.diagnosis.subject import Subject
from accountsctl.doctor.diagnosis.targets import Query, page_requests
from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.templates import read_templates
from tests.faults.outside_rest_apis import NO_CACHE, SEVEN
from tests.faults.reported.apis import Template, distribution, http
from tests.faults.reported.report import ANY, EDGE, Report, Response, chromium

HOST = {"Fn::Join": ["", [{"Ref": "Api"}, ".execute-api.", {"Ref": "AWS::Region"}, ".amazonaws.com"]]}
PASSED_ON = (("via", "1.1 abc.cloudfront.net (CloudFront)"), ("apigw-requestid", "Q1="))
OPEN = {"AllowOrigins": ["*"], "AllowHeaders": ["authorization"]}


def behind(cors: Template | None, **behavior: Any) -> Template:
    body = http("GET /items", cors=cors, jwt=True)
    before = distribution(HOST, AllowedMethods=SEVEN, CachePolicyId=NO_CACHE, **behavior)
    return {"Resources": {**body["Resources"], **before}}


def only_api(body: Template) -> Api:
    (api,) = read_templates({"t.json": json.dumps(body)}, {})
    return api


def looked_at(body: Template, url: str | None = None) -> Diagnosis:
    api = only_api(body)
    (request, *_) = page_requests(api, Query(origin="https://app.example.com", url=url), ())
    return diagnose(Subject((api,)), request)


def test_a_token_that_cloudfront_removes_is_the_cause_of_an_http_apis_401() -> None:
    report = Report(
        "CloudFront before an HTTP API",
        ("edge.cf-authorization",),
        Response(204, headers=(*ANY, ("access-control-allow-headers", "authorization"), *PASSED_ON)),
        Response(401, headers=(*ANY, *PASSED_ON), body='{"message":"Unauthorized"}', gateway=False),
        url=EDGE,
    )
    (found, *_) = from_recording(chromium(report), "r.har", [only_api(behind(OPEN))]).diagnoses
    assert found.root is not None
    assert found.root.card.id == "edge.cf-authorization"


def under_a_path(pattern: str) -> Template:
    """The distribution has a site of its own, and passes a path on to an API without CORS."""
    body = behind(None)
    config = body["Resources"]["Edge"]["Properties"]["DistributionConfig"]
    config["Origins"].append({"Id": "site", "DomainName": "site.s3.amazonaws.com"})
    config["CacheBehaviors"] = [{"PathPattern": pattern, **config["DefaultCacheBehavior"]}]
    config["DefaultCacheBehavior"] = {"TargetOriginId": "site"}
    return body


def test_a_page_of_the_same_distribution_needs_no_preflight() -> None:
    found = looked_at(under_a_path("/items*"))
    assert found.outcome is not DiagnosisOutcome.BLOCKED
    assert any("distribution" in what for what, _ in found.not_checked)


def test_an_api_that_has_a_distribution_for_itself_lacks_options() -> None:
    found = looked_at(behind(None))
    assert found.root is not None
    assert found.root.card.id == "preflight.no-options"


def test_a_page_that_calls_the_api_itself_lacks_options() -> None:
    found = looked_at(under_a_path("/items*"), "https://abc123.execute-api.eu-west-1.amazonaws.com/items")
    assert found.root is not None
    assert found.root.card.id == "preflight.no-options"
