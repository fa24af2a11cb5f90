"""Every function, pseudo parameter and condition, and what AWS says of their misuse."""

from __future__ import annotations

import ipaddress
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.template.functions import UNKNOWN, cidr, equal, unknown_within
from accountsctl.localcloud.cloudformation.template.intrinsics import Evaluator
from accountsctl.localcloud.cloudformation.template.parsing import load
from accountsctl.localcloud.cloudformation.template.scope import Known, Scope

BASE = {
    "Transform": "AWS::LanguageExtensions",
    "Mappings": {"M": {"a": {"b": "found", "l": ["x", "y"]}}},
    "Conditions": {
        "Yes": {"Fn::Equals": [{"Ref": "P"}, "p"]},
        "No": {"Fn::Not": [{"Condition": "Yes"}]},
        "Both": {"Fn::And": [{"Condition": "Yes"}, {"Condition": "No"}]},
        "Either": {"Fn::Or": [{"Condition": "Yes"}, {"Condition": "No"}]},
    },
    "Resources": {"R": {"Type": "T"}, "Later": {"Type": "T"}},
}


def evaluator(planning: bool = False, **sections: Any) -> Evaluator:
    made = Evaluator(
        load(json.dumps({**BASE, **sections})),
        Scope(
            region="eu-west-1",
            stack_id="arn:stack",
            stack_name="s",
            parameters={"P": "p", "L": ["one", "two"]},
            zones=lambda region: [f"{region}a", f"{region}b"],
            export={"e": "exported"}.get,
            output=lambda stack, name, region: f"{stack}/{name}/{region}",
            planning=planning,
        ),
    )
    made.known["R"] = Known("r-1", {"Arn": "arn:r", "A.B": "deep"})
    return made


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ({"Ref": "P"}, "p"),
        ({"Ref": "R"}, "r-1"),
        ({"Ref": "AWS::AccountId"}, "123456789012"),
        ({"Ref": "AWS::Region"}, "eu-west-1"),
        ({"Ref": "AWS::Partition"}, "aws"),
        ({"Ref": "AWS::URLSuffix"}, "amazonaws.com"),
        ({"Ref": "AWS::StackName"}, "s"),
        ({"Ref": "AWS::StackId"}, "arn:stack"),
        ({"Ref": "AWS::NotificationARNs"}, []),
        ({"a": {"Ref": "AWS::NoValue"}, "b": [{"Ref": "AWS::NoValue"}, 1]}, {"b": [1]}),
        ({"Fn::GetAtt": ["R", "Arn"]}, "arn:r"),
        ({"Fn::GetAtt": "R.A.B"}, "deep"),
        ({"Fn::Sub": "${P}-${R}-${R.A.B}-${AWS::Region}-${!Literal}"}, "p-r-1-deep-eu-west-1-${Literal}"),
        ({"Fn::Sub": ["${x}${P}", {"x": {"Ref": "R"}}]}, "r-1p"),
        ({"Fn::Join": [",", {"Ref": "L"}]}, "one,two"),
        ({"Fn::Join": ["", ["a", 1, True]]}, "a1true"),
        ({"Fn::Split": ["|", "a|b"]}, ["a", "b"]),
        ({"Fn::Select": ["1", {"Ref": "L"}]}, "two"),
        ({"Fn::FindInMap": ["M", "a", "b"]}, "found"),
        ({"Fn::FindInMap": ["M", "z", "b", {"DefaultValue": {"Ref": "P"}}]}, "p"),
        ({"Fn::GetAZs": ""}, ["eu-west-1a", "eu-west-1b"]),
        ({"Fn::GetAZs": {"Ref": "AWS::Region"}}, ["eu-west-1a", "eu-west-1b"]),
        ({"Fn::Cidr": ["10.0.0.0/16", 2, 8]}, ["10.0.0.0/24", "10.0.1.0/24"]),
        ({"Fn::Base64": "hé"}, "aMOp"),
        ({"Fn::ImportValue": {"Fn::Sub": "e"}}, "exported"),
        ({"Fn::Length": {"Ref": "L"}}, 2),
        ({"Fn::ToJsonString": {"a": {"Ref": "P"}}}, '{"a":"p"}'),
        ({"Fn::If": ["Yes", 1, {"Ref": "Nowhere"}]}, 1),
        ({"Fn::If": ["No", 1, 2]}, 2),
        ({"Fn::If": ["Both", 1, 2]}, 2),
        ({"Fn::If": ["Either", 1, 2]}, 1),
        ({"Condition": {"StringEquals": {"Ref": "P"}}}, {"Condition": {"StringEquals": "p"}}),
        ("{{resolve:ssm:x}}", "{{resolve:ssm:x}}"),
    ],
)
def test_a_value_is_what_cloudformation_makes_of_it(expression: Any, value: Any) -> None:
    assert evaluator().value(expression) == value


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ({"Ref": "Nowhere"}, "Unresolved resource dependencies [Nowhere]"),
        ({"Fn::GetAtt": ["R", "Nope"]}, "Attribute 'Nope' does not exist"),
        ({"Fn::GetAtt": ["Nowhere", "Arn"]}, "instance of Fn::GetAtt references undefined resource Nowhere"),
        ({"Fn::Sub": "${L}"}, "variable L in Fn::Sub expression does not resolve to a string"),
        ({"Fn::Select": [5, {"Ref": "L"}]}, "Fn::Select cannot select nonexistent value at index 5"),
        ({"Fn::FindInMap": ["M", "a", "z"]}, "Unable to get mapping for M::a::z"),
        ({"Fn::ImportValue": "x"}, "No export named x found."),
        ({"Fn::Cidr": ["10.0.0.0/30", 9, 1]}, "Fn::Cidr cannot make 9 blocks"),
        ({"Fn::Join": [",", "text"]}, "every Fn::Join object requires two parameters"),
        ({"Fn::Join": "x"}, "every Fn::Join object requires two parameters"),
        ({"Fn::Nope": 1}, "unsupported intrinsic function: Fn::Nope"),
    ],
)
def test_a_wrong_value_is_refused_with_its_reason(expression: Any, why: str) -> None:
    with pytest.raises(CloudFormationError) as caught:
        evaluator().value(expression)
    assert why in str(caught.value)


def test_the_language_extensions_have_to_be_declared() -> None:
    with pytest.raises(CloudFormationError, match=r"Fn::Length is only supported with the transform"):
        evaluator(Transform=[]).value({"Fn::Length": [1]})


UNKNOWABLE = st.sampled_from([{"Ref": "Later"}, {"Fn::GetAtt": ["Later", "Arn"]}])
LEAVES = st.one_of(UNKNOWABLE, st.sampled_from(["x", {"Ref": "P"}, {"Ref": "R"}]))
NESTED = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda a, b: {"Fn::Join": ["-", [a, b]]}, inner, inner),
        st.builds(lambda a: {"Fn::Sub": ["${v}", {"v": a}]}, inner),
        st.builds(lambda a: {"Fn::Base64": a}, inner),
        st.builds(lambda a: {"Fn::Select": [0, {"Fn::Split": ["-", a]}]}, inner),
        st.builds(lambda a: {"Fn::If": ["Yes", a, "x"]}, inner),
    ),
    max_leaves=6,
)


@given(NESTED)
def test_what_depends_on_an_unknown_value_is_unknown_and_nothing_else(expression: Any) -> None:
    depends = "Later" in json.dumps(expression)
    assert unknown_within(evaluator(planning=True).value(expression)) is depends


@given(st.integers(0, 2**32 - 1), st.integers(8, 30), st.integers(1, 16), st.integers(1, 8))
def test_cidr_blocks_lie_apart_and_inside(address: int, prefix: int, count: int, bits: int) -> None:
    block = str(ipaddress.ip_network((address, prefix), strict=False))
    if count > 2 ** (32 - bits - prefix):
        with pytest.raises(CloudFormationError):
            cidr(block, count, bits)
        return
    found = [ipaddress.ip_network(it) for it in cidr(block, count, bits)]
    assert len(found) == count
    assert all(it.subnet_of(ipaddress.ip_network(block)) for it in found)  # type: ignore[arg-type]
    assert not any(a.overlaps(b) for a in found for b in found if a is not b)


SCALARS = st.one_of(st.booleans(), st.integers(), st.text(max_size=3))
VALUES = st.recursive(
    SCALARS, lambda it: st.lists(it, max_size=3) | st.dictionaries(st.text(max_size=2), it, max_size=3)
)


@given(VALUES)
def test_a_value_equals_itself_and_its_spelling_in_strings(value: Any) -> None:
    def spelt(it: Any) -> Any:
        if isinstance(it, dict):
            return {key: spelt(inner) for key, inner in it.items()}
        if isinstance(it, list):
            return [spelt(inner) for inner in it]
        return str(it).lower() if isinstance(it, bool) else str(it)

    assert equal(value, spelt(value))
    assert not equal(value, UNKNOWN)
