"""A function's code on disk: each zip is unpacked once in a daemon's life, under its own hash, and never changed.

What an earlier daemon left is not used: anyone may have changed it since, and the state has the zips. A folder in which
someone has changed or removed a file meanwhile is replaced when it is used next.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Collection, Sequence
from pathlib import Path

_HASH_LENGTH = 64
Stamp = tuple[int, int]
"""The size of a file, and when it was changed last."""
_STAMPS: dict[Path, dict[str, Stamp]] = {}
"""The files of the folders that this process has unpacked, by their paths in them."""


def unpacked(code: bytes, folder: Path) -> Path:
    """The folder under `folder` that holds the content of the zip `code`; created atomically on first use."""
    return _unpacked([code], folder / code_hash(code))


def unpacked_layers(layers: Sequence[bytes], folder: Path) -> Path:
    """The folder under `folder` with the content of all layers; the files of later layers win."""
    return _unpacked(layers, folder / layers_hash(layers))


def _unpacked(zips: Sequence[bytes], home: Path) -> Path:
    folder = home.parent
    if home.is_dir():
        if _is_intact(home):
            return home
        _remove(home)
    folder.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=folder))
    try:
        for code in zips:
            _extract(code, draft)
        draft.chmod(0o755)
        stamps = {str(path.relative_to(draft)): _stamp(path) for path in draft.rglob("*") if path.is_file()}
        if _publish(draft, home):
            _STAMPS[home] = stamps
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return home


def _remove(home: Path) -> None:
    """Take a folder away in one step: another thread may be about to unpack it, too."""
    _STAMPS.pop(home, None)
    aside = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=home.parent))
    try:
        with contextlib.suppress(FileNotFoundError):
            home.replace(aside / home.name)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _stamp(path: Path) -> Stamp:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _is_intact(home: Path) -> bool:
    """Whether every file is as it was unpacked; what was added does not matter, Python and Node add files."""
    try:
        return all(_stamp(home / path) == stamp for path, stamp in _STAMPS.get(home, {}).items())
    except OSError:
        return False


def clear(folder: Path) -> None:
    """Remove all unpacked code. What cannot be removed raises OSError: it must not run."""
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)


def collect(folder: Path, used: Collection[str]) -> None:
    """Remove the code whose hash is not `used`; the packages next to it stay."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if len(path.name) == _HASH_LENGTH and path.name not in used:
            _STAMPS.pop(path, None)
            shutil.rmtree(path, ignore_errors=True)


def code_hash(code: bytes) -> str:
    """The name of the folder that `unpacked` gives this zip."""
    return hashlib.sha256(code).hexdigest()


def layers_hash(layers: Sequence[bytes]) -> str:
    """The name of the folder that `unpacked_layers` gives these zips in this order."""
    return hashlib.sha256("".join(code_hash(layer) for layer in layers).encode()).hexdigest()


def _extract(code: bytes, where: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(code)) as archive:
        for entry in archive.infolist():
            # extract() drops drive letters, leading slashes and `..`, so nothing lands outside
            target = Path(archive.extract(entry, where))
            mode = stat.S_IMODE(entry.external_attr >> 16)
            if mode and not entry.is_dir():
                target.chmod(mode | stat.S_IRUSR)


def _publish(draft: Path, home: Path) -> bool:
    """Put a folder in its place; False if another caller's stands there, which has other stamps."""
    try:
        os.rename(draft, home)  # noqa: PTH104  fails if another caller has just created it
    except OSError:
        if not home.is_dir():
            raise
        return False
    return True
