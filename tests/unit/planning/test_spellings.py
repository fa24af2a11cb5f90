"""A create-only value that changes is found however it is written, and one that stays is not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.unit.planning.stacks import Stacks, lost

NAMES = st.text("abc-/${}.!", min_size=1, max_size=4)
BASES = ("literal", "passed", "default", "mapping", "output", "number in a list")
WRAPPERS = ("sub", "join", "split", "select", "if", "if not", "and", "default map")


@dataclass
class Spelling:
    """A template whose secret has a name that is written in some way."""

    passed: dict[str, object] = field(default_factory=dict)
    sections: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {"Parameters": {}, "Mappings": {}, "Conditions": {}}
    )
    outputs: dict[str, Any] = field(default_factory=dict)

    def base(self, kind: str, value: str) -> object:
        match kind:
            case "passed":
                self.sections["Parameters"]["Passed"] = {"Type": "String", "Default": "other"}
                self.passed["Passed"] = value
            case "default":
                self.sections["Parameters"]["Passed"] = {"Type": "String", "Default": value}
            case "output":
                self.sections["Parameters"]["Passed"] = {"Type": "String"}
                self.passed["Passed"] = {"Fn::GetAtt": ["customowner", "Outputs.Name"]}
                self.outputs["Name"] = {"Value": value}
            case "mapping":
                self.sections["Mappings"]["Names"] = {"one": {"two": value}}
                return {"Fn::FindInMap": ["Names", "one", "two"]}
            case "number in a list":
                return {"Fn::Select": ["1", ["other", value]]}
            case _:
                return value
        return {"Ref": "Passed"}

    def wrap(self, kind: str, node: object) -> object:
        conditions = self.sections["Conditions"]
        conditions["Yes"] = {"Fn::Equals": ["a", "a"]}
        conditions["No"] = {"Fn::Not": [{"Condition": "Yes"}]}
        conditions["Both"] = {
            "Fn::And": [{"Condition": "Yes"}, {"Fn::Or": [{"Condition": "No"}, {"Condition": "Yes"}]}]
        }
        match kind:
            case "sub":
                return {"Fn::Sub": ["${x}", {"x": node}]}
            case "join":
                return {"Fn::Join": ["", [node, ""]]}
            case "split":
                return {"Fn::Select": [1, {"Fn::Split": ["|", {"Fn::Join": ["|", ["x", node]]}]}]}
            case "select":
                return {"Fn::Select": ["0", [node]]}
            case "if":
                return {"Fn::If": ["Yes", node, "other"]}
            case "if not":
                return {"Fn::If": ["No", "other", node]}
            case "and":
                return {"Fn::If": ["Both", node, {"Ref": "AWS::NoValue"}]}
            case _:
                return {"Fn::FindInMap": ["None", "a", "b", {"DefaultValue": node}]}

    def stacks(self, node: object) -> Stacks:
        secret = {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": node}}
        owner = {"Resources": {}, "Outputs": self.outputs}
        thing = {"Resources": {"S": secret}, **self.sections}
        return Stacks({"owner": owner, "thing": thing}, {"thing": self.passed})


@st.composite
def spelled(draw: st.DrawFn, value: str) -> Stacks:
    spelling = Spelling()
    node = spelling.base(draw(st.sampled_from(BASES)), value)
    for wrapper in draw(st.lists(st.sampled_from(WRAPPERS), max_size=4)):
        node = spelling.wrap(wrapper, node)
    return spelling.stacks(node)


@given(st.data(), NAMES, NAMES)
def test_a_changed_value_is_found_by_whatever_spelling(data: st.DataObject, before: str, after: str) -> None:
    assume(before != after)
    plan = data.draw(spelled(before)).to(data.draw(spelled(after)))
    assert lost(plan) == {"custom/thing.S"}
    assert all(replacement.certain for change in plan.changes for replacement in change.replaces)


@given(st.data(), NAMES)
def test_an_unchanged_value_is_not_found_by_any_spelling(data: st.DataObject, value: str) -> None:
    plan = data.draw(spelled(value)).to(data.draw(spelled(value)))
    assert not plan.dangerous
