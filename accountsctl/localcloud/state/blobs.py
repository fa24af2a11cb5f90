"""Large contents, each in a file of its own that is named by its SHA-256.

Objects in S3, the code of functions, and the parts of the state that have not changed for long make up most of what is
stored. They are in separate files: a write then costs what has changed, and not what is there.

What the state on disk names is always on disk: contents are written before the state that names them,
and dropped only after two states that do not: the one before the last is kept too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Set
from pathlib import Path

SMALL = 64 * 1024  # bytes; a part of the state that is smaller stays in its file
SMALL_CONTENT = 4 * 1024  # bytes; an object or a function's code that is smaller stays in its part
Write = Callable[[Path, bytes], None]


class Blobs:
    """The contents below `folder`. `write` replaces a file in one step. One thread at a time may write."""

    def __init__(self, folder: Path, write: Write) -> None:
        self._folder = folder
        self._write = write
        self._named: list[Set[str]] = []  # by the last states on disk, at most two

    def put(self, content: bytes) -> str:
        """Store `content`; return its name."""
        name = hashlib.sha256(content).hexdigest()
        path = self._folder / name
        if not path.exists():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._write(path, content)
        return name

    def get(self, name: str) -> bytes:
        """The content of this name; raises FileNotFoundError if it is missing, ValueError if it is damaged."""
        content = (self._folder / name).read_bytes()
        if hashlib.sha256(content).hexdigest() != name:
            raise ValueError(f"{self._folder / name} is damaged")
        return content

    def sweep(self, named: Set[str]) -> None:
        """A state that names these contents is on disk: delete what it and the state before it do not name.

        Nothing is deleted at the first call: what the state before that one names is not known. At the second,
        whatever else is in the folder is deleted too: what an earlier run stored, and half-written files.
        """
        self._named.append(named)
        match self._named:
            case [before, last]:
                found = {path.name for path in self._folder.iterdir()} if self._folder.is_dir() else set()
            case [oldest, before, last]:
                found = set(oldest)
                del self._named[0]
            case _:
                return
        for name in found - before - last:
            (self._folder / name).unlink(missing_ok=True)
