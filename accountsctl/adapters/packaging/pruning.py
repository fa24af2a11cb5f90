"""What leaves the cache of packages: what was not used for a month, and the oldest of what is too much.

    <digest>            installed packages; its time of change is when it was used last
    .installing-...     an installation; what one that was killed left behind is old
    .removing-...       what is being removed

It runs after an installation, so that other pushes pay nothing. What was used within a day stays: a push may be reading
it. Packages vanish by a rename, so a reader that still finds their folder at the end has read all of it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

DAY = 86_400.0
UNUSED = 30 * DAY
"""Seconds after which packages that nothing used leave."""
MOST = 3_000_000_000
"""Bytes that stay, the last used first."""
REMOVING = ".removing-"
SIZE = "size"


def mark_used(home: Path, now: float) -> None:
    """Remember when packages were used; a cache that cannot be written is not pruned either."""
    with contextlib.suppress(OSError):
        os.utime(home, (now, now))


def prune(folder: Path, now: float, most: int = MOST) -> None:
    """Remove what is old or too much; what cannot be removed stays."""
    kept = 0
    for used, path in sorted(_entries(folder), reverse=True):
        if path.name.startswith("."):
            if now - used > DAY:
                shutil.rmtree(path, ignore_errors=True)
            continue
        kept += _size(path)
        if now - used > DAY and (now - used > UNUSED or kept > most):
            remove(path, used)


def _entries(folder: Path) -> Iterator[tuple[float, Path]]:
    for path in folder.iterdir():
        with contextlib.suppress(OSError):  # another command removes it
            if path.is_dir():
                yield path.stat().st_mtime, path


def _size(path: Path) -> int:
    try:
        return int((path / SIZE).read_text())
    except (OSError, ValueError):
        return 0


def remove(path: Path, used: float) -> None:
    """Remove packages, unless another command has used them since."""
    away = path.with_name(f"{REMOVING}{uuid.uuid4().hex}")
    with contextlib.suppress(OSError):
        path.rename(away)
        if away.stat().st_mtime > used:
            away.rename(path)
            return
        shutil.rmtree(away, ignore_errors=True)
