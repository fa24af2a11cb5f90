"""What an export says of an API's preflights: what stands in the deployed template, and nothing that is a guess."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from accountsctl.formats.frontend.cors import allowed
from accountsctl.formats.frontend.exports import Deployed, amplify_outputs

GOLDEN = Path(__file__).parents[3] / "golden/dev/api/accountsAPI.json"
HEADERS = "method.response.header.Access-Control-Allow-Headers"
METHODS = "method.response.header.Access-Control-Allow-Methods"
PARAMETERS = {HEADERS: "'Authorization, Idempotency-Key'", METHODS: "'PATCH,GET'"}
TOLD = {"allowHeaders": ["Authorization", "Idempotency-Key"], "allowMethods": ["PATCH", "GET"]}


def answering(*responses: Any, kind: str = "MOCK") -> dict[str, Any]:
    """An API of one path, /a/{id}, whose preflight has these integration responses."""
    integration = {"Type": kind, "IntegrationResponses": list(responses)}
    return {
        "Resources": {
            "A": {"Type": "AWS::ApiGateway::Resource", "Properties": {"PathPart": "a"}},
            "Id": {
                "Type": "AWS::ApiGateway::Resource",
                "Properties": {"PathPart": "{id}", "ParentId": {"Ref": "A"}},
            },
            "Preflight": {
                "Type": "AWS::ApiGateway::Method",
                "Properties": {
                    "HttpMethod": "OPTIONS",
                    "ResourceId": {"Ref": "Id"},
                    "Integration": integration,
                },
            },
            "Get": {"Type": "AWS::ApiGateway::Method", "Properties": {"HttpMethod": "GET"}},
        }
    }


def with_parameters(**changes: Any) -> dict[str, Any]:
    return {"ResponseParameters": {**PARAMETERS, **changes}}


def test_each_path_is_told_as_its_own_preflight_answers_it() -> None:
    found = allowed(json.loads(GOLDEN.read_text()))
    assert list(found) == ["/accounts", "/accounts/{id}"]
    assert {"GET", "POST"} <= set(found["/accounts"]["allowMethods"])
    assert "POST" not in found["/accounts/{id}"]["allowMethods"]
    assert "Authorization" in found["/accounts/{id}"]["allowHeaders"]


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        (PARAMETERS, TOLD),
        ({name.lower(): value for name, value in PARAMETERS.items()}, TOLD),
        ({METHODS: "'*'"}, {"allowHeaders": [], "allowMethods": ["*"]}),
        ({}, {"allowHeaders": [], "allowMethods": []}),
    ],
)
def test_a_header_that_is_not_sent_allows_nothing(parameters: dict[str, str], told: dict[str, Any]) -> None:
    assert allowed(answering({"ResponseParameters": parameters})) == {"/a/{id}": told}


@pytest.mark.parametrize(
    "template",
    [
        {},
        {"Resources": {"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": {"paths": {}}}}}},
        answering(with_parameters(), kind="AWS_PROXY"),
        answering(with_parameters(), with_parameters()),
        answering(),
        answering({}),
        answering(with_parameters(**{METHODS: {"Fn::Sub": "'${Verbs}'"}})),
        answering(with_parameters(**{HEADERS: "integration.response.header.x"})),
    ],
)
def test_what_does_not_stand_in_the_template_is_not_guessed(template: dict[str, Any]) -> None:
    assert allowed(template) == {}


@pytest.mark.parametrize(
    ("template", "cors"), [(answering(with_parameters()), {"/a/{id}": TOLD}), (answering(), None)]
)
def test_an_export_tells_it_beside_the_api_where_it_is_known(template: dict[str, Any], cors: Any) -> None:
    deployed = Deployed(
        environment="dev",
        region="eu-west-1",
        outputs={"api/web": {"RootUrl": "https://web.example/dev"}},
        templates={"api/web": template},
    )
    (api,) = amplify_outputs(deployed)["custom"]["API"]
    assert (api["name"], api.get("cors")) == ("web", cors)
