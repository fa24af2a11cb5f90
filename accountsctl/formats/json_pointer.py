"""JSON pointers: where a part of a document stands. Source: https://www.rfc-editor.org/rfc/rfc6901."""

from __future__ import annotations

from collections.abc import Iterable


def escaped(name: str) -> str:
    """A key as one part of a pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def unescaped(part: str) -> str:
    """The key that one part of a pointer stands for."""
    return part.replace("~1", "/").replace("~0", "~")


def pointer_to(path: Iterable[str | int]) -> str:
    """The pointer to the value at these keys and indices; empty for the complete document."""
    return "".join(f"/{escaped(str(part))}" for part in path)


def path_of(pointer: str) -> list[str]:
    """The keys and indices of a pointer, all as text."""
    return [unescaped(part) for part in pointer.split("/")[1:]]
