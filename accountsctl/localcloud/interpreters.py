"""The programs on this machine that run functions: one of the runtime's own version, if there is one.

Where they are searched: the interpreter of the embedded cloud, PATH, and the folders of the programs that teams install
versions with: uv and pyenv; nvm, fnm and volta. A version is read from the name of a file or folder, so that nothing is
started; only of a `node` on PATH it is what the program reports. The scripts of pyenv on PATH are passed over: they run
a version that depends on the folder.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

OLDEST_PYTHON = (3, 10)
"""What the code that Lambda's runtime carries (awslambdaric, boto3) can run on."""
SECONDS = 10.0
_PYTHON = re.compile(r"python3\.(\d+)")
_NODE = re.compile(r"nodejs(\d+)\.x")
_PYTHON_FOLDER = re.compile(r"(?:cpython-)?3\.(\d+)\.(\d+)(?:[+-].*)?")
_NODE_FOLDER = re.compile(r"v?(\d+)\.(\d+)\.(\d+)")
Version = tuple[int, ...]


@dataclass(frozen=True)
class Interpreter:
    """A program and its version: (3, 12) for Python, (22,) for Node.js; `exact` if it is the runtime's own."""

    program: str
    version: Version
    exact: bool

    @property
    def name(self) -> str:
        """The program and its version, for a message."""
        return f"{'Python' if len(self.version) > 1 else 'Node.js'} {'.'.join(map(str, self.version))}"


@cache
def interpreter_for(runtime: str) -> Interpreter | None:
    """What runs functions of a runtime here: its own version, else the closest; None if there is none at all."""
    if python := _PYTHON.fullmatch(runtime):
        return _closest((3, int(python[1])), _pythons())
    if node := _NODE.fullmatch(runtime):
        return _closest((int(node[1]),), _nodes())
    return None


def _closest(wanted: Version, found: Iterator[tuple[Version, str]]) -> Interpreter | None:
    """The first of the version, else the newest below it, else the oldest above it."""
    programs: dict[Version, str] = {}
    for version, program in found:
        programs.setdefault(version, program)
    if not programs:
        return None
    below = [version for version in programs if version <= wanted]
    version = max(below) if below else min(programs)
    return Interpreter(programs[version], version, version == wanted)


def _pythons() -> Iterator[tuple[Version, str]]:
    yield sys.version_info[:2], sys.executable
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        for path in sorted(Path(folder).glob("python3.*")) if folder else ():
            if (match := _PYTHON.fullmatch(path.name)) and _is_program(path):
                yield from _usable((3, int(match[1])), path)
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share")
    uv = Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or data / "uv/python")
    for root in (uv, pyenv):
        for (minor, _), home in _versions(root, _PYTHON_FOLDER):
            yield from _usable((3, minor), home / f"bin/python3.{minor}")


def _usable(version: Version, path: Path) -> Iterator[tuple[Version, str]]:
    if version >= OLDEST_PYTHON and _is_program(path):
        yield version, str(path)


def _nodes() -> Iterator[tuple[Version, str]]:
    node = shutil.which("node")
    if node is not None and (version := _reported_version(node)) is not None:
        yield (version,), node
    home, data = Path.home(), Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share")
    roots = (
        (Path(os.environ.get("NVM_DIR") or home / ".nvm") / "versions/node", "bin/node"),
        (Path(os.environ.get("FNM_DIR") or data / "fnm") / "node-versions", "installation/bin/node"),
        (Path(os.environ.get("VOLTA_HOME") or home / ".volta") / "tools/image/node", "bin/node"),
    )
    for root, program in roots:
        for (major, _, _), folder in _versions(root, _NODE_FOLDER):
            if _is_program(folder / program):
                yield (major,), str(folder / program)


def _versions(root: Path, shape: re.Pattern[str]) -> list[tuple[Version, Path]]:
    """The folders that are named after a version, the newest first."""
    if not root.is_dir():
        return []
    named = [(shape.fullmatch(path.name), path) for path in root.iterdir()]
    return sorted(
        ((tuple(map(int, match.groups())), path) for match, path in named if match is not None), reverse=True
    )


def _is_program(path: Path) -> bool:
    """A program itself, and not a script that chooses one."""
    try:
        with path.open("rb") as file:
            return os.access(path, os.X_OK) and file.read(2) != b"#!"
    except OSError:
        return False


def _reported_version(node: str) -> int | None:
    try:
        run = subprocess.run(
            [node, "--version"], capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.match(r"v(\d+)\.", run.stdout)
    return int(match[1]) if match else None
