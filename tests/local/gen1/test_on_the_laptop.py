"""The project runs on the embedded cloud, without what that does not support."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.gen1.deployed_backend import write_project
from tests.local.gen1.templates import BACKEND
from tests.local.project import LocalProject

pytestmark = pytest.mark.slow

GRAPH = {
    "Parameters": {"env": {"Type": "String"}},
    "Resources": {
        "GraphQLAPI": {
            "Type": "AWS::AppSync::GraphQLApi",
            "Properties": {"Name": "graph", "AuthenticationType": "API_KEY"},
        }
    },
    "Outputs": {"GraphQLAPIIdOutput": {"Value": {"Fn::GetAtt": ["GraphQLAPI", "ApiId"]}}},
}
URL = "https://s3.${AWS::Region}.amazonaws.com/${S3DeploymentBucket}/${S3DeploymentRootKey}/stacks/Inner.json"
DEEP = {
    "Parameters": {name: {"Type": "String"} for name in ("S3DeploymentBucket", "S3DeploymentRootKey")},
    "Resources": {
        "Inner": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": {"Fn::Sub": URL}}},
    },
    "Outputs": {"Name": {"Value": {"Fn::GetAtt": ["Inner", "Outputs.Name"]}}},
}
INNER = {
    "Resources": {"Level": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "7"}}},
    "Outputs": {"Name": {"Value": {"Ref": "Level"}}},
}
"""What `amplify build` leaves of an AppSync API has this shape: stacks within its stack, by the place of its files."""
OMITTED = ("--omit", "api/graph")


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[LocalProject]:
    """A clone of the project, with an AppSync API that Amplify built, and an environment of the embedded cloud."""
    write_project(tmp_path, "arn:aws:cloudformation:eu-west-1:123456789012:stack/amplify-shop-dev-a1b2c/0000")
    graph = {"service": "AppSync", "providerPlugin": "awscloudformation"}
    deep = {"service": "customCDK", "providerPlugin": "awscloudformation"}
    backend = {
        **BACKEND,
        "api": {**BACKEND["api"], "graph": graph},
        "custom": {**BACKEND["custom"], "deep": deep},
    }
    (tmp_path / "amplify/backend/backend-config.json").write_text(json.dumps(backend))
    files = {
        "api/graph/build/cloudformation-template.json": GRAPH,
        "custom/deep/build/deep-cloudformation-template.json": DEEP,
        "custom/deep/build/stacks/Inner.json": INNER,
    }
    for path, template in files.items():
        file = tmp_path / "amplify/backend" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(template))
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    project = LocalProject(tmp_path)
    project.run("init")
    project.run("env", "add", "laptop", "--cloud", "local", "--from", "dev")
    yield project
    project.run("local", "stop")


def test_a_project_with_appsync_runs_without_it(laptop: LocalProject) -> None:
    refused = laptop.run("push", "-e", "laptop", "--yes", expect=2).err
    assert "api/graph: the embedded cloud does not support AWS::AppSync::GraphQLApi (GraphQLAPI)." in refused
    assert "--omit api/graph" in refused
    assert not (laptop.root / "amplify/.local").exists()

    laptop.run("push", "-e", "laptop", "--yes", *OMITTED)
    outputs = laptop.run("outputs", "-e", "laptop", "--json").json
    assert "api/graph" not in outputs
    assert outputs["auth/users"]["IdentityPoolId"].startswith("eu-west-1:")
    with urllib.request.urlopen(f"{outputs['api/shopapi']['RootUrl']}/orders", timeout=30) as response:
        assert json.loads(response.read()) == {"version": 1}
    assert outputs["custom/deep"]["Name"]
    shown = subprocess.run(
        ["git", "-C", str(laptop.root), "status", "--porcelain", "-uall"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert (laptop.root / "amplify/.local").is_dir()
    assert ".local" not in shown


def test_other_built_files_stand_at_another_place(laptop: LocalProject) -> None:
    def place() -> str:
        laptop.run("render", "-e", "laptop")
        root = json.loads((laptop.root / "amplify/build/laptop/root.json").read_text())
        key: str = root["Resources"]["customdeep"]["Properties"]["Parameters"]["S3DeploymentRootKey"]
        return key

    before = place()
    assert before.startswith("custom/deep/files/")
    inner = laptop.root / "amplify/backend/custom/deep/build/stacks/Inner.json"
    inner.write_text(inner.read_text().replace("7", "8"))
    assert place() != before
