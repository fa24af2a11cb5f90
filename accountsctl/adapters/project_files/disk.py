"""How files are changed: whole or not at all.

A file is written beside its place, flushed to the disk and moved over the old one. A folder that only makes
sense as a whole is built beside its place and swapped in. Whoever is killed on the way leaves the old or the
new, at worst a stray ``.tmp`` beside it, and for a folder, between its two moves, none; the next write repairs
that. `Disk` is everything here that changes anything, so that a test can end it before any step.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path


class Disk:
    """The steps that change the disk."""

    def write(self, path: Path, content: bytes) -> None:
        """Create a new file, with the mode of any new file, and flush it."""
        with path.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def move(self, source: Path, target: Path) -> None:
        """Move over what is there, in one step, and flush the folder that tells so."""
        source.replace(target)
        with _opened(target.parent) as folder:
            os.fsync(folder)

    def set_mode(self, path: Path, mode: int) -> None:
        """Set a file's permissions."""
        path.chmod(mode)

    def make_folder(self, path: Path) -> None:
        """Make a folder and those above it, where they are not there."""
        path.mkdir(parents=True, exist_ok=True)

    def remove(self, path: Path) -> None:
        """Remove a file or a folder with all it holds, where it is there."""
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def write_file(disk: Disk, path: Path, content: bytes) -> None:
    """Put `content` into `path`, atomically; an existing file keeps its permissions."""
    disk.make_folder(path.parent)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    try:
        disk.write(temporary, content)
        if path.exists():
            disk.set_mode(temporary, path.stat().st_mode & 0o7777)
        disk.move(temporary, path)
    except BaseException:
        disk.remove(temporary)
        raise


def write_folder(disk: Disk, path: Path, files: Mapping[str, bytes]) -> None:
    """Make `path` a folder of exactly these files (by posix path below it); untouched where it is that."""
    disk.make_folder(path.parent)
    with _opened(path.parent) as parent:
        fcntl.flock(parent, fcntl.LOCK_EX)  # two renders of one project do not tread on each other
        fresh, stale = (path.with_name(f".{path.name}.{part}") for part in ("new", "old"))
        for left_behind in (fresh, stale):
            disk.remove(left_behind)
        if contents(path) == files:
            return
        for name, content in files.items():
            disk.make_folder((fresh / name).parent)
            disk.write(fresh / name, content)
        if path.exists():
            disk.move(path, stale)
        try:
            disk.move(fresh, path)
        except OSError:
            if stale.exists():
                disk.move(stale, path)
            raise
        disk.remove(stale)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below `folder`, by its posix path."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()
    }


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Only one process at a time is in here for a folder; the lock goes with the process."""
    with _opened(folder) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
