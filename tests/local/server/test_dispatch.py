"""Which service a request is for."""

from __future__ import annotations

from typing import Any

import pytest

from accountsctl.localcloud.contracts import dispatch
from accountsctl.localcloud.contracts.messages import Request

SCOPED = "Credential=AK/20260101/eu-west-1/sts/aws4_request"


def signed(service: str, path: str = "/", **more: Any) -> Request:
    value = f"AWS4-HMAC-SHA256 Credential=AK/20260101/eu-west-1/{service}/aws4_request, SignedHeaders=host"
    return Request("POST", path, headers=(("Authorization", value),), **more)


@pytest.mark.parametrize(
    ("request_", "service"),
    [
        (signed("cloudformation"), "cloudformation"),
        (signed("rds-data", "/Execute"), "data-api"),
        (signed("lambda", "/2015-03-31/functions/f/invocations"), "invoke"),
        (signed("lambda", "/2015-03-31/functions"), "control"),
        (signed("s3", "/bucket/key"), "control"),
        (Request("GET", "/", headers=(("Authorization", f"SignedHeaders=host, {SCOPED}"),)), "control"),
        (Request("GET", "/", headers=(("Authorization", SCOPED.lower()),)), "control"),
        (Request("GET", "/", query=f"X-Amz-{SCOPED}"), "control"),
        (Request("GET", "/x", headers=(("Host", "Abc.lambda-url.eu-west-1.on.aws"),)), "function-url"),
        (signed("execute-api", "/_aws/execute-api/abc/dev/x"), "gateway"),
        (Request("GET", "/_aws/execute-api/abc/dev"), "gateway"),
        (Request("GET", "/dev/x", headers=(("Host", "abc.execute-api.eu-west-1.amazonaws.com"),)), "gateway"),
        (Request("GET", "/_aws/execute-api/a/d", headers=(("Authorization", "Bearer ey.J.x"),)), "gateway"),
        (Request("GET", "/eu-west-1_Abc/.well-known/jwks.json"), "control"),
        (Request("GET", "/_accountsctl/health"), "daemon"),
        (Request("GET", "/", headers=(("Authorization", "Bearer x"),)), "unknown"),
    ],
)
def test_a_request_goes_where_its_signature_and_path_say(request_: Request, service: str) -> None:
    assert dispatch.target(request_).service == service


def test_region_and_caller_come_from_the_signature() -> None:
    where = dispatch.target(signed("rds"))
    assert (where.region, where.scope, where.access_key) == ("eu-west-1", "rds", "AK")


def test_one_credential_serves_both_versions_of_api_gateway() -> None:
    scopes = [
        dispatch.target(signed("apigateway", path)).scope for path in ("/restapis", "/v2/apis", "/restapis")
    ]
    assert scopes == ["apigateway", "apigatewayv2", "apigateway"]


def test_the_path_below_a_stage_stays_encoded() -> None:
    where = dispatch.target(Request("GET", "/_aws/execute-api/abc/dev/a%2Fb/"))
    assert (where.api, where.stage, where.path) == ("abc", "dev", "/a%2Fb/")
