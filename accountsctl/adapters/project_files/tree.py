"""Reading below the project's root, and never outside it.

Every path is relative to the root, in posix form, as it then stands in faults. A link may point to elsewhere
in the project, not out of it: what is deployed from a checkout is what is in the checkout.
"""

from __future__ import annotations

import builtins
import os
from collections.abc import Iterator
from pathlib import Path

from accountsctl.formats.json_reader import read
from accountsctl.formats.json_source import Source
from accountsctl.model.errors import Fault

LARGEST_FILE = 262_144_000
"""Bytes. A function's code may have as many in all: a larger file cannot be meant to be deployed."""
LARGEST_TREE = 4 * LARGEST_FILE


class Tree:
    """A project's folder; `faults` collects what could not be read, `texts` the JSON files that were.

    Everything that is read stays in memory, so a tree reads no more than `most` bytes: a sparse file of many gigabytes
    takes no room in a repository.
    """

    def __init__(self, root: Path, most: int = LARGEST_TREE) -> None:
        self.root = root.resolve()
        self._left = most
        self.faults: list[Fault] = []
        self.texts: dict[str, str] = {}

    def exists(self, relative: str) -> bool:
        """Whether there is anything of that name, a link that leads nowhere included."""
        return os.path.lexists(self.root / relative)

    def is_folder(self, relative: str) -> bool:
        """True for a folder inside the project."""
        path = self.root / relative
        try:
            return path.is_dir() and self._inside(path)
        except OSError:  # not even to be asked about: whoever reads it meets the reason
            return False

    def bytes(self, relative: str) -> bytes | None:
        """A file's content; None and a fault where it cannot be had."""
        path = self.root / relative
        try:
            if not self._inside(path):
                self.fault(relative, "It leads out of the project.", "Put a copy into the project.")
                return None
            if path.exists() and not path.is_file():
                self.fault(relative, "It is not a file.", "Put a file in its place.")
                return None
            return self._affordable(relative, path)
        except OSError as error:
            self.fault(relative, f"It cannot be read: {error.strerror}.", "Fix it, or its permissions.")
            return None

    def text(self, relative: str) -> str | None:
        """A file's text, its line ends as they are; None and a fault where it cannot be had."""
        content = self.bytes(relative)
        if content is None:
            return None
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            self.faults.append(Fault(relative, line, "It is not UTF-8.", "Save it as UTF-8."))
            return None

    def json(self, relative: str) -> Source | None:
        """A file's JSON, with its faults; None and a fault where there is no text."""
        text = self.text(relative)
        if text is None:
            return None
        self.texts[relative] = text
        source = read(text, relative)
        self.faults += source.faults
        return source

    def names(self, relative: str) -> list[str]:
        """The names in a folder, sorted; none, and a fault, where it cannot be had, none where it is not there."""
        path = self.root / relative
        if not self.exists(relative):
            return []
        if not self.is_folder(relative):
            what = "It is not a folder." if self._inside(path) else "It leads out of the project."
            self.fault(relative, what, "Put a folder in its place.")
            return []
        try:
            return sorted(child.name for child in path.iterdir())
        except OSError as error:
            self.fault(relative, f"It cannot be read: {error.strerror}.", "Fix its permissions.")
            return []

    def files(
        self, relative: str, skip: frozenset[str] = frozenset(), above: tuple[str, ...] = ()
    ) -> Iterator[str]:
        """All files below a folder, in order, but for hidden ones and names in `skip`."""
        real = os.path.realpath(self.root / relative)
        if real in above:
            self.fault(relative, "It is a link to a folder that it stands in.", "Remove the link.")
            return
        for name in self.names(relative):
            path = f"{relative}/{name}"
            if name.startswith(".") or name in skip:
                continue
            if self.is_folder(path):
                yield from self.files(path, skip, (*above, real))
            else:
                yield path

    def fault(self, relative: str, what: str, hint: str = "") -> None:
        """Note that something about a whole file or folder is wrong."""
        self.faults.append(Fault(relative, 0, what, hint))

    def _affordable(self, relative: str, path: Path) -> builtins.bytes | None:
        """A file's content; None and a fault if it is too large. Raises OSError."""
        with path.open("rb") as file:
            most = min(LARGEST_FILE, self._left)
            size = os.fstat(file.fileno()).st_size
            if size <= most:
                content = file.read(most + 1)
                self._left -= len(content)
                return content
        what = f"It has {size:,} bytes, which is more than is read of a project."
        self.fault(relative, what, "Move what is not to be deployed out of the project.")
        return None

    def _inside(self, path: Path) -> bool:
        return Path(os.path.realpath(path)).is_relative_to(
            self.root
        )  # a circle of links raises no error here
