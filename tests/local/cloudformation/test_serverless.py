"""SAM's transform: what it makes of a template, and what is said where it cannot."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.template.functions import UNKNOWN
from accountsctl.localcloud.cloudformation.template.parsing import SERVERLESS, ParsedTemplate, load
from accountsctl.localcloud.cloudformation.template.serverless import expand

FUNCTION = {
    "Type": "AWS::Serverless::Function",
    "Properties": {"InlineCode": "x", "Handler": "index.handler", "Runtime": "python3.12"},
}


def expanded(
    resources: Mapping[str, Any],
    region: str = "eu-west-1",
    given: Mapping[str, Any] | None = None,
    **sections: Any,
) -> ParsedTemplate:
    text = json.dumps({"Transform": SERVERLESS, "Resources": resources, **sections})
    return expand(load(text), given or {}, region, dict)


def test_a_function_becomes_a_function_with_its_role() -> None:
    made = expanded({"F": FUNCTION})
    assert {name: part["Type"] for name, part in made.resources.items()} == {
        "F": "AWS::Lambda::Function",
        "FRole": "AWS::IAM::Role",
    }
    assert made.transforms == []


def test_the_globals_of_a_template_hold_for_its_functions() -> None:
    made = expanded({"F": FUNCTION}, Globals={"Function": {"Timeout": 17}})
    assert made.resources["F"]["Properties"]["Timeout"] == 17


def test_a_template_is_expanded_for_the_region_that_it_is_deployed_in() -> None:
    api = {"Type": "AWS::Serverless::Api", "Properties": {"StageName": "live"}}
    event = {
        "Get": {"Type": "Api", "Properties": {"Path": "/", "Method": "get", "RestApiId": {"Ref": "Api"}}}
    }
    function = {**FUNCTION, "Properties": {**FUNCTION["Properties"], "Events": event}}  # type: ignore[dict-item]
    for region, partition in (("eu-west-1", "aws"), ("cn-north-1", "aws-cn")):
        assert f"arn:{partition}:apigateway" in json.dumps(expanded({"Api": api, "F": function}, region).body)


def test_a_value_that_is_not_known_yet_stays_a_reference() -> None:
    function = {**FUNCTION, "Properties": {**FUNCTION["Properties"], "MemorySize": {"Ref": "P"}}}  # type: ignore[dict-item]
    made = expanded({"F": function}, given={"P": UNKNOWN}, Parameters={"P": {"Type": "Number"}})
    assert made.resources["F"]["Properties"]["MemorySize"] == {"Ref": "P"}


def test_a_template_without_the_transform_stays_what_it_is() -> None:
    template = load('{"Resources": {"A": {"Type": "AWS::SQS::Queue"}}}')
    assert expand(template, {}, "eu-west-1", dict) is template


def test_other_transforms_of_the_template_stay() -> None:
    text = {"Transform": [SERVERLESS, "AWS::LanguageExtensions"], "Resources": {"F": FUNCTION}}
    assert expand(load(json.dumps(text)), {}, "eu-west-1", dict).transforms == ["AWS::LanguageExtensions"]


@pytest.mark.parametrize(
    ("resources", "why"),
    [
        (
            {"F": {"Type": "AWS::Serverless::Function", "Properties": {"Runtime": "python3.12"}}},
            "Invalid Serverless Application Specification document. Number of errors found: 1. Resource with id",
        ),
        ({"F": {**FUNCTION, "Properties": "text"}}, "Transform AWS::Serverless-2016-10-31 failed with: "),
    ],
)
def test_what_the_transform_refuses_is_refused_with_all_its_causes(
    resources: dict[str, Any], why: str
) -> None:
    with pytest.raises(CloudFormationError) as refused:
        expanded(resources)
    assert why in str(refused.value)


def test_a_section_that_only_the_transform_knows_is_refused_without_it() -> None:
    with pytest.raises(CloudFormationError, match=r"Invalid template property or properties \[Globals\]"):
        load(json.dumps({"Globals": {}, "Resources": {"F": FUNCTION}}))
