"""What a plan says of each property: its path, both values, and what the change does to the resource."""

from __future__ import annotations

from typing import Any

import pytest

from accountsctl.model.plan import PropertyPreview, ReplacementKind
from accountsctl.planning.comparison import keeps_custom_name, property_changes, replaced_resources
from accountsctl.planning.stack_tree import EvaluatedResource
from accountsctl.planning.values import Address, Computed, ResourceReference, Sameness, Value

ADDRESS = Address("stack", "A")
UNKNOWN = Computed("Fn::ImportValue", "x")


def resource(type_: str, properties: Value, **attributes: Value) -> EvaluatedResource:
    return EvaluatedResource(type_, properties, attributes, True, {"Type": type_})


def changes(type_: str, before: Value, after: Value) -> list[PropertyPreview]:
    return list(property_changes("A", resource(type_, before), resource(type_, after), {}))


def replaced(type_: str, before: Value, after: Value) -> Sameness | None:
    both = {ADDRESS: resource(type_, before)}, {ADDRESS: resource(type_, after)}
    return replaced_resources(*both).get(ADDRESS)


SHAPES: dict[str, tuple[Value, Value, str, Any, Any]] = {
    "an item of a mapping": ({"A": {"b": 1}}, {"A": {"b": 2}}, "A/b", 1, 2),
    "an item that goes": ({"A": {"b": 1, "c": 2}}, {"A": {"b": 1}}, "A/c", 2, None),
    "an item that comes": ({"A": {}}, {"A": {"b": 1}}, "A/b", None, 1),
    "a mapping that becomes text": ({"A": {"b": 1}}, {"A": "x"}, "A", {"b": 1}, "x"),
    "text that becomes a mapping": ({"A": "x"}, {"A": {"b": 1}}, "A", "x", {"b": 1}),
    "an item of a list": ({"A": ["a", "b"]}, {"A": ["a", "c"]}, "A/1", "b", "c"),
    "a longer list": ({"A": ["a"]}, {"A": ["a", "b"]}, "A", ["a"], ["a", "b"]),
    "a list that becomes text": ({"A": ["a"]}, {"A": "a"}, "A", ["a"], "a"),
    "text that becomes a list": ({"A": "a"}, {"A": ["a"]}, "A", "a", ["a"]),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_change_is_shown_where_it_is(shape: str) -> None:
    before, after, path, old, new = SHAPES[shape]
    (change,) = changes("AWS::SNS::Topic", before, after)
    assert (change.path, change.before, change.after) == (path, old, new)


def test_nothing_is_shown_of_what_stays() -> None:
    assert changes("AWS::SNS::Topic", {"A": [1], "B": {"c": "5"}}, {"A": ["1"], "B": {"c": 5}}) == []


def test_a_create_only_property_replaces_and_says_why() -> None:
    (change,) = changes("AWS::SNS::Topic", {"TopicName": "a"}, {"TopicName": "b"})
    assert (change.replacement, change.why) == (
        ReplacementKind.ALWAYS,
        "AWS sets it only when it creates the resource",
    )
    (change,) = changes("AWS::SNS::Topic", {"DisplayName": "a"}, {"DisplayName": "b"})
    assert (change.replacement, change.why) == (ReplacementKind.NEVER, "")


def test_a_value_that_only_aws_knows_may_replace() -> None:
    (change,) = changes("AWS::SNS::Topic", {"TopicName": "a"}, {"TopicName": UNKNOWN})
    assert (change.replacement, change.why) == (
        ReplacementKind.CONDITIONAL,
        "its new value is known only when AWS deploys it",
    )


def test_a_property_that_replaces_in_some_cases_says_so() -> None:
    (change,) = changes("AWS::RDS::DBCluster", {"MasterUsername": "a"}, {"MasterUsername": "b"})
    assert (change.replacement, change.why) == (
        ReplacementKind.CONDITIONAL,
        "AWS replaces the resource for some changes of it",
    )


MANAGER = "AWS::SSMQuickSetup::ConfigurationManager"
"""``ConfigurationDefinitions/*/Type`` is create-only, and nothing around it."""


def definitions(*items: dict[str, Any]) -> dict[str, Any]:
    return {"ConfigurationDefinitions": list(items)}


def test_a_create_only_property_of_an_item_replaces_and_its_neighbors_do_not() -> None:
    before = definitions({"Type": "a"}, {"Type": "b", "Other": 1})
    (change,) = changes(MANAGER, before, definitions({"Type": "a"}, {"Type": "c", "Other": 1}))
    assert change.path == "ConfigurationDefinitions/1/Type"
    assert change.replacement is ReplacementKind.ALWAYS
    both = changes(MANAGER, before, definitions({"Type": "a"}, {"Type": "c", "Other": 2}))
    assert [each.replacement for each in both] == [ReplacementKind.ALWAYS, ReplacementKind.NEVER]
    assert replaced(MANAGER, before, definitions({"Type": "a"}, {"Type": "b", "Other": 2})) is None


def test_a_property_on_the_way_to_a_create_only_one_is_judged_by_it() -> None:
    before, after = definitions({"Type": "a"}), {"ConfigurationDefinitions": UNKNOWN}
    (change,) = changes(MANAGER, before, after)
    assert change.replacement is ReplacementKind.CONDITIONAL
    assert replaced(MANAGER, before, {"ConfigurationDefinitions": "text"}) is Sameness.CHANGED
    text = {"ConfigurationDefinitions": "text"}, {"ConfigurationDefinitions": "other"}
    assert replaced(MANAGER, *text) is None


@pytest.mark.parametrize(("certain", "verb"), [(Sameness.CHANGED, "is"), (Sameness.MAYBE, "may be")])
def test_a_resource_that_follows_a_replaced_one_names_it(certain: Sameness, verb: str) -> None:
    reference = ResourceReference(Address("stack", "Group"))
    both = resource("AWS::RDS::DBCluster", {"DBSubnetGroupName": reference})
    (change,) = property_changes("A", both, both, {reference.target: certain})
    assert change.why == f"Group, to which it refers, {verb} replaced"


def test_another_type_replaces_and_no_property_of_it_is_compared() -> None:
    before, after = resource("AWS::SNS::Topic", {"A": 1}), resource("AWS::SQS::Queue", {"A": 2})
    (change,) = property_changes("A", before, after, {})
    assert (change.path, change.before, change.after) == ("Type", "AWS::SNS::Topic", "AWS::SQS::Queue")
    assert change.replacement is ReplacementKind.ALWAYS
    assert replaced_resources({ADDRESS: before}, {ADDRESS: after}) == {ADDRESS: Sameness.CHANGED}


def test_an_attribute_is_shown_by_its_name_and_metadata_are_not() -> None:
    before = resource("AWS::SNS::Topic", {}, DeletionPolicy="Retain", Metadata={"a": 1})
    after = resource("AWS::SNS::Topic", {}, DeletionPolicy="Delete", Metadata={"a": 2})
    (change,) = property_changes("A", before, after, {})
    assert (change.path, change.before, change.after) == ("DeletionPolicy", "Retain", "Delete")


def test_a_secret_is_hidden_by_its_name_and_an_absent_one_stays_absent() -> None:
    (change,) = changes("AWS::RDS::DBCluster", {}, {"MasterUserPassword": "hunter2"})
    assert (change.before, change.after) == (None, "****")


@pytest.mark.parametrize(
    "kind", ["Custom::Thing", "AWS::CloudFormation::CustomResource", "AWS::CloudFormation::Stack"]
)
def test_what_has_attributes_of_its_own_making_may_change_them(kind: str) -> None:
    assert replaced(kind, {"A": 1}, {"A": 2}) is Sameness.MAYBE
    assert replaced(kind, {"A": 1}, {"A": 1}) is None


def test_a_fixed_name_that_stays_is_known() -> None:
    def keeps(before: Value, after: Value) -> bool:
        kind = "AWS::S3::Bucket"
        return keeps_custom_name(resource(kind, before), resource(kind, after))

    assert keeps({"BucketName": "a"}, {"BucketName": "a"})
    assert not keeps({"BucketName": "a"}, {"BucketName": "b"})
    assert not keeps({}, {})
    assert not keeps({"BucketName": "a"}, {})
