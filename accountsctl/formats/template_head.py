"""The comment at the head of one of our templates, which explains the keys of parameters.json: read for `explain`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_KEY = re.compile(r"    ([A-Za-z]\w*)(?:\s{2,}|$)(.*)")
_HEAD = "\n  parameters.json\n"


@dataclass(frozen=True)
class ParameterKey:
    """A key of a parameters.json, and what it means, in lines as the template's author wrote them."""

    name: str
    meaning: tuple[str, ...]


def parameter_keys(template: str) -> tuple[ParameterKey, ...]:
    """The keys that a template's head explains, in its order; none if it has no such part."""
    comment = template.partition("-#}")[0]
    _, found, after = comment.partition(_HEAD)
    if not found:
        return ()
    return tuple(_keys(re.split(r"\n  \S", after)[0].splitlines()))


def _keys(lines: list[str]) -> Iterator[ParameterKey]:
    """The keys, each with its own meaning: the rest of its line, and the lines below that are indented further."""
    name, meaning = "", list[str]()
    for line in lines:
        if match := _KEY.match(line):
            if name:
                yield ParameterKey(name, tuple(meaning))
            name, meaning = match[1], [match[2].strip()]
        elif line.strip():
            meaning.append(line.strip())
    if name:
        yield ParameterKey(name, tuple(meaning))
