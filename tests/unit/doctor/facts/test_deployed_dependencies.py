"""The deployed layer: what an API depends on, and what leads to it."""

from __future__ import annotations

from typing import Any

import pytest

from accountsctl.doctor.facts.places import Layer
from accountsctl.doctor.facts.reflected_origin import ReflectedOrigin
from tests.unit.doctor.facts.reading import one, resources
from tests.unit.doctor.seen import (
    CLUSTER,
    FUNCTION,
    POOL,
    URI,
    api,
    export,
    get,
    options,
    seen,
)


def function(**changes: Any) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Action": "lambda:InvokeFunction",
        "Principal": {"Service": "apigateway.amazonaws.com"},
        "Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:execute-api:eu-west-1:1:api1/*/*/*"}},
    }
    return {
        "exists": True,
        "configuration": {"Timeout": 25, "State": "Active", "clusters": [CLUSTER]},
        "policy": {"Statement": [statement]},
        "concurrency": None,
        **changes,
    }


def test_a_function_tells_who_may_call_it_and_whether_its_database_sleeps() -> None:
    clusters = {CLUSTER: {"serverlessV2": {"MinCapacity": 0.0}}}
    found = one(seen(functions={FUNCTION: function()}, clusters=clusters)).functions["accounts"]
    assert found.permissions is not None
    assert [(each.principal, each.source_arn) for each in found.permissions] == [
        ("apigateway.amazonaws.com", "arn:aws:execute-api:eu-west-1:1:api1/*/*/*")
    ]
    assert (found.timeout, found.state, found.database_sleeps, found.exists) == (25, "Active", True, True)


def test_a_policy_that_was_refused_is_not_an_empty_one() -> None:
    refused, empty, gone = function(), function(policy={"Statement": []}), {"exists": False}
    del refused["policy"]
    told = [one(seen(functions={FUNCTION: each})).functions["accounts"] for each in (refused, empty, gone)]
    assert [each.permissions for each in told] == [None, (), None]
    assert [each.exists for each in told] == [True, True, False]


def test_a_stage_variable_in_a_uri_is_filled_in_and_an_undefined_one_leaves_no_function() -> None:
    uri = URI.replace("accounts", "${stageVariables.fn}")
    method = get(methodIntegration={"type": "AWS_PROXY", "httpMethod": "POST", "uri": uri})
    for variables, expected in (({"fn": "accounts"}, "accounts"), ({}, None)):
        stage = {"stageName": "dev", "deploymentId": "d1", "variables": variables}
        told = api(resources=resources(GET=method, OPTIONS=options()), stages=[stage])
        integration = one(seen(told)).routes["/accounts"]["GET"].integration
        assert integration is not None
        assert integration.function == expected


@pytest.mark.parametrize(
    ("plans", "expected"),
    [
        (None, None),
        ([], False),
        ([{"apiStages": [{"apiId": "api1", "stage": "dev"}], "keys": 0}], False),
        ([{"apiStages": [{"apiId": "api1", "stage": "dev"}], "keys": 1}], True),
        ([{"apiStages": [{"apiId": "api2", "stage": "dev"}], "keys": 1}], False),
    ],
)
def test_keys_are_served_where_a_plan_with_a_key_covers_the_stage(
    plans: list[dict[str, Any]] | None, expected: bool | None
) -> None:
    told = seen() if plans is None else seen(usagePlans=plans)
    assert one(told).stages["dev"].keys_served is expected


def test_a_limit_that_lets_requests_pass_is_nobodys_fault() -> None:
    for rate, expected in ((50.0, {}), (0.0, {"*/*": "*/*: throttlingRateLimit 0"})):
        stage = {
            "stageName": "dev",
            "deploymentId": "d1",
            "methodSettings": {"*/*": {"throttlingRateLimit": rate}},
        }
        assert one(seen(api(stages=[stage]))).stages["dev"].throttled == expected


def test_domains_that_lead_here_or_nowhere_are_told() -> None:
    here = {"domainName": "a.test", "mappings": [{"basePath": "(none)", "restApiId": "api1", "stage": "dev"}]}
    nowhere = {"domainName": "b.test", "mappings": [], "mutualTlsAuthentication": True}
    elsewhere = {"domainName": "c.test", "mappings": [{"basePath": "v1", "restApiId": "x", "stage": "dev"}]}
    refused = {"domainName": "d.test"}
    found = one(seen(domains=[here, nowhere, elsewhere, refused])).domains
    assert [(each.name, dict(each.mappings), each.mutual_tls) for each in found] == [
        ("a.test", {"": "dev"}, False),
        ("b.test", {}, True),
    ]


def test_a_pool_that_is_gone_is_told_and_one_that_was_not_looked_at_is_not() -> None:
    for pools, expected in (({POOL: {"exists": False}}, False), ({}, None)):
        for exports in ({}, {"dev": export()}):
            told = seen(api(exports=exports), pools=pools)
            assert one(told).authorizers["pool"].pool_exists is expected
    assert one(seen(), pools=[POOL]).project_pools == frozenset({POOL})


VTL = """#set($origin = $input.params().header.get("Origin"))
#if($origin == "") #set($origin = $input.params().header.get("origin")) #end
#if($origin == "https://a.test" || $origin == "https://b.test")
  #set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)
#end"""


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (VTL, ReflectedOrigin(frozenset({"https://a.test", "https://b.test"}), "*")),
        (
            '#set($context.responseOverride.header.Access-Control-Allow-Origin = $input.params("Origin"))',
            ReflectedOrigin(None, "*"),
        ),
        ("#set($context.responseOverride.header.Access-Control-Allow-Origin = '*')", "*"),
        ("{}", None),
    ],
)
def test_a_response_template_tells_which_origins_it_lets_in(
    template: str, expected: ReflectedOrigin | str | None
) -> None:
    preflight = options()
    preflight["methodIntegration"]["integrationResponses"]["204"]["responseTemplates"] = {
        "application/json": template
    }
    integration = (
        one(seen(api(resources=resources(GET=get(), OPTIONS=preflight))))
        .routes["/accounts"]["OPTIONS"]
        .integration
    )
    assert integration is not None
    assert integration.responses[0].computed.get("access-control-allow-origin") == expected


def test_an_http_api_is_read_with_its_own_cors_and_its_default_route() -> None:
    told = {
        "name": "api/http",
        "id": "h1",
        "api": {
            "ApiId": "h1",
            "CorsConfiguration": {"AllowOrigins": ["https://A.test"], "AllowMethods": ["GET"]},
        },
        "routes": [
            {"RouteKey": "GET /items", "Target": "integrations/i1"},
            {"RouteKey": "$default", "AuthorizationType": "JWT", "AuthorizerId": "z"},
        ],
        "integrations": [{"IntegrationId": "i1", "IntegrationType": "AWS_PROXY", "IntegrationUri": FUNCTION}],
        "authorizers": [
            {
                "AuthorizerId": "z",
                "Name": "jwt",
                "AuthorizerType": "JWT",
                "IdentitySource": ["$request.header.Authorization"],
                "JwtConfiguration": {"Issuer": f"https://cognito-idp.eu-west-1.amazonaws.com/{POOL}"},
            }
        ],
        "stages": [{"StageName": "$default"}],
    }
    found = one({"apis": [], "httpApis": [told]})
    assert found.kind == "HTTP"
    assert found.http_cors is not None
    assert (found.http_cors.origins, found.http_cors.methods) == (("https://A.test",), ("get",))
    integration = found.routes["/items"]["GET"].integration
    assert integration is not None
    assert integration.function == "accounts"
    default = found.routes["$default"]["ANY"]
    assert (default.authorization, default.authorizer) == ("JWT", "jwt")
    assert found.authorizers["jwt"].pools == (POOL,)


def distribution(host: str, **behavior: Any) -> dict[str, Any]:
    """A distribution with a page's bucket and one API behind it, as ListDistributions tells it."""
    default = {"TargetOriginId": "s3", "ViewerProtocolPolicy": "allow-all"}
    own = {"PathPattern": "/api/*", "TargetOriginId": "api", "ViewerProtocolPolicy": "redirect-to-https"}
    return {
        "Id": "E1",
        "Origins": [{"Id": "s3", "DomainName": "b.s3.test"}, {"Id": "api", "DomainName": host}],
        "DefaultCacheBehavior": default,
        "CacheBehaviors": {"Quantity": 1, "Items": [{**own, **behavior}]},
        "CustomErrorResponses": {"Quantity": 1, "Items": [{"ErrorCode": 403}]},
    }


API_HOST = "api1.execute-api.eu-west-1.amazonaws.com"


def test_the_cloudfront_behaviour_that_leads_to_an_api_is_told() -> None:
    every = {"Quantity": 3, "Items": ["GET", "HEAD", "OPTIONS"]}
    (found,) = one(seen(distributions=[distribution(API_HOST, AllowedMethods=every)])).distributions
    assert found.methods == frozenset({"GET", "HEAD", "OPTIONS"})
    assert (found.error_pages, found.redirects_to_https) == (True, True)
    assert (found.place.layer, found.place.source) == (Layer.DEPLOYED, "cloudfront:ListDistributions")


def test_a_distribution_may_lead_to_an_api_by_its_own_domain_or_elsewhere() -> None:
    domain = {"domainName": "api.test", "mappings": [{"restApiId": "api1", "stage": "dev"}]}
    told = seen(distributions=[distribution("api.test")], domains=[domain])
    assert len(one(told).distributions) == 1
    assert one(seen(distributions=[distribution("x.execute-api.test")])).distributions == ()
