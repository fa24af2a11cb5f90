"""`ports.Packages` over the folder that keeps what was installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from accountsctl.adapters.packaging.store import PackageStore
from accountsctl.adapters.packaging.tools import Tools, find_program, run_quietly
from accountsctl.model.errors import UsageError
from accountsctl.model.names import ResourceId
from accountsctl.model.packaging import HostTarget, Manager, PackageRequest, PackageTarget
from accountsctl.ports.packages import Packages
from tests.functional.packaging.wheels import wheel


def request(index: Path, name: str) -> PackageRequest:
    text = f"--no-index\n--find-links {index}\n{name}\n"
    files = {"requirements.txt": text.encode()}
    target = PackageTarget("python3.12", "x86_64")
    return PackageRequest(ResourceId("function", "work"), "src", Manager.REQUIREMENTS, files, target)


@pytest.fixture
def packages(tmp_path: Path) -> Packages:
    wheel(tmp_path / "wheels", "tool")
    host = HostTarget("arm64")
    return PackageStore(tmp_path / "kept", Tools(find_program, run_quietly), lambda: host, tmp_path)


def test_packages_are_installed_once_and_named_then(packages: Packages, tmp_path: Path) -> None:
    wanted = request(tmp_path / "wheels", "tool")
    sentences: list[str] = []
    packages.install([wanted, wanted], sentences.append)
    packages.install([wanted], sentences.append)
    assert len(sentences) == 1
    assert "function/work" in sentences[0]
    assert "tool.py" in packages.files(wanted)
    sizes = {path: len(content) for path, content in packages.files(wanted).items()}
    assert packages.sizes(wanted) == sizes


def test_what_is_not_installed_has_no_sizes(packages: Packages, tmp_path: Path) -> None:
    assert packages.sizes(request(tmp_path / "wheels", "tool")) == {}


def test_what_cannot_be_installed_is_an_error_and_leaves_nothing(packages: Packages, tmp_path: Path) -> None:
    wanted = request(tmp_path / "wheels", "absent")
    for _ in range(2):
        with pytest.raises(UsageError):
            packages.files(wanted)
    assert list((tmp_path / "kept").iterdir()) == []


def test_this_machine_is_described(packages: Packages) -> None:
    assert packages.host().architecture == "arm64"
