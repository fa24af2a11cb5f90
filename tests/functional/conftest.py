"""What the functional tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.functional.push_world import World, sample_world
from tests.sample import copy_sample_files


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
    copy_sample_files(tmp_path)
    (tmp_path / "amplify/.config/local-env-info.json").write_text('{"envName": "dev"}')
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def uncached_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample as the current folder, with a cache of its own and no environment checked out."""
    copy_sample_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


@pytest.fixture
def world(tmp_path: Path) -> World:
    """The push over fakes of the cloud, on a copy of the sample project."""
    return sample_world(tmp_path)
