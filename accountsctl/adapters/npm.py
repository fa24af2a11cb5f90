"""The npm packages of Node functions: installed from their lock files before the code is read.

No script of the project or of its packages runs, unless it is allowed (``--run-scripts``): a push must not run
code before its plan was agreed to. ``npm ci`` runs in a function's ``src`` where the lock file is another one than
at the last installation, or where nothing is installed. What was installed from is remembered inside
``node_modules``, so that throwing that folder away is all it takes to install again.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from accountsctl.formats.layout import code_folder
from accountsctl.model.errors import UsageError
from accountsctl.model.names import ResourceId

LOCK = "package-lock.json"
MARK = ".accountsctl-lock"
# An .npmrc of the project can name another program to run as git.
COMMAND = ("npm", "ci", "--omit=dev", "--no-audit", "--no-fund", "--git=git")
TAIL = 15
Run = Callable[[tuple[str, ...], Path], "subprocess.CompletedProcess[str]"]


def run_quietly(command: tuple[str, ...], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder and keep what it says."""
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def install_packages(
    root: Path,
    say: Callable[[str], None],
    run: Run = run_quietly,
    find: Callable[[str], str | None] = shutil.which,
    *,
    scripts: bool = False,
) -> bool:
    """Install the packages of every function whose lock file changed; False where there was nothing to do.

    UsageError where it fails.
    """
    stale = list(_stale(root, scripts))
    for source in stale:
        name = source.parent.name
        if find(COMMAND[0]) is None:
            raise UsageError(
                f"The packages of function/{name} cannot be installed.",
                why=f"It has a {LOCK}, and there is no npm on this machine.",
                hint="Install Node.js, which brings npm, then push again.",
            )
        say(f"installing the packages of function/{name} ...")
        done = run(COMMAND if scripts else (*COMMAND, "--ignore-scripts"), source)
        if done.returncode:
            raise UsageError(
                f"The packages of function/{name} could not be installed.",
                why="\n".join(done.stderr.strip().splitlines()[-TAIL:]),
                hint=f"Fix it with npm in {source.relative_to(root)}, then push again.",
            )
        (source / "node_modules").mkdir(exist_ok=True)
        (source / "node_modules" / MARK).write_text(_mark(source, scripts))
    return bool(stale)


def not_installed(root: Path) -> list[str]:
    """The functions (``function/name``) whose packages the next push installs."""
    return [f"function/{source.parent.name}" for source in _stale(root, scripts=False)]


def _stale(root: Path, scripts: bool) -> Iterator[Path]:
    for lock in sorted(root.glob(f"{code_folder(ResourceId('function', '*'))}/{LOCK}")):
        mark = lock.parent / "node_modules" / MARK
        if not mark.is_file() or mark.read_text() not in _accepted(lock.parent, scripts):
            yield lock.parent


def _accepted(source: Path, scripts: bool) -> tuple[str, ...]:
    """The marks of an installation that need not be repeated: one with scripts does for both."""
    with_scripts = _mark(source, scripts=True)
    return (with_scripts,) if scripts else (_mark(source, scripts=False), with_scripts)


def _mark(source: Path, scripts: bool) -> str:
    return _digest(source) + (" scripts" if scripts else "")


def _digest(source: Path) -> str:
    return hashlib.sha256((source / LOCK).read_bytes()).hexdigest()
