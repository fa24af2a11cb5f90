"""Conditions in a SAM source are judged as what SAM's translator makes of them: it writes its documents before it knows
whether a condition holds. So are documents into which SAM merges the events."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from tests.unit.doctor.facts.test_sam_translated import (
    API_AUTH,
    API_CORS,
    HTTP_CORS,
    ORIGIN,
    POOL,
    judged,
    source,
    translated,
    with_parts,
)

Json = dict[str, Any]
NO_VALUE: Json = {"Ref": "AWS::NoValue"}
OBJECT, COGNITO = API_CORS["object"], API_AUTH["cognito"]
SWITCH = "AddDefaultAuthorizerToCorsPreflight"


def either(one: object, other: object) -> Json:
    return {"Fn::If": ["On", one, other]}


API: Mapping[str, Json] = {
    "Cors, texts": {"Cors": either("'*'", "'https://other.example.com'")},
    "Cors, text or none": {"Cors": either("'*'", NO_VALUE)},
    "Cors, object or none": {"Cors": either(OBJECT, NO_VALUE)},
    "Cors, objects": {"Cors": either(OBJECT, API_CORS["no-headers"])},
    "AllowOrigin, text or none": {"Cors": {**OBJECT, "AllowOrigin": either("'*'", NO_VALUE)}},
    "AllowHeaders": {"Cors": {**OBJECT, "AllowHeaders": either("'x'", "'authorization,content-type'")}},
    "AllowCredentials": {
        "Cors": {**OBJECT, "AllowOrigin": f"'{ORIGIN}'", "AllowCredentials": either(True, False)}
    },
    "an authorizer": {"Cors": OBJECT, "Auth": {**COGNITO, "Authorizers": {"Pool": either({}, NO_VALUE)}}},
    "a pool": {
        "Cors": OBJECT,
        "Auth": {**COGNITO, "Authorizers": {"Pool": {"UserPoolArn": either(POOL, "x")}}},
    },
    "the key": {"Cors": OBJECT, "Auth": {"ApiKeyRequired": either(True, False)}},
    "a gateway response": {
        "Cors": OBJECT,
        "Auth": COGNITO,
        "GatewayResponses": {
            "DEFAULT_4XX": {
                "ResponseParameters": {"Headers": {"Access-Control-Allow-Origin": either("'*'", NO_VALUE)}}
            }
        },
    },
}
HTTP: Mapping[str, Json] = {
    "CorsConfiguration, object or none": {"CorsConfiguration": either(HTTP_CORS["star"], NO_VALUE)},
    "CorsConfiguration, objects": {"CorsConfiguration": either(HTTP_CORS["star"], HTTP_CORS["other"])},
    "AllowOrigins": {
        "CorsConfiguration": {
            **HTTP_CORS["star"],
            "AllowOrigins": either(["*"], ["https://other.example.com"]),
        }
    },
    "one of AllowOrigins": {
        "CorsConfiguration": {
            **HTTP_CORS["star"],
            "AllowOrigins": ["https://other.example.com", either(ORIGIN, NO_VALUE)],
        }
    },
    "AllowHeaders": {"CorsConfiguration": {**HTTP_CORS["star"], "AllowHeaders": either(["x"], NO_VALUE)}},
}
CASES = {
    f"{kind} {name}": (kind, parts)
    for kind, every in (("Api", API), ("HttpApi", HTTP))
    for name, parts in every.items()
}
HOLDS: Mapping[str, Json] = {
    "holds": {"Default": "on"},
    "does not hold": {"Default": "off"},
    "is not known": {},
}
EVERY_STATE = [pytest.param(name, marks=() if name == "is not known" else pytest.mark.slow) for name in HOLDS]
INTEGRATION: Json = {
    "x-amazon-apigateway-integration": {
        "type": "aws_proxy",
        "httpMethod": "POST",
        "uri": {
            "Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations"
        },
    },
    "responses": {},
}
PATHS: Mapping[str, Json] = {
    "x-any": {"/items": {"x-amazon-apigateway-any-method": INTEGRATION}},
    "any": {"/items": {"any": INTEGRATION}},
    "x-any of a proxy": {"/items/{proxy+}": {"x-amazon-apigateway-any-method": INTEGRATION}},
    "get": {"/items": {"get": INTEGRATION}},
    "no path": {},
    "OPTIONS by a condition": {"/items": {"get": INTEGRATION, "options": either(INTEGRATION, NO_VALUE)}},
}


def with_condition(template: Json, parameter: Mapping[str, Any]) -> Json:
    condition = {"Fn::Equals": [{"Ref": "State"}, "on"]}
    return {
        **template,
        "Parameters": {"State": {"Type": "String", **parameter}},
        "Conditions": {"On": condition},
    }


@pytest.mark.parametrize("holds", EVERY_STATE)
@pytest.mark.parametrize("name", CASES)
def test_a_condition_is_judged_as_in_what_sam_makes_of_it(name: str, holds: str) -> None:
    kind, parts = CASES[name]
    stage = {"StageName": "dev"} if kind == "Api" else {}
    own = with_condition(source(kind, {**stage, **parts}, "two", None), HOLDS[holds])
    assert judged(own) == judged(translated(own))
    by_globals = with_condition(source(kind, None, "two", parts), HOLDS[holds])
    assert judged(by_globals) == judged(translated(by_globals))


@pytest.mark.parametrize(
    "off", [{"Fn::ImportValue": "x"}, either(False, NO_VALUE), {"Fn::GetAtt": ["Lookup", "Value"]}]
)
def test_a_switch_of_options_that_is_not_known_accuses_nothing(off: Json) -> None:
    parts = with_parts("Api", OBJECT, {**COGNITO, SWITCH: off})
    made = with_condition(source("Api", {"StageName": "dev", **parts}, "two", None), {})
    assert {outcome for outcome, _, _ in judged(made).values()} <= {"pass", "unknown"}


@pytest.mark.parametrize("holds", EVERY_STATE)
@pytest.mark.parametrize("merges", [True, False, None])
@pytest.mark.parametrize("paths", PATHS)
@pytest.mark.parametrize("events", ["two", "any"])
def test_a_document_with_merged_events_is_judged_as_what_sam_makes_of_it(
    events: str, paths: str, merges: bool | None, holds: str
) -> None:
    document = {"swagger": "2.0", "info": {"title": "a", "version": "1"}, "paths": PATHS[paths]}
    merged = {} if merges is None else {"MergeDefinitions": merges}
    parts = with_parts("Api", OBJECT, COGNITO)
    api = {"StageName": "dev", "DefinitionBody": copy.deepcopy(document), **merged, **parts}
    made = with_condition(source("Api", api, events, None), HOLDS[holds])
    assert judged(made) == judged(translated(made))


def test_a_method_any_that_sam_merges_is_not_accused() -> None:
    """SAM writes the key ``any``, which AWS does not document."""
    document = {"swagger": "2.0", "info": {"title": "a", "version": "1"}, "paths": {"/other": {}}}
    api = {"StageName": "dev", "DefinitionBody": document, "MergeDefinitions": True}
    for made in (source("Api", api, "any", None), translated(source("Api", api, "any", None))):
        assert {outcome for outcome, _, _ in judged(made).values()} <= {"pass", "unknown"}
        assert {root for _, root, _ in judged(made).values()} == {None}
