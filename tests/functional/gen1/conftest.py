"""A project as Amplify leaves it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.functional.gen1.amplify_project import BACKEND, FUNCTION, REST_INPUTS, TEAM, do, write
from tests.functional.gen1.full_project import write_full_project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone of a project of Amplify's, as the current folder: nothing in it is ours."""
    root = tmp_path / "shop"
    write(root, "amplify/backend/backend-config.json", BACKEND)
    write(root, "amplify/team-provider-info.json", TEAM)
    write(root, "amplify/backend/auth/users/parameters.json", {})
    write(root, "amplify/backend/function/work/work-cloudformation-template.json", FUNCTION)
    write(root, "amplify/backend/function/work/src/index.js", "exports.handler = async () => 1;\n")
    write(root, "amplify/backend/api/web/cli-inputs.json", REST_INPUTS)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with every format, with its environments taken over."""
    root = tmp_path / "shop"
    write_full_project(root)
    monkeypatch.chdir(root)
    do("init")
    return root
