"""An adopted environment is rendered from what was deployed, not from the files of the resources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from accountsctl.adapters.project_files.store import FileProjects
from accountsctl.adapters.project_files.workspace import FileWorkspace
from accountsctl.commands.stacks.adopt import Adopt
from accountsctl.formats.environment_config import parse
from accountsctl.model.errors import ProjectError, UsageError
from accountsctl.synth import assemble
from accountsctl.synth.packages import code_digest
from accountsctl.synth.validation.checks import project_faults
from tests.functional.gen1.amplify_project import FUNCTION, STACK_ID, do, write
from tests.functional.push_world import World

CODE = "amplify/backend/function/work/src/index.js"
BUCKET = "amplify-shop-prod-1-deployment"
DEPLOYED: dict[str, Any] = {
    **FUNCTION,
    "Parameters": {name: {"Type": "String"} for name in ("env", "deploymentBucketName", "s3Key")},
}
API: dict[str, Any] = {
    "Resources": {"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "web"}}}
}
PASSED = {"env": "prod", "deploymentBucketName": BUCKET, "s3Key": "amplify-builds/work-1.zip"}


def nested(url: str, parameters: dict[str, str]) -> dict[str, Any]:
    return {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": url, "Parameters": parameters},
    }


ROOT: dict[str, Any] = {
    "Parameters": {"AuthRoleName": {"Type": "String"}},
    "Resources": {
        "AuthRole": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": {"Ref": "AuthRoleName"}}},
        "functionwork": nested("https://s3.amazonaws.com/b/work.json", PASSED),
        "apiweb": nested("https://s3.amazonaws.com/b/web.json", {}),
        "APIGatewayAuthStack": nested("https://s3.amazonaws.com/b/auth.json", {}),
    },
}


@pytest.fixture
def adopted(project: Path) -> Path:
    """The project of `conftest`, with its environment prod adopted."""
    do("init")
    settings = json.loads((project / "amplify/environments/prod.json").read_text())
    write(project, "amplify/environments/prod.json", {**settings, "adopted": True})
    write(project, "amplify/adopted/prod/root.json", ROOT)
    write(project, "amplify/adopted/prod/function/work.json", DEPLOYED)
    write(project, "amplify/adopted/prod/api/web.json", API)
    code = {"index.js": (project / CODE).read_bytes()}
    write(project, "amplify/adopted/prod/code.json", {"function/work": code_digest(code)})
    return project


def root_of(project: Path) -> dict[str, Any]:
    return dict(assemble(FileProjects(project).read("prod")).root.body["Resources"])


def test_the_adopted_templates_are_deployed_whatever_the_resources_files_say(adopted: Path) -> None:
    write(adopted, "amplify/backend/api/web/cli-inputs.json", {"version": 1, "paths": {}})
    assembly = assemble(FileProjects(adopted).read("prod"))
    assert {str(child.id): child.template.body for child in assembly.children} == {
        "function/work": DEPLOYED,
        "api/web": API,
    }
    assert assembly.root.body["Parameters"] == ROOT["Parameters"]


def test_only_the_addresses_of_the_owned_stacks_change_in_the_root(adopted: Path) -> None:
    resources = root_of(adopted)
    for name in ("functionwork", "apiweb"):
        url = resources[name]["Properties"].pop("TemplateURL")
        assert url.startswith(f"https://{BUCKET}.s3.eu-central-1.amazonaws.com/")
    assert resources["functionwork"]["Properties"]["Parameters"] == PASSED
    for name in ("AuthRole", "APIGatewayAuthStack"):
        assert resources[name] == ROOT["Resources"][name]
    assert resources.keys() == ROOT["Resources"].keys()


def test_a_function_gets_a_package_of_ours_when_its_files_change_and_not_before(adopted: Path) -> None:
    write(adopted, "amplify/backend/function/work/src/__pycache__/index.pyc", "left over")
    assert root_of(adopted)["functionwork"]["Properties"]["Parameters"] == PASSED
    write(adopted, CODE, "exports.handler = async () => 2;\n")
    passed = root_of(adopted)["functionwork"]["Properties"]["Parameters"]
    assert passed["s3Key"].startswith("functions/work/")
    assert passed["deploymentBucketName"] == BUCKET


def test_a_resource_that_left_the_backend_leaves_the_root(adopted: Path) -> None:
    backend = json.loads((adopted / "amplify/backend/backend-config.json").read_text())
    del backend["api"]
    write(adopted, "amplify/backend/backend-config.json", backend)
    assert "apiweb" not in root_of(adopted)
    assert "APIGatewayAuthStack" in root_of(adopted)


def test_an_imported_pool_gets_a_stack_once_a_new_resource_needs_it(adopted: Path) -> None:
    assert "authusers" not in root_of(adopted)
    backend = json.loads((adopted / "amplify/backend/backend-config.json").read_text())
    depends = [{"category": "auth", "resourceName": "users", "attributes": ["UserPoolId"]}]
    backend["custom"] = {"thing": {"service": "custom", "dependsOn": depends}}
    write(adopted, "amplify/backend/backend-config.json", backend)
    template = {"Parameters": {"authusersUserPoolId": {"Type": "String"}}, "Resources": API["Resources"]}
    write(adopted, "amplify/backend/custom/thing/template.json", template)
    resources = root_of(adopted)
    fed = resources["customthing"]["Properties"]["Parameters"]
    assert fed["authusersUserPoolId"] == {"Fn::GetAtt": ["authusers", "Outputs.UserPoolId"]}
    assert f"https://{BUCKET}.s3." in resources["authusers"]["Properties"]["TemplateURL"]


def test_an_adoption_without_its_root_is_a_fault_with_its_cure(adopted: Path) -> None:
    (adopted / "amplify/adopted/prod/root.json").unlink()
    with pytest.raises(ProjectError) as caught:
        assemble(FileProjects(adopted).read("prod"))
    (fault,) = caught.value.faults
    assert (fault.file, fault.hint) == (
        "amplify/adopted/prod",
        "Adopt the environment again: accountsctl adopt",
    )
    write(adopted, "amplify/adopted/prod/root.json", [])
    with pytest.raises(ProjectError, match="fault"):
        assemble(FileProjects(adopted).read("prod"))


def test_the_files_of_an_adopted_resource_are_not_checked_for_what_would_not_be_deployed(
    adopted: Path,
) -> None:
    write(adopted, "amplify/backend/api/web/parameters.json", {"allowedOrigns": ["https://shop.example"]})
    package = {"dependencies": {"left-pad": "1.3.0"}}
    write(adopted, "amplify/backend/function/work/src/package.json", package)
    digest = code_digest(
        {name: (adopted / CODE).with_name(name).read_bytes() for name in ("index.js", "package.json")}
    )
    write(adopted, "amplify/adopted/prod/code.json", {"function/work": digest})

    def faults() -> list[str]:
        reading = FileProjects(adopted).read("prod")
        assembly = assemble(reading)
        return [fault.what for fault in project_faults(reading.project, assembly.children, assembly)]

    assert faults() == []
    write(adopted, CODE, "exports.handler = async () => 2;\n")
    assert any("left-pad" in what or "package" in what for what in faults())
    (adopted / "amplify/adopted/prod/api/web.json").unlink()
    assert any("allowedOrigns" in what for what in faults())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"adopted": "yes"}, '"adopted" must be true or false'),
        ({"adopted": True, "bucket": BUCKET}, 'needs "stackId"'),
        ({"adopted": True, "stackId": STACK_ID}, 'needs "bucket"'),
        ({"stackId": "shop"}, '"stackId" must be the ARN'),
        ({"bucket": "Not_A_Bucket"}, '"bucket" must be the name'),
    ],
)
def test_an_environment_says_what_its_adoption_lacks(changes: dict[str, object], words: str) -> None:
    settings = {"cloud": "aws", "region": "eu-central-1", "stackName": "shop", **changes}
    environment, faults = parse(json.dumps(settings), "prod.json", "prod")
    assert environment is None
    assert words in faults[0].what


def test_a_stack_that_accountsctl_deployed_is_not_adopted(world: World) -> None:
    world.push()
    before = sorted(world.root.rglob("*"))
    projects = FileWorkspace(world.root)
    adopt = Adopt(projects, world.stacks, world.repairs, world.identity)
    with pytest.raises(UsageError, match="deployed by accountsctl: there is nothing to adopt"):
        adopt.run(projects.read("dev").project)
    assert sorted(world.root.rglob("*")) == before
