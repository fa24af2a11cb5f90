"""CloudFront before a bucket, an API or anything else, as a template has it.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from accountsctl.commands.doctor.cors import DiagnosisSources, find_out
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.facts.templates import read_templates
from tests.unit.commands.doctor.recordings import causes

APP = "https://app.example.com"
SITE = "https://d111111abcdef8.cloudfront.net/a.json"
CACHED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CORS_S3 = "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf"
CORS_CUSTOM = "59781a5b-3903-41f3-afcb-af62929ccde1"
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
SIMPLE_CORS = "60669652-455b-4ae9-85a4-c4c02393f86c"
WITH_PREFLIGHT = "5cc3b908-e619-4b99-88e5-2cf7f45965bd"
THREE = ["GET", "HEAD", "OPTIONS"]
SEVEN = [*THREE, "PUT", "PATCH", "POST", "DELETE"]
PASS, BLOCKED = DiagnosisOutcome.PASS, DiagnosisOutcome.BLOCKED
ANY_GET = {"AllowedOrigins": ["*"], "AllowedMethods": ["GET"], "AllowedHeaders": ["*"]}
ALL_OF_GET = ({"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]},)
FILES, SERVER = {"Fn::GetAtt": ["Files", "RegionalDomainName"]}, "server.example.com"
OWN = {"Ref": "Policy"}
MISSED = "edge.cf-origin-not-forwarded"
POLICY = "edge.cf-headers-policy"
NO_RULE = "edge.s3-no-cors"
EDGE_CODE = [{"EventType": "viewer-response", "FunctionARN": "arn:aws:cloudfront::1:function/f"}]


def cors(origins: list[Any], methods: list[str], headers: list[str], override: Any = True) -> dict[str, Any]:
    """The CorsConfig of a response headers policy."""
    return {
        "AccessControlAllowCredentials": False,
        "AccessControlAllowOrigins": {"Items": origins},
        "AccessControlAllowMethods": {"Items": methods},
        "AccessControlAllowHeaders": {"Items": headers},
        "OriginOverride": override,
    }


def template(rules: Any, origin: Any, behavior: dict[str, Any], policy: Any = None) -> dict[str, Any]:
    bucket = {"CorsConfiguration": {"CorsRules": list(rules)}} if rules else {}
    default = {
        "TargetOriginId": "o",
        "ViewerProtocolPolicy": "https-only",
        "CachePolicyId": CACHED,
        **behavior,
    }
    config = {
        "Aliases": ["cdn.example.com"],
        "Origins": [{"Id": "o", "DomainName": origin}],
        "DefaultCacheBehavior": default,
    }
    resources = {
        "Files": {"Type": "AWS::S3::Bucket", "Properties": bucket},
        "Site": {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": config}},
    }
    if policy:
        stated = {"ResponseHeadersPolicyConfig": {"Name": "p", "CorsConfig": policy}}
        resources["Policy"] = {"Type": "AWS::CloudFront::ResponseHeadersPolicy", "Properties": stated}
    return {"Parameters": {"P": {"Type": "String"}}, "Resources": resources}


def found_of(body: dict[str, Any], method: str = "GET", *headers: str, url: str = SITE) -> Diagnosis:
    apis = read_templates({"t.json": json.dumps(body)})
    sent = tuple((name, "x") for name in headers)
    query = Query(origin=APP, method=method, headers=sent, url=url)
    (found,) = find_out(DiagnosisSources(static=lambda: apis), query).diagnoses
    return found


@pytest.mark.parametrize(
    ("rules", "behavior", "headers", "expected"),
    [
        # What S3 gets: by a policy of AWS's, of one's own, or by the older settings.
        (ALL_OF_GET, {}, (), [MISSED]),
        (ALL_OF_GET, {"OriginRequestPolicyId": CORS_S3}, (), []),
        (ALL_OF_GET, {"OriginRequestPolicyId": CORS_CUSTOM}, (), []),
        (ALL_OF_GET, {"OriginRequestPolicyId": ALL_BUT_HOST}, (), []),
        (ALL_OF_GET, {"CachePolicyId": "08627262-05a9-4f76-9ded-b50ca2e3a84f"}, (), []),
        (ALL_OF_GET, {"OriginRequestPolicyId": {"Ref": "P"}}, (), []),
        (ALL_OF_GET, {"CachePolicyId": {"Ref": "P"}}, (), []),
        (ALL_OF_GET, {"CachePolicyId": None, "ForwardedValues": {"QueryString": False}}, (), []),
        ((), {}, (), [NO_RULE]),
        ((), {"OriginRequestPolicyId": CORS_S3}, (), [NO_RULE]),
        # What the policy adds.
        ((), {"ResponseHeadersPolicyId": SIMPLE_CORS}, (), []),
        (ALL_OF_GET, {"ResponseHeadersPolicyId": SIMPLE_CORS}, (), []),
        ((), {"ResponseHeadersPolicyId": {"Ref": "P"}}, (), []),
        ((), {"ResponseHeadersPolicyId": "67f7725c-6f97-4210-82d7-5512b31e9d03"}, (), [NO_RULE]),
        ((), {"FunctionAssociations": EDGE_CODE}, (), []),
        # A preflight has to pass the methods, and S3 itself: a policy changes no status.
        ((ANY_GET,), {"OriginRequestPolicyId": CORS_S3}, ("x-a",), ["edge.cf-methods"]),
        ((ANY_GET,), {"OriginRequestPolicyId": CORS_S3, "AllowedMethods": THREE}, ("x-a",), []),
        (ALL_OF_GET, {"OriginRequestPolicyId": CORS_S3, "AllowedMethods": THREE}, ("x-a",), [NO_RULE]),
        ((), {"ResponseHeadersPolicyId": WITH_PREFLIGHT, "AllowedMethods": THREE}, ("x-a",), [NO_RULE]),
        (
            (ANY_GET,),
            {"ResponseHeadersPolicyId": WITH_PREFLIGHT, "AllowedMethods": THREE},
            ("x-a",),
            [MISSED],
        ),
        ((ANY_GET,), {"OriginRequestPolicyId": CORS_CUSTOM, "AllowedMethods": THREE}, ("x-a",), []),
        ((), {"FunctionAssociations": EDGE_CODE, "AllowedMethods": THREE}, ("x-a",), []),
    ],
)
def test_a_bucket_behind_cloudfront_is_judged_by_what_reaches_it_and_what_is_added(
    rules: Any, behavior: dict[str, Any], headers: tuple[str, ...], expected: list[str]
) -> None:
    found = found_of(template(rules, FILES, behavior), "GET", *headers)
    assert causes(found) == expected
    assert found.outcome is (BLOCKED if expected else PASS)


@pytest.mark.parametrize(
    ("policy", "method", "headers", "expected"),
    [
        (cors([APP], ["GET"], ["*"]), "GET", (), []),
        (cors(["app.example.com"], ["GET"], ["*"]), "GET", (), []),
        (cors(["*.example.com"], ["GET"], ["*"]), "GET", (), []),
        (cors([APP], ["GET"], ["*"]), "PUT", (), [POLICY]),
        (cors([APP], ["ALL"], ["content-type"]), "PUT", (), []),
        (cors([APP], ["ALL"], ["content-type"]), "PUT", ("x-a",), [POLICY]),
        # Chromium takes * for Authorization still, and warns.
        (cors([APP], ["ALL"], ["*"]), "GET", ("authorization",), []),
        (cors([APP], ["GET"], ["*"], override=False), "PUT", (), []),
        (cors([APP], ["GET"], ["*"], override={"Ref": "P"}), "PUT", (), []),
        (cors([{"Ref": "P"}], ["ALL"], ["*"]), "PUT", (), []),
        # Whether the policy takes away what the server allows is not documented.
        (cors(["https://b.example"], ["ALL"], ["*"]), "GET", (), []),
    ],
)
def test_headers_that_replace_those_of_any_server_are_judged(
    policy: Any, method: str, headers: tuple[str, ...], expected: list[str]
) -> None:
    behavior = {"ResponseHeadersPolicyId": OWN, "AllowedMethods": SEVEN}
    assert causes(found_of(template((), SERVER, behavior, policy), method, *headers)) == expected


def test_a_policy_without_the_pages_origin_is_named_where_the_bucket_allows_no_page() -> None:
    behavior = {"ResponseHeadersPolicyId": OWN, "OriginRequestPolicyId": CORS_S3}
    found = found_of(template((), FILES, behavior, cors(["https://b.example"], ["GET"], ["*"])))
    assert causes(found) == [POLICY]


def test_it_is_not_known_whether_a_policy_for_other_pages_takes_away_what_the_bucket_allows() -> None:
    behavior = {"ResponseHeadersPolicyId": OWN, "OriginRequestPolicyId": CORS_S3}
    found = found_of(template(ALL_OF_GET, FILES, behavior, cors(["https://b.example"], ["GET"], ["*"])))
    assert found.outcome is PASS
    assert any("access-control-allow-origin" in why for _, why in found.not_checked)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://cdn.example.com/a.json", [MISSED]),
        (SITE, [MISSED]),
        # An alias of none.
        ("https://other.example.com/a.json", []),
    ],
)
def test_a_distribution_is_known_by_its_names(url: str, expected: list[str]) -> None:
    assert causes(found_of(template(ALL_OF_GET, FILES, {}), url=url)) == expected


def behind_a_path(policy: Any) -> dict[str, Any]:
    """A site with an API under a path, whose MOCK sends no CORS headers."""
    added = {"ResponseHeadersPolicyId": policy} if policy else {}
    body = template(ALL_OF_GET, FILES, {})
    config = body["Resources"]["Site"]["Properties"]["DistributionConfig"]
    host = {"Fn::Sub": "${Api}.execute-api.${AWS::Region}.amazonaws.com"}
    config["Origins"].append({"Id": "api", "DomainName": host, "OriginPath": "/dev"})
    path = {"TargetOriginId": "api", "PathPattern": "api/*", "CachePolicyId": CACHED}
    config["CacheBehaviors"] = [{**path, "AllowedMethods": SEVEN, **added}]
    mock: dict[str, Any] = {"type": "MOCK", "requestTemplates": {"application/json": '{"statusCode": 200}'}}
    mock["responses"] = {"default": {"statusCode": "200"}}
    get = {"responses": {"200": {}}, "x-amazon-apigateway-integration": mock}
    document = {"openapi": "3.0.1", "paths": {"/{proxy+}": {"get": get}}}
    body["Resources"]["Api"] = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": document}}
    return body


@pytest.mark.parametrize(
    ("policy", "url", "outcome"),
    [
        (None, "https://d111111abcdef8.cloudfront.net/api/items", BLOCKED),
        (SIMPLE_CORS, "https://d111111abcdef8.cloudfront.net/api/items", PASS),
        ({"Ref": "P"}, "https://d111111abcdef8.cloudfront.net/api/items", PASS),
        (SIMPLE_CORS, "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/items", BLOCKED),
    ],
)
def test_an_api_has_the_headers_that_cloudfront_adds_where_the_page_calls_it_so(
    policy: Any, url: str, outcome: DiagnosisOutcome
) -> None:
    found = found_of(behind_a_path(policy), url=url)
    assert found.api == "Api"
    assert found.outcome is outcome
    assert found_of(behind_a_path(policy)).api == "Site"


def through(pattern: Any, origin_path: Any, stage: str = "dev", **behavior: Any) -> dict[str, Any]:
    """A site with an API of the route /items under a path pattern; its MOCK allows every page."""
    body = behind_a_path(SIMPLE_CORS)
    config = body["Resources"]["Site"]["Properties"]["DistributionConfig"]
    config["CacheBehaviors"][0] |= {"PathPattern": pattern, **behavior}
    config["Origins"][1]["OriginPath"] = origin_path
    document = body["Resources"]["Api"]["Properties"]["Body"]
    document["paths"]["/items"] = document["paths"].pop("/{proxy+}")
    stated = {"RestApiId": {"Ref": "Api"}, "StageName": stage}
    body["Resources"]["Stage"] = {"Type": "AWS::ApiGateway::Stage", "Properties": stated}
    return body


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        # The stage is the first part of what reaches execute-api: of the origin's path, or of the URL's own.
        ("/items", through("items", "/dev"), []),
        ("/dev/items", through("dev/*", ""), []),
        ("/dev/items", through("dev/*", "/dev"), ["deploy.wrong-path"]),
        ("/items", through("items", {"Fn::Sub": "/${P}"}), []),
        ("/dev/items", through("dev/*", {"Fn::Sub": "/${P}"}), ["deploy.wrong-path"]),
        ("/api/items", through("api/*", "/dev"), ["deploy.wrong-path"]),
        # What reaches it is not known.
        ("/api/items", through("api/*", {"Ref": "P"}), []),
        ("/api/items", through("api/*", "/dev", FunctionAssociations=EDGE_CODE), []),
        ("/items", through({"Fn::Sub": "/${P}*"}, "/dev"), []),
        # The default behavior, which leads to the bucket, allows GET and HEAD alone; the API's is that of the path.
        ("/items", through("items", "/dev", AllowedMethods=["GET"]), []),
    ],
)
def test_the_path_that_reaches_an_api_begins_with_its_stage(
    path: str, body: dict[str, Any], expected: list[str]
) -> None:
    for host in ("cdn.example.com", "d111111abcdef8.cloudfront.net"):
        assert causes(found_of(body, url=f"https://{host}{path}")) == expected


@pytest.mark.parametrize(
    "behaviors",
    [{"Fn::If": ["Many", [{}], []]}, {"Ref": "P"}, [{"Fn::If": ["Many", {"PathPattern": "a"}, {}]}]],
)
def test_behaviors_that_only_the_deployment_knows_may_be_those_of_a_path(behaviors: Any) -> None:
    body = through("items", "/dev")
    body["Conditions"] = {"Many": {"Fn::Equals": [{"Ref": "P"}, "many"]}}
    body["Resources"]["Site"]["Properties"]["DistributionConfig"]["CacheBehaviors"] = behaviors
    assert causes(found_of(body, url="https://cdn.example.com/items")) == []


@pytest.mark.parametrize("aliases", [{"Ref": "P"}, [{"Fn::Select": [0, {"Ref": "P"}]}]])
def test_a_host_that_may_be_any_may_make_any_path_of_the_urls(aliases: Any) -> None:
    body = through("dev/*", "")
    body["Resources"]["Site"]["Properties"]["DistributionConfig"]["Aliases"] = aliases
    found = found_of(body, url="https://cdn.example.com/dev/items")
    assert causes(found) == []
    assert any("cdn.example.com passes the path on" in what for what, _ in found.not_checked)


def test_code_at_the_edge_may_replace_the_headers_of_an_api() -> None:
    body = through("items", "/dev", FunctionAssociations=EDGE_CODE)
    get = body["Resources"]["Api"]["Properties"]["Body"]["paths"]["/items"]["get"]
    header = {"method.response.header.Access-Control-Allow-Origin": "'https://b.example'"}
    get["x-amazon-apigateway-integration"]["responses"]["default"]["responseParameters"] = header
    assert causes(found_of(body, url="https://cdn.example.com/items")) == []


def test_headers_of_a_cache_key_that_only_the_deployment_knows_may_have_authorization() -> None:
    body = through("items", "/dev", CachePolicyId={"Ref": "Key"})
    headers = {"HeaderBehavior": "whitelist", "Headers": {"Ref": "P"}}
    config = {"ParametersInCacheKeyAndForwardedToOrigin": {"HeadersConfig": headers}}
    stated = {"CachePolicyConfig": config}
    body["Resources"]["Key"] = {"Type": "AWS::CloudFront::CachePolicy", "Properties": stated}
    (api,) = (one for one in read_templates({"t.json": json.dumps(body)}) if one.name == "Api")
    (behavior,) = api.distributions
    assert behavior.forwards_authorization is None
    assert behavior.custom_headers is None
