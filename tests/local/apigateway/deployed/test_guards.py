"""Authorizers of one's own, keys, limits, policies and gateway responses, as CloudFormation makes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.local.apigateway.deployed.templates import api, function, invocation, mock, permission, proxy, ref
from tests.local.deployed_api import Api

Deploy = Callable[[dict[str, Any]], Api]
KEY = "a-key-of-more-than-20-letters"
AUTHORIZER = """
def handler(event, context):
    token = event.get("authorizationToken") or event["headers"]["Token"]
    if token == "throw":
        raise ValueError("no")
    if token == "nobody":
        raise Exception("Unauthorized")
    if token == "malformed":
        return {"principalId": "user"}
    effect = "Deny" if token == "deny" else "Allow"
    resource = "arn:aws:execute-api:*:*:other/*" if token == "other" else event["methodArn"]
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}
    return {"principalId": "user", "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
"""


def authorizer(**more: Any) -> dict[str, Any]:
    properties = {
        "RestApiId": ref("Api"),
        "Name": ref("AWS::StackName"),
        "AuthorizerUri": invocation("Guard"),
    }
    plain = {
        "Type": "TOKEN",
        "IdentitySource": "method.request.header.Token",
        "AuthorizerResultTtlInSeconds": 0,
    }
    return {"Type": "AWS::ApiGateway::Authorizer", "Properties": {**properties, **plain, **more}}


def custom(name: str) -> dict[str, Any]:
    return proxy(AuthorizationType="CUSTOM", AuthorizerId=ref(name))


@pytest.fixture(scope="module")
def guarded(deploy: Deploy) -> Api:
    methods = {
        "GET /token": custom("Token"),
        "OPTIONS /token": mock(AuthorizationType="CUSTOM", AuthorizerId=ref("Token")),
        "GET /request": custom("Request"),
        "GET /kept": custom("Kept"),
        "GET /kept2": custom("Kept"),
        "GET /unasked": custom("Unasked"),
    }
    resources = {
        "Guard": function(AUTHORIZER),
        "GuardPermission": permission("Guard", "${Api}/authorizers/*"),
        "Closed": function(AUTHORIZER),
        "Token": authorizer(IdentityValidationExpression="[a-z]+"),
        "Request": authorizer(Type="REQUEST", IdentitySource="method.request.header.Token"),
        "Kept": authorizer(AuthorizerResultTtlInSeconds=300),
        "Unasked": authorizer(AuthorizerUri=invocation("Closed")),
    }
    return deploy(api(methods, resources))


UNAUTHORIZED = (401, "UnauthorizedException", '{"message":"Unauthorized"}')
BROKEN = (500, "AuthorizerConfigurationException", '{"message":null}')
DENIED = "User is not authorized to access this resource"
CASES = [
    ("GET", "/token", "allow", (200, None, "ok")),
    ("GET", "/request", "allow", (200, None, "ok")),
    ("GET", "/token", None, UNAUTHORIZED),
    ("OPTIONS", "/token", None, UNAUTHORIZED),
    ("GET", "/request", None, UNAUTHORIZED),
    ("GET", "/token", "123", UNAUTHORIZED),
    ("GET", "/token", "nobody", UNAUTHORIZED),
    ("GET", "/token", "throw", BROKEN),
    ("GET", "/token", "malformed", BROKEN),
    ("GET", "/unasked", "allow", BROKEN),
    ("GET", "/token", "other", (403, "AccessDeniedException", f'{{"Message":"{DENIED}"}}')),
    (
        "GET",
        "/token",
        "deny",
        (403, "AccessDeniedException", f'{{"Message":"{DENIED} with an explicit deny"}}'),
    ),
]


@pytest.mark.parametrize(
    ("method", "path", "token", "expected"), CASES, ids=[f"{c[1]} {c[2]}" for c in CASES]
)
def test_a_lambda_authorizer_decides(
    guarded: Api, method: str, path: str, token: str | None, expected: Any
) -> None:
    assert guarded.send(method, path, {"Token": token} if token else {}).summary == expected


def test_a_kept_policy_that_names_one_path_denies_another(guarded: Api) -> None:
    assert guarded.send("GET", "/kept", {"Token": "narrow"}).status == 200
    assert guarded.send("GET", "/kept2", {"Token": "narrow"}).summary[:2] == (403, "AccessDeniedException")


@pytest.fixture(scope="module")
def metered(deploy: Deploy) -> Api:
    keys = {
        name: {"Type": "AWS::ApiGateway::ApiKey", "Properties": {"Enabled": enabled, "Value": value}}
        for name, value, enabled in (
            ("Key", KEY, True),
            ("Off", KEY + "-off", False),
            ("Loose", KEY + "-loose", True),
        )
    }
    plan = {
        "Type": "AWS::ApiGateway::UsagePlan",
        "Properties": {
            "ApiStages": [{"ApiId": ref("Api"), "Stage": ref("Stage")}],
            "Quota": {"Limit": 2, "Period": "DAY"},
        },
    }
    planned = {
        f"{name}InPlan": {
            "Type": "AWS::ApiGateway::UsagePlanKey",
            "Properties": {"KeyId": ref(name), "KeyType": "API_KEY", "UsagePlanId": ref("Plan")},
        }
        for name in ("Key", "Off")
    }
    methods = {
        "GET /key": proxy(ApiKeyRequired=True),
        "OPTIONS /key": mock(ApiKeyRequired=True),
        "GET /shut": proxy(),
    }
    shut = {"HttpMethod": "GET", "ResourcePath": "/shut", "ThrottlingRateLimit": 0, "ThrottlingBurstLimit": 0}
    return deploy(api(methods, {**keys, "Plan": plan, **planned}, stage={"MethodSettings": [shut]}))


def test_a_method_that_wants_a_key_is_forbidden_without_one(metered: Api) -> None:
    forbidden = (403, "ForbiddenException", '{"message":"Forbidden"}')
    assert metered.send("OPTIONS", "/key").summary == forbidden
    for key in ("nonsense", KEY + "-off", KEY + "-loose"):
        assert metered.send("GET", "/key", {"X-Api-Key": key}).summary == forbidden


def test_a_key_serves_until_its_quota_is_used_up(metered: Api) -> None:
    answers = [metered.send("GET", "/key", {"x-api-key": KEY}).summary for _ in range(3)]
    assert [each[0] for each in answers] == [200, 200, 429]
    assert answers[2] == (429, "LimitExceededException", '{"message":"Limit Exceeded"}')


def test_a_method_that_the_stage_lets_nothing_through_to_is_throttled(metered: Api) -> None:
    expected = (429, "TooManyRequestsException", '{"message":"Too Many Requests"}')
    assert metered.send("GET", "/shut").summary == expected


def test_a_resource_policy_denies_who_it_does_not_allow(deploy: Deploy) -> None:
    allow = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke"}
    policy = {"Version": "2012-10-17", "Statement": [{**allow, "Resource": "execute-api:/*/GET/*"}]}
    governed = deploy(api({"GET /x": proxy(), "OPTIONS /x": mock()}, settings={"Policy": policy}))
    assert governed.send("GET", "/x").status == 200
    where = f"arn:aws:execute-api:eu-west-1:********9012:{governed.id}/dev/OPTIONS/x"
    words = f"User: anonymous is not authorized to perform: execute-api:Invoke on resource: {where}"
    assert governed.send("OPTIONS", "/x").summary == (
        403,
        "AccessDeniedException",
        f'{{"Message":"{words}"}}',
    )


def test_a_disabled_endpoint_and_an_unknown_stage_are_forbidden(deploy: Deploy) -> None:
    disabled = deploy(api({"GET /x": proxy()}, settings={"DisableExecuteApiEndpoint": True}))
    forbidden = (403, "ForbiddenException", '{"message":"Forbidden"}')
    assert disabled.send("GET", "/x").summary == forbidden
    assert disabled.send("GET", "/x", stage="nosuch").summary == forbidden


def test_binary_media_types_break_a_preflight_that_does_not_convert(deploy: Deploy) -> None:
    methods = {"OPTIONS /x": mock(), "OPTIONS /y": mock({"ContentHandling": "CONVERT_TO_TEXT"})}
    binary = deploy(api(methods, settings={"BinaryMediaTypes": ["*/*"]}))
    expected = (500, "InternalServerErrorException", '{"message":"Internal server error"}')
    assert binary.send("OPTIONS", "/x").summary == expected
    assert binary.send("OPTIONS", "/y").status == 200


ORIGIN = "gatewayresponse.header.Access-Control-Allow-Origin"


def answering(kind: str, **more: Any) -> dict[str, Any]:
    properties = {"RestApiId": ref("Api"), "ResponseType": kind, **more}
    return {"Type": "AWS::ApiGateway::GatewayResponse", "Properties": properties}


def test_gateway_responses_add_headers_and_a_specific_one_replaces_the_default(deploy: Deploy) -> None:
    wide = {"ResponseParameters": {ORIGIN: "'*'", "gatewayresponse.header.X-Stage": "context.stage"}}
    resources = {
        "Four": answering("DEFAULT_4XX", **wide),
        "Five": answering("DEFAULT_5XX", ResponseParameters={ORIGIN: "method.request.header.Origin"}),
        "Own": answering(
            "INVALID_API_KEY", StatusCode="418", ResponseTemplates={"text/plain": "$context.stage"}
        ),
    }
    methods = {"GET /throws": proxy(), "GET /key": proxy(ApiKeyRequired=True)}
    made = deploy(api(methods, resources))
    lost = made.send("GET", "/nosuch")
    assert (lost.status, lost.header("Access-Control-Allow-Origin"), lost.header("X-Stage")) == (
        403,
        "*",
        "dev",
    )
    broken = made.send("GET", "/throws", {"Origin": "https://a"})
    assert (broken.status, broken.header("Access-Control-Allow-Origin")) == (502, "https://a")
    own = made.send("GET", "/key")
    assert own.summary == (418, "ForbiddenException", "dev")
    assert own.header("Access-Control-Allow-Origin") is None


def test_a_status_of_the_default_rewrites_every_error(deploy: Deploy) -> None:
    made = deploy(api({"GET /x": proxy()}, {"Four": answering("DEFAULT_4XX", StatusCode="200")}))
    expected = (200, "MissingAuthenticationTokenException", '{"message":"Missing Authentication Token"}')
    assert made.send("GET", "/nosuch").summary == expected


def test_a_request_over_ten_megabytes_cannot_be_customised(deploy: Deploy) -> None:
    wide = answering("DEFAULT_4XX", ResponseParameters={ORIGIN: "'*'"})
    made = deploy(api({"POST /x": proxy()}, {"Four": wide}))
    answer = made.send("POST", "/x", body=b"x" * (10 * 1024 * 1024 + 1))
    assert (answer.status, answer.header("Access-Control-Allow-Origin")) == (413, None)


def test_a_stage_with_a_cache_gives_one_origins_answer_to_another(deploy: Deploy) -> None:
    echo = """
def handler(event, context):
    return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": event["headers"]["Origin"]}}
"""
    keyed = proxy("Echo", {"CacheKeyParameters": ["method.request.header.Origin"]})
    methods = {
        "GET /x": proxy("Echo"),
        "GET /y": {**keyed, "RequestParameters": {"method.request.header.Origin": False}},
    }
    settings = [{"HttpMethod": "*", "ResourcePath": "/*", "CachingEnabled": True}]
    stage = {"CacheClusterEnabled": True, "CacheClusterSize": "0.5", "MethodSettings": settings}
    made = deploy(api(methods, {"Echo": function(echo), "EchoPermission": permission("Echo")}, stage=stage))
    for path, second in (("/x", "https://a"), ("/y", "https://b")):
        assert (
            made.send("GET", path, {"Origin": "https://a"}).header("Access-Control-Allow-Origin")
            == "https://a"
        )
        assert made.send("GET", path, {"Origin": "https://b"}).header("Access-Control-Allow-Origin") == second
