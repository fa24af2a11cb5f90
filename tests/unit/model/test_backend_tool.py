"""What defines an API, and the language of its functions, by a template and by a folder's files."""

from __future__ import annotations

from pathlib import Path

import pytest

from accountsctl.adapters.project_files.page_library import backend_tool
from accountsctl.model.backend_tool import (
    NOTHING_SEEN,
    BackendTool,
    DefinitionTool,
    Framework,
    Language,
    tool_of_folder,
    tool_of_template,
)


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        ("Transform: AWS::Serverless-2016-10-31", DefinitionTool.SAM),
        ('{"Resources": {"X": {"Metadata": {"aws:cdk:path": "S/X"}}}}', DefinitionTool.CDK),
        ('{"Resources": {"ServerlessDeploymentBucket": {}}}', DefinitionTool.SERVERLESS),
        ('{"Resources": {}}', DefinitionTool.CLOUDFORMATION),
    ],
)
def test_a_template_shows_what_wrote_it(text: str, tool: DefinitionTool) -> None:
    assert tool_of_template(text).tool is tool


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Runtime: java21", Language.JAVA),
        ('"Runtime": "dotnet8"', Language.CSHARP),
        ("Runtime: 'python3.13'\nRuntime: python3.12", Language.PYTHON),
        ("Runtime: nodejs22.x\nRuntime: python3.12", None),
        ("Runtime: ruby3.3", None),
        ("Runtime: !Ref Runtime", None),
    ],
)
def test_a_template_shows_the_one_language_of_its_functions(text: str, language: Language | None) -> None:
    assert tool_of_template(text).language is language


@pytest.mark.parametrize(
    ("names", "seen"),
    [
        (["cdk.json", "main.tf"], BackendTool(DefinitionTool.CDK)),
        (["serverless.yml"], BackendTool(DefinitionTool.SERVERLESS)),
        (["main.tf", "go.mod"], BackendTool(DefinitionTool.TERRAFORM, Language.GO)),
        (["samconfig.toml", "Items.csproj"], BackendTool(DefinitionTool.SAM, Language.CSHARP)),
        (["pom.xml"], BackendTool(None, Language.JAVA)),
        (["README.md"], NOTHING_SEEN),
    ],
)
def test_the_files_of_a_folder_show_it(names: list[str], seen: BackendTool) -> None:
    assert tool_of_folder(names) == seen


def test_a_template_that_is_named_says_more_than_its_folder(tmp_path: Path) -> None:
    (tmp_path / "cdk.json").write_text("{}")
    (tmp_path / "go.mod").write_text("")
    template = tmp_path / "t.yaml"
    template.write_text("Transform: AWS::Serverless-2016-10-31")
    assert backend_tool((template,), tmp_path) == BackendTool(DefinitionTool.SAM, Language.GO)
    assert backend_tool((), tmp_path) == BackendTool(DefinitionTool.CDK, Language.GO)
    assert backend_tool((), tmp_path / "none") == NOTHING_SEEN


@pytest.mark.parametrize(
    ("name", "text", "framework"),
    [
        ("package.json", '{"dependencies": {"express": "4"}}', Framework.EXPRESS),
        ("src/package.json", '{"dependencies": {"express": "4", "@middy/core": "5"}}', Framework.MIDDY),
        # Angular's own server for pages is Express.
        ("package.json", '{"dependencies": {"express": "4", "@angular/core": "20"}}', None),
        ("package.json", "no JSON", None),
        ("requirements.txt", "boto3\nFlask>=3", Framework.FLASK),
        ("api/requirements.txt", "aws_lambda_powertools[tracer]==3", Framework.POWERTOOLS),
        ("pyproject.toml", '[project]\ndependencies = [\n  "fastapi>=0.100",\n]\n', Framework.FASTAPI),
        ("requirements.txt", "flask-cors-like-name", None),
    ],
)
def test_a_folder_shows_the_framework_of_its_application(
    tmp_path: Path, name: str, text: str, framework: Framework | None
) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)
    assert backend_tool((), tmp_path).framework is framework


def test_a_template_with_the_name_that_sam_gives_it_shows_the_tool(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text("Transform: AWS::Serverless-2016-10-31")
    assert backend_tool((), tmp_path).tool is DefinitionTool.SAM
    (tmp_path / "cdk.json").write_text("{}")
    assert backend_tool((), tmp_path).tool is DefinitionTool.CDK


def test_a_template_shows_whether_it_is_in_json() -> None:
    assert tool_of_template('{"Resources": {}}').is_json
    assert not tool_of_template("Resources: {}").is_json
