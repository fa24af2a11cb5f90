"""The header that a Lambda authorizer reads: what a page sends by itself, and what only the page's code knows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accountsctl.doctor.catalogue.cards import BY_ID
from accountsctl.doctor.catalogue.scene import Scene
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, diagnose
from accountsctl.doctor.diagnosis.subject import Subject
from accountsctl.doctor.diagnosis.targets import Query, page_requests
from accountsctl.doctor.facts.templates import read_templates
from tests.faults.reported.set_twenty_three import by_function

READS = "auth.cognito-identity-source"


def looked_at(header: str, *sent: str) -> Diagnosis:
    (api, *_) = read_templates({"t.json": json.dumps(by_function(header))}, {})
    headers = tuple((name, "x") for name in sent)
    (request,) = page_requests(api, Query(origin="https://app.example.com", headers=headers), ())
    return diagnose(Subject((api,)), request)


def test_a_mapping_where_a_headers_name_belongs_is_the_cause() -> None:
    found = looked_at("method.request.header.Authorization")
    assert found.root is not None
    assert found.root.card.id == READS
    assert "method.request.header.method.request.header.Authorization" in found.root.evidence[0].observed


def test_a_header_of_the_pages_own_is_not_held_against_the_api() -> None:
    assert looked_at("X-Token").root is None


@pytest.mark.parametrize("header", ["Authorization", "Cookie", "User-Agent", "X-Forwarded-For"])
def test_what_a_browser_sends_by_itself_is_there(header: str) -> None:
    found = looked_at(header)
    assert found.root is None
    assert READS not in [warning.card.id for warning in found.warnings]


def test_a_header_that_the_page_is_known_to_send_is_there() -> None:
    found = looked_at("X-Token", "X-Token")
    assert READS not in [warning.card.id for warning in found.warnings]


HTTP_API = {
    "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"ProtocolType": "HTTP"}},
    "Users": {
        "Type": "AWS::ApiGatewayV2::Authorizer",
        "Properties": {
            "ApiId": {"Ref": "Api"},
            "AuthorizerType": "JWT",
            "IdentitySource": ["$request.header.X-Token"],
            "JwtConfiguration": {"Audience": ["web"], "Issuer": "https://login.example.com"},
        },
    },
    "Integration": {
        "Type": "AWS::ApiGatewayV2::Integration",
        "Properties": {"ApiId": {"Ref": "Api"}, "IntegrationType": "HTTP_PROXY"},
    },
    "Route": {
        "Type": "AWS::ApiGatewayV2::Route",
        "Properties": {
            "ApiId": {"Ref": "Api"},
            "RouteKey": "GET /items",
            "AuthorizationType": "JWT",
            "AuthorizerId": {"Ref": "Users"},
            "Target": {"Fn::Sub": "integrations/${Integration}"},
        },
    },
}


def test_an_http_apis_source_is_named_and_written_as_http_apis_have_it() -> None:
    resources: dict[str, Any] = {"Resources": HTTP_API}
    (api,) = read_templates({"t.json": json.dumps(resources)}, {})
    (ask,) = page_requests(
        api, Query(origin="https://app.example.com", headers=(("authorization", "x"),)), ()
    )
    scene = Scene(api, ask, preflight=False)
    assert [seen.expected for seen in BY_ID[READS].evidence(scene)] == ["$request.header.Authorization"]
    (operation,) = BY_ID[READS].operations(scene, resources)
    assert operation.value == ["$request.header.Authorization"]


def with_function(kind: str, source: object, *, options: bool) -> Diagnosis:
    """A PUT to an API whose authorizer is a function, with and without an OPTIONS of its own."""
    wanted = {"Ref": "Reads"}
    api: dict[str, Any] = {"ApiId": {"Ref": "Api"}}
    named = {"IdentitySource": source} if source else {}
    cors = {"AllowOrigins": ["*"], "AllowMethods": ["*"], "AllowHeaders": ["content-type"]}
    resources = {
        "Api": {
            "Type": "AWS::ApiGatewayV2::Api",
            "Properties": {"ProtocolType": "HTTP", "CorsConfiguration": cors},
        },
        "Reads": {
            "Type": "AWS::ApiGatewayV2::Authorizer",
            "Properties": {**api, "AuthorizerType": kind, "AuthorizerUri": "x", **named},
        },
        "Route": {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {
                **api,
                "RouteKey": "PUT /items" if options else "ANY /items",
                "AuthorizationType": "JWT" if kind == "JWT" else "CUSTOM",
                "AuthorizerId": wanted,
            },
        },
    }
    (read,) = read_templates(
        {"t.json": json.dumps({"Parameters": {"P": {"Type": "String"}}, "Resources": resources})}
    )
    query = Query(origin="https://app.example.com", path="/items", method="PUT")
    (request,) = page_requests(read, query, ())
    return diagnose(Subject((read,)), request)


def test_a_function_without_an_identity_source_asks_for_no_header() -> None:
    """For a REQUEST authorizer it is optional: API Gateway, CreateAuthorizer."""
    assert with_function("REQUEST", None, options=True).root is None
    found = with_function("REQUEST", ["$request.header.Authorization"], options=True)
    assert found.root is not None
    assert found.root.card.id == "acah.authorization"


@pytest.mark.parametrize(
    ("kind", "source", "root"),
    [
        ("REQUEST", None, None),
        ("REQUEST", ["$context.routeKey"], None),
        ("REQUEST", ["$request.querystring.token"], None),
        ("REQUEST", {"Ref": "P"}, None),
        ("REQUEST", ["$request.header.Authorization"], "httpapi.default-route"),
        ("JWT", None, "httpapi.default-route"),
    ],
)
def test_a_function_that_a_preflight_reaches_may_let_it_in(
    kind: str, source: object, root: str | None
) -> None:
    found = with_function(kind, source, options=False)
    assert (found.root.card.id if found.root else None) == root
    said = "whether the authorizer of OPTIONS /items lets a preflight in"
    assert (said in dict(found.not_checked)) is (root is None)


def in_a_document(name: str, stated: str | None) -> str:
    source = {"identitySource": stated} if stated else {}
    scheme = {
        "type": "apiKey",
        "name": name,
        "in": "header",
        "x-amazon-apigateway-authorizer": {"type": "request", "authorizerUri": "x", **source},
    }
    body = {"openapi": "3.0.1", "paths": {}, "components": {"securitySchemes": {"Reads": scheme}}}
    api = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": body}}
    (read,) = read_templates({"t.json": json.dumps({"Resources": {"Api": api}})})
    return read.authorizers["Reads"].identity_source


def test_the_name_that_api_gateway_wants_of_a_scheme_is_no_header() -> None:
    """https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html"""
    assert in_a_document("Unused", None) == ""
    assert in_a_document("Unused", "method.request.header.One") == "method.request.header.One"
    assert in_a_document("X-Token", None) == "method.request.header.X-Token"
