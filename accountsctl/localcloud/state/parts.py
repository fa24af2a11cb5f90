"""The state in parts, so that a write costs what has changed and not what is there.

A part is a stack, a change set, what a service of ours remembers, or a group of moto's backends. Its name says which:
``cloudformation/stacks/<ARN>`` and ``moto/<scope>:<account>:<region>`` are examples. What changed last stands in the
state's file itself, up to `HOT` bytes, so that a usual write is one file; the other parts are stored as `blobs`, each
under the hash of its content, and are not written again until they change.

The file's JSON names every part, so that its mark covers them all: a generation is whole or is not read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accountsctl.localcloud.state.blobs import SMALL, Blobs

MOTO = "moto/"
HOT = 128 * 1024  # bytes of parts in the state's file


@dataclass(frozen=True)
class StatePart:
    """A part's content, and the blobs that this content names."""

    content: bytes
    blobs: frozenset[str] = frozenset()


Place = tuple[str, bytes | str]
"""A part's name, with its content if it stands in the state's file, otherwise the name of its blob."""


class Places:
    """Decides where each part is stored, and stores those that get a file of their own."""

    def __init__(self, blobs: Blobs, hot: int = HOT) -> None:
        self._blobs = blobs
        self._hot = hot
        self._parts: dict[str, StatePart] = {}  # those that changed last are last
        self._names: dict[str, str] = {}  # the blobs of parts that are stored as one

    def place(self, parts: Mapping[str, StatePart]) -> tuple[list[Place], set[str]]:
        """The place of each part, in the order of `parts`, and the names of all blobs that the state needs."""
        self._remember(parts)
        inline = self._inline()
        for name in self._names.keys() & inline:
            del self._names[name]
        for name, part in self._parts.items():
            if name not in inline and name not in self._names:
                self._names[name] = self._blobs.put(part.content)
        needed = set(self._names.values()).union(*(part.blobs for part in parts.values()))
        return [(name, self._names.get(name, part.content)) for name, part in parts.items()], needed

    def _remember(self, parts: Mapping[str, StatePart]) -> None:
        for name in self._parts.keys() - parts.keys():
            del self._parts[name]
            self._names.pop(name, None)
        for name, part in parts.items():
            if self._parts.get(name) != part:
                self._parts.pop(name, None)
                self._parts[name] = part
                self._names.pop(name, None)

    def _inline(self) -> set[str]:
        """The names of the parts that changed last, as many as there is room for."""
        room, found = self._hot, set()
        for name, part in reversed(self._parts.items()):
            size = len(part.content)
            if size > SMALL:
                continue
            if size > room:
                break
            room -= size
            found.add(name)
        return found


def encode(head: Mapping[str, object], places: Iterable[Place]) -> bytes:
    """The content of the state's file: a line of JSON, and the parts that stand in the file, one after the other."""
    listed: list[tuple[str, int | str]] = []
    inline: list[bytes] = []
    for name, where in places:
        if isinstance(where, bytes):
            inline.append(where)
        listed.append((name, where if isinstance(where, str) else len(where)))
    line = json.dumps({**head, "parts": listed}, separators=(",", ":"))
    return b"\n".join((line.encode(), b"".join(inline)))


def decode(
    listed: Sequence[tuple[str, int | str]], inline: bytes, blobs: Blobs
) -> Iterator[tuple[str, bytes]]:
    """Each part with its content; raises OSError or ValueError if one is missing or damaged."""
    start = 0
    for name, where in listed:
        if isinstance(where, str):
            yield name, blobs.get(where)
            continue
        yield name, inline[start : start + where]
        start += where


def services(parts: Iterable[tuple[str, bytes]]) -> dict[str, Any]:
    """The state of our own services, as they dumped it, from the parts that are JSON.

    ``<service>`` is an object; ``<service>/<list>/<key>`` is an element of one of its lists.
    """
    found: dict[str, Any] = {}
    for name, content in parts:
        service, *place = name.split("/", 2)
        if place:
            found[service].setdefault(place[0], []).append(json.loads(content))
        else:
            found[service] = json.loads(content)
    return found
