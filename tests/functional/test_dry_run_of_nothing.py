"""`push --dry-run` where nothing was ever deployed locally: it starts nothing and leaves nothing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from accountsctl.cli import cli
from accountsctl.cli.boundary import run

SAMPLE = Path(__file__).parents[2]
DRY_RUN = ["push", "--dry-run", "-e", "dev"]
PARAMETERS = "amplify/backend/function/accountsAPI/parameters.json"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample, as the current folder."""
    ignored = shutil.ignore_patterns(".local", "build", "local-*")
    shutil.copytree(SAMPLE / "amplify", tmp_path / "amplify", ignore=ignored)
    shutil.copy(SAMPLE / "backend-config.json", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def test_everything_is_to_be_created_and_no_cloud_is_started(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(project.rglob("*"))
    assert run(cli, [*DRY_RUN, "--exit-code"]) == 10
    shown = capsys.readouterr()
    assert "create rds/accountsCluster" in shown.out + shown.err
    assert "starting the embedded cloud" not in shown.err
    assert [path for path in sorted(project.rglob("*")) if "cache" not in path.parts] == before


def test_its_faults_are_found_before_anything_is_started(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parameters = json.loads((project / PARAMETERS).read_text())
    (project / PARAMETERS).write_text(json.dumps({**parameters, "timout": 5}, indent=2))
    assert run(cli, DRY_RUN) == 2
    assert f"{PARAMETERS}:" in (shown := capsys.readouterr().err)
    assert 'Did you mean "timeout"?' in shown
    assert not (project / "amplify/.local").exists()


@pytest.mark.parametrize("name", ["state", "state.previous"])
def test_a_cloud_that_has_a_state_is_asked(
    project: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "amplify/.local").mkdir()
    (project / "amplify/.local" / name).touch()
    assert run(cli, DRY_RUN) == 3
    assert "accountsctl local trust" in capsys.readouterr().err
