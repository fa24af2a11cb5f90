"""What a first push prints off a terminal, and what it does not run."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.project import LocalProject, copy_sample

pytestmark = pytest.mark.slow

MOST_LINES = 15
SOURCE = "amplify/backend/function/accountsAPI/src"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[LocalProject]:
    """The sample, whose function has a package.json with scripts that leave a file."""
    made = copy_sample(tmp_path / "clone")
    touch = f"touch {tmp_path / 'ran'}"
    scripts = dict.fromkeys(("preinstall", "install", "postinstall", "prepare"), touch)
    package = {"name": "hostile", "version": "1.0.0", "scripts": scripts}
    (made.root / SOURCE / "package.json").write_text(json.dumps(package))
    entry = {"name": "hostile", "version": "1.0.0", "hasInstallScript": True}
    lock = {"name": "hostile", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": entry}}
    (made.root / SOURCE / "package-lock.json").write_text(json.dumps(lock))
    yield made
    made.run("local", "stop")


def test_a_first_push_prints_at_most_fifteen_lines_and_runs_no_script(
    project: LocalProject, tmp_path: Path
) -> None:
    for words in (["status"], ["validate"], ["push", "--dry-run"]):
        project.run(*words)
        assert not (tmp_path / "ran").exists()
        assert not (project.root / SOURCE / "node_modules").exists()
    if shutil.which("npm") is None:
        (project.root / SOURCE / "package-lock.json").unlink()
    pushed = project.run("push", "--yes")
    assert not (tmp_path / "ran").exists()
    printed = (pushed.out + pushed.err).splitlines()
    lines = [
        line
        for line in printed
        if not line.startswith("installing the packages") and " here, and on " not in line
    ]  # the sample has no packages; a machine may lack the runtime's own version
    assert len(lines) <= MOST_LINES, "\n".join(lines)
    assert "\x1b" not in pushed.out + pushed.err
