"""Node functions get their packages when, and only when, their lock file changed."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from accountsctl.adapters.npm import install_packages
from accountsctl.model.errors import UsageError


@dataclass
class FakeNpm:
    """Installs nothing, and remembers where it was asked to."""

    code: int = 0
    asked: list[Path] = field(default_factory=list)

    def __call__(self, command: tuple[str, ...], folder: Path) -> subprocess.CompletedProcess[str]:
        self.asked.append(folder)
        return subprocess.CompletedProcess(command, self.code, "", "npm error code E404\nnpm error not found")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "amplify/backend/function/hello/src"
    folder.mkdir(parents=True)
    (folder / "package-lock.json").write_text("{}")
    return folder


def install(root: Path, npm: FakeNpm) -> None:
    install_packages(root, lambda _: None, npm, lambda name: f"/bin/{name}")


def test_packages_are_installed_once_and_again_when_the_lock_file_changed(
    source: Path, tmp_path: Path
) -> None:
    npm = FakeNpm()
    install(tmp_path, npm)
    install(tmp_path, npm)
    assert npm.asked == [source]
    (source / "package-lock.json").write_text('{"changed": true}')
    install(tmp_path, npm)
    assert npm.asked == [source, source]


def test_a_function_without_a_lock_file_needs_no_npm(tmp_path: Path) -> None:
    (tmp_path / "amplify/backend/function/hello/src").mkdir(parents=True)
    install_packages(tmp_path, lambda _: None, FakeNpm(), lambda _: None)


def test_a_machine_without_npm_is_told_so(source: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        install_packages(tmp_path, lambda _: None, FakeNpm(), lambda _: None)
    assert "no npm" in refused.value.why


def test_a_failed_installation_tells_what_npm_said_and_is_tried_again(source: Path, tmp_path: Path) -> None:
    npm = FakeNpm(code=1)
    with pytest.raises(UsageError) as refused:
        install(tmp_path, npm)
    assert "E404" in refused.value.why
    npm.code = 0
    install(tmp_path, npm)
    assert len(npm.asked) == 2
