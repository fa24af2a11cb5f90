"""In GitHub Actions an error stands at its line of the pull request, and results in the summary of the job."""

from __future__ import annotations

from pathlib import Path

import pytest

from accountsctl.cli import cli
from accountsctl.cli.boundary import run
from accountsctl.model.errors import Fault, ProjectError, UsageError
from accountsctl.ui.github import error_annotations, fault_annotations


@pytest.fixture
def summary(sample_files: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that the runner shows; the sample is in a folder of the repository."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(sample_files.parent))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(sample_files.parent / "summary.md"))
    monkeypatch.chdir(sample_files.parent)
    return sample_files.parent / "summary.md"


@pytest.fixture
def sample_files(tmp_path: Path) -> Path:
    from tests.sample import copy_sample_files

    folder = tmp_path / "backend"
    folder.mkdir()
    copy_sample_files(folder)
    (folder / "amplify/.config/local-env-info.json").write_text('{"envName": "dev"}')
    return folder


def test_what_would_end_a_command_is_escaped() -> None:
    assert fault_annotations([Fault("a,b:c.json", 3, "100%\nwrong::error", "Fix\rit.")], str) == [
        "::error file=a%2Cb%3Ac.json,line=3::100%25%0Awrong::error Fix%0Dit."
    ]


def test_an_error_without_a_file_has_no_place() -> None:
    error = UsageError("What.", why="Why.", hint="Next.")
    assert error_annotations(error, str) == ["::error::What. Why. Next."]


def test_every_fault_of_a_project_is_an_annotation() -> None:
    error = ProjectError([Fault("a.json", 1, "A."), Fault("b.json", 0, "B.")])
    assert error_annotations(error, str) == ["::error file=a.json,line=1::A.", "::error file=b.json::B."]


def test_a_fault_is_annotated_at_its_file_in_the_repository(
    summary: Path, sample_files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parameters = sample_files / "amplify/backend/function/accountsAPI/parameters.json"
    parameters.write_text(parameters.read_text().replace('"timeout"', '"timeOut"'))
    assert run(cli, ["validate", "-C", "backend", "--json"]) == 2
    shown = capsys.readouterr()
    assert "::error file=backend/amplify/backend/function/accountsAPI/parameters.json,line=" in shown.err
    assert "::" not in shown.out
    assert "timeOut" in summary.read_text()


def test_a_dry_run_stands_in_the_summary(
    summary: Path, sample_files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(cli, ["-C", "backend", "push", "--dry-run"]) == 0
    assert "### Plan for `dev`" in summary.read_text()
    assert "+ create rds/accountsCluster" in summary.read_text()


def test_nothing_is_written_elsewhere(
    summary: Path, sample_files: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS")
    assert run(cli, ["-C", "backend", "env", "checkout", "nowhere"]) == 2
    assert "::error" not in capsys.readouterr().err
    assert not summary.exists()


def test_a_summary_that_cannot_be_written_fails_nothing(
    summary: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "/nowhere/summary.md")
    assert run(cli, ["-C", "backend", "push", "--dry-run"]) == 0
    assert "cannot be written" in capsys.readouterr().err
