"""Node.js packages: those that run, without those for development, by the tool whose lock file it is.

No script of a package runs; a package that needs one is installed in place by ``push --run-scripts``. Yarn and pnpm
come from npm's registry in fixed versions, so that every machine installs alike. What tools leave for themselves in
``node_modules`` (programs, notes about the installation) is left out.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from accountsctl.adapters.packaging.tools import Tools, last_lines
from accountsctl.formats.node_locks import is_yarn_berry, pnpm_format
from accountsctl.model.errors import UsageError
from accountsctl.model.packaging import Manager, PackageRequest, PackageTarget

YARN, YARN_BERRY = "yarn@1.22.22", "@yarnpkg/cli-dist@4.18.1"
PNPM, PNPM_BEFORE_9 = "pnpm@10.34.9", "pnpm@8.15.9"
CONFIGURATION = (".npmrc", ".yarnrc", ".yarnrc.yml")
"""Files that name registries; they do not change what a locked package contains."""
NPM = ("npm", "ci", "--omit=dev", "--no-audit", "--no-fund", "--ignore-scripts", "--git=git")
NPX = ("npx", "--yes")
YARN_OPTIONS = ("--frozen-lockfile", "--production", "--ignore-scripts", "--non-interactive", "--no-progress")
PNPM_OPTIONS = ("--frozen-lockfile", "--prod", "--ignore-scripts", "--config.node-linker=hoisted")
LOCKS = (Manager.NPM, Manager.YARN, Manager.PNPM)
CPUS = {"arm64": "arm64", "x86_64": "x64"}


def install_node(request: PackageRequest, work: Path, files: Path, tools: Tools, source: Path) -> None:
    """Fill the new folder `files` with ``node_modules``; `source` is the folder that the request's files are in."""
    install_modules(request, work, tools, source)
    files.mkdir()
    if (work / "node_modules").is_dir():
        (work / "node_modules").rename(files / "node_modules")
    _clean(files / "node_modules")


def install_modules(request: PackageRequest, work: Path, tools: Tools, source: Path) -> None:
    """Install ``node_modules`` below `work`, if the request has a lock file; UsageError if that fails."""
    lock = next((manager for manager in LOCKS if manager in request.files), None)
    if lock is None:
        return
    for name in (lock, "package.json"):
        (work / name).write_bytes(request.files.get(name, b"{}"))
    for name in CONFIGURATION:
        if (source / name).is_file():
            shutil.copy(source / name, work / name)
    command = _command(request, lock)
    if tools.find(command[0]) is None:
        raise UsageError(
            f"The packages of {request.resource} cannot be installed.",
            why=f"It has a {lock}, and there is no {command[0]} on this machine.",
            hint="Install Node.js, which brings npm, then push again.",
        )
    done = tools.run(command, work)
    if done.returncode:
        raise UsageError(
            f"The packages of {request.resource} could not be installed.",
            why=last_lines(done),
            hint=f"Fix {request.folder}/{lock}, then push again.",
        )


def _command(request: PackageRequest, manager: Manager) -> tuple[str, ...]:
    lock = request.files[manager].decode("utf-8", "replace")
    match manager:
        case Manager.YARN if is_yarn_berry(lock):
            settings = ("YARN_NODE_LINKER=node-modules", "YARN_ENABLE_SCRIPTS=0", "YARN_ENABLE_TELEMETRY=0")
            return ("env", *settings, *NPX, YARN_BERRY, "workspaces", "focus", "--production")
        case Manager.YARN:
            return (*NPX, YARN, "install", *YARN_OPTIONS)
        case Manager.PNPM:
            return (*NPX, PNPM if pnpm_format(lock) >= 9 else PNPM_BEFORE_9, "install", *PNPM_OPTIONS)
        case _:
            return (*NPM, *_machine(request.target))


def _machine(target: PackageTarget) -> tuple[str, ...]:
    """Packages with a part for each machine: the part for Lambda's, or for this one."""
    if target.local:
        return ()
    return ("--os=linux", f"--cpu={CPUS[target.architecture]}", "--libc=glibc")


def _clean(modules: Path) -> None:
    if not modules.is_dir():
        return
    for path in modules.iterdir():
        if path.name.startswith("."):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    for path in sorted(modules.rglob("*")):
        if path.is_symlink():
            path.unlink()
    for folder in sorted(modules.rglob(".bin")):
        shutil.rmtree(folder, ignore_errors=True)
