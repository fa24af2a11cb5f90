"""A position in a JSON text, the scalar values that start there, and the faults that were met on the way."""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right

from accountsctl.formats.json_source import JsonValue
from accountsctl.model.errors import Fault

MAX_FAULTS = 25

_DECODER = json.JSONDecoder()
_WORD = re.compile(r"[^\s\[\]{},:\"]+")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_CLOSED_STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_SINGLE_QUOTED = re.compile(r"'([^'\n]*)'")
_REST_OF_STRING = re.compile(r'"([^\n]*?),?[ \t\r]*(?=\n|\Z)')
_SPACE = re.compile(r"[ \t\r\n]*")
_COMMENT = re.compile(r"//[^\n]*|#[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_NOT_JSON = frozenset("/#<=>|")
"""What comments and merge markers begin with: to look for them at every value took half of the time."""
_BETWEEN_VALUES = _NOT_JSON | set(" \t\r\n")
_CONFLICT = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?: [^\n]*)?$", re.MULTILINE)
_LITERALS = {"true": True, "false": False, "null": None}
_LITERALS_ELSEWHERE = {"True": "true", "False": "false", "None": "null", "undefined": "null"}
"""How Python and JavaScript spell JSON's literals."""
_LONGEST_INTEGER = 4300
"""Digits that `int` accepts (see `sys.set_int_max_str_digits`)."""


class GiveUpError(Exception):
    """There is no point in reading on."""


class JsonCursor:
    """Where the reader stands in a text. `complete` becomes False if text may have been lost."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.pos = 0
        self.complete = True
        self.faults: list[Fault] = []
        self._line_starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def peek(self) -> str:
        """The next character; empty at the end of the text."""
        return self.text[self.pos : self.pos + 1]

    def next_word(self) -> str:
        """What comes next, in the words of a message."""
        if not self.peek():
            return "the end of the file"
        word = _WORD.match(self.text, self.pos) or _CLOSED_STRING.match(self.text, self.pos)
        return _shortened(word.group() if word else self.peek())

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The match of `pattern` here, which is passed over; None if there is none."""
        match = pattern.match(self.text, self.pos)
        if match is not None:
            self.pos = match.end()
        return match

    def skip_space(self) -> None:
        """Pass over white space, and over comments and merge markers, which are faults."""
        while self.peek() in _BETWEEN_VALUES:
            self.match(_SPACE)
            start = self.pos
            if self.peek() not in _NOT_JSON:
                return
            # Not by looking into the list of lines: that made reading quadratic in them.
            at_line_start = start == 0 or self.text[start - 1] == "\n"
            if at_line_start and self.match(_CONFLICT):
                self.lost(start, "A merge was not resolved here.", "Keep one side and remove the markers.")
            elif self.match(_COMMENT):
                self.fault(start, "JSON knows no comments.", "Remove the comment.")
            else:
                return

    def line(self, offset: int) -> int:
        """The line of an offset, from 1."""
        return bisect_right(self._line_starts, offset)

    def fault(self, offset: int, what: str, hint: str = "") -> None:
        """Note a fault; raises GiveUpError if there are too many."""
        if len(self.faults) == MAX_FAULTS:
            raise GiveUpError
        self.faults.append(Fault(self.file, self.line(offset), what, hint))

    def lost(self, offset: int, what: str, hint: str = "") -> None:
        """Note a fault at which text may have been lost."""
        self.complete = False
        self.fault(offset, what, hint)


def read_string(cursor: JsonCursor) -> str:
    """The string that starts here, with an opening double quote."""
    try:
        value, end = _DECODER.raw_decode(cursor.text, cursor.pos)
    except json.JSONDecodeError as error:
        return _broken_string(cursor, error)
    if not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
        cursor.fault(cursor.pos, "The string holds half of a surrogate pair, which no text may.")
    cursor.pos = end
    return str(value)


def _broken_string(cursor: JsonCursor, error: json.JSONDecodeError) -> str:
    closed = _CLOSED_STRING.match(cursor.text, cursor.pos)
    if closed is not None:
        hint = "Write a backslash as \\\\." if "escape" in error.msg else "Write a tab as \\t."
        what = "an escape that JSON does not know" if "escape" in error.msg else "a control character"
        cursor.fault(error.pos, f"The string holds {what}.", hint)
        cursor.pos = closed.end()
        return closed.group(1)
    cursor.lost(cursor.pos, "The string does not end on its line.", 'Close it with ".')
    rest = _REST_OF_STRING.match(cursor.text, cursor.pos)
    cursor.pos = rest.end(1) if rest else len(cursor.text)
    return rest.group(1) if rest else ""


def read_unquoted_key(cursor: JsonCursor) -> str | None:
    """The key that starts here without double quotes, which is a fault; None if no key starts here."""
    start = cursor.pos
    word = cursor.match(_SINGLE_QUOTED) or cursor.match(_WORD)
    if word is None:
        return None
    key = word.group(word.re.groups)  # the text in single quotes, or the word, which has no group
    cursor.fault(start, f"The key {key} must stand in double quotes.", f'Write "{key}".')
    return key


def read_word(cursor: JsonCursor) -> JsonValue:
    """The literal or number that starts here; the text itself, with a fault, if it is neither."""
    start = cursor.pos
    quoted = cursor.match(_SINGLE_QUOTED)
    if quoted is not None:
        cursor.fault(start, "A string must stand in double quotes, not in single ones.")
        return quoted.group(1)
    match = cursor.match(_WORD)
    if match is None:
        cursor.lost(start, f"A value was expected, found {cursor.next_word()}.")
        cursor.pos += 1
        return None
    word = match.group()
    return _LITERALS[word] if word in _LITERALS else _number(cursor, word, start)


def _number(cursor: JsonCursor, word: str, start: int) -> int | float | str:
    match = _NUMBER.fullmatch(word)
    if match is None:
        literal = _LITERALS_ELSEWHERE.get(word)
        hint = f"Write {literal}." if literal else "A text must stand in double quotes."
        cursor.fault(start, f"{_shortened(word)} is not a JSON value.", hint)
        return word
    is_integer = match.group(1) is None and match.group(2) is None
    if is_integer and len(word) <= _LONGEST_INTEGER:
        return int(word)
    number = float(word)
    if math.isinf(number) or is_integer:
        cursor.fault(start, f"The number {_shortened(word)} is too large.")
    return number


def _shortened(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:27]}..."
