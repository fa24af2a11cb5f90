"""What an HTTP API's JWT authorizer compares a token with: its issuer and its audiences, as a layer knows them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.browser.page_request import Credential, PageRequest, read_token
from accountsctl.doctor.catalogue.cards import BY_ID
from accountsctl.doctor.catalogue.scene import Scene
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome
from accountsctl.doctor.facts.templates import read_templates
from tests.faults.reported.answers import ISSUER, token
from tests.faults.reported.apis import SAM, Template, http
from tests.faults.reported.report import ALLOW, ANY, HTTP, ORIGIN, Report, Response, firefox

OF_HTTP_API = ("apigw-requestid", "Q1ea3GcAIAM=")
OPENED = Response(204, headers=(*ANY, (f"{ALLOW}headers", "authorization"), OF_HTTP_API), gateway=False)
TAKEN = {"iss": ISSUER, "aud": "client", "exp": 4000000000}
AUTH0 = "https://shop.eu.auth0.com/"
CORS = {"AllowOrigins": ["*"], "AllowHeaders": ["authorization"]}


def by_resource(**rules: Any) -> Template:
    """An HTTP API of routes and an authorizer with these rules."""
    template = http("GET /items", cors=CORS, jwt=True)
    template["Resources"]["Jwt"]["Properties"]["JwtConfiguration"].update(rules)
    return template


def by_sam(**rules: Any) -> Template:
    """The same as SAM's Auth writes it."""
    configuration = {"issuer": ISSUER, "audience": ["client"]}
    configuration.update({name.lower(): value for name, value in rules.items()})
    authorizer = {"JwtConfiguration": configuration, "IdentitySource": "$request.header.Authorization"}
    auth = {"DefaultAuthorizer": "Jwt", "Authorizers": {"Jwt": authorizer}}
    event = {"Type": "HttpApi", "Properties": {"Path": "/items", "Method": "get", "ApiId": {"Ref": "Api"}}}
    code = {"Handler": "index.handler", "Runtime": "nodejs22.x", "CodeUri": "s3://bucket/key"}
    api = {"Auth": auth, "CorsConfiguration": CORS}
    return {
        "Transform": SAM,
        "Resources": {
            "Api": {"Type": "AWS::Serverless::HttpApi", "Properties": api},
            "Items": {"Type": "AWS::Serverless::Function", "Properties": {**code, "Events": {"Get": event}}},
        },
    }


def refused(
    claims: dict[str, Any], template: Template | None = None, *, description: str = "the token is invalid"
) -> Diagnosis:
    """What the doctor says of a token with these claims that the API refused."""
    challenge = f'Bearer scope="" error="invalid_token" error_description="{description}"'
    headers = (*ANY, OF_HTTP_API, ("www-authenticate", challenge))
    answer = Response(401, headers=headers, gateway=False, body='{"message":"Unauthorized"}')
    recorded = firefox(Report("", (), OPENED, answer, url=HTTP, token=token(**claims)))
    apis = read_templates({"t.json": json.dumps(template)}, {}) if template else ()
    (found, *_) = from_recording(recorded, "r.har", apis).diagnoses
    return found


def named(found: Diagnosis) -> list[str]:
    return list(found.causes)


@pytest.mark.parametrize("written", [by_resource, by_sam], ids=["resource", "SAM"])
@pytest.mark.parametrize(
    ("rules", "claims"),
    [({"Issuer": AUTH0.rstrip("/")}, {"iss": AUTH0}), ({}, {"iss": f"{ISSUER}X"})],
    ids=["a slash", "another pool"],
)
def test_an_issuer_is_compared_letter_by_letter(
    written: Callable[..., Template], rules: dict[str, Any], claims: dict[str, Any]
) -> None:
    found = refused({**TAKEN, **claims}, written(**rules))
    assert found.outcome is DiagnosisOutcome.ERROR
    assert named(found) == ["auth.cognito-wrong-pool"]
    assert found.root is not None
    assert f"the token's iss is {claims['iss']}" in found.root.evidence[-1].observed


@pytest.mark.parametrize("written", [by_resource, by_sam], ids=["resource", "SAM"])
@pytest.mark.parametrize(
    "claims",
    [{}, {"aud": None, "client_id": "client"}, {"aud": ["client", "x"]}],
    ids=["aud", "client_id", "several"],
)
def test_an_audience_that_the_authorizer_does_not_list_is_named(
    written: Callable[..., Template], claims: dict[str, Any]
) -> None:
    found = refused({**TAKEN, **claims}, written(Audience=["other"]), description="no valid audience")
    assert named(found) == ["auth.cognito-other-client"]
    assert found.root is not None
    assert "the authorizer takes other" in found.root.evidence[-1].observed


@pytest.mark.parametrize(
    ("rules", "claims"),
    [
        ({}, {}),
        ({"Audience": ["other", "client"]}, {"aud": ["x", "client"]}),
        ({}, {"aud": None, "client_id": "client"}),
        ({"Issuer": {"Fn::Sub": "https://cognito-idp.${AWS::Region}.amazonaws.com/${Pool}"}}, {}),
        ({"Audience": [{"Ref": "Client"}]}, {"aud": "anything"}),
    ],
    ids=["all met", "one of several", "by client_id", "an issuer of the stack", "an audience of the stack"],
)
def test_rules_that_a_token_meets_or_that_are_not_known_are_not_held_against_it(
    rules: dict[str, Any], claims: dict[str, Any]
) -> None:
    api, *_ = read_templates({"t.json": json.dumps(by_resource(**rules))}, {})
    request = PageRequest(
        ORIGIN, "/items", credential=Credential.TOKEN, token=read_token(token(**{**TAKEN, **claims}))
    )
    for id_ in ("auth.cognito-wrong-pool", "auth.cognito-other-client"):
        assert BY_ID[id_].evidence(Scene(api, request, False)) == ()
