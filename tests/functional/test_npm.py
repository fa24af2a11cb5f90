"""Node functions get their packages when, and only when, their lock file changed."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from accountsctl.adapters.npm import install_packages, not_installed
from accountsctl.model.errors import UsageError

LINKED = '{"packages": {"node_modules/own": {"resolved": "../../own", "link": true}}}'
"""A lock file that names a folder: npm installs that in place, and everything else is installed apart."""


@dataclass
class FakeNpm:
    """Installs nothing, and remembers where it was asked to."""

    code: int = 0
    asked: list[Path] = field(default_factory=list)
    scripts: list[bool] = field(default_factory=list)

    def __call__(self, command: tuple[str, ...], folder: Path) -> subprocess.CompletedProcess[str]:
        self.asked.append(folder)
        self.scripts.append("--ignore-scripts" not in command)
        return subprocess.CompletedProcess(command, self.code, "", "npm error code E404\nnpm error not found")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "amplify/backend/function/hello/src"
    folder.mkdir(parents=True)
    (folder / "package-lock.json").write_text(LINKED)
    return folder


def install(root: Path, npm: FakeNpm, *, scripts: bool = False) -> None:
    install_packages(root, lambda _: None, npm, lambda name: f"/bin/{name}", scripts=scripts)


def test_packages_are_installed_once_and_again_when_the_lock_file_changed(
    source: Path, tmp_path: Path
) -> None:
    npm = FakeNpm()
    install(tmp_path, npm)
    install(tmp_path, npm)
    assert npm.asked == [source]
    (source / "package-lock.json").write_text(LINKED + " ")
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


def test_scripts_run_only_if_they_are_allowed_and_then_even_if_the_packages_are_installed(
    source: Path, tmp_path: Path
) -> None:
    npm = FakeNpm()
    install(tmp_path, npm)
    install(tmp_path, npm, scripts=True)
    install(tmp_path, npm)
    assert npm.scripts == [False, True]


def test_what_a_push_would_install_is_listed_without_installing_it(source: Path, tmp_path: Path) -> None:
    assert not_installed(tmp_path) == ["function/hello"]
    assert not (source / "node_modules").exists()
    install(tmp_path, FakeNpm())
    assert not_installed(tmp_path) == []


@pytest.mark.slow
def test_a_real_npm_runs_no_script_of_the_project(source: Path, tmp_path: Path) -> None:
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    (source / "package.json").write_text(
        '{"name": "hello", "version": "1.0.0", "scripts": {"preinstall": "touch ran", "install": "touch ran"}}'
    )
    package = '{"name": "hello", "version": "1.0.0", "hasInstallScript": true}'
    (source / "package-lock.json").write_text(
        f'{{"name": "hello", "version": "1.0.0", "lockfileVersion": 3, "packages": {{"": {package}}}}}'
    )
    install_packages(tmp_path, lambda _: None)
    assert not (source / "ran").exists()
    install_packages(tmp_path, lambda _: None, scripts=True)
    assert (source / "ran").exists()
