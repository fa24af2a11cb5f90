"""CloudFront that signs for a function URL.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from accountsctl.commands.doctor.cors import DiagnosisSources, find_out
from accountsctl.doctor.diagnosis.diagnose import Diagnosis
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.facts.templates import read_templates
from tests.unit.commands.doctor.recordings import causes

SITE = "https://d111111abcdef8.cloudfront.net/x"
BODY, TOKEN = "function-url.oac-body", "function-url.oac-token"
ALL = {"AllowOrigins": ["*"], "AllowMethods": ["*"], "AllowHeaders": ["*"]}
CODE = "def h(e, c):\n    return {}\n"
SEVEN = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def template(
    signing: Any, auth: str = "AWS_IAM", *, sam: bool = False, methods: list[str] = SEVEN
) -> dict[str, Any]:
    """A function URL behind a distribution, as CDK and AWS's guide write it."""
    host = {"Fn::Select": [2, {"Fn::Split": ["/", {"Fn::GetAtt": ["FnUrl", "FunctionUrl"]}]}]}
    control = {"Fn::GetAtt": ["Control", "Id"]}
    default = {
        "TargetOriginId": "f",
        "AllowedMethods": methods,
        "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
    }
    origin = {"Id": "f", "DomainName": host, "OriginAccessControlId": control}
    config = {"Origins": [origin], "DefaultCacheBehavior": default}
    url = {"AuthType": auth, "Cors": ALL}
    code = {"Handler": "index.h", "Runtime": "python3.13"}
    of_function: dict[str, Any] = (
        {
            "Fn": resource(
                "Serverless::Function",
                **code,
                InlineCode="def h(e, c):\n    return {}\n",
                FunctionUrlConfig=url,
            )
        }
        if sam
        else {
            "Fn": resource("Lambda::Function", **code),
            "FnUrl": resource("Lambda::Url", TargetFunctionArn={"Ref": "Fn"}, **url),
        }
    )
    stated = {"Name": "o", "OriginAccessControlOriginType": "lambda", "SigningBehavior": signing}
    return {
        "Parameters": {"P": {"Type": "String"}},
        "Resources": {
            **of_function,
            "Control": resource("CloudFront::OriginAccessControl", OriginAccessControlConfig=stated),
            "Site": resource("CloudFront::Distribution", DistributionConfig=config),
        },
    }


def found_of(body: dict[str, Any], method: str, *headers: str, url: str | None = SITE) -> Diagnosis:
    apis = read_templates({"t.json": json.dumps(body)})
    sent = tuple((name, "x") for name in headers)
    query = Query(origin="https://app.example.com", method=method, headers=sent, url=url)
    (found,) = find_out(DiagnosisSources(static=lambda: apis), query).diagnoses
    return found


@pytest.mark.parametrize("sam", [False, True])
@pytest.mark.parametrize(
    ("signing", "method", "headers", "expected", "warned"),
    [
        ("always", "GET", (), [], False),
        ("always", "POST", (), [BODY], False),
        ("always", "PUT", (), [BODY], False),
        ("always", "POST", ("x-amz-content-sha256",), [], False),
        ("always", "GET", ("authorization",), [], True),
        ("always", "POST", ("authorization",), [BODY], True),
        ("no-override", "POST", (), [BODY], False),
        ("no-override", "POST", ("authorization",), [], False),
        ("no-override", "GET", ("authorization",), [], False),
        ("never", "POST", (), [], False),
        ({"Ref": "P"}, "POST", (), [], False),
    ],
)
def test_a_body_needs_its_hash_and_a_token_is_overwritten_where_cloudfront_signs(
    signing: Any, method: str, headers: tuple[str, ...], expected: list[str], warned: bool, sam: bool
) -> None:
    found = found_of(template(signing, sam=sam), method, *headers)
    assert found.api == ("Fn" if sam else "FnUrl")
    assert causes(found) == expected
    assert (TOKEN in [warning.card.id for warning in found.warnings]) is warned


@pytest.mark.parametrize(
    ("url", "expected"), [(None, []), ("https://abc.lambda-url.eu-west-1.on.aws/x", ["function-url.iam"])]
)
def test_a_page_goes_through_cloudfront_unless_its_url_says_otherwise(
    url: str | None, expected: list[str]
) -> None:
    assert causes(found_of(template("always"), "GET", url=url)) == expected


def test_a_function_url_for_everyone_needs_no_hash() -> None:
    assert causes(found_of(template("always", "NONE"), "POST")) in ([], ["function-url.no-permission"])


def test_the_methods_of_the_behavior_count_for_a_function_url_too() -> None:
    assert causes(found_of(template("always", methods=["GET", "HEAD"]), "GET", "x-a")) == ["edge.cf-methods"]
