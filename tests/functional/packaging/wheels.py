"""Wheels and source packages that a test builds itself, so that no index is needed."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

ARM = "cp312-cp312-manylinux_2_28_aarch64"
INTEL = "cp312-cp312-manylinux_2_28_x86_64"


def wheel(
    folder: Path,
    name: str,
    version: str = "1.0",
    tag: str = "py3-none-any",
    requires: str = "",
    code: str = "",
) -> Path:
    """A wheel with one module, whose WHO is the wheel's tag."""
    info = f"{name}-{version}.dist-info"
    needs = f"Requires-Dist: {requires}\n" if requires else ""
    files = {
        f"{name}.py": f"WHO = {tag!r}\n{code}",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\nTag: {tag}\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{name} = {name}:main\n",
    }
    record = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for each, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(each, text)
    return path


def source_only(folder: Path, name: str, version: str = "1.0") -> Path:
    """A package that is published as source only; building it would leave a trace."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{version}.tar.gz"
    trace = f"open({str(folder / 'built')!r}, 'w')\n"
    setup = f"{trace}from setuptools import setup\nsetup(name={name!r}, version={version!r})\n"
    with tarfile.open(path, "w:gz") as archive:
        for each, text in {
            "setup.py": setup,
            "PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        }.items():
            entry = tarfile.TarInfo(f"{name}-{version}/{each}")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))
    return path
