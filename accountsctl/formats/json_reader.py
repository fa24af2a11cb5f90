"""JSON as people write it: the values, the line of each, and every fault of the text at once.

The standard library's reader stops at the first fault, keeps no lines and lets the last of two equal keys
win in silence. This reader goes on after a fault wherever it is plain what was meant: a comma too few or too
many, a comment, a key without quotes, a key that stands twice. Where text may have been lost (a bracket that
never closes, an unresolved merge) `Source.complete` is False, and nobody should conclude anything from what
is missing. On JSON without faults the values are those of `json.loads`, but for NaN and infinite numbers,
which RFC 8259 does not know: they are faults here.
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from accountsctl.model.backend import FilePosition
from accountsctl.model.errors import Fault

JsonPath = tuple[str | int, ...]

MAX_DEPTH = 100
MAX_FAULTS = 25

_DECODER = json.JSONDecoder()
_WORD = re.compile(r"[^\s\[\]{},:\"]+")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_CLOSED_STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_SINGLE_QUOTED = re.compile(r"'([^'\n]*)'")
_REST_OF_STRING = re.compile(r'"([^\n]*?),?[ \t\r]*(?=\n|\Z)')
_SPACE = re.compile(r"[ \t\r\n]*")
_COMMENT = re.compile(r"//[^\n]*|#[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_CONFLICT = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?: [^\n]*)?$", re.MULTILINE)
_LITERALS = {"true": True, "false": False, "null": None}
_MEANT = {"True": "true", "False": "false", "None": "null", "undefined": "null"}
_CLOSERS = {"{": "}", "[": "]"}


@dataclass(frozen=True)
class Source:
    """A JSON text that was read. Paths are keys and indices from the top, the empty path is the whole.

    `spans` are the offsets of each value's text, `keys` the offset of each member's key.
    """

    file: str
    text: str
    value: Any
    faults: tuple[Fault, ...]
    complete: bool
    spans: Mapping[JsonPath, tuple[int, int]]
    keys: Mapping[JsonPath, int]

    def line_of(self, *path: str | int) -> int:
        """The line of a member's key, of an array's element, or of the nearest thing around it that exists."""
        while path not in self.keys and path not in self.spans and path:
            path = path[:-1]
        offset = self.keys.get(path, self.spans.get(path, (0, 0))[0])
        return self.text.count("\n", 0, offset) + 1

    def place(self, *path: str | int) -> FilePosition:
        """The place of `line_of`."""
        return FilePosition(self.file, self.line_of(*path))

    def fault(self, path: JsonPath, what: str, hint: str = "") -> Fault:
        """A fault at the place of `line_of`."""
        return Fault(self.file, self.line_of(*path), what, hint)


def read(text: str, file: str) -> Source:
    """Read a JSON text; `file` is what its faults are reported under."""
    return _Reader(text, file).read()


class _GiveUpError(Exception):
    """There is no point in reading on."""


class _Reader:
    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.pos = 0
        self.complete = True
        self.faults: list[Fault] = []
        self.spans: dict[JsonPath, tuple[int, int]] = {}
        self.keys: dict[JsonPath, int] = {}
        self.closers: list[str] = []
        self.lines = [0, *(match.end() for match in re.finditer("\n", text))]

    def read(self) -> Source:
        value = None
        try:
            value = self._whole()
        except _GiveUpError:
            self.complete = False
        return Source(
            self.file, self.text, value, tuple(self.faults), self.complete, dict(self.spans), dict(self.keys)
        )

    def _whole(self) -> Any:
        self._skip()
        if not self._peek():
            self._lost(0, "The file is empty; JSON was expected.", "Write {} at the least.")
            return None
        value = self._value(())
        self._skip()
        if self._peek():
            self._lost(
                self.pos,
                f"The JSON ends before this; found {self._found()} after it.",
                "Look for a bracket that closes too early.",
            )
        return value

    def _value(self, path: JsonPath) -> Any:
        start = self.pos
        match self._peek():
            case "{":
                value: Any = self._object(path)
            case "[":
                value = self._array(path)
            case '"':
                value = self._string()
            case _:
                value = self._word()
        self.spans[path] = (start, self.pos)
        return value

    def _object(self, path: JsonPath) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for _ in self._entries():
            self._member(path, members)
        return members

    def _array(self, path: JsonPath) -> list[Any]:
        elements: list[Any] = []
        for _ in self._entries():
            elements.append(self._value((*path, len(elements))))
        return elements

    def _entries(self) -> Iterator[None]:
        """Stop at each entry of the container that opens here; its commas and its end are dealt with inside."""
        opened, closer = self.pos, _CLOSERS[self._peek()]
        self.pos += 1
        self.closers.append(closer)
        if len(self.closers) > MAX_DEPTH:
            self._fault(opened, f"The JSON is nested deeper than {MAX_DEPTH} levels.")
            raise _GiveUpError
        comma: int | None = None
        ended: int | None = None
        while self._at_entry(opened, closer, comma, ended):
            if self._peek() != ",":
                yield
                ended = self.pos
                self._skip()
            elif ended is None or comma is not None:
                self._fault(self.pos, "A comma stands where an entry was expected.", "Remove the comma.")
            comma = self.pos if self._peek() == "," else None
            self.pos += comma is not None
        self.closers.pop()

    def _at_entry(self, opened: int, closer: str, comma: int | None, ended: int | None) -> bool:
        """True where an entry (or a stray comma) stands next; False past the container's end."""
        self._skip()
        char = self._peek()
        if char == closer:
            if comma is not None:
                self._fault(comma, f"A comma stands before the closing {closer}.", "Remove the comma.")
            self.pos += 1
            return False
        if char in ("", "]", "}"):
            self._unclosed(opened, closer)
            return False
        if ended is not None and comma is None and char != ",":
            self._fault(
                ended - 1, f"A comma was expected after this entry, found {self._found()}.", "Add the comma."
            )
        return True

    def _unclosed(self, opened: int, closer: str) -> None:
        what = f"A {closer} was expected for the {self.text[opened]} of line {self._line(opened)}"
        self._lost(self.pos, f"{what}, found {self._found()}.", f"Close it with {closer}.")
        if self._peek() and self._peek() not in self.closers[:-1]:
            self.pos += 1

    def _member(self, path: JsonPath, members: dict[str, Any]) -> None:
        at = self.pos
        key = self._key()
        if key is None:
            return
        self._skip()
        if self._peek() == ":":
            self.pos += 1
            self._skip()
        else:
            self._fault(at, f'A colon was expected after the key "{key}", found {self._found()}.')
        if self._peek() in ("", ",", "}", "]"):
            self._lost(at, f'The key "{key}" has no value.')
            return
        child = (*path, key)
        first = self.keys.get(child)
        value = self._value(child)
        self.keys[child] = at
        if key in members:
            line = self._line(first) if first is not None else 0
            self._fault(
                at, f'The key "{key}" stands here again; it was first in line {line}.', "Keep one of the two."
            )
            # Both are looked at further: what only one of them holds is not missing.
            if isinstance(value, dict) and isinstance(members[key], dict):
                value = {**members[key], **value}
        members[key] = value

    def _key(self) -> str | None:
        at = self.pos
        if self._peek() == '"':
            return str(self._string())
        word = _SINGLE_QUOTED.match(self.text, at) or _WORD.match(self.text, at)
        if word is None:
            self._lost(
                at, f"A key was expected, found {self._found()}.", "A key is a string in double quotes."
            )
            if self._peek() in _CLOSERS:
                self._value(())
            else:
                self.pos += 1
            return None
        self.pos = word.end()
        key = word.group(word.re.groups)
        self._fault(at, f"The key {key} must stand in double quotes.", f'Write "{key}".')
        return key

    def _string(self) -> str:
        try:
            value, end = _DECODER.raw_decode(self.text, self.pos)
        except json.JSONDecodeError as error:
            return self._broken_string(error)
        if not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
            self._fault(self.pos, "The string holds half of a surrogate pair, which no text may.")
        self.pos = end
        return str(value)

    def _broken_string(self, error: json.JSONDecodeError) -> str:
        closed = _CLOSED_STRING.match(self.text, self.pos)
        if closed is not None:
            hint = "Write a backslash as \\\\." if "escape" in error.msg else "Write a tab as \\t."
            what = "an escape that JSON does not know" if "escape" in error.msg else "a control character"
            self._fault(error.pos, f"The string holds {what}.", hint)
            self.pos = closed.end()
            return closed.group(1)
        self._lost(self.pos, "The string does not end on its line.", 'Close it with ".')
        rest = _REST_OF_STRING.match(self.text, self.pos)
        self.pos = rest.end(1) if rest else len(self.text)
        return rest.group(1) if rest else ""

    def _word(self) -> Any:
        at = self.pos
        quoted = _SINGLE_QUOTED.match(self.text, at)
        if quoted is not None:
            self._fault(at, "A string must stand in double quotes, not in single ones.")
            self.pos = quoted.end()
            return quoted.group(1)
        match = _WORD.match(self.text, at)
        if match is None:
            self._lost(at, f"A value was expected, found {self._found()}.")
            self.pos += 1
            return None
        self.pos = match.end()
        word = match.group()
        if word in _LITERALS:
            return _LITERALS[word]
        return self._number(word, at)

    def _number(self, word: str, at: int) -> Any:
        match = _NUMBER.fullmatch(word)
        if match is None:
            hint = f"Write {_MEANT[word]}." if word in _MEANT else "A text must stand in double quotes."
            self._fault(at, f"{_shown(word)} is not a JSON value.", hint)
            return word
        if match.group(1) is None and match.group(2) is None and len(word) <= 4300:
            return int(word)
        number = float(word)
        if math.isinf(number) or (match.group(1) is None and match.group(2) is None):
            self._fault(at, f"The number {_shown(word)} is too large.")
        return number

    def _skip(self) -> None:
        """Pass over white space, and over what is no JSON but stands where white space may."""
        while True:
            self.pos = _SPACE.match(self.text, self.pos).end()  # type: ignore[union-attr]  # it matches always
            comment = _COMMENT.match(self.text, self.pos)
            conflict = _CONFLICT.match(self.text, self.pos)
            if conflict is not None and self.pos in self.lines:
                self._lost(
                    self.pos, "A merge was not resolved here.", "Keep one side and remove the markers."
                )
                self.pos = conflict.end()
            elif comment is not None:
                self._fault(self.pos, "JSON knows no comments.", "Remove the comment.")
                self.pos = comment.end()
            else:
                return

    def _peek(self) -> str:
        return self.text[self.pos : self.pos + 1]

    def _found(self) -> str:
        if not self._peek():
            return "the end of the file"
        word = _WORD.match(self.text, self.pos) or _CLOSED_STRING.match(self.text, self.pos)
        return _shown(word.group() if word else self._peek())

    def _line(self, offset: int) -> int:
        return bisect_right(self.lines, offset)

    def _fault(self, offset: int, what: str, hint: str = "") -> None:
        if len(self.faults) == MAX_FAULTS:
            raise _GiveUpError
        self.faults.append(Fault(self.file, self._line(offset), what, hint))

    def _lost(self, offset: int, what: str, hint: str = "") -> None:
        self.complete = False
        self._fault(offset, what, hint)


def _shown(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:27]}..."
