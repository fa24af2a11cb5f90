"""Whatever ends or replaces a resource that holds data is named, however indirect it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from accountsctl.model.plan import Action, ReplacementKind
from tests.unit.planning.stacks import Stacks, lost, one

SECRET = "AWS::SecretsManager::Secret"
CLUSTER = "AWS::RDS::DBCluster"
GROUP = "AWS::RDS::DBSubnetGroup"


def secret(name: object, **attributes: Any) -> dict[str, Any]:
    return {"Type": SECRET, "Properties": {"Name": name}, **attributes}


def cluster(**properties: Any) -> dict[str, Any]:
    return {"Type": CLUSTER, "Properties": {"Engine": "aurora-postgresql", **properties}}


NAME = {"Parameters": {"Name": {"Type": "String", "Default": "a"}}}
NAME_B = {"Parameters": {"Name": {"Type": "String", "Default": "b"}}}
COLORS = {"Mappings": {"Names": {"dev": {"secret": "a"}}}}
COLORS_B = {"Mappings": {"Names": {"dev": {"secret": "b"}}}}
BY_MAPPING = {"S": secret({"Fn::FindInMap": ["Names", "dev", "secret"]})}
KEEP = {
    "Parameters": {"Keep": {"Type": "String"}},
    "Conditions": {"Kept": {"Fn::Equals": [{"Ref": "Keep"}, "yes"]}},
}
CONDITIONAL = {"S": secret("a", Condition="Kept")}
VPC = {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24"}}


def by_group(name: str, reference: object) -> Mapping[str, Any]:
    """A cluster in a subnet group, which is replaced when it gets another name."""
    group = {"Type": GROUP, "Properties": {"DBSubnetGroupName": name, "SubnetIds": ["a", "b"]}}
    return {"G": group, "S": cluster(DBSubnetGroupName=reference)}


def across(name: str) -> Stacks:
    """The subnet group in one stack, the cluster in another, which gets its name as an output."""
    group = {"Type": GROUP, "Properties": {"DBSubnetGroupName": name, "SubnetIds": ["a", "b"]}}
    owner = {"Resources": {"G": group}, "Outputs": {"Name": {"Value": {"Ref": "G"}}}}
    consumer = {
        "Parameters": {"Group": {"Type": "String"}},
        "Resources": {"S": cluster(DBSubnetGroupName={"Ref": "Group"})},
    }
    passed = {"Group": {"Fn::GetAtt": ["customowner", "Outputs.Name"]}}
    return Stacks({"owner": owner, "thing": consumer}, {"thing": passed})


INDIRECT = {
    "the value of a parameter": (
        one({"S": secret({"Ref": "Name"})}, {"Name": "a"}, **NAME),
        one({"S": secret({"Ref": "Name"})}, {"Name": "b"}, **NAME),
    ),
    "a default": (one({"S": secret({"Ref": "Name"})}, **NAME), one({"S": secret({"Ref": "Name"})}, **NAME_B)),
    "a mapping": (one(BY_MAPPING, **COLORS), one(BY_MAPPING, **COLORS_B)),
    "Sub to a replaced resource": (
        one(by_group("a", {"Fn::Sub": "${G}"})),
        one(by_group("b", {"Fn::Sub": "${G}"})),
    ),
    "a condition that turns false": (
        one(CONDITIONAL, {"Keep": "yes"}, **KEEP),
        one(CONDITIONAL, {"Keep": "no"}, **KEEP),
    ),
    "a property that replaces in some cases": (
        one({"S": cluster(MasterUsername="a")}),
        one({"S": cluster(MasterUsername="b")}),
    ),
}
FURTHER = {
    "Ref to a replaced resource": (one(by_group("a", {"Ref": "G"})), one(by_group("b", {"Ref": "G"}))),
    "an output of another stack": (across("a"), across("b")),
    "a condition that only AWS can decide": (
        one(CONDITIONAL, {"Keep": "yes"}, **KEEP),
        one(CONDITIONAL, {"Keep": {"Fn::ImportValue": "keep"}}, **KEEP),
    ),
    "a value that only AWS knows": (one({"S": secret("a")}), one({"S": secret({"Fn::ImportValue": "name"})})),
    "another value that only AWS knows": (
        one({"S": secret({"Fn::ImportValue": "one"})}),
        one({"S": secret({"Fn::ImportValue": "two"})}),
    ),
    "a removed resource": (one({"S": secret("a")}), one({})),
    "a renamed logical id": (one({"S": secret("a")}), one({"T": secret("a")})),
    "another type": (one({"S": secret("a")}), one({"S": {"Type": "AWS::SNS::Topic"}})),
    "a removed stack": (one({"S": secret("a")}), Stacks({})),
    "a kept bucket that gets another name": (
        one(
            {"S": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "a"}, "DeletionPolicy": "Retain"}}
        ),
        one(
            {"S": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "b"}, "DeletionPolicy": "Retain"}}
        ),
    ),
    **{
        f"{name} of a cluster": (one({"S": cluster()}), one({"S": cluster(**{name: value})}))
        for name, value in {
            "DatabaseName": "b",
            "DBClusterIdentifier": "b",
            "KmsKeyId": "key",
            "StorageEncrypted": True,
        }.items()
    },
    "the log group of a function": (
        one(
            {"S": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "a", "RetentionInDays": 7}}}
        ),
        one(
            {"S": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "b", "RetentionInDays": 7}}}
        ),
    ),
}


@pytest.mark.parametrize("kind", [*INDIRECT, *FURTHER])
def test_each_way_to_lose_data_is_named(kind: str) -> None:
    before, after = {**INDIRECT, **FURTHER}[kind]
    assert lost(before.to(after)) == {"custom/thing.S"}


@pytest.mark.parametrize("kind", [*INDIRECT, *FURTHER])
def test_what_stays_as_it_is_loses_nothing(kind: str) -> None:
    before, _ = {**INDIRECT, **FURTHER}[kind]
    plan = before.to(Stacks({}, resources={}) if not before.children else before)
    assert plan.empty
    assert not plan.dangerous


SPELLINGS = {
    "a literal": one({"S": secret("a")}),
    "a parameter": one({"S": secret({"Ref": "Name"})}, {"Name": "a"}, **NAME_B),
    "a default": one({"S": secret({"Ref": "Name"})}, **NAME),
    "a mapping": one(BY_MAPPING, **COLORS),
    "Sub": one({"S": secret({"Fn::Sub": "${Name}"})}, **NAME),
    "Sub with values": one({"S": secret({"Fn::Sub": ["${x}", {"x": {"Ref": "Name"}}]})}, **NAME),
    "Join": one({"S": secret({"Fn::Join": ["", [{"Ref": "Name"}, ""]]})}, **NAME),
    "Select of Split": one({"S": secret({"Fn::Select": ["1", {"Fn::Split": ["-", "x-a"]}]})}),
    "If": one({"S": secret({"Fn::If": ["Kept", "a", "b"]})}, {"Keep": "yes"}, **KEEP),
}


@pytest.mark.parametrize("after", SPELLINGS)
@pytest.mark.parametrize("before", SPELLINGS)
def test_the_same_value_in_another_spelling_replaces_nothing(before: str, after: str) -> None:
    plan = SPELLINGS[before].to(SPELLINGS[after])
    assert not plan.dangerous
    assert not [changed for change in plan.changes for changed in change.properties]


def test_a_root_resource_that_goes_or_gets_another_name_is_named() -> None:
    def bucket(name: str) -> Stacks:
        return Stacks({}, resources={"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}}})

    assert lost(bucket("a").to(bucket("b"))) == {"root/B.B"}
    assert lost(bucket("a").to(Stacks({}))) == {"root/B.B"}
    role = Stacks({}, resources={"AuthRole": {"Type": "AWS::IAM::Role"}})
    (change,) = role.to(Stacks({})).changes
    assert (str(change.id), change.action.value) == ("root/AuthRole", "delete")


def test_a_replacement_that_aws_decides_on_says_so() -> None:
    before, after = INDIRECT["a property that replaces in some cases"]
    (change,) = before.to(after).changes
    (property_,) = change.properties
    assert (property_.path, property_.before, property_.after) == ("MasterUsername", "a", "b")
    assert property_.replacement is ReplacementKind.CONDITIONAL
    assert not change.replaces[0].certain


def test_a_secret_parameter_is_compared_but_never_shown() -> None:
    def password(value: str) -> Stacks:
        hidden = {"Parameters": {"Word": {"Type": "String", "NoEcho": True}}}
        user = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Fn::Sub": "x-${Word}"}}}
        return one({"S": user}, {"Word": value}, **hidden)

    (change,) = password("one").to(password("two")).changes
    (property_,) = change.properties
    assert (property_.before, property_.after) == ("x-****", "x-****")
    assert property_.replacement is ReplacementKind.ALWAYS


WEAKER: Mapping[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "DeletionPolicy": (secret("a", DeletionPolicy="Retain"), secret("a", DeletionPolicy="Delete")),
    "UpdateReplacePolicy": (secret("a", UpdateReplacePolicy="Snapshot"), secret("a")),
    "DeletionProtection": (cluster(DeletionProtection=True), cluster(DeletionProtection=False)),
    "BackupRetentionPeriod": (cluster(BackupRetentionPeriod=7), cluster(BackupRetentionPeriod=1)),
}


@pytest.mark.parametrize("guard", WEAKER)
def test_a_weaker_guard_is_named_and_a_stronger_one_is_not(guard: str) -> None:
    before, after = ({"S": resource} for resource in WEAKER[guard])
    (weaker,) = one(before).to(one(after)).changes
    assert [guard in sentence for sentence in weaker.weakens] == [True]
    kept = {"DeletionPolicy": "its deletion will", "UpdateReplacePolicy": "its replacement will"}
    assert kept.get(guard, "") in weaker.weakens[0]
    assert not weaker.loses
    (stronger,) = one(after).to(one(before)).changes
    assert not stronger.weakens


def test_the_same_template_at_another_address_is_no_change() -> None:
    old, new, other = one({"S": secret("a")}), one({"S": secret("a")}), one({"S": secret("a")})
    for stacks, url in ((new, "https://elsewhere/a.json"), (other, "https://elsewhere/a.json")):
        stacks.root["Resources"]["customthing"]["Properties"]["TemplateURL"] = url
    assert [change.action for change in old.to(new).changes] == [Action.NONE]
    other.root["Resources"]["customthing"]["Properties"]["Parameters"] = {"a": "1"}
    assert [change.action for change in old.to(other).changes] == [Action.UPDATE]


def test_a_log_group_that_is_kept_loses_nothing_when_it_leaves_its_stack() -> None:
    group = {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 30}}
    kept = {**group, "DeletionPolicy": "RetainExceptOnCreate"}
    assert one({"G": kept}).to(one({})).losses == ()
    assert len(one({"G": group}).to(one({})).losses) == 1
    pool = {"Type": "AWS::Cognito::UserPool", "DeletionPolicy": "Retain"}
    assert len(one({"P": pool}).to(one({})).losses) == 1


OPEN = one(CONDITIONAL, {"Keep": {"Fn::ImportValue": "keep"}}, **KEEP)
ALWAYS = one({"S": secret("a")})


def test_a_resource_that_may_go_is_not_said_to_go() -> None:
    deletions = [each.certain for change in ALWAYS.to(OPEN).changes for each in change.deletes]
    assert deletions == [False]
    deletions = [each.certain for change in ALWAYS.to(one({})).changes for each in change.deletes]
    assert deletions == [True]


def test_a_resource_that_exists_in_any_case_from_now_on_loses_nothing() -> None:
    assert OPEN.to(ALWAYS).losses == ()


def test_a_database_from_a_snapshot_is_not_an_empty_one() -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbcluster.html"""
    empty, restored = one({"S": cluster()}), one({"S": cluster(SnapshotIdentifier="last")})
    by = [
        change.replaces[0].by
        for change in (*empty.to(restored).changes, *restored.to(empty).changes)
        if change.replaces
    ]
    assert by == ["one from the snapshot last", "an empty one"]
