"""YAML that people wrote, changed in place: comments, order, quotes and short intrinsics stay as they are.

The emitter has one layout; a file may have another (lists that are not indented, columns that are aligned). So the
emitter writes the text without and with the change, and only the lines that differ between the two are changed in
the file, at its own indentation.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from difflib import SequenceMatcher
from typing import Any


def rewritten(text: str, change: Callable[[dict[str, Any]], None]) -> str:
    """The text after `change` was made to its value. The values of tags (``!Ref``) must be left alone."""
    yaml = _emitter(text)
    before = _dumped(yaml, yaml.load(text))
    value = yaml.load(text)
    change(value)
    after = _dumped(yaml, value)
    if before == text:
        return after
    # A new part is indented as the line before it, or as the one after it: the one that gives the right value.
    for beside in (-1, 0):
        merged = _with_changed_lines(text.splitlines(), before.splitlines(), after.splitlines(), beside)
        found = "\n".join(merged) + ("\n" if text.endswith("\n") else "")
        if _means(yaml, found, after):
            return found
    return after


def _emitter(text: str) -> Any:
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    sequences = "\n- " in text and "\n  - " not in text
    yaml.indent(mapping=2, sequence=2 if sequences else 4, offset=0 if sequences else 2)
    return yaml


def _dumped(yaml: Any, value: Any) -> str:
    out = io.StringIO()
    yaml.dump(value, out)
    return out.getvalue()


def _means(yaml: Any, text: str, other: str) -> bool:
    """Whether two texts have one value, tags and comments included.

    The words alone do not tell to which mapping a key belongs: its indentation does.
    """
    from ruamel.yaml.error import YAMLError

    try:
        same_words = _dumped(yaml, yaml.load(text)).split() == other.split()
        return same_words and _tree(yaml.compose(text)) == _tree(yaml.compose(other))
    except YAMLError:
        return False


def _tree(node: Any) -> Any:
    """The tags and values of a composed document, without layout."""
    match node:
        case None:
            return None
        case _ if isinstance(node.value, str):
            return node.tag, node.value
        case _:
            parts = [
                _tree(part) if not isinstance(part, tuple) else tuple(map(_tree, part)) for part in node.value
            ]
            return node.tag, parts


def _with_changed_lines(original: list[str], before: list[str], after: list[str], beside: int) -> list[str]:
    """The original with the lines that differ between `before` and `after`, which are the emitter's."""
    places = _places(original, before)
    made: list[str] = []
    for kind, start, end, new_start, new_end in SequenceMatcher(None, before, after, False).get_opcodes():
        if kind == "equal":
            made += original[places[start] : places[end]]
            continue
        shift = _shift(original, before, places, start + (beside if kind == "insert" else 0))
        made += [_indented(line, shift) for line in after[new_start:new_end]]
    return made


def _places(original: list[str], before: list[str]) -> list[int]:
    """For each line of `before`, and for its end, the line of the original where it begins."""
    bare = [[line.strip() for line in lines] for lines in (before, original)]
    places: list[int] = []
    for _, start, end, there, there_end in SequenceMatcher(None, bare[0], bare[1], False).get_opcodes():
        places += [min(there + offset, there_end) for offset in range(end - start)]
    return [*places, len(original)]


def _shift(original: list[str], before: list[str], places: list[int], at: int) -> int:
    """How much further the original is indented where a change begins."""
    for line in (at, at - 1, at + 1):
        if 0 <= line < len(before) and before[line].strip() and places[line] < len(original):
            there = original[places[line]]
            if there.strip() == before[line].strip():
                return _indent(there) - _indent(before[line])
    return 0


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _indented(line: str, shift: int) -> str:
    return " " * max(0, _indent(line) + shift) + line.lstrip() if line.strip() else line
