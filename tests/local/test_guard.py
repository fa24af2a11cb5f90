"""The guard on the embedded cloud: each indirect loss is named, refused under `--yes`, and agreed to by name only."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.local.project import LocalProject

pytestmark = pytest.mark.slow

SECRET = "AWS::SecretsManager::Secret"
THING = "amplify/backend/custom/thing"
FLAG = "--allow-data-loss"


def secret(name: object, **attributes: Any) -> dict[str, Any]:
    return {"Type": SECRET, "Properties": {"Name": name, "GenerateSecretString": {}}, **attributes}


TEMPLATE: dict[str, Any] = {
    "Parameters": {
        "ByValue": {"Type": "String"},
        "ByDefault": {"Type": "String", "Default": "guard-default"},
        "Keep": {"Type": "String"},
    },
    "Mappings": {"Names": {"all": {"secret": "guard-mapping"}}},
    "Conditions": {"Kept": {"Fn::Equals": [{"Ref": "Keep"}, "yes"]}},
    "Resources": {
        "Value": secret({"Ref": "ByValue"}),
        "Default": secret({"Ref": "ByDefault"}),
        "Mapping": secret({"Fn::FindInMap": ["Names", "all", "secret"]}),
        "Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "guard-group"}},
        "Sub": secret({"Fn::Sub": "of/${Group}"}),
        "Conditional": secret("guard-conditional", Condition="Kept"),
        "Literal": secret("guard-literal"),
    },
}
PARAMETERS = {"ByValue": "guard-value", "Keep": "yes"}
Edit = Callable[[dict[str, Any], dict[str, str]], object]
LOSSES: dict[str, Edit] = {
    "Value": lambda _, parameters: parameters.update(ByValue="guard-other"),
    "Default": lambda template, _: template["Parameters"]["ByDefault"].update(Default="guard-other"),
    "Mapping": lambda template, _: template["Mappings"]["Names"]["all"].update(secret="guard-other"),
    "Sub": lambda template, _: template["Resources"]["Group"]["Properties"].update(LogGroupName="other"),
    "Conditional": lambda _, parameters: parameters.update(Keep="no"),
    "Literal": lambda template, _: template["Resources"].pop("Literal"),
}


def write(project: LocalProject, edit: Edit | None = None) -> None:
    """The resource's files, as they were pushed or edited."""
    template, parameters = copy.deepcopy(TEMPLATE), dict(PARAMETERS)
    if edit:
        edit(template, parameters)
    folder = project.root / THING
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "template.json").write_text(json.dumps(template))
    (folder / "parameters.json").write_text(json.dumps(parameters))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProject]:
    """A project whose only resource holds secrets, pushed."""
    root = tmp_path_factory.mktemp("guard") / "guard"
    root.mkdir()
    made = LocalProject(root)
    made.run("init", "guard")
    backend = {"custom": {"thing": {"service": "customCloudformation", "dependsOn": []}}}
    (root / "backend-config.json").write_text(json.dumps(backend))
    write(made)
    made.run("push")
    yield made
    made.run("local", "stop")


@pytest.mark.parametrize("name", LOSSES)
def test_an_indirect_loss_is_named_and_refused_under_yes_alone(project: LocalProject, name: str) -> None:
    write(project, LOSSES[name])
    planned = project.run("push", "--dry-run", "--exit-code", "--json", expect=11).json
    assert planned["loses"] == ["custom/thing"]
    (change,) = [change for change in planned["changes"] if change["action"] != "none"]
    assert change["loses"] == [name]
    refused = project.run("push", "--yes", expect=2).err
    assert f"{name} ({SECRET})" in refused
    assert f"{FLAG} custom/thing" in refused
    write(project)
    assert not project.run("push", "--dry-run", "--exit-code", "--json").json["changed"]


def test_a_harmless_change_exits_with_10_and_needs_no_flag(project: LocalProject) -> None:
    write(
        project, lambda template, _: template["Resources"]["Literal"]["Properties"].update(Description="new")
    )
    planned = project.run("push", "--dry-run", "--exit-code", "--json", expect=10).json
    assert planned["loses"] == []
    (property_,) = planned["changes"][0]["properties"]
    assert (property_["path"], property_["before"], property_["after"]) == ("Description", None, "new")
    assert property_["replacement"] == "never"
    write(project)


def test_a_plan_file_is_applied_exactly_once_and_only_as_it_was_written(
    project: LocalProject, tmp_path: Path
) -> None:
    file = str(tmp_path / "plan.json")
    write(project, LOSSES["Value"])
    project.run("push", "--dry-run", "--plan-file", file)
    assert json.loads(Path(file).read_text())["plan"]["loses"] == ["custom/thing"]
    assert FLAG in project.run("push", "--plan-file", file, expect=2).err
    write(project, LOSSES["Default"])
    assert "out of date" in project.run("push", "--plan-file", file, FLAG, "custom/thing", expect=2).err
    write(project, LOSSES["Value"])
    pushed = project.run("push", "--plan-file", file, FLAG, "custom/thing", "--json").json
    assert pushed["changed"]
    assert "stack has changed" in project.run("push", "--plan-file", file, expect=2).err
    write(project)
    project.run("push", FLAG, "custom/thing")


def test_a_protected_environment_refuses_a_loss_without_a_terminal(project: LocalProject) -> None:
    environment = project.root / "amplify/environments/dev.json"
    before = environment.read_text()
    environment.write_text(json.dumps({**json.loads(before), "protected": True}))
    write(project, LOSSES["Value"])
    assert "is protected" in project.run("push", "--yes", FLAG, "custom/thing", expect=2).err
    environment.write_text(before)
    write(project)
