"""Objects that JavaScript writes as an answer, with the beginnings of their values: are they of a valid form?

What is read is text. An object counts if it is given as an answer where it stands (``return {``, ``callback(null, {``)
and all its keys are written out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

_GIVEN = re.compile(
    r"(?:\breturn\s*|=>\s*\(\s*|\b(?:callback|cb|done)\(\s*null\s*,\s*|\.succeed\(\s*|\bPromise\.resolve\(\s*)(?=\{)"
)
_KEY = re.compile(r"""\s*(?:(["'])(?P<quoted>[\w-]+)\1|(?P<plain>[A-Za-z_$][\w$]*))\s*(?P<colon>:)?""")
_OPENS, _CLOSES = "([{", ")]}"
_QUOTES = "\"'`"
_FUNCTION = re.compile(
    r"\bfunction\s+(?!handler\b)\w+|\b(?:const|let|var)\s+(?!handler\b)\w+\s*=\s*(?:async\s*)?(?:function\b|\([^()]*\)\s*=>|\w+\s*=>)"
)
LONGEST = 4000
"""Characters of an object; a longer one is not read."""


def malformed(code: str, rest_keys: Collection[str], *, known: bool) -> tuple[bool, bool]:
    """Whether an answer is of no valid form, and whether one has keys that a REST API refuses.

    Keys count if the code is `known` and has one function alone: another one's object may be no answer.
    """
    found = list(_answers(code))
    alone = known and not _FUNCTION.search(code)
    unknown = alone and any(set(entries) - set(rest_keys) for entries in found)
    return any(_is_wrong(entries) for entries in found), unknown


def _is_wrong(entries: Mapping[str, str]) -> bool:
    """Whether the body is an object or a list, or the status a text that is not a number."""
    body, status = entries.get("body", ""), entries["statusCode"]
    is_object = (body[:1], body[-1:]) in (("{", "}"), ("[", "]"))
    is_word = status[:1] in ("'", '"') and status[-1:] == status[:1] and not status[1:-1].isdigit()
    return is_object or is_word


def _answers(code: str) -> Iterator[Mapping[str, str]]:
    """The keys with their values' text of each object with a statusCode that code gives as an answer."""
    for found in _GIVEN.finditer(code):
        entries = _entries(code[found.end() : found.end() + LONGEST])
        if entries is not None and "statusCode" in entries:
            yield entries


def _entries(text: str) -> dict[str, str] | None:
    """The keys and values of the object that a text begins with; None if one is computed, spread, or has no end."""
    found: dict[str, str] = {}
    for part in _parts(text):
        if part is None:
            return None
        if not part.strip():
            continue
        key = _KEY.match(part)
        if key is None or (key["colon"] is None and part[key.end() :].strip()):
            return None
        found[key["quoted"] or key["plain"]] = part[key.end() :].strip() if key["colon"] else ""
    return found


def _parts(text: str) -> Iterator[str | None]:
    """What stands between the commas of an object; None at the end if it does not close."""
    depth, began, quote, place = 0, 1, "", 0
    while place < len(text):
        mark = text[place]
        if quote:
            place += mark == "\\"
            quote = "" if mark == quote else quote
        elif mark in _QUOTES:
            quote = mark
        elif mark in _OPENS:
            depth += 1
        elif mark in _CLOSES:
            depth -= 1
            if not depth:
                yield text[began:place]
                return
        elif mark == "," and depth == 1:
            yield text[began:place]
            began = place + 1
        place += 1
    yield None
