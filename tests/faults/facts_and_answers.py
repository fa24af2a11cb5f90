"""Causes that a template's facts and a real answer show together, and those that are true of an API that works."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from accountsctl.doctor.browser.page_request import Credential
from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.places import Layer
from tests.faults.base import template
from tests.faults.callers import CACHED, echoes
from tests.faults.changes import Body, Change, adds, both, codes, preflight, sets
from tests.faults.outside_rest_apis import (
    EDGE,
    NO_CACHE,
    SEVEN,
    before,
    configured,
    healthy,
    signed_by_cloudfront,
)
from tests.faults.recorded import CORS, Recorded
from tests.faults.reported.apis import function_url

ASKING = 'event["headers"].get("origin")'
PAGE = (("Content-Type", "text/html"),)
GATEWAY_ID = (("x-amz-apigw-id", "Q1ea3GcAIAMFpKg="), *CORS)


@dataclass(frozen=True)
class FactsAndAnswer:
    """A fault of the template (`change`) or of what else is known (`facts`), and the answer that it gives."""

    id: str
    recorded: Recorded
    change: Change | None = None
    facts: Callable[[Api], Api] = lambda api: api
    asked: Mapping[str, Any] = field(default_factory=dict)
    base: Callable[[str], Body] = template


@dataclass(frozen=True)
class Note:
    """A change of an API that still works after it, and is worth a warning to a request with this URL and headers."""

    id: str
    change: Change
    base: Callable[[str], Body] = template
    origin: str | None = None
    url: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def _with_one_permission(_: str) -> Body:
    """A public function URL with the permission that sufficed before October 2025."""
    body = function_url("NONE", {"AllowOrigins": ["*"], "AllowMethods": ["*"], "AllowHeaders": ["*"]})
    del body["Resources"]["InvokeFunction"]
    return body


def _as_it_is(body: Body, origin: str) -> None:
    """Change nothing."""
    del body, origin


def _by_cookie(body: Body, origin: str) -> None:
    """The authorizer reads a cookie, and every origin is allowed."""
    (authorizer,) = (
        resource["Properties"]
        for resource in body["Resources"].values()
        if resource["Type"] == "AWS::ApiGatewayV2::Authorizer"
    )
    authorizer["IdentitySource"] = ["$request.header.Cookie"]
    configured(AllowOrigins=["*"])(body, origin)


def _asleep(api: Api) -> Api:
    """The function's database may pause, and its code does not know that."""
    functions = {
        key: replace(
            each,
            database_sleeps=True,
            timeout=None,
            handler=replace(each.handler, resumes=False) if each.handler else None,
        )
        for key, each in api.functions.items()
    }
    return replace(api, functions=functions)


FACTS_AND_ANSWERS = (
    FactsAndAnswer(
        "edge.get-body", Recorded((), 403, message="<html>", key="", headers=PAGE), asked={"body": True}
    ),
    FactsAndAnswer(
        "edge.cf-header",
        Recorded((), 401, message="no key", headers=GATEWAY_ID),
        before(AllowedMethods=SEVEN, CachePolicyId=NO_CACHE),
        asked={"url": EDGE, "origin": EDGE.removesuffix("/items"), "headers": (("x-tenant", "1"),)},
    ),
    FactsAndAnswer(
        "auth.no-token",
        Recorded((), 401, "UnauthorizedException", "Unauthorized"),
        asked={"credential": Credential.NONE},
    ),
    FactsAndAnswer(
        "deploy.private",
        Recorded((), 403, "ForbiddenException", "Forbidden", preflight=True),
        sets("Api", EndpointConfiguration={"Types": ["PRIVATE"]}),
    ),
    FactsAndAnswer(
        "auth.waf",
        Recorded((), 403, "ForbiddenException", "Forbidden"),
        adds("Guarded", "AWS::WAFv2::WebACLAssociation", ResourceArn={"Ref": "Stage"}, WebACLArn="arn:x"),
    ),
    FactsAndAnswer(
        "client.stale-config",
        Recorded((), 403, "ForbiddenException", "Forbidden", preflight=True),
        facts=lambda api: replace(api, id="def456", layer=Layer.DEPLOYED),
    ),
    FactsAndAnswer(
        "int.aurora-resume",
        Recorded((), 504, "InternalServerErrorException", "Endpoint request timed out", headers=CORS),
        facts=_asleep,
    ),
    FactsAndAnswer(  # aws/aws-cdk#35872
        "function-url.no-permission",
        Recorded((), 403, "AccessDeniedException", "Forbidden"),
        base=_with_one_permission,
        asked={"path": "/", "url": "https://abc123.lambda-url.eu-west-1.on.aws/"},
    ),
    FactsAndAnswer(
        "httpapi.origin-not-listed",
        Recorded((), 204, preflight=True),
        configured(AllowOrigins=["https://www.example.com"]),
        base=partial(healthy, "http-jwt"),
    ),
)
NOTES = (
    Note("acah.star-authorization", preflight("Headers", lambda _: "'*'")),
    Note("function-url.no-permission", _as_it_is, _with_one_permission),
    Note(
        "function-url.oac-token",
        _as_it_is,
        signed_by_cloudfront,
        url=EDGE,
        headers=(("authorization", "x"),),
    ),
    Note("deploy.canary", sets("Stage", CanarySetting={"PercentTraffic": 10})),
    Note(
        "httpapi.backend-ignored",
        configured(AllowOrigins=["https://www.example.com"]),
        partial(healthy, "http-jwt"),
    ),
    Note("httpapi.only-origins", sets("Http", CorsConfiguration=True), partial(healthy, "sam-http-jwt")),
    Note(
        "open.reflected-credentials",
        codes(
            (
                "    if event",
                f'    HEADERS["Access-Control-Allow-Origin"] = {ASKING}\n    if event',
            )
        ),
    ),
    Note(
        "open.reflected-credentials",
        configured(AllowOrigins=["https://*"], AllowCredentials=True),
        partial(healthy, "http-jwt"),
    ),
    Note(
        "open.cookies",
        _by_cookie,
        partial(healthy, "http-jwt"),
    ),
    Note(
        "open.null-origin",
        configured(AllowOrigins=["null", "https://www.example.com"]),
        partial(healthy, "http-jwt"),
    ),
    Note(
        "open.loose-match",
        codes(
            (
                "    if event",
                f'    origin = {ASKING}\n    if "example.com" not in origin:\n        raise ValueError\n    if event',
            )
        ),
    ),
    Note("acao.vary", both(echoes(varies=False), CACHED)),
    Note(
        "acao.missing-error-path",
        codes(
            (
                '    return answer(200, {"path"',
                '    if not event["path"]:\n        return {"statusCode": 404, "body": ""}\n'
                '    return answer(200, {"path"',
            )
        ),
    ),
)
