"""JSON as people write it: the values, the line of each, and every fault of the text at once.

The standard library's reader stops at the first fault, keeps no lines and lets the last of two equal keys
win in silence. This reader continues after a fault if the intention is clear: a comma too few or too many, a
comment, a key without quotes, a key that stands twice. If text may have been lost (a bracket that never
closes, an unresolved merge), `Source.complete` is False, and no one should conclude anything from what is
missing. On JSON without faults the values are those of `json.loads`, except for NaN and infinite numbers,
which RFC 8259 does not allow: they are faults here.
"""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.formats.json_cursor import (
    GiveUpError,
    JsonCursor,
    read_string,
    read_unquoted_key,
    read_word,
)
from accountsctl.formats.json_source import JsonPath, JsonValue, Source

MAX_DEPTH = 100

_CLOSERS = {"{": "}", "[": "]"}


def read(text: str, file: str) -> Source:
    """Read a JSON text; `file` is what its faults are reported under."""
    return _Reader(text, file).read()


class _Reader:
    """Reads values, objects and arrays; the cursor reads what they consist of."""

    def __init__(self, text: str, file: str) -> None:
        self._cursor = JsonCursor(text, file)
        self._spans: dict[JsonPath, tuple[int, int]] = {}
        self._keys: dict[JsonPath, int] = {}
        self._closers: list[str] = []

    def read(self) -> Source:
        cursor, value = self._cursor, None
        try:
            value = self._document()
        except GiveUpError:
            cursor.complete = False
        faults = tuple(cursor.faults)
        return Source(cursor.file, cursor.text, value, faults, cursor.complete, self._spans, self._keys)

    def _document(self) -> JsonValue:
        cursor = self._cursor
        cursor.skip_space()
        if not cursor.peek():
            cursor.lost(0, "The file is empty; JSON was expected.", "Write {} at the least.")
            return None
        value = self._value(())
        cursor.skip_space()
        if cursor.peek():
            what = f"The JSON ends before this; found {cursor.next_word()} after it."
            cursor.lost(cursor.pos, what, "Look for a bracket that closes too early.")
        return value

    def _value(self, path: JsonPath) -> JsonValue:
        start = self._cursor.pos
        value: JsonValue
        match self._cursor.peek():
            case "{":
                value = self._object(path)
            case "[":
                value = self._array(path)
            case '"':
                value = read_string(self._cursor)
            case _:
                value = read_word(self._cursor)
        self._spans[path] = (start, self._cursor.pos)
        return value

    def _object(self, path: JsonPath) -> dict[str, JsonValue]:
        members: dict[str, JsonValue] = {}
        for _ in self._entries():
            self._member(path, members)
        return members

    def _array(self, path: JsonPath) -> list[JsonValue]:
        elements: list[JsonValue] = []
        for _ in self._entries():
            elements.append(self._value((*path, len(elements))))
        return elements

    def _entries(self) -> Iterator[None]:
        """Stop at each entry of the container that opens here; this passes over its commas and its end."""
        cursor = self._cursor
        opened, closer = cursor.pos, _CLOSERS[cursor.peek()]
        cursor.pos += 1
        self._closers.append(closer)
        if len(self._closers) > MAX_DEPTH:
            cursor.fault(opened, f"The JSON is nested deeper than {MAX_DEPTH} levels.")
            raise GiveUpError
        comma: int | None = None
        ended: int | None = None
        while self._at_entry(opened, closer, comma, ended):
            if cursor.peek() != ",":
                yield
                ended = cursor.pos
                cursor.skip_space()
            elif ended is None or comma is not None:
                cursor.fault(cursor.pos, "A comma stands where an entry was expected.", "Remove the comma.")
            comma = cursor.pos if cursor.peek() == "," else None
            cursor.pos += comma is not None
        self._closers.pop()

    def _at_entry(self, opened: int, closer: str, comma: int | None, ended: int | None) -> bool:
        """Whether an entry (or a stray comma) comes next; False past the container's end."""
        cursor = self._cursor
        cursor.skip_space()
        char = cursor.peek()
        if char == closer:
            if comma is not None:
                cursor.fault(comma, f"A comma stands before the closing {closer}.", "Remove the comma.")
            cursor.pos += 1
            return False
        if char in ("", "]", "}"):
            self._unclosed(opened, closer)
            return False
        if ended is not None and comma is None and char != ",":
            what = f"A comma was expected after this entry, found {cursor.next_word()}."
            cursor.fault(ended - 1, what, "Add the comma.")
        return True

    def _unclosed(self, opened: int, closer: str) -> None:
        cursor = self._cursor
        what = f"A {closer} was expected for the {cursor.text[opened]} of line {cursor.line(opened)}"
        cursor.lost(cursor.pos, f"{what}, found {cursor.next_word()}.", f"Close it with {closer}.")
        # A bracket that closes an outer container is left to it; any other is passed over.
        if cursor.peek() and cursor.peek() not in self._closers[:-1]:
            cursor.pos += 1

    def _member(self, path: JsonPath, members: dict[str, JsonValue]) -> None:
        cursor = self._cursor
        start = cursor.pos
        key = self._key()
        if key is None:
            return
        cursor.skip_space()
        if cursor.peek() == ":":
            cursor.pos += 1
            cursor.skip_space()
        else:
            cursor.fault(start, f'A colon was expected after the key "{key}", found {cursor.next_word()}.')
        if cursor.peek() in ("", ",", "}", "]"):
            cursor.lost(start, f'The key "{key}" has no value.')
            return
        child = (*path, key)
        first = self._keys.get(child)
        value = self._value(child)
        self._keys[child] = start
        if key in members:
            line = cursor.line(first) if first is not None else 0
            what = f'The key "{key}" stands here again; it was first in line {line}.'
            cursor.fault(start, what, "Keep one of the two.")
            value = _merged(members[key], value)
        members[key] = value

    def _key(self) -> str | None:
        """The key that starts here; None, with a fault, if none does."""
        cursor = self._cursor
        if cursor.peek() == '"':
            return read_string(cursor)
        key = read_unquoted_key(cursor)
        if key is not None:
            return key
        what = f"A key was expected, found {cursor.next_word()}."
        cursor.lost(cursor.pos, what, "A key is a string in double quotes.")
        if cursor.peek() in _CLOSERS:
            self._value(())
        else:
            cursor.pos += 1
        return None


def _merged(first: JsonValue, second: JsonValue) -> JsonValue:
    """The value of a key that stands twice. Of two objects both are read on: neither's members are missing."""
    return {**first, **second} if isinstance(first, dict) and isinstance(second, dict) else second
