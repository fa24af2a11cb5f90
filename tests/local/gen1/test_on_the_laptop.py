"""The project runs on the embedded cloud, without what that does not support."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.gen1.deployed_backend import write_project
from tests.local.gen1.templates import BACKEND
from tests.local.project import LocalProject

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
OMITTED = ("--omit", "api/graph")


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[LocalProject]:
    """A clone of the project, with an AppSync API that Amplify built, and an environment of the embedded cloud."""
    write_project(tmp_path, "arn:aws:cloudformation:eu-west-1:123456789012:stack/amplify-shop-dev-a1b2c/0000")
    graph = {"service": "AppSync", "providerPlugin": "awscloudformation"}
    backend = {**BACKEND, "api": {**BACKEND["api"], "graph": graph}}
    (tmp_path / "amplify/backend/backend-config.json").write_text(json.dumps(backend))
    built = tmp_path / "amplify/backend/api/graph/build"
    built.mkdir(parents=True)
    (built / "cloudformation-template.json").write_text(json.dumps(GRAPH))
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
