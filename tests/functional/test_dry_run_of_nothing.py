"""`push --dry-run` where nothing was ever deployed locally: it starts nothing and leaves nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from accountsctl.cli import cli
from accountsctl.cli.boundary import run

SAMPLE = Path(__file__).parents[2]
DRY_RUN = ["push", "--dry-run", "-e", "dev"]
PARAMETERS = "amplify/backend/function/accountsAPI/parameters.json"


def test_everything_is_to_be_created_and_no_cloud_is_started(
    uncached_sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(uncached_sample.rglob("*"))
    assert run(cli, [*DRY_RUN, "--exit-code"]) == 10
    shown = capsys.readouterr()
    assert "create rds/accountsCluster" in shown.out + shown.err
    assert "starting the embedded cloud" not in shown.err
    assert [path for path in sorted(uncached_sample.rglob("*")) if "cache" not in path.parts] == before


def test_its_faults_are_found_before_anything_is_started(
    uncached_sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parameters = json.loads((uncached_sample / PARAMETERS).read_text())
    (uncached_sample / PARAMETERS).write_text(json.dumps({**parameters, "timout": 5}, indent=2))
    assert run(cli, DRY_RUN) == 2
    assert f"{PARAMETERS}:" in (shown := capsys.readouterr().err)
    assert 'Did you mean "timeout"?' in shown
    assert not (uncached_sample / "amplify/.local").exists()


@pytest.mark.parametrize("name", ["state", "state.previous"])
def test_a_cloud_that_has_a_state_is_asked(
    uncached_sample: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (uncached_sample / "amplify/.local").mkdir()
    (uncached_sample / "amplify/.local" / name).touch()
    assert run(cli, DRY_RUN) == 3
    assert "accountsctl local trust" in capsys.readouterr().err
