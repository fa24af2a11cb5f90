"""The AWS SDK for JavaScript v3, which Lambda's Node runtimes carry and a machine's own Node does not.

A function imports its packages without containing them. Here npm installs each package that some code names,
once for this user, and the code finds it as on Lambda: after the packages that it contains itself. Lambda has
them in a folder that its loader searches; here the code's folder has a `node_modules` next to it, which every
loader searches next.

A package's folder appears complete or not at all, so that two clouds may install it at the same time.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from accountsctl.localcloud.lambdas.errors import InvokeError, invalid_runtime

# What an import, a dynamic import or a require names; minified code has no spaces.
IMPORTED = re.compile(r"""\b(?:from|import|require)\s*\(?\s*["'`]@aws-sdk/([a-z0-9][a-z0-9-]*)""")
SUFFIXES = {".js", ".mjs", ".cjs"}
NPM = ("npm", "install", "--ignore-scripts", "--prefer-offline", "--fetch-retries=1")
QUIET = ("--no-audit", "--no-fund")
SECONDS = 300.0
ERROR_LINES = 3  # of npm's output, in the message
Install = Callable[[str, Path], None]


def store() -> Path:
    """The folder of this user's SDK packages, for all projects: Lambda has the same ones for all functions."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "accountsctl" / "nodejs"


class NodeSdk:
    """Puts packages next to code. `packages` has one folder for each; `install` fills one, or raises InvokeError."""

    def __init__(self, packages: Path, install: Install) -> None:
        self._packages = packages
        self._install = install

    def provide(self, code: Path) -> None:
        """Let the code in this folder find what it imports of the SDK; raises InvokeError if npm cannot get it."""
        modules = code.parent / "node_modules" / "@aws-sdk"
        for name in sorted(imported(code)):
            if not (modules / name).exists() and not (code / "node_modules/@aws-sdk" / name).exists():
                _link(modules / name, self._package(name))

    def _package(self, name: str) -> Path:
        home = self._packages / name
        package = home / "node_modules/@aws-sdk" / name
        if not package.is_dir():
            self._fill(name, home)
        return package

    def _fill(self, name: str, home: Path) -> None:
        self._packages.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = Path(tempfile.mkdtemp(prefix=".installing-", dir=self._packages))
        try:
            self._install(name, draft)
            with contextlib.suppress(OSError):  # another cloud was faster: its folder is used
                draft.rename(home)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def imported(code: Path) -> set[str]:
    """The SDK's packages that a function's own code names, by their names within it (client-rds-data)."""
    return {name for file in _sources(code) for name in IMPORTED.findall(file.read_text(errors="replace"))}


def npm_install(name: str, folder: Path) -> None:
    """Install a package of the SDK into an empty folder; raises InvokeError, with what to do, if that fails."""
    (folder / "package.json").write_text('{"private": true}')
    try:
        npm = subprocess.run(
            [*NPM, *QUIET, f"@aws-sdk/{name}@3"],
            cwd=folder,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise _missing(name, "there is no npm on PATH") from None
    except subprocess.TimeoutExpired:
        raise _missing(name, f"npm did not end within {SECONDS:.0f} seconds") from None
    if npm.returncode:
        lines = npm.stderr.strip().splitlines()
        errors = [line for line in lines if "error" in line.lower()] or lines
        raise _missing(name, " ".join(errors[:ERROR_LINES]))


def _missing(name: str, why: str) -> InvokeError:
    return invalid_runtime(
        f"Lambda's Node.js runtime carries @aws-sdk/{name}, and this machine could not get it: {why}."
        " It is installed once, by npm; try again when npm can reach its registry."
    )


def _sources(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir() and path.name != "node_modules":
            yield from _sources(path)
        elif path.suffix in SUFFIXES and path.is_file():
            yield path


def _link(link: Path, package: Path) -> None:
    """Create the link, or replace one whose package was deleted with the rest of a cache."""
    link.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".linking-", dir=link.parent))
    try:
        (draft / "link").symlink_to(package)
        (draft / "link").replace(link)
    finally:
        shutil.rmtree(draft)
