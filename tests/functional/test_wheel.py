"""The wheel is whole: it works with no checkout beside it."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from accountsctl.adapters.page_server import built_page

pytestmark = pytest.mark.slow

SOURCE = Path(__file__).parents[2]


def build(folder: Path) -> Path:
    """The unpacked wheel, made from the sdist of a copy of the source: nothing is built inside the checkout."""
    copy = folder / "source"
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info", ".local", "build", "local-*")
    for name in ("accountsctl", "templates", "amplify"):
        shutil.copytree(SOURCE / name, copy / name, symlinks=True, ignore=ignored)
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(SOURCE / name, copy)
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder / "dist"), str(copy)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = (folder / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder / "unpacked")
    return folder / "unpacked"


def files(root: Path) -> dict[str, bytes]:
    return {str(each.relative_to(root)): each.read_bytes() for each in root.rglob("*") if each.is_file()}


def data_files() -> set[str]:
    """What the package carries beside its modules, by the paths of the checkout: links are followed."""
    root = SOURCE / "accountsctl"
    found = (Path(folder, name) for folder, _, names in os.walk(root, followlinks=True) for name in names)
    caches = ("__pycache__", ".mypy_cache")  # what tools leave behind in the checkout
    names = {str(each.relative_to(root)) for each in found if not any(part in caches for part in each.parts)}
    return {
        name for name in names if name.startswith("commands/project/scaffold/") or not name.endswith(".py")
    }


def test_the_wheel_renders_what_the_checkout_renders_and_carries_every_data_file_and_the_page(
    tmp_path: Path,
) -> None:
    unpacked = build(tmp_path)
    project = tmp_path / "project"
    shutil.copytree(
        SOURCE / "amplify", project / "amplify", ignore=shutil.ignore_patterns(".local", "build", "local-*")
    )
    shutil.copy(SOURCE / "backend-config.json", project)
    rendered = {}
    for name, path in {"wheel": unpacked, "checkout": SOURCE}.items():
        command = [sys.executable, "-m", "accountsctl", "render", "-e", "prod"]
        environment = {**os.environ, "PYTHONPATH": str(path)}
        subprocess.run(command, cwd=project, env=environment, check=True, capture_output=True)
        rendered[name] = files(project / "amplify/build/prod")
        shutil.rmtree(project / "amplify/build")
    assert rendered["wheel"] == rendered["checkout"]
    assert "commands/project/scaffold/accounts-python/src/index.py" in data_files()
    assert data_files() <= set(files(unpacked / "accountsctl"))
    assert page_of(unpacked) == dict(built_page())


def page_of(package: Path) -> dict[str, bytes]:
    """The page that `ui` of this package serves, on a machine without Node and npm."""
    program = (
        "import base64, json; from accountsctl.adapters.page_server import built_page;"
        "print(json.dumps({name: base64.b64encode(text).decode() for name, text in built_page().items()}))"
    )
    environment = {"PYTHONPATH": str(package), "PATH": ""}
    done = subprocess.run([sys.executable, "-c", program], env=environment, check=True, capture_output=True)
    return {name: base64.b64decode(text) for name, text in json.loads(done.stdout).items()}
