"""What a page is taken to send of its token and its API key, where a template alone is known."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome, diagnose
from accountsctl.doctor.diagnosis.subject import Subject
from accountsctl.doctor.diagnosis.targets import Query, page_requests
from accountsctl.doctor.facts.templates import read_templates

ROLE = "arn:aws:iam::123456789012:role/caller"
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:door"


def api(
    auth: Mapping[str, Any],
    event: Mapping[str, Any] | None = None,
    cors: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """A SAM API with one GET of /reports, its authorization, and what an OPTIONS beside it would allow."""
    stated: dict[str, Any] = {"StageName": "live", "Auth": auth}
    if cors:
        stated["Cors"] = {name: f"'{value}'" for name, value in cors.items()}
    read = {"RestApiId": {"Ref": "Api"}, "Path": "/reports", "Method": "get", "Auth": event or {}}
    function = {
        "Handler": "index.handler",
        "Runtime": "python3.12",
        "CodeUri": "code/",
        "Events": {"Read": {"Type": "Api", "Properties": read}},
    }
    return {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            "Api": {"Type": "AWS::Serverless::Api", "Properties": stated},
            "Reports": {"Type": "AWS::Serverless::Function", "Properties": function},
        },
    }


def http_api(source: str) -> dict[str, Any]:
    """An HTTP API without CORS, whose routes ask for a token that is read from `source`."""
    issuer = {"JwtConfiguration": {"issuer": "https://id.example.com", "audience": ["app"]}}
    auth = {"DefaultAuthorizer": "Jwt", "Authorizers": {"Jwt": {**issuer, "IdentitySource": source}}}
    every = {"ApiId": {"Ref": "Api"}, "Path": "$default", "Method": "any"}
    function = {
        "Handler": "index.handler",
        "Runtime": "python3.12",
        "CodeUri": "code/",
        "Events": {"Every": {"Type": "HttpApi", "Properties": every}},
    }
    return {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            "Api": {"Type": "AWS::Serverless::HttpApi", "Properties": {"Auth": auth}},
            "Reports": {"Type": "AWS::Serverless::Function", "Properties": function},
        },
    }


def lambda_auth(**identity: Any) -> dict[str, Any]:
    """An authorizer function for every method, unless a method says otherwise."""
    door = {
        "FunctionPayloadType": "REQUEST",
        "FunctionArn": FUNCTION,
        "FunctionInvokeRole": ROLE,
        "Identity": {**identity, "ReauthorizeEvery": 0},
    }
    return {
        "DefaultAuthorizer": "Door",
        "AddDefaultAuthorizerToCorsPreflight": False,
        "Authorizers": {"Door": door},
    }


def asked(body: Mapping[str, Any], query: Query | None = None) -> tuple[PageRequest, Diagnosis]:
    """The request that is looked at, and what is said of it."""
    (found,) = read_templates({"api.json": json.dumps(body)})
    (ask,) = page_requests(found, query or Query(), ())
    return ask, diagnose(Subject((found,)), ask)


def root(found: Diagnosis) -> str | None:
    """The cause that is named."""
    return found.root.card.id if found.root else None


def test_a_token_goes_into_the_header_that_the_authorizer_reads() -> None:
    every = {"AllowOrigin": "*", "AllowMethods": "GET"}
    own = {**every, "AllowHeaders": "X-Door"}
    ask, found = asked(api(lambda_auth(Headers=["X-Door"]), cors=own))
    assert ask.names() == {"x-door"}
    assert found.outcome is DiagnosisOutcome.PASS
    _, found = asked(api(lambda_auth(Headers=["X-Door"]), cors={**every, "AllowHeaders": "Authorization"}))
    assert root(found) == "acah.custom"


def test_a_token_in_the_query_needs_no_preflight() -> None:
    ask, found = asked(api(lambda_auth(QueryStrings=["token"])))
    assert ask.preflight is None
    assert found.outcome is DiagnosisOutcome.PASS
    _, found = asked(api(lambda_auth(Headers=["Authorization"], QueryStrings=["token"])))
    assert root(found) == "preflight.no-options"


@pytest.mark.parametrize(
    ("source", "sent"),
    [
        ("$request.querystring.token", set()),
        ("$request.header.Cookie", set()),
        ("$request.header.X-Door", {"x-door"}),
        ("$request.header.Authorization", {"authorization"}),
    ],
)
def test_a_token_of_an_http_api_is_sent_where_its_authorizer_reads_it(source: str, sent: set[str]) -> None:
    ask, found = asked(http_api(source))
    assert ask.names() == sent
    assert (found.outcome is DiagnosisOutcome.BLOCKED) is bool(sent)


def test_a_token_of_a_user_pool_goes_where_its_authorizer_reads_it() -> None:
    pool = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Reports00"
    users = {"UserPoolArn": pool, "Identity": {"Header": "X-Door"}}
    auth = {
        "DefaultAuthorizer": "Users",
        "AddDefaultAuthorizerToCorsPreflight": False,
        "Authorizers": {"Users": users},
    }
    cors = {"AllowOrigin": "*", "AllowMethods": "GET", "AllowHeaders": "X-Door"}
    ask, found = asked(api(auth, cors=cors))
    assert ask.names() == {"x-door"}
    assert found.outcome is DiagnosisOutcome.PASS


def test_a_page_that_says_what_it_sends_is_believed() -> None:
    ask, _ = asked(api(lambda_auth(Headers=["X-Door"])), Query(headers=(("X-Other", "1"),)))
    assert ask.names() == {"authorization", "x-other"}


def test_no_token_is_taken_to_be_sent_to_an_open_method_beside_closed_ones() -> None:
    ask, found = asked(api(lambda_auth(Headers=["Authorization"]), {"Authorizer": "NONE"}))
    assert ask.preflight is None
    assert found.outcome is DiagnosisOutcome.PASS


def test_a_key_that_a_method_asks_for_needs_a_preflight() -> None:
    ask, found = asked(api({"ApiKeyRequired": True}))
    assert ask.names() == {"x-api-key"}
    assert root(found) == "preflight.no-options"


def test_a_key_that_the_preflight_allows_passes_and_is_only_mentioned() -> None:
    every = {"AllowOrigin": "*", "AllowMethods": "GET", "AllowHeaders": "X-Api-Key"}
    body = api({"ApiKeyRequired": True, "AddApiKeyRequiredToCorsPreflight": False}, cors=every)
    _, found = asked(body)
    assert found.outcome is DiagnosisOutcome.PASS
    (said,) = [warning.evidence[0] for warning in found.warnings if warning.card.id == "auth.api-key"]
    assert said.observed == "ApiKeyRequired true; nothing says that the page sends it"


def test_a_key_that_an_authorizer_gives_is_not_sent_by_the_page() -> None:
    resources = {
        "Api": {
            "Type": "AWS::ApiGateway::RestApi",
            "Properties": {"Name": "reports", "ApiKeySourceType": "AUTHORIZER"},
        },
        "Get": {
            "Type": "AWS::ApiGateway::Method",
            "Properties": {
                "RestApiId": {"Ref": "Api"},
                "ResourceId": {"Fn::GetAtt": ["Api", "RootResourceId"]},
                "HttpMethod": "GET",
                "AuthorizationType": "NONE",
                "ApiKeyRequired": True,
                "Integration": {"Type": "HTTP_PROXY", "IntegrationHttpMethod": "GET", "Uri": "https://e.com"},
            },
        },
    }
    ask, found = asked({"Resources": resources})
    assert ask.names() == set()
    assert found.outcome is DiagnosisOutcome.PASS


@pytest.mark.parametrize(
    ("sources", "cause"),
    [
        (["$request.querystring.token"], None),
        (["$request.querystring.token", "$request.header.Authorization"], "httpapi.default-route"),
    ],
)
def test_a_preflight_has_the_token_of_the_query(sources: list[str], cause: str | None) -> None:
    body = http_api("$request.querystring.token")
    door = {
        "FunctionArn": FUNCTION,
        "FunctionInvokeRole": ROLE,
        "AuthorizerPayloadFormatVersion": "2.0",
        "Identity": {
            "QueryStrings": ["token"],
            "Headers": ["Authorization"] if len(sources) > 1 else [],
        },
    }
    body["Resources"]["Api"]["Properties"]["Auth"] = {
        "DefaultAuthorizer": "Door",
        "Authorizers": {"Door": door},
    }
    _, found = asked(body, Query(method="POST"))
    assert root(found) == cause
