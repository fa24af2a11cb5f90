"""Large contents, each in a file of its own that is named by its SHA-256.

The complete state is written at every change. Objects in S3 and the code of functions make up most of it
and never change, so they are stored in separate files: a write then costs what has changed, and not what is there.

What the state on disk names is always on disk: contents are written before the state that names them,
and dropped only after two states that do not: the one before the last is kept too.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path

SMALL = 64 * 1024  # bytes; what is smaller stays in the state
Write = Callable[[Path, bytes], None]


class Blobs:
    """The contents below `folder`. `write` replaces a file in one step."""

    def __init__(self, folder: Path, write: Write) -> None:
        self._folder = folder
        self._write = write
        self._lock = threading.Lock()
        self._used: set[str] = set()
        self._used_before: set[str] | None = None

    def begin(self) -> None:
        """A new state begins: no content is in use until it is put."""
        with self._lock:
            self._used = set()

    def put(self, content: bytes) -> str:
        """Store `content`; return its name."""
        name = hashlib.sha256(content).hexdigest()
        path = self._folder / name
        if not path.exists():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._write(path, content)
        with self._lock:
            self._used.add(name)
        return name

    def get(self, name: str) -> bytes:
        """The content of this name; raises FileNotFoundError if it is missing, ValueError if it is damaged."""
        content = (self._folder / name).read_bytes()
        if hashlib.sha256(content).hexdigest() != name:
            raise ValueError(f"{self._folder / name} is damaged")
        return content

    def sweep(self) -> None:
        """Delete what the state on disk and the one before it do not name; half-written files too.

        Called when the state that was begun last is on disk. Nothing is deleted at the first call: what the state
        before that one names is not known.
        """
        with self._lock:
            before, self._used_before = self._used_before, set(self._used)
            used = self._used | (before or set())
        if before is None or not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            if path.name not in used:
                path.unlink()
