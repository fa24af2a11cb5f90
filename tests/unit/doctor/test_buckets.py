"""The CORS rules of a bucket in a template, judged as S3 documents them.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from accountsctl.commands.doctor.cors import DiagnosisSources, find_out
from accountsctl.doctor.diagnosis.diagnose import Certainty, Diagnosis, DiagnosisOutcome
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.facts.buckets import bucket_in
from accountsctl.doctor.facts.deployed.reader import read
from accountsctl.doctor.facts.templates import read_templates
from tests.unit.commands.doctor.recordings import causes, diagnosed, entry, preflight

APP = "https://app.example.com"
HOST = "https://shop-files.s3.eu-west-1.amazonaws.com"
PASS, BLOCKED = DiagnosisOutcome.PASS, DiagnosisOutcome.BLOCKED


def rule(origins: Any, methods: Any, headers: Any = None) -> dict[str, Any]:
    stated = {"AllowedOrigins": origins, "AllowedMethods": methods}
    return {**stated, "AllowedHeaders": headers} if headers else stated


def bucket(*rules: Any, name: Any = "shop-files", **properties: Any) -> dict[str, Any]:
    if rules:
        properties["CorsConfiguration"] = {"CorsRules": list(rules)}
    if name:
        properties["BucketName"] = name
    return {"Type": "AWS::S3::Bucket", "Properties": properties}


def text(**resources: Any) -> str:
    return json.dumps({"Parameters": {"P": {"Type": "String"}}, "Resources": resources})


def found_of(query: Query, **resources: Any) -> Diagnosis:
    apis = read_templates({"t.json": text(**resources)})
    (found,) = find_out(DiagnosisSources(static=lambda: apis), query).diagnoses
    return found


def asked(method: str = "GET", *headers: str, origin: str = APP, credentials: bool = False) -> Query:
    sent = tuple((name, "x") for name in headers)
    url = f"{HOST}/a.png?X-Amz-Signature=0"
    return Query(origin=origin, method=method, headers=sent, url=url, credentials=credentials)


UNKNOWN_NAME = {"Ref": "P"}


@pytest.mark.parametrize(
    ("rules", "query", "outcome", "observed"),
    [
        ([rule(["*"], ["GET"])], asked(), PASS, ""),
        ([rule([APP], ["GET"])], asked(), PASS, ""),
        ([rule(["https://*.example.com"], ["GET"])], asked(), PASS, ""),
        ([rule(["https://*"], ["GET"])], asked(), PASS, ""),
        (
            [rule(["https://*.example.com"], ["GET"])],
            asked(origin="https://example.com"),
            BLOCKED,
            "AllowedOrigins",
        ),
        ([rule([f"{APP}/"], ["GET"])], asked(), BLOCKED, f"AllowedOrigins: {APP}/"),
        ([rule(["http://app.example.com"], ["GET"])], asked(), BLOCKED, "AllowedOrigins"),
        ([rule([APP], ["GET"])], asked("PUT"), BLOCKED, "AllowedMethods: GET"),
        ([rule([APP], ["PUT"])], asked("PUT"), BLOCKED, "AllowedHeaders: (absent)"),
        ([rule([APP], ["PUT"], ["Content-Type"])], asked("PUT"), PASS, ""),
        (
            [rule([APP], ["PUT"], ["content-*"])],
            asked("PUT", "x-amz-acl"),
            BLOCKED,
            "AllowedHeaders: content-*",
        ),
        ([rule([APP], ["PUT"], ["*"])], asked("PUT", "x-amz-acl"), PASS, ""),
        # All of a request has to fit one rule.
        (
            [rule([APP], ["GET"]), rule(["https://b.example"], ["PUT"], ["*"])],
            asked("PUT"),
            BLOCKED,
            "Allowed",
        ),
        ([rule([APP], ["GET"]), rule(["*"], ["PUT"], ["*"])], asked("PUT"), PASS, ""),
        # S3 has no rule for PATCH.
        ([rule([APP], ["GET", "PUT", "POST"], ["*"])], asked("PATCH"), BLOCKED, "AllowedMethods"),
        # By the first rule that fits: of a rule with * S3 names no origin, which credentials need.
        ([rule([APP], ["GET"]), rule(["*"], ["GET"])], asked(credentials=True), PASS, ""),
        ([rule(["*"], ["GET"]), rule([APP], ["GET"])], asked(credentials=True), BLOCKED, ""),
        ([], asked(), BLOCKED, "no CorsConfiguration"),
        ([], asked("PUT"), BLOCKED, "no CorsConfiguration"),
        # What only the deployment knows is not held against the bucket.
        ([rule([UNKNOWN_NAME], ["GET"])], asked(), PASS, ""),
        ([rule([{"Fn::Sub": "https://${P}.example.com"}], ["GET"])], asked(), PASS, ""),
        ([rule([{"Fn::Sub": "https://${P}.example.org"}], ["GET"])], asked(), BLOCKED, "AllowedOrigins"),
        ([{"Fn::If": ["C", rule([APP], ["GET"]), rule(["*"], ["PUT"])]}], asked("PUT"), PASS, ""),
        ([rule([APP], UNKNOWN_NAME, UNKNOWN_NAME)], asked("PUT"), PASS, ""),
    ],
)
def test_a_request_is_judged_by_the_first_rule_of_the_bucket_that_matches(
    rules: list[Any], query: Query, outcome: DiagnosisOutcome, observed: str
) -> None:
    found = found_of(query, Files=bucket(*rules))
    assert found.outcome is outcome
    if observed:
        assert causes(found) == ["edge.s3-no-cors"]
        assert found.root is not None
        assert found.root.evidence[0].observed.startswith(observed)
    of_preflight = outcome is BLOCKED and query.method not in (None, "GET")
    assert found.walk.blocked_status == (
        403 if of_preflight else 200 if outcome is BLOCKED else found.walk.blocked_status
    )


def test_unknown_rules_are_named_as_not_checked() -> None:
    found = found_of(asked(), Files=bucket(rule([UNKNOWN_NAME], ["GET"])))
    assert any("headers of the response to GET" in what for what, _ in found.not_checked)


GIVEN = {"Type": "Custom::Cors", "Properties": {"ServiceToken": "a", "Name": {"Ref": "Files"}}}


@pytest.mark.parametrize(
    ("resources", "outcome"),
    [
        ({"Files": bucket(name=UNKNOWN_NAME)}, BLOCKED),
        ({"Files": bucket(name={"Fn::Sub": "shop-${P}"})}, BLOCKED),
        ({"Files": bucket(name={"Fn::Sub": "other-${P}"})}, DiagnosisOutcome.UNKNOWN),
        ({"Files": bucket(name="others")}, DiagnosisOutcome.UNKNOWN),
        ({"Files": bucket(name="")}, DiagnosisOutcome.UNKNOWN),
        ({"Files": bucket(name=UNKNOWN_NAME), "More": bucket(name=UNKNOWN_NAME)}, DiagnosisOutcome.UNKNOWN),
        ({"Files": bucket(), "More": bucket(rule(["*"], ["GET"]), name=UNKNOWN_NAME)}, BLOCKED),
        (
            {
                "Files": bucket(name={"Fn::Sub": "shop-${P}"}),
                "More": bucket(rule(["*"], ["GET"]), name=UNKNOWN_NAME),
            },
            BLOCKED,
        ),
        # What is given the bucket may add rules; what the CDK adds to empty one does not.
        ({"Files": bucket(), "Rules": GIVEN}, PASS),
        ({"Files": bucket(), "Rules": {**GIVEN, "Type": "Custom::S3AutoDeleteObjects"}}, BLOCKED),
        # An API of the template is not what a bucket's URL calls.
        ({"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {}}}, DiagnosisOutcome.UNKNOWN),
    ],
)
def test_a_url_is_compared_with_the_bucket_that_it_names(
    resources: dict[str, Any], outcome: DiagnosisOutcome
) -> None:
    assert found_of(asked(), **resources).outcome is outcome


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://shop.s3.eu-west-1.amazonaws.com/a", "shop"),
        ("https://shop.v2.s3.amazonaws.com/a", "shop.v2"),
        ("https://shop.s3-eu-west-1.amazonaws.com/a", "shop"),
        ("https://shop.s3.dualstack.eu-west-1.amazonaws.com/a", "shop"),
        ("https://shop.s3-accelerate.amazonaws.com/a", "shop"),
        ("http://shop.s3-website.eu-central-1.amazonaws.com/", "shop"),
        ("https://s3.eu-west-1.amazonaws.com/shop/a", "shop"),
        ("http://127.0.0.1:4566/shop/a?X-Amz-Signature=0", "shop"),
        ("https://point-1.s3-accesspoint.eu-west-1.amazonaws.com/a", ""),
        ("https://files.example.com/shop/a", ""),
    ],
)
def test_the_name_of_a_bucket_stands_in_the_host_or_in_the_path(url: str, name: str) -> None:
    assert bucket_in(url) == name


def test_a_bucket_without_a_name_is_known_by_what_cloudformation_calls_it() -> None:
    url = "https://prod-files-1q2w3e.s3.amazonaws.com/a"
    found = found_of(Query(origin=APP, url=url), Files=bucket(name=""), More=bucket(name=""))
    assert found.api == "Files"
    assert causes(found) == ["edge.s3-no-cors"]


def test_a_recording_and_the_rules_agree() -> None:
    apis = read_templates({"t.json": text(Files=bucket(rule(["https://b.example"], ["PUT"], ["*"])))})
    url = f"{HOST}/a.png?X-Amz-Signature=0"
    refused = preflight(url, 403, {"server": "AmazonS3"}, "content-type", method="PUT")
    found = diagnosed(refused, entry("PUT", url, 0, error="net::ERR_FAILED"), apis=apis)
    assert causes(found) == ["edge.s3-no-cors"]
    assert found.certainty is Certainty.CERTAIN


def test_a_recording_that_rules_would_allow_still_has_its_cause() -> None:
    apis = read_templates({"t.json": text(Files=bucket(rule(["*"], ["GET", "PUT"], ["*"])))})
    url = f"{HOST}/a.png?X-Amz-Signature=0"
    refused = preflight(url, 403, {"server": "AmazonS3"}, "content-type", method="PUT")
    assert causes(diagnosed(refused, entry("PUT", url, 0, error="net::ERR_FAILED"), apis=apis)) == [
        "edge.s3-no-cors"
    ]
    bare = entry("GET", url, 200, {"server": "AmazonS3"})
    assert causes(diagnosed(bare, apis=apis)) == ["edge.s3-no-cors"]


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("*", {"access-control-allow-origin": "*", "access-control-allow-methods": "GET"}),
        (
            APP,
            {
                "access-control-allow-origin": APP,
                "access-control-allow-methods": "GET",
                "access-control-allow-credentials": "true",
            },
        ),
    ],
)
def test_s3_allows_credentials_unless_the_rule_has_every_origin(
    origin: str, expected: dict[str, str]
) -> None:
    answer = found_of(asked(), Files=bucket(rule([origin], ["GET"]))).walk.actual
    assert answer is not None
    assert dict(answer.headers) == {"Server": "AmazonS3", **expected}


def test_a_store_that_answers_behind_the_distribution_of_an_api_is_still_known() -> None:
    method = {"RestApiId": {"Ref": "Api"}, "ResourceId": {"Fn::GetAtt": ["Api", "RootResourceId"]}}
    apis = read_templates(
        {
            "t.json": text(
                Api={"Type": "AWS::ApiGateway::RestApi", "Properties": {}},
                Get={"Type": "AWS::ApiGateway::Method", "Properties": {**method, "HttpMethod": "GET"}},
            )
        }
    )
    url = "https://d111111abcdef8.cloudfront.net/"
    refused = preflight(url, 403, {"server": "AmazonS3"}, "content-type", method="PUT")
    assert "edge.s3-no-cors" in causes(
        diagnosed(refused, entry("PUT", url, 0, error="net::ERR_FAILED"), apis=apis)
    )


@pytest.mark.parametrize(
    ("rules", "outcome"),
    [
        ({"rules": [{"AllowedOrigins": [APP], "AllowedMethods": ["GET"]}]}, PASS),
        ({"rules": [{"AllowedOrigins": ["https://other.example.com"], "AllowedMethods": ["GET"]}]}, BLOCKED),
        ({"rules": []}, BLOCKED),
        ({}, PASS),  # AWS refused to tell them
    ],
)
def test_a_bucket_that_is_deployed_is_judged_by_the_rules_that_it_has(
    rules: dict[str, Any], outcome: DiagnosisOutcome
) -> None:
    files = {"name": "storage/files#Bucket", "bucket": "shop-files", **rules}
    sources = DiagnosisSources(deployed=lambda: read({"buckets": [files]}))
    (found,) = find_out(sources, asked()).diagnoses
    assert found.outcome is outcome
    assert (found.root.card.id if found.root else None) == ("edge.s3-no-cors" if outcome is BLOCKED else None)
