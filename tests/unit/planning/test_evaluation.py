"""What each function of a template is worth before AWS deploys it: its value, or that only AWS knows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from accountsctl.planning.evaluation import StackScope
from accountsctl.planning.values import (
    MISSING,
    Address,
    Computed,
    PartialText,
    ResourceReference,
    Secret,
    Value,
)

BODY: Mapping[str, Any] = {
    "Parameters": {
        "Name": {"Type": "String", "Default": "default"},
        "Given": {"Type": "String"},
        "Nowhere": {"Type": "String"},
        "Ports": {"Type": "List<Number>", "Default": "1, 2"},
        "Zones": {"Type": "CommaDelimitedList", "Default": "a,b"},
        "Word": {"Type": "String", "NoEcho": True, "Default": "hunter2-x"},
        "Image": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/image"},
        "Later": {"Type": "CommaDelimitedList"},
    },
    "Mappings": {"Sizes": {"dev": {"memory": 128}, "given": {"memory": 256}}},
    "Conditions": {
        "Yes": {"Fn::Equals": ["a", "a"]},
        "No": {"Fn::Equals": ["a", "b"]},
        "Open": {"Fn::Equals": [{"Ref": "Nowhere"}, "a"]},
        "Circle": {"Fn::Not": [{"Condition": "Circle"}]},
    },
    "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
}
TOPIC = ResourceReference(Address("stack", "Topic"))
NOWHERE = Computed("Parameter", ["Nowhere", "stack"])
OPEN = Computed("Fn::Equals", [NOWHERE, "a"])
SIZES = BODY["Mappings"]


@pytest.fixture
def scope() -> StackScope:
    def outputs(stack: str, name: str) -> Value:
        return f"{stack}:{name}"

    later = Computed("Fn::ImportValue", "zones")
    known = {"AWS::Region": "eu-west-1"}
    return StackScope("stack", BODY, {"Given": "given", "Later": later}, known, outputs)


KNOWN = {
    "a default": ({"Ref": "Name"}, "default"),
    "what is passed": ({"Ref": "Given"}, "given"),
    "a list of numbers": ({"Ref": "Ports"}, ["1", "2"]),
    "a list of texts": ({"Ref": "Zones"}, ["a", "b"]),
    "a secret": ({"Ref": "Word"}, Secret("hunter2-x")),
    "a pseudo parameter": ({"Ref": "AWS::Region"}, "eu-west-1"),
    "no value in a list": (["a", {"Ref": "AWS::NoValue"}], ["a"]),
    "no value in a mapping": ({"A": {"Ref": "AWS::NoValue"}, "B": 1}, {"B": 1}),
    "an output of a nested stack": ({"Fn::GetAtt": ["Child", "Outputs.Name"]}, "Child:Name"),
    "an output in text": ({"Fn::GetAtt": "Child.Outputs.Name"}, "Child:Name"),
    "Sub": ({"Fn::Sub": "${Name}-${!Literal}-${ Given }"}, "default-${Literal}-given"),
    "Sub with values": ({"Fn::Sub": ["${Name}-${x}", {"x": {"Ref": "Given"}, "Name": "mine"}]}, "mine-given"),
    "Join": ({"Fn::Join": ["-", ["a", {"Ref": "Given"}, 3]]}, "a-given-3"),
    "Join of nothing": ({"Fn::Join": ["-", []]}, ""),
    "Split": ({"Fn::Split": ["-", "a-b"]}, ["a", "b"]),
    "Split of a secret": ({"Fn::Split": ["-", {"Ref": "Word"}]}, [Secret("hunter2"), Secret("x")]),
    "Select by number": ({"Fn::Select": [1, {"Ref": "Zones"}]}, "b"),
    "Select by text": ({"Fn::Select": ["0", ["a", "b"]]}, "a"),
    "FindInMap": ({"Fn::FindInMap": ["Sizes", {"Ref": "Given"}, "memory"]}, 256),
    "FindInMap with a default": ({"Fn::FindInMap": ["Sizes", "x", "memory", {"DefaultValue": 64}]}, 64),
    "FindInMap whose default is not needed": (
        {"Fn::FindInMap": ["Sizes", "dev", "memory", {"DefaultValue": 64}]},
        128,
    ),
    "If that is true": ({"Fn::If": ["Yes", "a", "b"]}, "a"),
    "If that is false": ({"Fn::If": ["No", "a", "b"]}, "b"),
    "If without a value": ({"A": {"Fn::If": ["No", "a", {"Ref": "AWS::NoValue"}]}}, {}),
    "Equals of a number and its text": ({"Fn::Equals": [5, "5"]}, True),
    "Equals of a secret": ({"Fn::Equals": [{"Ref": "Word"}, "hunter2-x"]}, True),
    "Equals of others": ({"Fn::Equals": [{"Ref": "Given"}, "a"]}, False),
    "Equals of one thing that only AWS knows": ({"Fn::Equals": [{"Ref": "Topic"}, {"Ref": "Topic"}]}, True),
    "Equals of lists": ({"Fn::Equals": [["a"], ["b"]]}, False),
    "And": ({"Fn::And": [{"Condition": "Yes"}, {"Condition": "Yes"}]}, True),
    "And that one decides": ({"Fn::And": [{"Condition": "Open"}, {"Condition": "No"}]}, False),
    "Or": ({"Fn::Or": [{"Condition": "No"}, {"Condition": "No"}]}, False),
    "Or that one decides": ({"Fn::Or": [{"Condition": "Open"}, {"Condition": "Yes"}]}, True),
    "Not": ({"Fn::Not": [{"Condition": "No"}]}, True),
    "a condition of IAM": ({"Condition": {"Bool": {"x": {"Ref": "Given"}}}}, {"Condition": {"Bool": {"x": "given"}}}),
    "Base64": ({"Fn::Base64": {"Ref": "Given"}}, "Z2l2ZW4="),
    "ToJsonString": ({"Fn::ToJsonString": {"a": [1, {"Ref": "Given"}]}}, '{"a":[1,"given"]}'),
}  # fmt: skip
UNKNOWN = {
    "a resource": ({"Ref": "Topic"}, TOPIC),
    "an attribute": ({"Fn::GetAtt": ["Topic", "TopicName"]}, ResourceReference(TOPIC.target, "TopicName")),
    "an attribute in text": ({"Fn::GetAtt": "Topic.A.B"}, ResourceReference(TOPIC.target, "A.B")),
    "an attribute by a parameter": (
        {"Fn::GetAtt": ["Topic", {"Ref": "Given"}]},
        ResourceReference(TOPIC.target, "given"),
    ),
    "an attribute that only AWS knows": (
        {"Fn::GetAtt": ["Topic", {"Ref": "Nowhere"}]},
        Computed("Fn::GetAtt", ["Topic", NOWHERE]),
    ),
    "a GetAtt of one name": ({"Fn::GetAtt": ["Topic"]}, Computed("Fn::GetAtt", ["Topic"])),
    "a parameter without a value": ({"Ref": "Nowhere"}, NOWHERE),
    "a parameter of SSM": ({"Ref": "Image"}, Computed("SSM", "/image")),
    "a list that only AWS knows": ({"Ref": "Later"}, Computed("Fn::ImportValue", "zones")),
    "a pseudo parameter of the stack": ({"Ref": "AWS::StackId"}, Computed("Ref", ["AWS::StackId", "stack"])),
    "another function": ({"Fn::ImportValue": {"Ref": "Given"}}, Computed("Fn::ImportValue", "given")),
    "Sub of a resource": ({"Fn::Sub": "a-${Topic}"}, PartialText(("a-", TOPIC))),
    "Sub of an attribute": (
        {"Fn::Sub": "${Topic.Arn}/x"},
        PartialText((ResourceReference(TOPIC.target, "Arn"), "/x")),
    ),
    "Sub of no text": ({"Fn::Sub": ["a"]}, Computed("Fn::Sub", ["a"])),
    "Join of a resource": ({"Fn::Join": ["-", ["a", {"Ref": "Topic"}]]}, PartialText(("a-", TOPIC))),
    "Join of no list": ({"Fn::Join": ["-", {"Ref": "Topic"}]}, Computed("Fn::Join", ["-", TOPIC])),
    "Split of what only AWS knows": (
        {"Fn::Split": ["-", {"Ref": "Topic"}]},
        Computed("Fn::Split", ["-", TOPIC]),
    ),
    "Split by nothing": ({"Fn::Split": ["", "a"]}, Computed("Fn::Split", ["", "a"])),
    "Split of a secret by nothing": (
        {"Fn::Split": ["", {"Ref": "Word"}]},
        Computed("Fn::Split", ["", Secret("hunter2-x")]),
    ),
    "Select outside of the list": ({"Fn::Select": [2, ["a", "b"]]}, Computed("Fn::Select", [2, ["a", "b"]])),
    "Select by name": ({"Fn::Select": ["x", ["a"]]}, Computed("Fn::Select", ["x", ["a"]])),
    "FindInMap by what only AWS knows": (
        {"Fn::FindInMap": ["Sizes", {"Ref": "Nowhere"}, "memory"]},
        Computed("Fn::FindInMap", [["Sizes", NOWHERE, "memory"], SIZES]),
    ),
    "FindInMap of two names": (
        {"Fn::FindInMap": ["Sizes", "dev"]},
        Computed("Fn::FindInMap", [["Sizes", "dev"], SIZES]),
    ),
    "FindInMap of nothing": (
        {"Fn::FindInMap": ["Sizes", "x", "memory"]},
        Computed("Fn::FindInMap", ["Sizes", "x", "memory"]),
    ),
    "If that only AWS decides": ({"Fn::If": ["Open", "a", "b"]}, Computed("Fn::If", [OPEN, "a", "b"])),
    "If of two": ({"Fn::If": ["Yes", "a"]}, Computed("Fn::If", ["Yes", "a"])),
    "Equals of a resource": ({"Fn::Equals": [{"Ref": "Topic"}, "a"]}, Computed("Fn::Equals", [TOPIC, "a"])),
    "Equals of one": ({"Fn::Equals": ["a"]}, Computed("Fn::Equals", ["a"])),
    "And that is open": (
        {"Fn::And": [{"Condition": "Open"}, {"Condition": "Yes"}]},
        Computed("Fn::And", [OPEN]),
    ),
    "Or that is open": ({"Fn::Or": [{"Condition": "Open"}, {"Condition": "No"}]}, Computed("Fn::Or", [OPEN])),
    "Not that is open": ({"Fn::Not": [{"Condition": "Open"}]}, Computed("Fn::Not", OPEN)),
    "Base64 of a resource": ({"Fn::Base64": {"Ref": "Topic"}}, Computed("Fn::Base64", TOPIC)),
    "ToJsonString of a resource": (
        {"Fn::ToJsonString": {"a": {"Ref": "Topic"}}},
        Computed("Fn::ToJsonString", {"a": TOPIC}),
    ),
    "ToJsonString of a secret": (
        {"Fn::ToJsonString": {"a": {"Ref": "Word"}}},
        Computed("Fn::ToJsonString", {"a": Secret("hunter2-x")}),
    ),
}


@pytest.mark.parametrize("name", [*KNOWN, *UNKNOWN])
def test_the_value_of_each_function(scope: StackScope, name: str) -> None:
    node, value = {**KNOWN, **UNKNOWN}[name]
    found = scope.value(node)
    assert found == value
    assert type(found) is type(value)


def test_a_condition_that_refers_to_itself_is_open(scope: StackScope) -> None:
    assert isinstance(scope.condition("Circle"), Computed)


def test_a_condition_that_is_not_declared_is_true_as_cloudformation_refuses_it(scope: StackScope) -> None:
    assert scope.condition("Unknown") is True


def test_a_resource_exists_by_its_condition(scope: StackScope) -> None:
    found = [scope.exists({"Type": "T", "Condition": each}) for each in ("Yes", "No", "Open")]
    assert found == [True, False, OPEN]
    assert scope.exists({"Type": "T"}) is True


def test_an_output_that_is_not_declared_is_missing() -> None:
    body = {"Outputs": {"Name": {"Value": "x"}}}
    scope = StackScope("stack", body, {}, {}, lambda stack, name: MISSING)
    assert (scope.output("Name"), scope.output("Other")) == ("x", MISSING)
