"""What is known of a value that only the deployment knows: its other text, and the values that it is one of.

If the browser takes none of them, that is a fault; if it may take one, nothing is said.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap.html
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from accountsctl.commands.doctor.cors import DiagnosisSources, find_out
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.facts.templates import read_templates
from accountsctl.doctor.facts.templates.document import Document
from accountsctl.doctor.facts.templates.resolving import Resolver
from accountsctl.doctor.facts.unknown import example_of, may_be
from tests.unit.commands.doctor.recordings import causes
from tests.unit.doctor.facts.test_unknown_values import ALLOW, answered_options, healthy

PAGE = "https://app.example.com"
OTHER, THIRD = "https://www.example.com", "https://beta.example.com"
HOST, HEADER = ["acao.host"], ["acah.authorization"]
SITES = {"eu-west-1": {"one": OTHER, "all": [OTHER, PAGE]}, "us-east-1": {"one": THIRD, "all": [THIRD]}}


def of_map(key: str, *default: Any) -> dict[str, Any]:
    return {"Fn::FindInMap": ["Sites", {"Ref": "AWS::Region"}, key, *default]}


def quoted(value: Any) -> dict[str, Any]:
    return {"Fn::Join": ["", ["'", value, "'"]]}


def parameter(*allowed: str) -> dict[str, Any]:
    return {"Site": {"Type": "String", **({"AllowedValues": list(allowed)} if allowed else {})}}


def causes_of(body: dict[str, Any], **parameters: Any) -> list[str]:
    body = {**body, "Mappings": {"Sites": SITES}}
    body["Parameters"] = {**body.get("Parameters", {}), **parameter(), **parameters}
    apis = read_templates({"t.json": json.dumps(body)})
    query = Query(origin=PAGE, path="/items", method="GET", headers=(("authorization", "x"),))
    (found,) = find_out(DiagnosisSources(static=lambda: apis), query).diagnoses
    return causes(found)


def either(one: Any, other: Any) -> dict[str, Any]:
    return {"Fn::If": ["Unknown", one, other]}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("Origin", either(f"'{OTHER}'", f"'{PAGE}'"), []),
        ("Origin", either(f"'{OTHER}'", "'*'"), []),
        ("Origin", either(f"'{OTHER}'", f"'{THIRD}'"), HOST),
        ("Origin", either(f"'{OTHER}'", {"Fn::Sub": "'${Site}'"}), []),
        ("Origin", quoted(either(OTHER, either(THIRD, PAGE))), []),
        ("Origin", quoted(of_map("one")), HOST),
        ("Origin", quoted(of_map("one", {"DefaultValue": PAGE})), []),
        ("Origin", quoted(of_map("one", {"DefaultValue": OTHER})), HOST),
        ("Origin", {"Fn::Sub": "'https://${Site}'"}, []),
        ("Origin", {"Fn::Sub": "'https://${Site}.example.com'"}, []),
        ("Origin", {"Fn::Sub": "'https://${Site}.example.org'"}, HOST),
        ("Origin", {"Fn::Sub": "'http://${Site}'"}, HOST),
        ("Origin", quoted({"Fn::Select": [{"Ref": "Site"}, [OTHER, PAGE]]}), []),
        ("Origin", quoted({"Fn::Select": [{"Ref": "Site"}, [OTHER, THIRD]]}), HOST),
        ("Origin", {"Fn::Select": [{"Ref": "Site"}, [f"'{PAGE}'", "unquoted"]]}, []),
        ("Origin", {"Fn::Sub": "${Site}*'"}, []),
        ("Origin", {"Fn::Sub": "'{{resolve:secretsmanager:${Site}:SecretString:origin}}'"}, []),
        ("Headers", either("'authorization,x-a'", "'x-a,x-b'"), []),
        ("Headers", either("'x-b,x-a'", "'x-a,x-b'"), HEADER),
        ("Headers", {"Fn::Sub": "'x-a,${Site}'"}, []),
        ("Methods", either("'PUT,POST'", "'PUT,HEAD'"), []),  # GET needs no mention
    ],
)
def test_a_value_that_cannot_be_right_is_named(name: str, value: Any, expected: list[str]) -> None:
    body = healthy()
    body["Resources"]["Options"]["Properties"] = answered_options()
    response = body["Resources"]["Options"]["Properties"]["Integration"]["IntegrationResponses"][0]
    response["ResponseParameters"][f"{ALLOW}{name}"] = value
    assert causes_of(body) == expected


@pytest.mark.parametrize(
    ("allowed", "expected"), [((OTHER, PAGE), []), ((OTHER, THIRD), HOST), ((), []), (("*", OTHER), [])]
)
def test_a_parameter_is_one_of_its_allowed_values(allowed: tuple[str, ...], expected: list[str]) -> None:
    body = healthy()
    response = body["Resources"]["Options"]["Properties"]["Integration"]["IntegrationResponses"][0]
    response["ResponseParameters"][f"{ALLOW}Origin"] = {"Fn::Sub": "'${Site}'"}
    assert causes_of(body, **parameter(*allowed)) == expected


@pytest.mark.parametrize(
    ("origins", "expected"),
    [
        (either([OTHER], [PAGE]), []),
        (either([OTHER], [THIRD, PAGE]), []),
        (either([OTHER], [THIRD]), ["httpapi.origin-not-listed"]),
        (either([OTHER], {"Ref": "AWS::NoValue"}), ["httpapi.origin-not-listed"]),
        ([{"Fn::Sub": "${Site}ps://*"}], []),
        (of_map("all"), []),
        ([of_map("one")], ["httpapi.origin-not-listed"]),
        ([{"Fn::Sub": "https://${Site}"}], []),
        ([{"Fn::Sub": "http://${Site}"}, OTHER], ["httpapi.origin-not-listed"]),
    ],
)
def test_a_list_of_which_no_value_can_be_the_page_is_named(origins: Any, expected: list[str]) -> None:
    cors = {"AllowOrigins": origins, "AllowMethods": ["GET"], "AllowHeaders": ["authorization"]}
    stated = {"Name": "h", "ProtocolType": "HTTP", "Target": "https://example.com", "CorsConfiguration": cors}
    body = {key: part for key, part in healthy().items() if key != "Resources"}
    assert (
        causes_of({**body, "Resources": {"Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": stated}}})
        == expected
    )


@pytest.mark.parametrize(
    ("equals", "expected"),
    [
        (["${Site}", "a"], None),
        (["a-${Site}", "b"], False),
        (["a-${Site}", "a-b"], None),
        (["${Site}", "${Other}"], None),
        (["b", "a-${Site}"], False),
    ],
)
def test_a_condition_whose_text_differs_does_not_hold(equals: list[str], expected: bool | None) -> None:
    stated = {"Fn::Equals": [{"Fn::Sub": text} for text in equals]}
    resolver = Resolver(Document("t", {"Resources": {}, "Conditions": {"C": stated}}))
    assert resolver.condition("C") is expected


def test_more_values_than_can_be_compared_are_any_text() -> None:
    choice = "${A is one of 1 | 2 | 3 | 4}"
    assert not may_be(choice, "5")
    assert may_be(choice * 3, "x")


def test_an_example_has_the_names_of_what_is_not_known() -> None:
    assert example_of("https://${Site}.example.com") == "https://Site.example.com"
    assert example_of("http://localhost:${Port}") == "http://localhost:8080"
    assert example_of("${A is one of x-a | x-b}") == "x-a"
