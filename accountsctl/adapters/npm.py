"""npm packages that are installed in a function's folder, from its lock file, before the code is read.

That is done for those that `packaging` cannot install apart: packages that are linked to folders of this machine, and
any if their scripts may run.

No script of the project or of its packages runs, unless it is allowed (``--run-scripts``): a push must not run
code before its plan was agreed to. ``npm ci`` runs in a function's ``src`` where the lock file is another one than
at the last installation, or where nothing is installed. What was installed from is remembered inside
``node_modules``, so that throwing that folder away is all it takes to install again.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from accountsctl.formats.layout import code_folder
from accountsctl.formats.node_locks import IN_PLACE_MARK, NPM_LOCK, has_links, in_place_mark
from accountsctl.model.errors import UsageError
from accountsctl.model.names import ResourceId

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
    """Install the packages of every function whose lock file changed; False if there was nothing to do.

    UsageError where it fails.
    """
    stale = list(_stale(root, scripts))
    for source in stale:
        name = source.parent.name
        if find(COMMAND[0]) is None:
            raise UsageError(
                f"The packages of function/{name} cannot be installed.",
                why=f"It has a {NPM_LOCK}, and there is no npm on this machine.",
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
        (source / IN_PLACE_MARK).parent.mkdir(exist_ok=True)
        (source / IN_PLACE_MARK).write_text(_mark(source, scripts))
    return bool(stale)


def not_installed(root: Path) -> list[str]:
    """The functions (``function/name``) whose packages the next push installs."""
    return [f"function/{source.parent.name}" for source in _stale(root, scripts=False)]


def _stale(root: Path, scripts: bool) -> Iterator[Path]:
    for lock in sorted(root.glob(f"{code_folder(ResourceId('function', '*'))}/{NPM_LOCK}")):
        mark = lock.parent / IN_PLACE_MARK
        needed = scripts or has_links(lock.read_text("utf-8", "replace"))
        if needed and not (mark.is_file() and mark.read_text() in _accepted(lock.parent, scripts)):
            yield lock.parent


def _accepted(source: Path, scripts: bool) -> tuple[str, ...]:
    """The marks of an installation that need not be repeated: one with scripts does for both."""
    with_scripts = _mark(source, scripts=True)
    return (with_scripts,) if scripts else (_mark(source, scripts=False), with_scripts)


def _mark(source: Path, scripts: bool) -> str:
    return in_place_mark((source / NPM_LOCK).read_bytes(), scripts=scripts)
