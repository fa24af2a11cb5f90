"""CloudFront before an HTTP API: what it removes, and pages that it serves at the same origin."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome, diagnose
from accountsctl.doctor.diagnosis.subject import Subject
from accountsctl.doctor.diagnosis.targets import Query, page_requests
from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.templates import read_templates
from tests.faults.outside_rest_apis import ALL_BUT_HOST, NO_CACHE, SEVEN
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
    (api,) = [api for api in read_templates({"t.json": json.dumps(body)}, {}) if api.is_api]
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


WITH_POLICY = {"CachePolicyId": {"Ref": "Keyed"}}
KEYED: Template = {
    "Type": "AWS::CloudFront::CachePolicy",
    "Properties": {
        "CachePolicyConfig": {
            "ParametersInCacheKeyAndForwardedToOrigin": {"HeadersConfig": {"Headers": ["X-Tenant"]}}
        }
    },
}


@pytest.mark.parametrize(
    ("behavior", "passed_on"),
    [
        ({}, frozenset()),
        (WITH_POLICY, frozenset({"x-tenant"})),
        ({"OriginRequestPolicyId": ALL_BUT_HOST}, None),
        ({"OriginRequestPolicyId": {"Fn::ImportValue": "policy"}}, None),
        ({"ForwardedValues": {"Headers": ["Origin"]}}, None),
    ],
    ids=["none", "by the cache policy", "all but Host", "not known", "without policies"],
)
def test_a_behaviour_passes_on_the_headers_that_its_policies_list(
    behavior: Template, passed_on: frozenset[str] | None
) -> None:
    body = behind(OPEN)
    body["Resources"]["Keyed"] = KEYED
    body["Resources"]["Edge"]["Properties"]["DistributionConfig"]["DefaultCacheBehavior"] |= behavior
    (distributed,) = only_api(body).distributions
    assert distributed.custom_headers == passed_on


@pytest.mark.parametrize(
    ("behavior", "header", "named"),
    [
        ({}, "x-tenant", ["edge.cf-header"]),
        (WITH_POLICY, "x-tenant", []),
        ({}, "content-type", []),
        ({}, "x-amz-user-agent", []),
    ],
    ids=["removed", "passed on", "a standard's", "of an SDK"],
)
def test_an_applications_refusal_is_cloudfronts_if_it_removes_a_header_of_the_page(
    behavior: Template, header: str, named: list[str]
) -> None:
    body = behind(OPEN)
    body["Resources"]["Keyed"] = KEYED
    body["Resources"]["Edge"]["Properties"]["DistributionConfig"]["DefaultCacheBehavior"] |= behavior
    refused = Response(403, headers=PASSED_ON, body='{"error":"no tenant"}', gateway=False)
    report = Report("", (), None, refused, url=EDGE, origin=EDGE.removesuffix("/items"), asks=(header,))
    recorded = from_recording(chromium(replace(report, cors=False)), "r.har", [only_api(body)])
    (found, *_) = recorded.diagnoses
    assert [suspect.card.id for suspect in (found.root, *found.alternatives) if suspect] == named


def test_that_a_header_is_removed_accuses_nothing_without_a_response() -> None:
    api = only_api(behind(None))
    query = Query(origin=EDGE.removesuffix("/items"), url=EDGE, headers=(("x-tenant", "1"),))
    (request, *_) = page_requests(api, query, ())
    found = diagnose(Subject((api,)), request)
    assert found.root is None or found.root.card.id != "edge.cf-header"
