"""Python packages, installed as wheels for the machine that runs the function, by uv or else by pip.

No code of a package runs: what is published as source only is refused, because building it would make it for this
machine and would run its scripts. What differs from one installation to the next is left out, so that the same wheels
make the same zip: programs in ``bin/`` (their first line is a path of this machine), compiled files, and notes about
the installation. Source: https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

from accountsctl.adapters.packaging.tools import Tools, last_lines
from accountsctl.formats import python_locks
from accountsctl.model.errors import UsageError
from accountsctl.model.packaging import Manager, PackageRequest, PackageTarget

REQUIREMENTS, CONSTRAINTS = "requirements.txt", "constraints.txt"
AMAZON_LINUX_2023 = (3, 12)
"""The first version of Python on Amazon Linux 2023, with glibc 2.34; those before are on Amazon Linux 2, with 2.26."""
MANYLINUX = ("2_34", "2_31", "2_28", "2_27", "2_26", "2_24", "2_17")
"""The C libraries that wheels are made for, the newest first: wheels for an older one run on a newer one."""
MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}
NOTES = frozenset({"INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json", "uv_build.json"})
_NO_WHEEL = re.compile(
    r"Because (?:all versions of )?([\w.\[\],-]+?)(?:==(\S+))? ha(?:s|ve) no (?:usable )?wheels|\(from versions: none\)"
)


def install_python(request: PackageRequest, work: Path, files: Path, tools: Tools) -> None:
    """Fill the new folder `files` with the packages; `work` is an empty folder. UsageError if that fails."""
    uv = tools.find("uv")
    _write(request, work, uv, tools)
    constraints = ("-c", CONSTRAINTS) if (work / CONSTRAINTS).exists() else ()
    done = tools.run(
        (*_command(request.target, uv), "--target", str(files), "-r", REQUIREMENTS, *constraints), work
    )
    if done.returncode:
        raise _failure(request, done)
    files.mkdir(exist_ok=True)
    clean(files)


def _write(request: PackageRequest, work: Path, uv: str | None, tools: Tools) -> None:
    """Write the requirements of any tool as a requirements file, and nothing else: a project can configure uv."""
    text = {name: content.decode("utf-8", "replace") for name, content in request.files.items()}
    try:
        match request.manager:
            case Manager.UV:
                _export(request, work, uv, tools)
            case Manager.POETRY:
                required, pins = python_locks.poetry_lock(text["pyproject.toml"], text["poetry.lock"])
                (work / REQUIREMENTS).write_text(required)
                (work / CONSTRAINTS).write_text(pins)
            case Manager.PIPENV:
                (work / REQUIREMENTS).write_text(python_locks.pipfile_lock(text["Pipfile.lock"]))
            case Manager.PIPFILE:
                (work / REQUIREMENTS).write_text(python_locks.pipfile(text["Pipfile"]))
            case Manager.REQUIREMENTS:
                _write_files(request, work)
    except (ValueError, KeyError) as error:
        raise UsageError(
            f"The packages of {request.resource} cannot be installed.",
            why=f"{request.folder}/{request.manager} cannot be read: {error}.",
            hint="Write it again with the tool that made it.",
        ) from None


def _export(request: PackageRequest, work: Path, uv: str | None, tools: Tools) -> None:
    if uv is None:
        raise UsageError(
            f"The packages of {request.resource} cannot be installed.",
            why=f"It has a {Manager.UV}, and there is no uv on this machine.",
            hint="Install uv (pip install uv), then push again.",
        )
    project = work / "project"
    _write_files(request, project)
    options = ("--frozen", "--no-dev", "--no-emit-project", "--no-emit-workspace", "--no-header", "--quiet")
    done = tools.run(
        (uv, "export", "--python", sys.executable, *options, "-o", f"../{REQUIREMENTS}"), project
    )
    if done.returncode:
        raise _failure(request, done)


def _write_files(request: PackageRequest, folder: Path) -> None:
    for name, content in request.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _command(target: PackageTarget, uv: str | None) -> tuple[str, ...]:
    wheels = ("--quiet", "--only-binary", ":all:", "--python-version", target.version)
    if uv is not None:
        platform = () if target.local else ("--python-platform", _uv_platform(target))
        return (uv, "pip", "install", "--python", sys.executable, "--link-mode", "copy", *wheels, *platform)
    platforms = () if target.local else tuple(f"--platform={name}" for name in _pip_platforms(target))
    options = ("--no-compile", "--no-input", "--disable-pip-version-check")
    return (sys.executable, "-m", "pip", "install", *options, *wheels, *platforms)


def _uv_platform(target: PackageTarget) -> str:
    return f"{MACHINES[target.architecture]}-manylinux_{_newest(target)}"


def _newest(target: PackageTarget) -> str:
    """The newest C library whose wheels run on the target; uv knows none between 2.17 and 2.28."""
    return "2_34" if _version(target) >= AMAZON_LINUX_2023 else "2_17"


def _pip_platforms(target: PackageTarget) -> list[str]:
    newest = "2_34" if _version(target) >= AMAZON_LINUX_2023 else "2_26"
    names = [f"manylinux_{libc}" for libc in MANYLINUX[MANYLINUX.index(newest) :]]
    return [f"{name}_{MACHINES[target.architecture]}" for name in (*names, "manylinux2014", "linux")]


def _version(target: PackageTarget) -> tuple[int, ...]:
    return tuple(int(part) for part in target.version.split("."))


def _failure(request: PackageRequest, done: subprocess.CompletedProcess[str]) -> UsageError:
    target = request.target
    missing = _NO_WHEEL.search(done.stderr)
    hint = f"Fix {request.folder}/{request.manager}, then push again."
    if missing:
        package = " ".join(part for part in missing.groups() if part) or "the package"
        hint = (
            f"There is no wheel of {package} for {target.runtime} on {target.architecture}, only source. Name a version"
            ' that has one, set another "architecture" or "runtime", or replace the package.'
        )
    return UsageError(
        f"The packages of {request.resource} could not be installed.", why=last_lines(done), hint=hint
    )


def clean(files: Path) -> None:
    """Leave out what differs between two installations of the same wheels, and what Lambda has no use for."""
    shutil.rmtree(files / "bin", ignore_errors=True)
    for path in sorted(files.rglob("*")):
        is_note = path.parent.name.endswith(".dist-info") and path.name in NOTES
        if is_note or path.is_symlink() or path.suffix in (".pyc", ".pyo") or path.name == ".lock":
            path.unlink()
    for folder in sorted(files.rglob("__pycache__")):
        shutil.rmtree(folder, ignore_errors=True)
    for record in files.glob("*.dist-info/RECORD"):
        record.write_text(_sorted_record(record.read_text("utf-8"), files), "utf-8")


def _sorted_record(text: str, files: Path) -> str:
    """The rows of the files that are left; `importlib.metadata` reads them."""
    rows = [row for row in csv.reader(io.StringIO(text)) if row and (files / row[0]).is_file()]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(sorted(rows))
    return out.getvalue()
