"""Gateway responses that stand elsewhere, or of which a part is known to the deployment alone, warn of nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.doctor.facts.test_hidden_elsewhere import stored
from tests.unit.doctor.facts.test_hidden_parts import CORS, EXPORT, INCLUDE, event, of_get, serverless
from tests.unit.doctor.facts.test_unknown_values import (
    HIDDEN,
    NESTED,
    Body,
    diagnosed,
    healthy,
    moves_away,
    properties,
)

ORIGIN = "gatewayresponse.header.Access-Control-Allow-Origin"
RESPONSE = {"RestApiId": {"Ref": "Api"}, "ResponseType": "DEFAULT_4XX", "ResponseParameters": {ORIGIN: "'*'"}}


def warned(body: Body) -> set[str]:
    found = diagnosed(body)
    assert not found.fails
    return {warning.card.id for warning in found.warnings if warning.card.id.startswith("gwresp.")}


def with_responses() -> Body:
    body = healthy()
    for kind in ("DEFAULT_4XX", "DEFAULT_5XX"):
        settings = {**RESPONSE, "ResponseType": kind}
        body["Resources"][kind[-3:]] = {"Type": "AWS::ApiGateway::GatewayResponse", "Properties": settings}
    return body


def test_gateway_responses_that_are_not_there_are_warned_of() -> None:
    assert warned(with_responses()) == set()
    body = with_responses()
    moves_away("4XX")(body)
    assert warned(body) == {"gwresp.4xx"}
    body = with_responses()
    properties(body, "5XX")["ResponseParameters"] = {}
    assert warned(body) == {"gwresp.5xx"}
    body = with_responses()
    properties(body, "5XX")["ResponseParameters"] = {ORIGIN: "'https://other.example.com'"}
    assert warned(body) == {"gwresp.static-origin"}


def test_the_type_of_a_gateway_response_is_read_in_small_letters_too() -> None:
    body = with_responses()
    properties(body, "4XX")["ResponseType"] = "DEFAULT_4xx"
    assert warned(body) == set()
    properties(body, "4XX")["ResponseType"] = "access_denied"
    assert warned(body) == {"gwresp.4xx"}


@pytest.mark.parametrize("key", ["RestApiId", "ResponseType", "ResponseParameters"])
@pytest.mark.parametrize(
    "value", [HIDDEN, {"Fn::ImportValue": "x"}, INCLUDE, {"Fn::GetAtt": ["Lookup", "A"]}]
)
def test_a_gateway_response_of_which_a_part_is_not_known_warns_of_nothing(key: str, value: object) -> None:
    body = with_responses()
    properties(body, "4XX")[key] = value
    assert warned(body) == set()


@pytest.mark.parametrize(
    "origin", [HIDDEN, {"Fn::Sub": "'${Hidden}'"}, "'{{resolve:ssm:/a}}'", {"Fn::Sub": "'https://${Hidden}'"}]
)
def test_an_origin_of_a_gateway_response_that_is_not_known_warns_of_nothing(origin: object) -> None:
    body = with_responses()
    properties(body, "4XX")["ResponseParameters"] = {ORIGIN: origin}
    assert warned(body) == set()


ELSEWHERE: dict[str, dict[str, Any]] = {
    "a nested stack": {"Resources": {"Nested": NESTED}},
    "another stack, by SSM": {"Resources": {"Store": stored({"Ref": "Api"})}},
    "another stack, by an export": {"Outputs": {"Api": {"Value": {"Ref": "Api"}, **EXPORT}}},
    "a macro": {"Transform": ["OurMacro"]},
}


@pytest.mark.parametrize("where", ELSEWHERE)
def test_gateway_responses_may_stand_elsewhere(where: str) -> None:
    body = with_responses()
    moves_away("4XX", "5XX")(body)
    more = ELSEWHERE[where]
    body["Resources"] |= more.get("Resources", {})
    assert warned({**body, **{key: part for key, part in more.items() if key != "Resources"}}) == set()


@pytest.mark.parametrize(
    "responses",
    [
        INCLUDE,
        {"DEFAULT_4XX": INCLUDE, "DEFAULT_5XX": INCLUDE},
        {"DEFAULT_4XX": {"ResponseParameters": INCLUDE}, "DEFAULT_5XX": INCLUDE},
        {"DEFAULT_4XX": INCLUDE, "DEFAULT_5XX": {"ResponseParameters": {"Headers": INCLUDE}}},
    ],
)
def test_gateway_responses_of_sam_that_are_not_known_warn_of_nothing(responses: Body) -> None:
    def warnings(more: Body) -> set[str]:
        found = of_get(serverless("Api", {"Cors": CORS, **more}, event("Api", "RestApiId")))
        return {warning.card.id for warning in found.warnings if warning.card.id.startswith("gwresp.")}

    assert warnings({}) == {"gwresp.4xx", "gwresp.5xx"}
    assert warnings({"GatewayResponses": responses}) == set()
