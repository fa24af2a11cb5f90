"""The deployed layer: an API as it is served, and where it differs from its live resources."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accountsctl.doctor.facts.places import Layer
from tests.unit.doctor.facts.reading import one, resources
from tests.unit.doctor.seen import (
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
