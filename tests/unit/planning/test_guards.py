"""Which resources hold data, what is kept of them, and which guard of them becomes weaker."""

from __future__ import annotations

from typing import Any

import pytest

from accountsctl.planning.secrets import hidden_value, is_secret
from accountsctl.planning.stack_tree import EvaluatedResource
from accountsctl.planning.stateful import deletion_loses_data, holds_data, what_remains
from accountsctl.planning.values import Computed, Value
from accountsctl.planning.weakening import weakened_guards

CLUSTER, INSTANCE, LOGS = "AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::Logs::LogGroup"
TABLE, BUCKET, TOPIC = "AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SNS::Topic"


def resource(type_: str, properties: Any = None, **attributes: Value) -> EvaluatedResource:
    source = {"Type": type_, "Properties": properties or {}, **attributes}
    return EvaluatedResource(type_, properties or {}, attributes, True, source)


def weakened(before: EvaluatedResource, after: EvaluatedResource) -> list[str]:
    return list(weakened_guards("A", before, after))


def switch(type_: str, *path: str, value: Value) -> EvaluatedResource:
    for step in reversed(path):
        value = {step: value}
    return resource(type_, value)


@pytest.mark.parametrize(
    ("type_", "properties", "holds"),
    [
        (CLUSTER, {}, True),
        (BUCKET, {}, True),
        (TOPIC, {}, False),
        (INSTANCE, {}, True),
        (INSTANCE, {"DBClusterIdentifier": "c"}, False),
        (LOGS, {"RetentionInDays": 7}, True),
        (LOGS, {}, False),
    ],
)
def test_what_holds_data(type_: str, properties: Any, holds: bool) -> None:
    assert holds_data({"Type": type_, "Properties": properties}) is holds
    assert deletion_loses_data({"Type": type_, "Properties": properties}) is holds


@pytest.mark.parametrize("policy", ["Retain", "RetainExceptOnCreate"])
def test_a_kept_log_group_loses_nothing_and_a_kept_cluster_is_out_of_reach(policy: str) -> None:
    group = {"Type": LOGS, "Properties": {"RetentionInDays": 7}, "DeletionPolicy": policy}
    assert not deletion_loses_data(group)
    assert holds_data(group)
    assert deletion_loses_data({"Type": CLUSTER, "DeletionPolicy": policy})


@pytest.mark.parametrize(
    ("resource_", "policy", "remains"),
    [
        ({"Type": CLUSTER}, "DeletionPolicy", "a final snapshot is kept"),
        ({"Type": CLUSTER}, "UpdateReplacePolicy", "nothing of it is kept"),
        ({"Type": INSTANCE}, "DeletionPolicy", "a final snapshot is kept"),
        ({"Type": TABLE}, "DeletionPolicy", "nothing of it is kept"),
        ({"Type": CLUSTER, "DeletionPolicy": "Delete"}, "DeletionPolicy", "nothing of it is kept"),
        ({"Type": TABLE, "DeletionPolicy": "Retain"}, "DeletionPolicy", "it is kept, outside the stack"),
        ({"Type": TABLE, "UpdateReplacePolicy": "Snapshot"}, "UpdateReplacePolicy", "a final snapshot is kept"),
    ],
)  # fmt: skip
def test_what_is_kept_of_a_resource(resource_: Any, policy: str, remains: str) -> None:
    assert what_remains(resource_, policy) == remains


SWITCHES = [
    (CLUSTER, ("DeletionProtection",), "true", "false"),
    (TABLE, ("DeletionProtectionEnabled",), True, False),
    ("AWS::Cognito::UserPool", ("DeletionProtection",), "ACTIVE", "INACTIVE"),
    (TABLE, ("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"), True, False),
    (BUCKET, ("VersioningConfiguration", "Status"), "Enabled", "Suspended"),
]


@pytest.mark.parametrize(("type_", "path", "on", "off"), SWITCHES)
def test_a_guard_that_is_switched_off_is_named(
    type_: str, path: tuple[str, ...], on: Value, off: Value
) -> None:
    before, after = switch(type_, *path, value=on), switch(type_, *path, value=off)
    sentence = f"A: {'/'.join(path)} is switched off."
    assert weakened(before, after) == [sentence]
    assert weakened(before, resource(type_)) == [sentence]
    assert weakened(before, resource(type_, "text")) == [sentence]
    assert [weakened(*each) for each in ((after, before), (before, before), (after, after))] == [[]] * 3


@pytest.mark.parametrize("name", ["BackupRetentionPeriod", "RetentionInDays"])
def test_fewer_days_are_named_and_more_or_unknown_ones_are_not(name: str) -> None:
    def days(value: Value) -> EvaluatedResource:
        return resource(CLUSTER, {name: value})

    assert weakened(days(7), days("1")) == [f"A: {name} 7 -> 1: what is older is deleted sooner."]
    for before, after in ((1, 7), (7, 7), (7, Computed("f", 1)), (Computed("f", 1), 7), ("x", 1)):
        assert weakened(days(before), days(after)) == []
    assert weakened(days(7), resource(CLUSTER)) == []


def test_a_policy_that_keeps_nothing_any_more_is_named_by_what_it_was_for() -> None:
    kept, gone = resource(TABLE, DeletionPolicy="Retain"), resource(TABLE, DeletionPolicy="Delete")
    assert weakened(kept, gone) == ["A: DeletionPolicy Retain -> Delete: its deletion will keep nothing."]
    assert weakened(kept, resource(TABLE)) == weakened(kept, gone)
    assert weakened(gone, kept) == []
    replaced = resource(TABLE, UpdateReplacePolicy="Snapshot")
    assert weakened(replaced, resource(TABLE)) == [
        "A: UpdateReplacePolicy Snapshot -> Delete: its replacement will keep nothing."
    ]
    by_default, stated = resource(CLUSTER), resource(CLUSTER, DeletionPolicy="Snapshot")
    assert weakened(by_default, stated) == weakened(stated, by_default) == []
    assert len(weakened(by_default, resource(CLUSTER, DeletionPolicy="Delete"))) == 1


def test_what_holds_no_data_has_no_guard() -> None:
    assert weakened(resource(TOPIC, DeletionPolicy="Retain"), resource(TOPIC)) == []


def test_a_secret_is_known_by_its_name() -> None:
    assert is_secret(["MasterUserPassword"])
    assert is_secret(["Environment", "DB_PASSWORD"])
    assert not is_secret(["PasswordPolicy"])
    value = {
        "Password": "x",
        "Nested": [{"PrivateKey": "x", "Name": "a"}],
        "AuthToken": "",
        "ClientSecret": None,
    }
    assert hidden_value([], value) == {
        "Password": "****",
        "Nested": [{"PrivateKey": "****", "Name": "a"}],
        "AuthToken": "",
        "ClientSecret": None,
    }  # fmt: skip
