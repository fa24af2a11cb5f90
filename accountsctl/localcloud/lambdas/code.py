"""A function's code on disk: each zip is unpacked once, under its own hash, and never changed."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import stat
import tempfile
import zipfile
from pathlib import Path


def unpacked(code: bytes, folder: Path) -> Path:
    """The folder under `folder` that holds the content of the zip `code`; created atomically on first use."""
    home = folder / hashlib.sha256(code).hexdigest()
    if home.is_dir():
        return home
    folder.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=folder))
    try:
        _extract(code, draft)
        draft.chmod(0o755)
        _publish(draft, home)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return home


def _extract(code: bytes, where: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(code)) as archive:
        for entry in archive.infolist():
            # extract() drops drive letters, leading slashes and `..`, so nothing lands outside
            target = Path(archive.extract(entry, where))
            mode = stat.S_IMODE(entry.external_attr >> 16)
            if mode and not entry.is_dir():
                target.chmod(mode | stat.S_IRUSR)


def _publish(draft: Path, home: Path) -> None:
    try:
        os.rename(draft, home)  # noqa: PTH104  fails if another caller has just created it
    except OSError:
        if not home.is_dir():
            raise
