"""A JSON text that was read: its value, where each part of it stands, and the faults of the text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accountsctl.model.backend import FilePosition
from accountsctl.model.errors import Fault

JsonPath = tuple[str | int, ...]
"""Keys and indices from the top; the empty path is the complete document."""
JsonValue = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]


@dataclass(frozen=True)
class Source:
    """A JSON text that was read.

    `complete` is False if text may have been lost, so that nothing follows from what is missing. `spans` are
    the offsets of each value's text, `keys` the offset of each member's key.
    """

    file: str
    text: str
    value: Any  # a JsonValue, but its readers check the shape themselves, key by key
    faults: tuple[Fault, ...]
    complete: bool
    spans: Mapping[JsonPath, tuple[int, int]]
    keys: Mapping[JsonPath, int]

    def line_of(self, *path: str | int) -> int:
        """The line of a member's key or of an array's element; of its nearest existing parent if it is missing."""
        while path not in self.keys and path not in self.spans and path:
            path = path[:-1]
        offset = self.keys.get(path, self.spans.get(path, (0, 0))[0])
        return self.text.count("\n", 0, offset) + 1

    def place(self, *path: str | int) -> FilePosition:
        """The file and the line of `line_of`."""
        return FilePosition(self.file, self.line_of(*path))

    def fault(self, path: JsonPath, what: str, hint: str = "") -> Fault:
        """A fault at the line of `line_of`."""
        return Fault(self.file, self.line_of(*path), what, hint)
