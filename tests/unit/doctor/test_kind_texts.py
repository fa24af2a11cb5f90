"""The texts of causes fit the kind of API that a request calls: no words of REST APIs for HTTP APIs and others."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from accountsctl.doctor.browser.verdict import FetchResponse
from accountsctl.doctor.catalogue.cards import BY_ID, CARDS
from accountsctl.doctor.catalogue.kind_texts import OF_KINDS, OtherKind, worded
from accountsctl.doctor.catalogue.scene import Scene
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, diagnose
from accountsctl.doctor.diagnosis.subject import Subject
from accountsctl.doctor.diagnosis.targets import Query, page_requests
from accountsctl.doctor.diagnosis.wording import kind_of
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.facts.places import Layer, SourcePlace
from accountsctl.doctor.facts.templates import read_templates
from accountsctl.model.api_gateway import ApiKind
from tests.faults.reported.apis import function_url
from tests.unit.doctor.facts.test_sam_translated import source, translated

ORIGIN = "https://app.example.com"
OF_REST = re.compile(
    r"MOCK|--rest-api-id|usage plan|method\.request|COGNITO_USER_POOLS|DEFAULT_[45]XX|API/\*/\*/\*|ApiKeyRequired|"
    r"AddDefaultAuthorizerToCorsPreflight|[Ii]ntegration response|MethodResponse|method response|the method has"
)
NOT_OF_HTTP = re.compile(
    r"preflight\.(mock|api-key|validator|binary|method-response|unquoted)|gwresp\.|int\.(http-method|mapping-template|media-type|selection|"
    r"non-proxy|stage-cache)|auth\.(api-key|validator|quota|cognito-regex|cognito-access|cognito-id-|cognito-other|"
    r"cognito-scope|pool-unreachable|resource-policy|iam-denied|route-missing)|deploy\.(private|canary|no-mapping)|"
    r"httpapi\.error-without-cors"
)
"""What only a REST API has; and the one text that says that an HTTP API has none of it."""


@pytest.mark.parametrize(
    "card", [card for card in CARDS if not NOT_OF_HTTP.match(card.id)], ids=lambda card: card.id
)
def test_what_is_said_of_an_http_api_has_no_words_of_rest_apis(card: Any) -> None:
    text = worded(card, ApiKind.HTTP)
    assert not OF_REST.search(f"{text.what} {text.fix} {text.split}")


def test_every_text_is_of_a_card_and_says_something_else() -> None:
    for kind, texts in OF_KINDS.items():
        for id_ in texts:
            assert worded(BY_ID[id_], kind) != BY_ID[id_]
    assert worded(BY_ID["preflight.no-options"], ApiKind.REST) == BY_ID["preflight.no-options"]


def called(template: dict[str, Any], path: str = "/items", method: str = "POST") -> Diagnosis:
    (api,) = read_templates({"t.json": json.dumps(template)})
    sent = (("authorization", "x"),)
    (ask,) = page_requests(api, Query(ORIGIN, path=path, method=method, headers=sent), ())
    return diagnose(Subject((api,)), ask)


def test_an_http_api_without_options_is_told_of_its_configuration_and_refuses_with_its_own_status() -> None:
    found = called(translated(source("HttpApi", {}, "two", None)))
    assert found.root is not None
    assert found.root.card.id == "preflight.no-options"
    assert "CorsConfiguration" in found.root.card.fix
    assert found.root.evidence[0].expected == "a CorsConfiguration"
    assert found.walk.preflight is not None
    assert found.walk.preflight.status == 404


def test_the_fix_of_an_http_api_without_options_configures_it() -> None:
    template = source("HttpApi", {}, "two", None)
    (api,) = read_templates({"t.json": json.dumps(template)})
    (ask,) = page_requests(api, Query(ORIGIN, path="/items", method="POST"), ())
    scene = Scene(api, ask, preflight=True)
    for operation in BY_ID["preflight.no-options"].operations(scene, template):
        operation.apply(template)
    assert template["Resources"]["Mine"]["Properties"]["CorsConfiguration"]["AllowMethods"] == ["GET", "POST"]
    assert not called(template).fails
    implied = source("HttpApi", None, "two", None)
    (api,) = read_templates({"t.json": json.dumps(implied)})
    assert BY_ID["preflight.no-options"].operations(replace(scene, api=api), implied) == ()


def test_a_function_url_whose_code_leaves_options_out_is_told_of_its_cors() -> None:
    template = function_url("NONE", None)
    template["Resources"]["Items"]["Properties"]["Code"] = {
        "ZipFile": "def handler(event, context):\n"
        "    if event['requestContext']['http']['method'] == 'POST':\n"
        "        return {'statusCode': 200, 'headers': {'Access-Control-Allow-Origin': '*'}, 'body': '1'}\n"
        "    return {'statusCode': 404, 'body': ''}\n"
    }
    found = called(template)
    assert found.root is not None
    assert not OF_REST.search(f"{found.root.card.what} {found.root.card.fix}")
    assert all("MOCK" not in evidence.expected for evidence in found.root.evidence)


@pytest.mark.parametrize(
    ("url", "headers", "kind"),
    [
        ("https://abc123.execute-api.eu-west-1.amazonaws.com/dev/items", (), ApiKind.REST),
        ("https://api.example.com/items", (("x-amz-apigw-id", "a"),), ApiKind.REST),
        ("https://api.example.com/items", (("apigw-requestid", "a"),), ApiKind.HTTP),
        (
            "https://api.example.com/items",
            (("apigw-requestid", "a"), ("x-amzn-errortype", "ForbiddenException")),
            ApiKind.REST,
        ),
        ("https://abc123.lambda-url.eu-west-1.on.aws/items", (), ApiKind.FUNCTION_URL),
        ("https://bucket.s3.eu-west-1.amazonaws.com/a.png", (), OtherKind.STORE),
        ("https://api.example.com/items", (), OtherKind.UNKNOWN),
    ],
)
def test_the_kind_is_told_by_the_answer_or_the_host(
    url: str, headers: tuple[tuple[str, str], ...], kind: str
) -> None:
    (ask,) = page_requests(
        read_templates({"t.json": json.dumps(source("Api", {"StageName": "dev"}, "one", None))})[0],
        Query(ORIGIN, url=url),
        (),
    )
    seen = Exchange("P3", "GET", url, SourcePlace(Layer.LIVE, "http P3"), answer=FetchResponse(403, headers))
    assert kind_of(Subject(actual=seen), ask) == kind
