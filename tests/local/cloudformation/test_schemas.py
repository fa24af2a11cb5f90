from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountsctl.localcloud.cloudformation.providers import PROVIDERS
from accountsctl.localcloud.cloudformation.providers.base import Properties
from accountsctl.localcloud.cloudformation.resource_schemas.schemas import ResourceSchema, schema, services
from accountsctl.planning.replacement import create_only, custom_name

ROOT = Path(__file__).parents[3]
FUNCTION = {"Role": "arn:aws:iam::123456789012:role/r", "Code": {"ZipFile": "x"}}


def the(type_name: str) -> ResourceSchema:
    found = schema(type_name)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def extractor() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "tools" / "extract_schemas.py"))


def test_what_is_committed_is_what_cfn_lint_carries(extractor: dict[str, Any]) -> None:
    files = extractor["outputs"]()
    differing = [
        str(path) for path, text in files.items() if (ROOT / path).read_text(encoding="utf-8") != text
    ]
    assert differing == []
    kept = {path.name for path in (ROOT / extractor["SCHEMAS"]).iterdir() if path.suffix in (".json", ".txt")}
    assert kept == {path.name for path in files if path.parent == extractor["SCHEMAS"]}


def test_every_type_that_is_provided_has_a_schema_and_the_other_way_round(extractor: dict[str, Any]) -> None:
    ours = {name for name in extractor["provided"]() if not name.startswith("AWS::CloudFormation::")}
    assert set(PROVIDERS) == ours
    assert [name for name in PROVIDERS if schema(name) is None] == []


def test_an_unknown_type_has_no_schema_and_custom_resources_share_one() -> None:
    assert schema("AWS::No::Thing") is None
    assert schema("services") is None
    assert schema("AWS::../../x") is None
    assert the("Custom::Anything").faults({"ServiceToken": "arn", "Whatever": {"deep": 1}}) == []
    assert the("Custom::Anything").readable("Whatever")


def test_a_custom_resource_may_have_a_property_of_any_name() -> None:
    assert the("Custom::Anything").faults({"ServiceToken": "arn", "Id": "a"}) == []


@pytest.mark.parametrize(
    ("type_name", "properties", "faults"),
    [
        ("AWS::Lambda::Function", FUNCTION, []),
        ("AWS::Lambda::Function", {**FUNCTION, "Nope": 1}, ["Encountered unsupported property Nope"]),
        ("AWS::Lambda::Function", {**FUNCTION, "Arn": "a"}, ["Encountered unsupported property Arn"]),
        (
            "AWS::Lambda::Function",
            {**FUNCTION, "Code": {"ZipFile": "x", "Nope": 1}},
            ["Encountered unsupported property Nope"],
        ),
        ("AWS::Lambda::Function", {"Code": {}}, ["#: required key [Role] not found"]),
        (
            "AWS::Lambda::Function",
            {**FUNCTION, "Timeout": 0},
            ["#/Timeout: 0 is not greater or equal to 1"],
        ),
        (
            "AWS::Lambda::Function",
            {**FUNCTION, "TracingConfig": {"Mode": "Loud"}},
            ["#/TracingConfig/Mode: Loud is not a valid enum value"],
        ),
        (
            "AWS::Lambda::Function",
            {**FUNCTION, "Timeout": [1]},
            ["#/Timeout: expected type: Integer, found: JSONArray"],
        ),
        (
            "AWS::Lambda::Function",
            {**FUNCTION, "Description": "d" * 257},
            ["#/Description: expected maxLength: 256, actual: 257"],
        ),
        (
            "AWS::Lambda::Function",
            {**FUNCTION, "Environment": {"Variables": {"1A": "x"}}},
            ["#/Environment/Variables: extraneous key [1A] is not permitted"],
        ),
    ],
)
def test_faults_are_worded_as_aws_words_them(
    type_name: str, properties: Properties, faults: list[str]
) -> None:
    assert the(type_name).faults(properties) == faults


def test_all_faults_are_named_at_once() -> None:
    assert len(the("AWS::Lambda::Function").faults({"Nope": 1, "Timeout": 0, "Code": {}})) == 3


def test_scalars_are_converted_to_what_the_schema_wants() -> None:
    written = {
        **FUNCTION,
        "Timeout": "25",
        "Description": 3,
        "Environment": {"Variables": {"PORT": 5432, "ON": True}},
    }
    read = the("AWS::Lambda::Function").coerced(written)
    assert (read["Timeout"], read["Description"]) == (25, "3")
    assert the("AWS::Lambda::Function").faults(written) == []
    cluster = the("AWS::RDS::DBCluster")
    scaling = {"MinCapacity": "0.5", "MaxCapacity": "2"}
    read = cluster.coerced({"EnableHttpEndpoint": "TRUE", "ServerlessV2ScalingConfiguration": scaling})
    assert read["EnableHttpEndpoint"] is True
    assert read["ServerlessV2ScalingConfiguration"] == {"MinCapacity": 0.5, "MaxCapacity": 2}


@given(st.text())
def test_text_that_is_no_number_is_a_fault_and_never_a_crash(value: str) -> None:
    faults = the("AWS::Lambda::Function").faults({**FUNCTION, "Timeout": value})
    converted = the("AWS::Lambda::Function").coerced({"Timeout": value})["Timeout"]
    assert bool(faults) == (isinstance(converted, str) or not 1 <= converted <= 5400)


def test_attributes_are_readable_by_their_dotted_names() -> None:
    cluster = the("AWS::RDS::DBCluster")
    assert cluster.readable("MasterUserSecret.SecretArn")
    assert cluster.readable("Endpoint.Address")
    assert not cluster.readable("DatabaseName")
    assert the("AWS::EC2::VPC").readable("CidrBlock")
    assert the("AWS::CloudFormation::Stack").readable("Outputs.ApiId")
    assert not the("AWS::CloudFormation::Stack").readable("StackId")


def test_a_schema_knows_what_replaces_a_resource() -> None:
    cluster = the("AWS::RDS::DBCluster")
    assert "DatabaseName" in cluster.create_only
    assert "Engine" in cluster.conditional_create_only
    assert "MasterUserSecret/SecretArn" in cluster.read_only
    assert cluster.primary_identifier == ("DBClusterIdentifier",)


def test_the_plans_table_covers_every_type_of_the_region() -> None:
    table = json.loads((ROOT / "accountsctl" / "planning" / "create_only.json").read_text(encoding="utf-8"))
    assert sum("createOnly" in row for row in table["types"].values()) > 1500
    assert "DatabaseName" in create_only("AWS::RDS::DBCluster")
    assert custom_name("AWS::S3::Bucket") == ("BucketName",)
    assert custom_name("AWS::SNS::Topic") == ()
    for name in PROVIDERS:
        assert set(create_only(name)) == the(name).create_only


def test_creatable_versions_and_runtimes_are_carried() -> None:
    versions = services()["auroraVersions"]["aurora-postgresql"]
    assert {"17", "16", "17.7"} <= set(versions)
    assert not {"16.4", "16.6", "10"} & set(versions)
    assert services()["lambdaRuntimes"]["nodejs20.x"] == {
        "deprecated": "2026-04-30",
        "createBlock": "2027-02-01",
        "updateBlock": "2027-03-03",
    }
