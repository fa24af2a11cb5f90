"""A project that is wrong in every way at once, met through the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from accountsctl.cli import cli
from accountsctl.cli.boundary import run
from tests.sample import copy_sample_files

SAMPLE = Path(__file__).parents[2]
BACKEND = """{
  "auth": {"mfeaccounts": {"service": "Cognito", "serviceType": "imported", "dependsOn": []}},
  "rds": {
    "accountsCluster": {"service": "RDSCluster",
      "dependsOn": [{"category": "function", "resourceName": "accountsAPI", "attributes": ["Name"]}]},
    "accountsCluster": {"service": "RDSCluster"},
    "../evil": {"service": "RDSCluster"}
  },
  "function": {
    "accountsAPI": {"service": "Lambda", "dependsOn": [
      {"category": "rds", "resourceName": "accountsCluster", "attributes": ["Arn", "Nonsense"]},
      {"category": "rds", "resourceName": "missing", "attributes": ["Arn"]}
    ]}
  },
  "custom": {"thing": {"service": "Custom"}}
}
"""
TEMPLATE = """Parameters:
  unfed:
    Type: String
Resources:
  T: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !Ref unfed}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "accounts"
    copy_sample_files(root)
    (root / "backend-config.json").write_text(BACKEND)
    (root / "amplify/backend/custom/thing").mkdir(parents=True)
    (root / "amplify/backend/custom/thing/template.yaml").write_text(TEMPLATE)
    broken = root / "amplify/backend/function/accountsAPI/parameters.json"
    broken.write_text('{\n  "timeout": 25\n  "memorySize": 512\n}\n')
    return root


def contents(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("command", [["push"], ["push", "--dry-run"], ["render"], ["status"]])
def test_every_fault_is_named_with_file_and_line_in_one_run_and_nothing_is_touched(
    project: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    before = contents(project)
    assert run(cli, [*command, "-C", str(project), "-e", "dev", "--json"]) == 2
    error = json.loads(capsys.readouterr().out)["error"]
    found = [(fault["file"], fault["line"], fault["what"]) for fault in error["faults"]]
    expected = [
        ("backend-config.json", 6, "stands here again"),
        ("backend-config.json", 7, "../evil"),
        ("backend-config.json", 11, "rds/accountsCluster -> function/accountsAPI -> rds/accountsCluster"),
        ("backend-config.json", 11, "Nonsense"),
        ("backend-config.json", 12, "does not exist"),
        ("amplify/backend/custom/thing/template.yaml", 2, "unfed"),
        ("amplify/backend/function/accountsAPI/parameters.json", 2, "comma"),
    ]
    for file, line, words in expected:
        assert any(each[:2] == (file, line) and words in each[2] for each in found), (file, line, words)
    assert len(found) == len(expected)
    assert contents(project) == before


def test_an_error_is_three_kinds_of_line_on_stderr_and_nothing_on_stdout(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(cli, ["push", "-C", str(project), "-e", "dev"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    lines = said.err.splitlines()
    assert lines[0].startswith("Error: The project has")
    assert any(line.startswith("  backend-config.json:") for line in lines)
    assert any(line.startswith("  -> ") for line in lines)


def test_an_environment_that_does_not_exist_is_refused_with_those_that_do(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(cli, ["env", "checkout", "nosuch", "-C", str(project)]) == 2
    assert "dev, prod" in capsys.readouterr().err


def test_a_folder_without_a_project_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, ["env", "list", "-C", str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err
