"""Real packages from the public registries: what a team would name, installed twice, is the same."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from accountsctl.adapters.packaging.store import PackageStore
from accountsctl.adapters.packaging.tools import Tools
from accountsctl.model.errors import UsageError
from accountsctl.model.names import ResourceId
from accountsctl.model.packaging import HostTarget, Manager, PackageRequest, PackageTarget

pytestmark = pytest.mark.slow
PYTHON, NODE = PackageTarget("python3.13", "arm64"), PackageTarget("nodejs22.x", "arm64")
ELF = b"\x7fELF"
AARCH64 = 0xB7
"""The machine in the header of an ELF file: https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html"""
PACKAGE = b'{"name": "work", "version": "1.0.0", "dependencies": {"ms": "2.1.3"}}'
YARN_LOCK = b"""# yarn lockfile v1


ms@2.1.3:
  version "2.1.3"
  resolved "https://registry.yarnpkg.com/ms/-/ms-2.1.3.tgz#574c8138ce1d2b5861f0b44579dbadd60c6615b2"
  integrity sha512-6FlzubTLZG3J2a/NVCAleEhjzq5oxgHyaCU9yYXvcLsvoVaHJq/s5xXI6/XXP6tz7R9xAOtHnSO/tXtF3WRTlA==
"""


def installed(
    tmp_path: Path, manager: Manager, files: dict[str, bytes], target: PackageTarget
) -> dict[str, bytes]:
    """The files of two installations, which are equal."""
    request = PackageRequest(ResourceId("function", "work"), "src", manager, files, target)
    stores = [PackageStore(tmp_path / name, Tools(), lambda: HostTarget("x86_64"), tmp_path) for name in "ab"]
    try:
        first, second = (dict(store.files(request)) for store in stores)
    except UsageError as error:
        pytest.skip(f"The registry cannot be reached: {error.why}")
    assert first == second
    return first


def test_compiled_wheels_are_those_of_the_functions_machine(tmp_path: Path) -> None:
    files = {"requirements.txt": b"requests==2.32.3\npydantic-core\n"}
    found = installed(tmp_path, Manager.REQUIREMENTS, files, PYTHON)
    assert "requests/__init__.py" in found
    (library,) = (
        content
        for path, content in found.items()
        if path.startswith("pydantic_core/") and path.endswith(".so")
    )
    assert library.startswith(ELF)
    assert int.from_bytes(library[18:20], "little") == AARCH64


@pytest.mark.skipif(shutil.which("npx") is None, reason="Node.js is not installed")
def test_yarn_installs_what_its_lock_names(tmp_path: Path) -> None:
    found = installed(tmp_path, Manager.YARN, {"package.json": PACKAGE, "yarn.lock": YARN_LOCK}, NODE)
    assert {path.split("/")[1] for path in found} == {"ms"}


@pytest.mark.skipif(shutil.which("npm") is None, reason="Node.js is not installed")
def test_packages_with_parts_for_machines_get_that_of_lambda(tmp_path: Path) -> None:
    package = b'{"name": "work", "version": "1.0.0", "dependencies": {"esbuild": "0.28.2"}}'
    done = Tools().run(
        ("npm", "install", "--package-lock-only", "--ignore-scripts"), _written(tmp_path, package)
    )
    if done.returncode:
        pytest.skip(f"npm's registry cannot be reached: {done.stderr}")
    lock = (tmp_path / "work/package-lock.json").read_bytes()
    found = installed(tmp_path, Manager.NPM, {"package.json": package, "package-lock.json": lock}, NODE)
    assert "node_modules/@esbuild/linux-arm64/bin/esbuild" in found
    assert "node_modules/@esbuild/linux-x64/bin/esbuild" not in found


def _written(tmp_path: Path, package: bytes) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "package.json").write_bytes(package)
    return folder
