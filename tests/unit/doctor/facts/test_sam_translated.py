"""A SAM source and what AWS's own translator makes of it are judged alike: 120 inputs of our own.

The translator's input corpus is in its repository and not in its package, so the inputs are made here: every form of
Cors, of Auth and of Globals, for Api, HttpApi and the APIs that events imply.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from itertools import product
from typing import Any

import boto3
import pytest
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome, diagnose
from accountsctl.doctor.diagnosis.subject import Subject
from accountsctl.doctor.diagnosis.targets import Query, page_requests
from accountsctl.doctor.facts.templates import read_templates

ORIGIN = "https://app.example.com"
CODE = 'exports.handler = async () => ({statusCode: 200, headers: {"Access-Control-Allow-Origin": "*"}, body: "1"});'
POOL = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_One"
Json = dict[str, Any]

API_CORS: Mapping[str, Any] = {
    "none": None,
    "star": "'*'",
    "origin": f"'{ORIGIN}'",
    "other": "'https://other.example.com'",
    "object": {
        "AllowOrigin": "'*'",
        "AllowHeaders": "'authorization,content-type'",
        "AllowMethods": "'GET,POST'",
    },
    "no-headers": {"AllowOrigin": "'*'", "AllowMethods": "'GET,POST'"},
    "credentials": {
        "AllowOrigin": f"'{ORIGIN}'",
        "AllowCredentials": True,
        "AllowHeaders": "'authorization'",
    },
    "max-age": {"AllowOrigin": "'*'", "MaxAge": "'600'", "AllowHeaders": "'*'"},
    "methods-alone": {"AllowMethods": "'GET'"},
}
API_AUTH: Mapping[str, Any] = {
    "none": None,
    "cognito": {"DefaultAuthorizer": "Pool", "Authorizers": {"Pool": {"UserPoolArn": POOL}}},
    "cognito-on-options": {
        "DefaultAuthorizer": "Pool",
        "AddDefaultAuthorizerToCorsPreflight": False,
        "Authorizers": {"Pool": {"UserPoolArn": POOL}},
    },
    "iam": {"DefaultAuthorizer": "AWS_IAM"},
    "key": {"ApiKeyRequired": True},
}
HTTP_CORS: Mapping[str, Any] = {
    "none": None,
    "true": True,
    "star": {
        "AllowOrigins": ["*"],
        "AllowHeaders": ["authorization", "content-type"],
        "AllowMethods": ["GET", "POST"],
    },
    "other": {"AllowOrigins": ["https://other.example.com"], "AllowMethods": ["*"], "AllowHeaders": ["*"]},
    "credentials": {"AllowOrigins": [ORIGIN], "AllowCredentials": True, "AllowHeaders": ["authorization"]},
}
HTTP_AUTH: Mapping[str, Any] = {
    "none": None,
    "jwt": {
        "DefaultAuthorizer": "Jwt",
        "Authorizers": {
            "Jwt": {
                "IdentitySource": "$request.header.Authorization",
                "JwtConfiguration": {"issuer": "https://issuer.example.com", "audience": ["me"]},
            }
        },
    },
}
EVENTS = {
    "one": {"Get": ("get", "/items")},
    "two": {"Get": ("get", "/items"), "Post": ("post", "/items")},
    "any": {"Any": ("any", "/items/{proxy+}")},
    "own-options": {"Get": ("get", "/items"), "Options": ("options", "/items")},
}


def source(kind: str, api: Json | None, events: str, globals_: Json | None) -> Json:
    """A template with one function. `api` is the API's properties; None: events imply it."""
    resources: Json = {} if api is None else {"Mine": {"Type": f"AWS::Serverless::{kind}", "Properties": api}}
    where: Json = {"ApiId" if kind == "HttpApi" else "RestApiId": {"Ref": "Mine"}} if api is not None else {}
    resources["Function"] = {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "InlineCode": CODE,
            "Handler": "index.handler",
            "Runtime": "nodejs22.x",
            "Events": {
                name: {"Type": kind, "Properties": {"Path": path, "Method": method, **where}}
                for name, (method, path) in EVENTS[events].items()
            },
        },
    }
    globals_of = {"Globals": {kind: globals_}} if globals_ else {}
    return {"Transform": "AWS::Serverless-2016-10-31", **globals_of, "Resources": resources}


def with_parts(kind: str, cors: Any, auth: Any) -> Json:
    """The properties of an API that are given."""
    name = "CorsConfiguration" if kind == "HttpApi" else "Cors"
    return {key: value for key, value in ((name, cors), ("Auth", auth)) if value is not None}


def inputs() -> dict[str, Json]:
    """The templates, by what is in them."""
    found: dict[str, Json] = {}
    for kind, every_cors, every_auth in (("Api", API_CORS, API_AUTH), ("HttpApi", HTTP_CORS, HTTP_AUTH)):
        stage: Json = {"StageName": "dev"} if kind == "Api" else {}
        for (cors, said), (auth, guarded) in product(every_cors.items(), every_auth.items()):
            parts = with_parts(kind, said, guarded)
            found[f"{kind} {cors} {auth}"] = source(kind, {**stage, **parts}, "two", None)
        for cors, said in every_cors.items():
            parts = with_parts(kind, said, None)
            found[f"{kind} implied, globals {cors}"] = source(kind, None, "two", parts)
            found[f"{kind} globals {cors}"] = source(kind, stage, "two", parts)
            own = with_parts(kind, every_cors["star"], None)
            found[f"{kind} own star over globals {cors}"] = source(kind, {**stage, **own}, "two", parts)
            for events in ("one", "any", "own-options"):
                found[f"{kind} {cors} {events}"] = source(kind, {**stage, **parts}, events, None)
    return found


def further() -> dict[str, Json]:
    """Forms that stand alone: the authorization of one event, and more Globals."""
    cors = API_CORS["object"]
    cognito = API_AUTH["cognito"]
    found: dict[str, Json] = {}
    for name, auth in (
        ("none", {"Authorizer": "NONE"}),
        ("iam", {"Authorizer": "AWS_IAM"}),
        ("key", {"ApiKeyRequired": True}),
    ):
        made = source("Api", {"StageName": "dev", "Cors": cors, "Auth": cognito}, "two", None)
        made["Resources"]["Function"]["Properties"]["Events"]["Get"]["Properties"]["Auth"] = auth
        found[f"Api event Auth {name}"] = made
    open_route = source("HttpApi", {"CorsConfiguration": True, "Auth": HTTP_AUTH["jwt"]}, "two", None)
    events = open_route["Resources"]["Function"]["Properties"]["Events"]
    events["Get"]["Properties"]["Auth"] = {"Authorizer": "NONE"}
    found["HttpApi event Auth none"] = open_route
    for name, globals_ in (
        ("auth", {"Auth": cognito, "Cors": cors}),
        ("endpoint", {"Cors": cors, "EndpointConfiguration": "REGIONAL"}),
        ("binary", {"Cors": cors, "BinaryMediaTypes": ["image~1png"]}),
    ):
        found[f"Api globals {name}"] = source("Api", {"StageName": "dev"}, "two", globals_)
    return found


INPUTS = inputs() | further()


def translated(template: Json) -> Json:
    """What the translator makes of it."""
    translator = Translator(None, Parser(), boto_session=boto3.Session(region_name="eu-west-1"))
    made: Json = translator.translate(copy.deepcopy(template), {}, get_managed_policy_map=dict)
    made.pop("Transform", None)
    return made


def judged(template: Json) -> dict[str, tuple[str, str | None, tuple[str, ...]]]:
    """Each request of a page: the outcome, the cause, and what comes after it."""
    (api,) = read_templates({"template.json": json.dumps(template)})
    found = {}
    for ask in page_requests(api, Query(origin=ORIGIN), ()):
        diagnosis = diagnose(Subject((api,)), ask)
        root = diagnosis.root.card.id if diagnosis.root else None
        found[f"{ask.method} {ask.path} {ask.credential}"] = (diagnosis.outcome.value, root, diagnosis.next)
    return found


def test_there_are_enough_inputs() -> None:
    assert len(INPUTS) > 100


@pytest.mark.parametrize("name", INPUTS)
def test_source_and_translation_are_judged_alike(name: str) -> None:
    assert judged(INPUTS[name]) == judged(translated(INPUTS[name]))


@pytest.mark.parametrize(
    ("api", "event", "key"),
    [("AWS::Serverless::Api", "Api", "RestApiId"), ("AWS::Serverless::HttpApi", "HttpApi", "ApiId")],
)
@pytest.mark.parametrize("named", ["Custom", {"Ref": "Custom"}], ids=["by its name", "by Ref"])
def test_the_permission_has_the_api_as_the_event_names_it(
    api: str, event: str, key: str, named: object
) -> None:
    calls = {"Type": event, "Properties": {key: named, "Path": "/hello", "Method": "get"}}
    function = {
        "Handler": "index.handler",
        "InlineCode": CODE,
        "Runtime": "nodejs22.x",
        "Events": {"Get": calls},
    }
    template = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            "Custom": {"Type": api, "Properties": {"StageName": "v1"}},
            "Hello": {"Type": "AWS::Serverless::Function", "Properties": function},
        },
    }
    of_source, of_translated = judged(template), judged(translated(template))
    assert of_source == of_translated
    roots = {root for _, root, _ in of_source.values()}
    assert ("int.wrong-source-arn" in roots) == (named == "Custom")


def with_token(template: Json) -> Diagnosis:
    """What is said of GET with a token in Authorization."""
    (api,) = read_templates({"template.json": json.dumps(template)})
    (asked,) = page_requests(
        api, Query(origin=ORIGIN, path="/items", method="GET", headers=(("authorization", "x"),)), ()
    )
    return diagnose(Subject((api,)), asked)


@pytest.mark.parametrize("compiled", [False, True], ids=["source", "translated"])
def test_a_cors_configuration_that_is_only_true_says_no_header_and_is_worth_a_word(compiled: bool) -> None:
    made = source("HttpApi", {"CorsConfiguration": True}, "one", None)
    read = with_token(translated(made) if compiled else made)
    assert read.outcome is DiagnosisOutcome.PASS
    assert "the headers of the response to OPTIONS" in {what for what, _ in read.not_checked}
    assert "httpapi.only-origins" in {warning.card.id for warning in read.warnings}


def test_origins_that_are_named_alone_allow_no_header() -> None:
    read = with_token(source("HttpApi", {"CorsConfiguration": {"AllowOrigins": [ORIGIN]}}, "one", None))
    assert read.root is not None
    assert read.root.card.id == "acah.authorization"
