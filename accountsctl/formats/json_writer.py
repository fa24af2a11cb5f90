"""A changed value written back into the JSON text it came from.

What did not change keeps its text to the letter: order, unknown keys, arrays on one line. What did change is
written with the indentation and the line ends of the rest, so that a diff shows the change and nothing else.
"""

from __future__ import annotations

import json
import re
from typing import Any

from accountsctl.formats.json_source import JsonPath, Source

_INDENT = re.compile(r"\n([ \t]+)[^ \t\r\n]")


def rewrite(source: Source, new: Any) -> str:
    """The text of `source` with the value `new` in place of its own. The source must have no faults."""
    if source.faults:
        raise ValueError("A text with faults cannot be rewritten.")
    start, end = source.spans[()]
    body = _JsonWriter(source).render((), source.value, new, 0)
    return source.text[:start] + body + source.text[end:]


def new_text(value: Any) -> str:
    """A new file's text: two spaces, a line end at the end."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


class _Missing:
    """What there was before, where there was nothing."""


_MISSING = _Missing()


class _JsonWriter:
    def __init__(self, source: Source) -> None:
        self._source = source
        found = _INDENT.search(source.text)
        self._indent = found.group(1) if found else "  "
        self._newline = "\r\n" if "\r\n" in source.text else "\n"

    def render(self, path: JsonPath, old: Any, new: Any, level: int) -> str:
        if old is not _MISSING and _same(old, new):
            start, end = self._source.spans[path]
            return self._source.text[start:end]
        if isinstance(new, dict) and new:
            return self._wrap("{}", self._members(path, old, new, level), level)
        if isinstance(new, list) and new:
            elements = self._elements(path, old, new, level)
            if self._on_one_line(path, old) and not any("\n" in each for each in elements):
                return f"[{', '.join(elements)}]"
            return self._wrap("[]", elements, level)
        return json.dumps(new, ensure_ascii=False)

    def _members(self, path: JsonPath, old: Any, new: dict[str, Any], level: int) -> list[str]:
        before = old if isinstance(old, dict) else {}
        return [
            f"{json.dumps(key, ensure_ascii=False)}: "
            + self.render((*path, key), before.get(key, _MISSING), value, level + 1)
            for key, value in new.items()
        ]

    def _elements(self, path: JsonPath, old: Any, new: list[Any], level: int) -> list[str]:
        before = old if isinstance(old, list) else []
        lines = []
        for index, value in enumerate(new):
            same = (at for at, each in enumerate(before) if _same(each, value))
            at = next(same, index)
            was = before[at] if at < len(before) else _MISSING
            lines.append(self.render((*path, at), was, value, level + 1))
        return lines

    def _on_one_line(self, path: JsonPath, old: Any) -> bool:
        if not isinstance(old, list) or not old:
            return False
        start, end = self._source.spans[path]
        return "\n" not in self._source.text[start:end]

    def _wrap(self, brackets: str, entries: list[str], level: int) -> str:
        inner = self._newline + self._indent * (level + 1)
        outer = self._newline + self._indent * level
        return brackets[0] + inner + f",{inner}".join(entries) + outer + brackets[1]


def _same(one: Any, other: Any) -> bool:
    """Equal, order of keys and kinds of numbers included (to Python, 1 equals True)."""
    return json.dumps(one) == json.dumps(other)
