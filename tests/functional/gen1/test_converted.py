"""A converted resource is rendered with the logical ids and names of the deployed resources that it becomes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from accountsctl.adapters.project_files.store import FileProjects
from accountsctl.model.errors import ProjectError
from accountsctl.synth import assemble
from tests.functional.gen1.amplify_project import FUNCTION, loaded, write
from tests.functional.gen1.test_adopted import DEPLOYED, adopted, root_of

__all__ = ["adopted"]
KEPT = {
    "logicalIds": {"LambdaExecutionRole": "TheirRole"},
    "names": {"TheirRole": {"RoleName": "their-role"}},
}
TEMPLATE = "amplify/backend/function/work/work-cloudformation-template.json"


@pytest.fixture
def converted(adopted: Path) -> Path:
    (adopted / "amplify/adopted/prod/function/work.json").unlink()
    write(adopted, "amplify/adopted/prod/converted/function/work.json", DEPLOYED)
    write(adopted, "amplify/adopted/prod/converted.json", {"function/work": KEPT})
    return adopted


def function(project: Path) -> dict[str, Any]:
    assembly = assemble(FileProjects(project).read("prod"))
    return next(dict(child.template.body) for child in assembly.children if child.id.name == "work")


def test_ids_and_names_are_those_of_what_is_deployed(converted: Path) -> None:
    body = function(converted)
    assert list(body["Resources"]) == ["TheirRole"]
    assert body["Resources"]["TheirRole"]["Properties"]["RoleName"] == "their-role"
    assert body["Outputs"]["Arn"]["Value"] == {"Fn::GetAtt": ["TheirRole", "Arn"]}
    assert root_of(converted)["functionwork"]["Properties"]["Parameters"]["env"] == "prod"


def test_references_follow_in_texts_and_in_depends_on(converted: Path) -> None:
    role = FUNCTION["Resources"]["LambdaExecutionRole"]
    text = {"Fn::Sub": "${LambdaExecutionRole.Arn}/${LambdaExecutionRole}/${AWS::Region}"}
    own = {"Fn::Sub": ["${LambdaExecutionRole}${X}", {"LambdaExecutionRole": "mine", "X": "y"}]}
    made = {
        "Type": "AWS::SSM::Parameter",
        "DependsOn": "LambdaExecutionRole",
        "Properties": {"A": text, "B": own},
    }
    write(converted, TEMPLATE, {**FUNCTION, "Resources": {"LambdaExecutionRole": role, "Made": made}})
    entry = function(converted)["Resources"]["Made"]
    assert entry["DependsOn"] == "TheirRole"
    assert entry["Properties"]["A"] == {"Fn::Sub": "${TheirRole.Arn}/${TheirRole}/${AWS::Region}"}
    assert entry["Properties"]["B"] == own


def test_an_output_that_an_adopted_consumer_needs_is_missed(converted: Path) -> None:
    root = loaded(converted, "amplify/adopted/prod/root.json")
    resources: dict[str, Any] = json.loads(json.dumps(root["Resources"]))
    needed = {"functionworkStreamArn": {"Fn::GetAtt": ["functionwork", "Outputs.StreamArn"]}}
    resources["apiweb"]["Properties"]["Parameters"] = needed
    write(converted, "amplify/adopted/prod/root.json", {**root, "Resources": resources})
    with pytest.raises(ProjectError) as caught:
        function(converted)
    (fault,) = caught.value.faults
    assert (
        fault.what
        == 'The root takes the output "StreamArn" of function/work, which its template does not have.'
    )


def test_a_conversion_without_its_map_is_a_fault(converted: Path) -> None:
    (converted / "amplify/adopted/prod/converted.json").unlink()
    with pytest.raises(ProjectError, match="fault"):
        function(converted)


def test_a_converted_resource_that_left_the_backend_leaves_the_root(converted: Path) -> None:
    backend: dict[str, Any] = json.loads(json.dumps(loaded(converted, "amplify/backend/backend-config.json")))
    del backend["function"], backend["api"]
    write(converted, "amplify/backend/backend-config.json", backend)
    assert not {"functionwork", "apiweb"} & root_of(converted).keys()
