"""Functions run on their runtime's own version if this machine has one, else on the closest."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from accountsctl.localcloud.contracts.lookups import FunctionConfig
from accountsctl.localcloud.interpreters import Interpreter, interpreter_for
from accountsctl.localcloud.lambdas import Functions

OWN = sys.version_info[:2]
OTHERS = [
    f"python3.{minor}"
    for minor in range(10, 15)
    if (found := interpreter_for(f"python3.{minor}")) and found.exact and found.version != OWN
]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home folder without any program; PATH leads to its `bin`."""
    for name in ("PYENV_ROOT", "XDG_DATA_HOME", "UV_PYTHON_INSTALL_DIR", "NVM_DIR", "FNM_DIR", "VOLTA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    interpreter_for.cache_clear()
    yield tmp_path
    interpreter_for.cache_clear()


def program(path: Path, content: bytes = b"\x7fELF") -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    "place",
    [
        "bin/python3.99",
        ".pyenv/versions/3.99.1/bin/python3.99",
        ".local/share/uv/python/cpython-3.99.0-linux-x86_64-gnu/bin/python3.99",
    ],
)
def test_a_python_of_the_version_is_found_where_teams_install_it(machine: Path, place: str) -> None:
    path = program(machine / place)
    assert interpreter_for("python3.99") == Interpreter(path, (3, 99), exact=True)


@pytest.mark.parametrize(
    "place",
    [
        ".nvm/versions/node/v99.1.0/bin/node",
        ".local/share/fnm/node-versions/v99.1.0/installation/bin/node",
        ".volta/tools/image/node/99.1.0/bin/node",
    ],
)
def test_a_node_of_the_version_is_found_where_teams_install_it(machine: Path, place: str) -> None:
    path = program(machine / place)
    assert interpreter_for("nodejs99.x") == Interpreter(path, (99,), exact=True)


def test_a_script_that_chooses_a_version_is_passed_over(machine: Path) -> None:
    program(machine / "bin/python3.99", b"#!/bin/sh\n")
    assert interpreter_for("python3.99") == Interpreter(sys.executable, OWN, exact=False)


def test_the_newest_patch_counts(machine: Path) -> None:
    program(machine / ".pyenv/versions/3.99.2/bin/python3.99")
    newest = program(machine / ".pyenv/versions/3.99.10/bin/python3.99")
    assert interpreter_for("python3.99") == Interpreter(newest, (3, 99), exact=True)


def test_without_the_version_the_newest_below_it_runs_and_else_the_oldest_above(machine: Path) -> None:
    below = program(machine / "bin/python3.97")
    program(machine / "bin/python3.99")
    assert interpreter_for("python3.98") == Interpreter(below, (3, 97), exact=False)
    above = program(machine / ".nvm/versions/node/v98.0.0/bin/node")
    program(machine / ".nvm/versions/node/v99.0.0/bin/node")
    assert interpreter_for("nodejs20.x") == Interpreter(above, (98,), exact=False)


def test_a_machine_without_node_has_none(machine: Path) -> None:
    assert interpreter_for("nodejs22.x") is None
    assert interpreter_for("java21") is None


def test_the_node_on_path_reports_its_version(machine: Path) -> None:
    node = program(machine / "bin/node", b"#!/bin/sh\necho v97.2.1\n")
    assert interpreter_for("nodejs97.x") == Interpreter(node, (97,), exact=True)
    assert shutil.which("node") == node


@pytest.mark.parametrize("runtime", OTHERS)
def test_another_version_of_python_runs_the_function_with_lambdas_packages_only(
    functions: Functions, make: Callable[..., FunctionConfig], runtime: str
) -> None:
    source = (
        "import sys, boto3\n"
        "def handler(e, c):\n"
        " try:\n  import pip\n"
        " except ImportError: pip = None\n"
        " left = c.get_remaining_time_in_millis() > 0\n"
        " boto3.client('rds-data', region_name='eu-west-1')\n"
        " return [f'python3.{sys.version_info[1]}', pip, left, e]"
    )
    done = functions.invoke(make(source, runtime=runtime), b'{"price": "\xe2\x82\xac"}')
    assert json.loads(done.payload) == [runtime, None, True, {"price": "€"}]
    failed = functions.invoke(make("import nowhere", runtime=runtime), b"{}")
    assert json.loads(failed.payload)["errorType"] == "Runtime.ImportModuleError"
