"""What the functional tests share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.functional.push_world import World, sample_world

SAMPLE = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, as the current one."""
    folder = tmp_path / "shop"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def sample_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample with dev checked out; the working folder."""
    ignored = shutil.ignore_patterns(".local", "build", "local-*", "__pycache__")
    shutil.copytree(SAMPLE / "amplify", tmp_path / "amplify", ignore=ignored)
    shutil.copy(SAMPLE / "backend-config.json", tmp_path)
    (tmp_path / "amplify/.config/local-env-info.json").write_text('{"envName": "dev"}')
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def world(tmp_path: Path) -> World:
    """The push over fakes of the cloud, on a copy of the sample project."""
    return sample_world(tmp_path)
