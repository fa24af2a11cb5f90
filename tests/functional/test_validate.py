"""`validate` through the command line, on copies of the sample: what is wrong is found with file and line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from accountsctl.cli import cli
from accountsctl.cli.boundary import run

SAMPLE = Path(__file__).parents[2]
OWN = "amplify/backend/storage/files/template.yaml"
TEMPLATE = """# what the project's own template is wrong about
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketNme: files
  Upper:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: UPPER_case
  Role:
    Type: AWS::IAM::Rol
"""


def with_storage(project: Path, file: str, text: str) -> None:
    """Add a custom resource with its own template."""
    path = project / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    backend = json.loads((project / "backend-config.json").read_text())
    backend["storage"] = {"files": {"service": "Custom"}}
    (project / "backend-config.json").write_text(json.dumps(backend))


def validated(capsys: pytest.CaptureFixture[str], *words: str, expect: int) -> list[dict[str, Any]]:
    """The faults that `validate --json` prints."""
    capsys.readouterr()
    assert run(cli, ["validate", *words, "--json"]) == expect
    result = json.loads(capsys.readouterr().out)
    assert result["valid"] is (expect == 0)
    assert all(
        set(fault) == {"file", "line", "resource", "path", "what", "hint"} for fault in result["faults"]
    )
    faults: list[dict[str, Any]] = result["faults"]
    return faults


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_the_sample_is_valid(
    uncached_sample: Path, environment: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert validated(capsys, "-e", environment, expect=0) == []


def test_every_fault_of_an_own_template_is_found_at_its_line(
    uncached_sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_storage(uncached_sample, OWN, TEMPLATE)
    faults = validated(capsys, "-e", "dev", expect=2)
    assert {(fault["file"], fault["line"], fault["path"]) for fault in faults} == {
        (OWN, 6, "Resources.Bucket.Properties.BucketNme"),
        (OWN, 10, "Resources.Upper.Properties.BucketName"),
        (OWN, 12, "Resources.Role.Type"),
    }
    assert {fault["resource"] for fault in faults} == {"storage/files"}
    assert "BucketName" in str(faults[0])
    assert "AWS::IAM::Role" in str(faults)


def test_a_fault_of_a_rendered_template_is_found_in_the_rendered_file(
    uncached_sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_storage(uncached_sample, f"{OWN}.j2", TEMPLATE)
    faults = validated(capsys, "-e", "dev", expect=2)
    rendered = (uncached_sample / "amplify/build/dev/storage/files.json").read_text().splitlines()
    lines = {fault["path"]: rendered[fault["line"] - 1] for fault in faults}
    assert '"BucketNme"' in lines["Resources.Bucket.Properties.BucketNme"]
    assert '"AWS::IAM::Rol"' in lines["Resources.Role.Type"]
    assert {fault["file"] for fault in faults} == {"amplify/build/dev/storage/files.json"}
    assert f"{OWN}.j2" in faults[0]["hint"]


def test_faults_of_one_resource_do_not_hide_those_of_another(
    uncached_sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_storage(uncached_sample, OWN, TEMPLATE)
    parameters = uncached_sample / "amplify/backend/function/accountsAPI/parameters.json"
    parameters.write_text('{\n  "handler": "index.handler",\n  "timeout": 9999\n}\n')
    faults = validated(capsys, "-e", "dev", expect=2)
    places = {(fault["file"], fault["line"]) for fault in faults}
    assert ("amplify/backend/function/accountsAPI/parameters.json", 3) in places
    assert (OWN, 6) in places


def test_people_read_the_fault_and_its_hint(
    uncached_sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_storage(uncached_sample, OWN, TEMPLATE)
    assert run(cli, ["validate", "-e", "dev"]) == 2
    shown = capsys.readouterr()
    assert f"{OWN}:12: " in shown.out
    assert '-> Did you mean "AWS::IAM::Role"?' in shown.out
    assert "3 faults in dev." in shown.err


def test_warnings_are_shown_on_request_and_refuse_nothing(
    uncached_sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unused = "Parameters: {env: {Type: String}}\nResources: {Topic: {Type: 'AWS::SNS::Topic'}}\n"
    with_storage(uncached_sample, OWN, unused)
    assert run(cli, ["validate", "-e", "dev"]) == 0
    assert "Warning" not in capsys.readouterr().err
    assert run(cli, ["validate", "-e", "dev", "-v"]) == 0
    assert f"Warning: {OWN}:1: " in capsys.readouterr().err
