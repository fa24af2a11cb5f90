"""Faults of what stands around an API: custom domains, CloudFront, HTTP APIs. The embedded cloud has none of these."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from accountsctl.doctor.facts.templates.document import read_document
from tests.faults.base import SUB
from tests.faults.changes import Body, Change, Fault, adds, both, sets

HEALTHY = Path(__file__).parents[1] / "data" / "doctor" / "healthy"
HOST = "api.example.com"
EDGE = "https://d111111abcdef8.cloudfront.net/items"
CORS_S3_ORIGIN = "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf"
WITH_POLICY = {"OriginRequestPolicyId": CORS_S3_ORIGIN, "ResponseHeadersPolicyId": {"Ref": "Policy"}}
MISSED = "edge.cf-origin-not-forwarded"
OBJECT = "https://shop-files.s3.eu-west-1.amazonaws.com/a.png?X-Amz-Signature=0"
SEVEN = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
NO_CACHE = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"


def before(**behavior: Any) -> Change:
    """A distribution before the API, whose default behaviour has these properties."""
    api = {
        "Id": "api",
        "DomainName": {SUB: "${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}"},
        "OriginPath": "/dev",
        "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"},
    }
    default = {"TargetOriginId": "api", "ViewerProtocolPolicy": "https-only", **behavior}
    config = {"Enabled": True, "Origins": [api], "DefaultCacheBehavior": default}
    return adds("Edge", "AWS::CloudFront::Distribution", DistributionConfig=config)


def domain(**properties: Any) -> Change:
    """A domain of the API's own."""
    return adds("Domain", "AWS::ApiGateway::DomainName", DomainName=HOST, **properties)


MAPPED = adds(
    "Mapping",
    "AWS::ApiGateway::BasePathMapping",
    DomainName={"Ref": "Domain"},
    RestApiId={"Ref": "Api"},
    Stage={"Ref": "Stage"},
)


def healthy(name: str, _: str) -> Body:
    """A healthy template of the test data; those that are used here allow any origin."""
    text = (HEALTHY / f"{name}.yaml").read_text()
    return dict(read_document(name, text).body)


def configured(**cors: Any) -> Change:
    """Give an HTTP API another CORS configuration; None takes it away."""

    def change(body: Body, _: str) -> None:
        told = body["Resources"]["Api"]["Properties"]["CorsConfiguration"]
        told.update(cors)

    return change


def _guarded(body: Body, _: str) -> None:
    del body["Resources"]["Preflight"]


def _function_url(_: str) -> Body:
    """A function with a URL of its own, for signed requests."""
    code = "def handler(event, context):\n    return {'statusCode': 200, 'body': '[]'}\n"
    function = {"Runtime": "python3.13", "Handler": "index.handler", "Code": {"ZipFile": code}}
    cors = {"AllowOrigins": ["*"], "AllowMethods": ["*"], "AllowHeaders": ["*"]}
    url = {"TargetFunctionArn": {"Ref": "Function"}, "AuthType": "AWS_IAM", "Cors": cors}
    return {
        "Resources": {
            "Function": {"Type": "AWS::Lambda::Function", "Properties": function},
            "Url": {"Type": "AWS::Lambda::Url", "Properties": url},
        }
    }


def _bucket(_: str) -> Body:
    """A bucket of which pages read, and to which none may upload."""
    rule = {"AllowedOrigins": ["*"], "AllowedMethods": ["GET"], "AllowedHeaders": ["*"]}
    properties = {"BucketName": "shop-files", "CorsConfiguration": {"CorsRules": [rule]}}
    return {"Resources": {"Files": {"Type": "AWS::S3::Bucket", "Properties": properties}}}


def _site(behavior: dict[str, Any], _: str) -> Body:
    """A distribution before a bucket of which every page may read."""
    body = _bucket("")
    default = {"TargetOriginId": "files", "AllowedMethods": SEVEN, "CachePolicyId": NO_CACHE, **behavior}
    origins = [{"Id": "files", "DomainName": {"Fn::GetAtt": ["Files", "RegionalDomainName"]}}]
    config = {"Enabled": True, "Origins": origins, "DefaultCacheBehavior": default}
    body["Resources"]["Site"] = {
        "Type": "AWS::CloudFront::Distribution",
        "Properties": {"DistributionConfig": config},
    }
    cors = {
        "AccessControlAllowCredentials": False,
        "AccessControlAllowOrigins": {"Items": ["*"]},
        "AccessControlAllowMethods": {"Items": ["GET"]},
        "AccessControlAllowHeaders": {"Items": ["*"]},
        "OriginOverride": True,
    }
    body["Resources"]["Policy"] = {
        "Type": "AWS::CloudFront::ResponseHeadersPolicy",
        "Properties": {"ResponseHeadersPolicyConfig": {"Name": "cors", "CorsConfig": cors}},
    }
    if behavior:
        rule = body["Resources"]["Files"]["Properties"]["CorsConfiguration"]["CorsRules"][0]
        rule["AllowedMethods"] = ["GET", "PUT"]
    return body


def signed_by_cloudfront(_: str) -> Body:
    """A function URL for signed requests, behind CloudFront that signs them."""
    body = _function_url("")
    host = {"Fn::Select": [2, {"Fn::Split": ["/", {"Fn::GetAtt": ["Url", "FunctionUrl"]}]}]}
    control = {"Name": "url", "OriginAccessControlOriginType": "lambda", "SigningBehavior": "always"}
    config = {
        "Enabled": True,
        "Origins": [
            {"Id": "url", "DomainName": host, "OriginAccessControlId": {"Fn::GetAtt": ["Control", "Id"]}}
        ],
        "DefaultCacheBehavior": {"TargetOriginId": "url", "AllowedMethods": SEVEN, "CachePolicyId": NO_CACHE},
    }
    body["Resources"] |= {
        "Control": {
            "Type": "AWS::CloudFront::OriginAccessControl",
            "Properties": {"OriginAccessControlConfig": control},
        },
        "Site": {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": config}},
    }
    return body


def _without_cors(body: Body, _: str) -> None:
    del body["Resources"]["Url"]["Properties"]["Cors"]


def _public_without_cors(body: Body, origin: str) -> None:
    """A URL for everyone, whose code sends the headers; nothing lets anyone call the function."""
    _without_cors(body, origin)
    body["Resources"]["Url"]["Properties"]["AuthType"] = "NONE"


FAULTS: tuple[Fault, ...] = tuple(
    Fault(cause, change, live=False, deployed=False, **more)
    for cause, change, more in (
        (
            "edge.cf-methods",
            before(OriginRequestPolicyId=ALL_BUT_HOST, CachePolicyId=NO_CACHE),
            {"url": EDGE},
        ),
        (
            "edge.cf-host",
            before(AllowedMethods=SEVEN, OriginRequestPolicyId=ALL_VIEWER, CachePolicyId=NO_CACHE),
            {"url": EDGE},
        ),
        ("edge.cf-authorization", before(AllowedMethods=SEVEN, CachePolicyId=NO_CACHE), {"url": EDGE}),
        (
            "deploy.vpce-host",
            sets("Api", EndpointConfiguration={"Types": ["PRIVATE"]}),
            {
                "url": "https://vpce-0ab12cd34ef567890-1a2b3c4d.execute-api.eu-west-1.vpce.amazonaws.com/dev/items"
            },
        ),
        (
            "deploy.mtls",
            both(domain(MutualTlsAuthentication={"TruststoreUri": "s3://trust/store.pem"}), MAPPED),
            {"url": f"https://{HOST}/items"},
        ),
        ("deploy.no-mapping", domain(), {"url": f"https://{HOST}/items"}),
        ("deploy.stage-in-domain-path", both(domain(), MAPPED), {"url": f"https://{HOST}/dev/items"}),
        (
            "function-url.no-cors",
            _without_cors,
            {"base": _function_url, "headers": (("authorization", "x"),)},
        ),
        ("edge.s3-no-cors", None, {"base": _bucket, "url": OBJECT, "method": "PUT", "path": "/a.png"}),
        (MISSED, None, {"base": partial(_site, {}), "url": EDGE}),
        ("function-url.oac-body", None, {"base": signed_by_cloudfront, "url": EDGE, "method": "POST"}),
        ("edge.cf-headers-policy", None, {"base": partial(_site, WITH_POLICY), "url": EDGE, "method": "PUT"}),
        ("function-url.no-permission", _public_without_cors, {"base": _function_url}),
        ("function-url.iam", None, {"base": _function_url, "headers": (("authorization", "x"),)}),
        ("httpapi.default-route", _guarded, {"base": partial(healthy, "http-default-route")}),
        (
            "httpapi.origin-not-listed",
            configured(AllowOrigins=["https://app.example.com"]),
            {"base": partial(healthy, "http-jwt")},
        ),
    )
)
