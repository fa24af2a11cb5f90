"""The deployed layer: what AWS tells, read as facts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accountsctl.doctor.facts.deployed.reader import read
from accountsctl.doctor.facts.model import Api, Vary
from accountsctl.doctor.facts.places import Layer
from tests.unit.doctor.seen import (
    CLUSTER,
    FUNCTION,
    ORIGIN,
    POOL,
    URI,
    api,
    export,
    get,
    options,
    response,
    seen,
    summary,
)


def one(told: dict[str, Any], **named: Any) -> Api:
    (found,) = read(told, **named)
    return found


def resources(**methods: Any) -> list[dict[str, Any]]:
    return [{"id": "r1", "path": "/accounts", "resourceMethods": methods}]


@pytest.mark.parametrize("exports", [{}, {"dev": export()}])
def test_a_healthy_api_reads_the_same_from_its_export_and_from_the_summary_over_the_live_resources(
    exports: dict[str, Any],
) -> None:
    found = one(seen(api(exports=exports)))
    method, preflight = found.routes["/accounts"]["GET"], found.routes["/accounts"]["OPTIONS"]
    assert (found.layer, found.name, found.stage, found.stale) == (Layer.DEPLOYED, "api/accounts", "dev", {})
    assert (method.authorization, method.authorizer, method.required) == (
        "COGNITO_USER_POOLS",
        "pool",
        ("header.X-Need",),
    )
    assert method.integration is not None
    assert (method.integration.type, method.integration.function) == ("AWS_PROXY", "accounts")
    assert method.declared is None
    assert preflight.authorization == "NONE"
    assert preflight.integration is not None
    assert preflight.integration.responses[0].headers == {"access-control-allow-origin": "'*'"}
    assert preflight.declared == {"204": frozenset({"access-control-allow-origin"})}
    assert found.authorizers["pool"].pools == (POOL,)
    assert {kind: dict(each.headers) for kind, each in found.responses.items()} == {
        "DEFAULT_4XX": {"access-control-allow-origin": "'*'"}
    }


def test_every_fact_says_where_it_was_seen() -> None:
    summed, exported = one(seen()), one(seen(api(exports={"dev": export()})))
    place = summed.routes["/accounts"]["GET"].place.of("authorization")
    assert (place.source, place.pointer) == (
        "apigateway:GetDeployment",
        "/apiSummary/~1accounts/GET/authorizationType",
    )
    integration = summed.routes["/accounts"]["OPTIONS"].integration
    assert integration is not None
    assert integration.place.of("templates").pointer == (
        "/items/1/resourceMethods/OPTIONS/methodIntegration/requestTemplates"
    )
    place = exported.routes["/accounts"]["GET"].place.of("authorization")
    assert (place.source, place.pointer) == ("apigateway:GetExport", "/paths/~1accounts/get/security")


def test_the_deployed_authorization_goes_before_the_live_one_and_the_difference_is_told() -> None:
    deployed = summary({"GET": get(authorizationType="AWS_IAM"), "OPTIONS": options()})
    found = one(seen(api(deployments={"d1": {"apiSummary": deployed}})))
    assert found.routes["/accounts"]["GET"].authorization == "AWS_IAM"
    assert found.routes["/accounts"]["GET"].authorizer is None
    assert found.stale == {
        ("/accounts", "GET"): "authorization: AWS_IAM is deployed, COGNITO_USER_POOLS is not yet"
    }


@pytest.mark.parametrize(
    ("live", "expected"),
    [
        ({"GET": get(), "OPTIONS": options(), "PUT": get()}, {("/accounts", "PUT"): "is not deployed yet"}),
        (
            {"GET": get()},
            {("/accounts", "OPTIONS"): "is deployed, but no longer among the resources"},
        ),
    ],
)
def test_methods_that_only_one_side_has_are_stale(
    live: dict[str, Any], expected: dict[tuple[str, str], str]
) -> None:
    found = one(seen(api(resources=resources(**live))))
    assert found.stale == expected
    assert set(found.routes["/accounts"]) == {"GET", "OPTIONS"}


def _changed_template(live: dict[str, Any]) -> None:
    live["resources"][1]["resourceMethods"]["OPTIONS"]["methodIntegration"]["requestTemplates"] = {}


def _changed_header(live: dict[str, Any]) -> None:
    responses = live["resources"][1]["resourceMethods"]["OPTIONS"]["methodIntegration"][
        "integrationResponses"
    ]
    responses["204"]["responseParameters"] = {ORIGIN: "'https://new.example.com'"}


def _changed_function(live: dict[str, Any]) -> None:
    live["resources"][1]["resourceMethods"]["GET"]["methodIntegration"]["uri"] = URI.replace("accounts", "b")


@pytest.mark.parametrize(
    ("change", "verb"),
    [(_changed_template, "OPTIONS"), (_changed_header, "OPTIONS"), (_changed_function, "GET")],
)
def test_with_an_export_every_difference_of_a_method_is_seen(
    change: Callable[[dict[str, Any]], None], verb: str
) -> None:
    told = api(exports={"dev": export()})
    change(told)
    found = one(seen(told))
    assert set(found.stale) == {("/accounts", verb)}
    assert found.not_reported == ()


def test_a_gateway_response_that_is_not_deployed_yet_concerns_every_route() -> None:
    told = api(exports={"dev": export()}, gatewayResponses=[response("DEFAULT_4XX"), response("DEFAULT_5XX")])
    assert one(seen(told)).stale == {("*", "*"): "gateway response DEFAULT_5XX: not deployed yet"}
    assert set(one(seen(told)).responses) == {"DEFAULT_4XX"}


def test_what_an_export_leaves_out_is_as_it_is_now_and_not_stale() -> None:
    document = export()
    del document["x-amazon-apigateway-gateway-responses"]
    del document["x-amazon-apigateway-request-validators"]
    settings = {"binaryMediaTypes": ["*/*"], "policy": {"Statement": []}}
    found = one(seen(api(exports={"dev": document}, api=settings)))
    assert found.stale == {}
    assert set(found.responses) == {"DEFAULT_4XX"}
    assert found.routes["/accounts"]["GET"].required == ("header.X-Need",)
    assert (found.binary_types, found.policy) == (("*/*",), {"Statement": []})


def test_the_deployed_policy_and_binary_types_go_before_the_live_ones() -> None:
    own = {"x-amazon-apigateway-binary-media-types": ["a/b"], "x-amazon-apigateway-policy": {"Version": "1"}}
    settings = {"binaryMediaTypes": ["*/*"], "policy": {"Statement": []}}
    found = one(seen(api(exports={"dev": export(**own)}, api=settings)))
    assert (found.binary_types, found.policy) == (("a/b",), {"Version": "1"})


def test_an_export_without_integrations_is_no_snapshot_and_that_is_said() -> None:
    bare = export(paths={"/accounts": {"get": {"responses": {}}}})
    found = one(seen(api(exports={"dev": bare})))
    assert found.routes["/accounts"]["OPTIONS"].integration is not None
    assert [what for what, _ in found.not_reported] == ["the integrations of the deployed snapshot"]


def test_without_any_snapshot_the_live_resources_stand_for_it_and_that_is_said() -> None:
    found = one(seen(api(deployments={})))
    assert set(found.routes["/accounts"]) == {"GET", "OPTIONS"}
    assert found.stale == {}
    assert [what for what, _ in found.not_reported] == ["the deployed snapshot"]


def test_an_api_without_a_stage_serves_nothing() -> None:
    found = one(seen(api(stages=[])))
    assert (found.routes, found.stage) == ({}, None)


def test_what_the_inspector_was_refused_is_not_reported_and_missing_resources_make_nothing_stale() -> None:
    told = api(exports={"dev": export()})
    del told["resources"]
    found = one(seen(told, notReported=[{"what": "resources of api/accounts", "why": "AccessDenied"}]))
    assert found.stale == {}
    assert found.not_reported == (("resources of api/accounts", "AccessDenied"),)
    assert set(found.routes["/accounts"]) == {"GET", "OPTIONS"}


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ({"x-amazon-apigateway-authtype": "awsSigv4"}, ("AWS_IAM", None, False)),
        ({"type": "apiKey", "name": "x-api-key", "in": "header"}, ("NONE", None, True)),
        ({"name": "X", "x-amazon-apigateway-authorizer": {"type": "token"}}, ("CUSTOM", "pool", False)),
    ],
)
def test_an_exports_security_is_read_in_the_words_of_get_method(
    scheme: dict[str, Any], expected: tuple[str, str | None, bool]
) -> None:
    document = export(components={"securitySchemes": {"pool": scheme}})
    method = one(seen(api(exports={"dev": document}))).routes["/accounts"]["GET"]
    assert (method.authorization, method.authorizer, method.api_key) == expected


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


def test_the_stage_that_is_asked_for_has_its_own_deployment() -> None:
    stages = [
        {"stageName": "dev", "deploymentId": "d1"},
        {"stageName": "old", "deploymentId": "d0", "webAclArn": "arn:waf", "canarySettings": {"x": 1}},
    ]
    deployments = {**api()["deployments"], "d0": {"apiSummary": summary({"OPTIONS": options()})}}
    found = one(seen(api(stages=stages, deployments=deployments)), stage="old")
    assert set(found.routes["/accounts"]) == {"OPTIONS"}
    assert found.stale == {("/accounts", "GET"): "is not deployed yet"}
    assert (found.stages["old"].waf, found.stages["old"].canary, found.stages["dev"].waf) == (
        True,
        True,
        False,
    )


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
    for rate, expected in ((50.0, None), (0.0, "*/*: throttlingRateLimit 0")):
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
        (VTL, Vary(frozenset({"https://a.test", "https://b.test"}), "*")),
        (
            '#set($context.responseOverride.header.Access-Control-Allow-Origin = $input.params("Origin"))',
            Vary(None, "*"),
        ),
        ("#set($context.responseOverride.header.Access-Control-Allow-Origin = '*')", "*"),
        ("{}", None),
    ],
)
def test_a_response_template_tells_which_origins_it_lets_in(
    template: str, expected: Vary | str | None
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
