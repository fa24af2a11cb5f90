"""Where the parts of JavaScript's text end: brackets, statements. Text in quotes is passed over; comments are gone."""

from __future__ import annotations

import re
from collections.abc import Iterator

OPENS, CLOSES, _QUOTES = "([{", ")]}", "\"'`"
_GOES_ON = re.compile(r"\s*(?:[.?:,*/%&|=<>+)\]-]|\binstanceof\b|\bin\b)")
_IF, _ELSE = re.compile(r"if\s*(?=\()"), re.compile(r"\s*else\b\s*")
_CONSTANT = re.compile(
    r"\bconst\s+([A-Z][A-Z0-9_]*)\s*(?::\s*string\s*)?=\s*(\"[^\"\\\n]*\"|'[^'\\\n]*')\s*(?=[;\n])"
)
_CAPITALS_IN_HEADER = re.compile(
    r"(?P<header>[\"']access-control-[\w-]+[\"']\s*:\s*)(?P<name>(?-i:[A-Z][A-Z0-9_]*))(?=\s*[,}\n])",
    re.IGNORECASE,
)
_ENDS = re.compile(r"(?:return|throw)\b")
LONGEST = 20_000
"""Characters of a part; a longer one is not read."""


def with_constants(code: str) -> str:
    """Code in which headers have the texts that constants in capitals stand for."""
    texts: dict[str, set[str]] = {}
    for name, text in _CONSTANT.findall(code):
        texts.setdefault(name, set()).add(text)

    def filled(found: re.Match[str]) -> str:
        known = texts.get(found["name"], set())
        return found["header"] + (next(iter(known)) if len(known) == 1 else found["name"])

    return _CAPITALS_IN_HEADER.sub(filled, code)


def close(code: str, start: int) -> int | None:
    """The place after the bracket that closes the one at `start`; None if none does."""
    depth = 0
    for place, mark in marks(code, start):
        depth += (mark in OPENS) - (mark in CLOSES)
        if not depth:
            return place + 1
    return None


def block_end(code: str, start: int) -> int | None:
    """The place of the bracket that closes what `start` is in; None if none does."""
    depth = 0
    for place, mark in marks(code, start):
        depth += (mark in OPENS) - (mark in CLOSES)
        if depth < 0:
            return place
    return None


def statement_end(code: str, start: int) -> int | None:
    """The place after the statement that begins at `start`; None if it is not found.

    A block is a statement; any other ends with a semicolon, a line that the next does not continue, or its block.
    """
    if code[start : start + 1] == "{":
        return close(code, start)
    if found := _IF.match(code, start):
        return _conditional_end(code, close(code, found.end()))
    depth = 0
    for place, mark in marks(code, start, ";\n"):
        if depth:
            depth += (mark in OPENS) - (mark in CLOSES)
        elif mark == ";":
            return place + 1
        elif mark in CLOSES:
            return place
        elif mark in OPENS:
            depth = 1
        elif code[start:place].rstrip()[-1:] not in "=>(,?:&|+" and not _GOES_ON.match(code, place):
            return place
    return None


def _conditional_end(code: str, condition: int | None) -> int | None:
    """The place after an ``if`` with its ``else``, whose condition ends at a place."""
    end = statement_end(code, after_space(code, condition)) if condition is not None else None
    otherwise = _ELSE.match(code, end) if end is not None else None
    return statement_end(code, otherwise.end()) if otherwise else end


def after_space(code: str, place: int) -> int:
    """The first place that is not a space."""
    while code[place : place + 1].isspace():
        place += 1
    return place


def part_end(code: str, start: int, ends: str) -> int | None:
    """The place of the first of some marks that is in no bracket, or of the bracket that closes what `start` is in."""
    depth = inner = 0
    for place, mark in marks(code, start, ends + "?"):
        depth += (mark in OPENS) - (mark in CLOSES)
        if depth < 0:
            return place
        if depth or mark in OPENS + CLOSES:
            continue
        if mark == "?":
            inner += code[place + 1 : place + 2] not in (".", "?") and code[place - 1 : place] != "?"
        elif mark == ":" and inner:
            inner -= 1
        elif mark != "\n" or not _GOES_ON.match(code, place):
            return place
    return None


def ends_function(block: str) -> bool:
    """Whether a statement, or the last one of a block, returns or throws."""
    place = block.find("{") + 1 if block.lstrip().startswith("{") else 0
    last = ""
    while place < len(block):
        place = after_space(block, place)
        end = statement_end(block, place)
        if end is None or end <= place:
            break
        last, place = block[place:end], end
    return _ENDS.match(last or block.strip()) is not None


def marks(code: str, start: int, more: str = "") -> Iterator[tuple[int, str]]:
    """The places of the brackets and `more` marks from a place on, outside of quotes."""
    wanted = OPENS + CLOSES + more
    quote, place, end = "", start, min(len(code), start + LONGEST)
    while place < end:
        mark = code[place]
        if quote:
            place += mark == "\\"
            quote = "" if mark == quote else quote
        elif mark in _QUOTES:
            quote = mark
        elif mark in wanted:
            yield place, mark
        place += 1
