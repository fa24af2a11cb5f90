"""HTTP APIs that are made of an OpenAPI document, as SAM makes all of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from accountsctl.localcloud.openapi import OpenApiError
from accountsctl.localcloud.openapi.http_api import read
from tests.local.apigateway.deployed.templates import ref, sub
from tests.local.deployed_api import Api
from tests.local.http_apis.templates import documented
from tests.local.http_apis.test_http_apis import send
from tests.local.identity.people import People

Deploy = Callable[..., Api]
INTEGRATION = {
    "type": "aws_proxy",
    "httpMethod": "POST",
    "uri": sub(
        "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations"
    ),
    "payloadFormatVersion": "2.0",
}
AUTHORIZER = {
    "type": "jwt",
    "identitySource": "$request.header.Authorization",
    "jwtConfiguration": {
        "issuer": sub("https://cognito-idp.${AWS::Region}.amazonaws.com/${UserPool}"),
        "audience": [ref("Client")],
    },
}
ANY = "x-amazon-apigateway-any-method"


def operation(**more: Any) -> dict[str, Any]:
    return {"responses": {}, "x-amazon-apigateway-integration": INTEGRATION, **more}


def document(paths: dict[str, Any], **more: Any) -> dict[str, Any]:
    scheme = {"type": "oauth2", "x-amazon-apigateway-authorizer": AUTHORIZER}
    return {
        "openapi": "3.0.1",
        "info": {"title": "orders", "version": "7"},
        "components": {"securitySchemes": {"Users": scheme}},
        "paths": paths,
        **more,
    }


PATHS = {
    "/orders/{id}": {"get": operation(security=[{"Users": []}])},
    "/open": {ANY: operation(security=[{"NONE": []}])},
    "/older": {
        "get": operation(
            **{"x-amazon-apigateway-integration": {**INTEGRATION, "payloadFormatVersion": "1.0"}}
        )
    },
    "$default": {ANY: operation(isDefaultRoute=True, security=[{"Users": ["read"]}])},
}


def test_routes_authorizers_and_cors_of_a_document_are_the_apis(
    deploy: Deploy, client: Callable[[str], Any]
) -> None:
    cors = {"allowOrigins": ["https://page.example"], "allowMethods": ["GET"], "maxAge": 60}
    tags = [{"name": "team", "x-amazon-apigateway-tag-value": "accounts"}, {"name": "plain"}]
    body = document(PATHS, **{"x-amazon-apigateway-cors": cors, "tags": tags})
    api = deploy(documented(body))
    (token,) = People(api, client("cognito-idp")).sign_in("ann").values()
    allowed = {"Authorization": token}
    event = json.loads(send(api, "GET", "/orders/7", allowed).body)
    assert (event["routeKey"], event["pathParameters"]) == ("GET /orders/{id}", {"id": "7"})
    assert send(api, "GET", "/orders/7").status == 401
    assert json.loads(send(api, "PUT", "/open").body)["routeKey"] == "ANY /open"
    assert json.loads(send(api, "GET", "/older").body)["version"] == "1.0"
    assert (send(api, "GET", "/else").status, send(api, "GET", "/else", allowed).status) == (401, 403)
    asks = {"Origin": "https://page.example", "Access-Control-Request-Method": "GET"}
    assert send(api, "OPTIONS", "/orders/7", asks).header("Access-Control-Max-Age") == "60"
    found = client("apigatewayv2").get_api(ApiId=api.id)
    assert (found["Name"], found["ProtocolType"], found["Tags"]["team"]) == ("orders", "HTTP", "accounts")


def test_a_changed_document_overwrites_the_api_and_a_refused_one_leaves_it(deploy: Deploy) -> None:
    api = deploy(documented(document({"/a": {"get": operation()}, "/b": {"get": operation()}})))
    deploy(documented(document({"/b": {"get": operation()}, "/c": {"get": operation()}})), api)
    statuses = [send(api, "GET", path).status for path in ("/a", "/b", "/c")]
    assert statuses == [404, 200, 200]
    outside = {"type": "http_proxy", "uri": "https://a.example", "httpMethod": "GET"}
    wrong = operation(**{"x-amazon-apigateway-integration": outside})
    with pytest.raises(AssertionError, match="AWS_PROXY integrations of functions only"):
        deploy(documented(document({"/c": {"get": operation()}, "/d": {"get": wrong}})), api)
    assert [send(api, "GET", path).status for path in ("/a", "/b", "/c", "/d")] == [404, 200, 200, 404]


def test_an_api_that_cannot_be_made_leaves_nothing(deploy: Deploy, client: Callable[[str], Any]) -> None:
    wrong = operation(
        **{"x-amazon-apigateway-integration": {**INTEGRATION, "credentials": "arn:aws:iam::1:role/r"}}
    )
    body = document({"/a": {"get": operation()}, "/b": {"get": wrong}}, info={"title": "left over"})
    with pytest.raises(AssertionError, match="CredentialsArn"):
        deploy(documented(body))
    assert "left over" not in [api["Name"] for api in client("apigatewayv2").get_apis()["Items"]]


def test_all_faults_of_a_document_are_reported_at_once() -> None:
    lambda_authorizer = {"type": "http", "x-amazon-apigateway-authorizer": {"type": "request"}}
    body = {
        "openapi": "3.1.0",
        "components": {"securitySchemes": {"Mine": lambda_authorizer, "Basic": {"type": "http"}}},
        "paths": {"/a": {"get": {"security": [{"Basic": []}]}}},
    }
    with pytest.raises(OpenApiError) as refused:
        read(json.dumps(body).encode())
    assert [fault.split()[0] for fault in refused.value.faults] == ["HTTP", "The", "The"]
    assert len(refused.value.faults) == 3


def test_integrations_may_stand_among_the_components() -> None:
    place = "#/components/x-amazon-apigateway-integrations/work"
    body = {
        "openapi": "3.0.1",
        "components": {"x-amazon-apigateway-integrations": {"work": {"type": "AWS_PROXY", "uri": "arn"}}},
        "paths": {"/a": {"get": {"x-amazon-apigateway-integration": {"$ref": place}}}},
    }
    (route,) = read(json.dumps(body).encode()).routes
    assert route.properties == {"RouteKey": "GET /a"}
    assert route.integration == {
        "IntegrationType": "AWS_PROXY",
        "IntegrationUri": "arn",
        "PayloadFormatVersion": "1.0",
    }


def test_an_import_outside_of_cloudformation_is_refused(client: Callable[[str], Any]) -> None:
    with pytest.raises(ClientError, match="import of an HTTP API"):
        client("apigatewayv2").import_api(Body=json.dumps(document({})))


def test_route_settings_that_limit_or_measure_are_refused_and_the_defaults_accepted(
    deploy: Deploy, client: Callable[[str], Any]
) -> None:
    apis = client("apigatewayv2")
    stage = {"ApiId": apis.create_api(Name="plain", ProtocolType="HTTP")["ApiId"], "AutoDeploy": True}
    apis.create_stage(**stage, StageName="a", DefaultRouteSettings={"DetailedMetricsEnabled": False})
    with pytest.raises(ClientError, match="throttling and detailed metrics"):
        apis.create_stage(**stage, StageName="b", DefaultRouteSettings={"ThrottlingBurstLimit": 5})
    template = documented(document({"/a": {"get": operation()}}))
    template["Resources"]["Stage"]["Properties"]["DefaultRouteSettings"] = {"DetailedMetricsEnabled": True}
    with pytest.raises(AssertionError, match="does not throttle routes"):
        deploy(template)
