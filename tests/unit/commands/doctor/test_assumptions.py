"""What the doctor would have to guess about the client accuses nothing; it is a warning, with what would show it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from accountsctl.commands.doctor.cors import DiagnosisSources, find_out
from accountsctl.commands.doctor.sources import template_sources
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.facts.places import Layer
from accountsctl.doctor.facts.templates import read_templates
from accountsctl.doctor.facts.templates.common import whole
from accountsctl.model.errors import CouldNotLook
from tests.faults.base import template
from tests.faults.changes import Body, Change, both, preflight, sets
from tests.faults.outside_rest_apis import ALL_BUT_HOST, EDGE, NO_CACHE, SEVEN, before

ORIGIN = "http://localhost:4200"
POOL = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Zoo000000"
AWS = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/items"
GUESSES: dict[str, tuple[Change, dict[str, Any]]] = {
    "edge.cf-methods": (before(OriginRequestPolicyId=ALL_BUT_HOST, CachePolicyId=NO_CACHE), {"url": EDGE}),
    "edge.cf-authorization": (before(AllowedMethods=SEVEN, CachePolicyId=NO_CACHE), {"url": EDGE}),
    "deploy.default-endpoint-disabled": (sets("Api", DisableExecuteApiEndpoint=True), {"url": AWS}),
    "auth.api-key": (
        both(
            sets("ItemsGet", ApiKeyRequired=True),
            preflight("Headers", lambda _: "'authorization,x-api-key'"),
        ),
        {"headers": (("authorization", "x"),)},
    ),
}


def diagnosed(body: Body, **query: Any) -> Diagnosis:
    apis = read_templates({"template.json": json.dumps(body)}, {"authusersUserPoolArn": POOL})
    path = None if "url" in query else "/items"
    asked = Query(ORIGIN, **{"path": path, "method": "GET", **query})
    (found,) = find_out(DiagnosisSources(static=lambda: apis), asked).diagnoses
    return found


@pytest.mark.parametrize("cause", GUESSES)
def test_a_guess_is_a_warning_and_a_fact_is_a_cause(cause: str) -> None:
    change, stated = GUESSES[cause]
    body = template(ORIGIN)
    change(body, ORIGIN)
    found = diagnosed(body)
    assert (found.outcome, found.root) == (DiagnosisOutcome.PASS, None)
    assert cause in [warning.card.id for warning in found.warnings]
    assert any(cause in why and "--url" in why for _, why in found.not_checked)
    named = diagnosed(body, **stated)
    assert named.root is not None
    assert named.root.card.id == cause


def test_a_private_api_is_only_accused_by_an_answer() -> None:
    body = template(ORIGIN)
    sets("Api", EndpointConfiguration={"Types": ["PRIVATE"]})(body, ORIGIN)
    found = diagnosed(body)
    assert found.outcome is DiagnosisOutcome.PASS
    assert [warning.card.id for warning in found.warnings] == ["deploy.private"]


def test_a_client_of_an_api_for_signers_signs() -> None:
    body = template(ORIGIN)
    for resource in body["Resources"].values():
        if resource["Type"].endswith("::Method") and resource["Properties"].get("AuthorizerId"):
            resource["Properties"]["AuthorizationType"] = "AWS_IAM"
            del resource["Properties"]["AuthorizerId"]
    del body["Resources"]["Authorizer"]
    assert diagnosed(body).outcome is DiagnosisOutcome.PASS
    named = diagnosed(body, headers=(("authorization", "x"),))
    assert named.root is not None
    assert named.root.card.id == "auth.iam-not-cognito"


@pytest.mark.parametrize(
    ("behaviors", "blocked"),
    [
        ([{"PathPattern": "/static/*"}], True),
        ([{"PathPattern": "/items*", "AllowedMethods": SEVEN}], False),
        ([{"PathPattern": "items", "AllowedMethods": SEVEN}, {"PathPattern": "*"}], False),
        ([{"PathPattern": "/items", "AllowedMethods": ["GET", "HEAD"]}], True),
    ],
)
def test_the_first_behaviour_that_fits_the_path_decides(
    behaviors: list[dict[str, Any]], blocked: bool
) -> None:
    body = template(ORIGIN)
    shared = {"OriginRequestPolicyId": "policy-of-ones-own", "CachePolicyId": "another"}
    before(**shared)(body, ORIGIN)
    config = body["Resources"]["Edge"]["Properties"]["DistributionConfig"]
    config["CacheBehaviors"] = [{"TargetOriginId": "api", **shared, **one} for one in behaviors]
    found = diagnosed(body, url=EDGE, headers=(("authorization", "x"),))
    assert found.fails == blocked, found.root


def test_an_api_of_which_no_route_is_known_is_not_said_to_be_fine() -> None:
    included = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "api.yaml"}}}
    body = {"Resources": {"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": included}}}}
    apis = read_templates({"template.json": json.dumps(body)})
    with pytest.raises(CouldNotLook, match="No route"):
        find_out(DiagnosisSources(static=lambda: apis), Query(ORIGIN))


@pytest.mark.parametrize("digits", [19, 400, 5000])
def test_a_number_that_aws_takes_nowhere_is_not_known(digits: int) -> None:
    assert whole("9" * digits) is None
    assert whole("9" * 18) == int(float("9" * 18))


@pytest.mark.parametrize(
    ("resources", "place"),
    [
        ("  Bucket: {Type: AWS::S3::Bucket}", r"t\.yaml: no API stands there, only S3 buckets"),
        (
            "  Shop:\n    Type: AWS::ApiGateway::RestApi\n    Properties: {BodyS3Location: {Bucket: b}}",
            r"t\.yaml:2: Shop",
        ),
    ],
)
def test_a_template_in_which_nothing_can_be_asked_for_is_named(
    tmp_path: Path, resources: str, place: str
) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(f"Resources:\n{resources}\n")
    with pytest.raises(CouldNotLook) as failed:
        find_out(template_sources([file], frozenset({Layer.STATIC}), None), Query())
    assert re.search(place, f"{failed.value} {failed.value.why}")
