"""JSON as this tool writes it: new texts, and a changed value written back into the text it came from.

What did not change keeps its text exactly: order, unknown keys, arrays on one line. What did change is
written with the indentation and the line ends of the rest, so that a diff shows the change and nothing else.
"""

from __future__ import annotations

import json
import re

from accountsctl.formats.json_source import JsonPath, Source

_INDENT = re.compile(r"\n([ \t]+)[^ \t\r\n]")


def rewrite(source: Source, new: object) -> str:
    """The text of `source` with the value `new` in place of its own. The source must have no faults."""
    if source.faults:
        raise ValueError("A text with faults cannot be rewritten.")
    start, end = source.spans[()]
    body = _JsonWriter(source).render((), source.value, new, 0)
    return source.text[:start] + body + source.text[end:]


def new_text(value: object) -> str:
    """The text of a new file: indented by two spaces, a line end at the end."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def line_text(value: object) -> str:
    """One value of a stream, on one line, in ASCII as `report_text`."""
    return json.dumps(value, default=str) + "\n"


def report_text(value: object) -> str:
    """The text of a report or an export, in ASCII: it is read through terminals and pipes of any encoding.

    A value that JSON does not know (a date, a path) is written as its text.
    """
    return json.dumps(value, indent=2, default=str) + "\n"


class _Missing:
    """The old value of a key or element that did not exist before."""


_MISSING = _Missing()


def pretty_text(value: object) -> str:
    """A value for people, without a line end."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def yaml_report_text(value: object) -> str:
    """The same report as YAML."""
    import yaml

    return str(yaml.safe_dump(json.loads(report_text(value)), sort_keys=False, allow_unicode=True))


class _JsonWriter:
    def __init__(self, source: Source) -> None:
        self._source = source
        first_indented = _INDENT.search(source.text)
        self._indent = first_indented.group(1) if first_indented else "  "
        self._newline = "\r\n" if "\r\n" in source.text else "\n"

    def render(self, path: JsonPath, old: object, new: object, level: int) -> str:
        if old is not _MISSING and _same(old, new):
            start, end = self._source.spans[path]
            return self._source.text[start:end]
        if isinstance(new, dict) and new:
            return self._wrap("{}", self._members(path, old, new, level), level)
        if isinstance(new, list) and new:
            elements = self._elements(path, old, new, level)
            if self._on_one_line(path, old) and not any("\n" in element for element in elements):
                return f"[{', '.join(elements)}]"
            return self._wrap("[]", elements, level)
        return json.dumps(new, ensure_ascii=False)

    def _members(self, path: JsonPath, old: object, new: dict[str, object], level: int) -> list[str]:
        before = old if isinstance(old, dict) else {}
        return [
            f"{json.dumps(key, ensure_ascii=False)}: "
            + self.render((*path, key), before.get(key, _MISSING), value, level + 1)
            for key, value in new.items()
        ]

    def _elements(self, path: JsonPath, old: object, new: list[object], level: int) -> list[str]:
        before = old if isinstance(old, list) else []
        texts = []
        for index, value in enumerate(new):
            # An element that only moved keeps the text that it had at its old index.
            same = (old_index for old_index, element in enumerate(before) if _same(element, value))
            old_index = next(same, index)
            old_value = before[old_index] if old_index < len(before) else _MISSING
            texts.append(self.render((*path, old_index), old_value, value, level + 1))
        return texts

    def _on_one_line(self, path: JsonPath, old: object) -> bool:
        if not isinstance(old, list) or not old:
            return False
        start, end = self._source.spans[path]
        return "\n" not in self._source.text[start:end]

    def _wrap(self, brackets: str, entries: list[str], level: int) -> str:
        inner = self._newline + self._indent * (level + 1)
        outer = self._newline + self._indent * level
        return brackets[0] + inner + f",{inner}".join(entries) + outer + brackets[1]


def _same(one: object, other: object) -> bool:
    """Whether two values are equal, order of keys and kinds of numbers included (in Python, 1 equals True)."""
    return json.dumps(one) == json.dumps(other)
