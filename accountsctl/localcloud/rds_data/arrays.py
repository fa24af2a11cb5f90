"""PostgreSQL's text form of a one-dimensional array: ``{1,NULL,"a b"}``."""

from __future__ import annotations

import re

_ITEM = re.compile(r'"((?:[^"\\]|\\.)*+)"|([^,{}"]+)', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class MultidimensionalArray(ValueError):
    """The array has more than one dimension."""


def parse_array(text: str) -> list[str | None]:
    """The elements as text, None for NULL. Bounds other than 1 (``[2:3]={..}``) are left out, as on AWS."""
    start = text.index("{") + 1
    if text[start : start + 1] == "{":
        raise MultidimensionalArray(text)
    items: list[str | None] = []
    for item in _ITEM.finditer(text, start, len(text) - 1):
        quoted, plain = item.groups()
        if quoted is not None:
            items.append(_ESCAPE.sub(r"\1", quoted))
        else:
            items.append(None if plain == "NULL" else plain)
    return items
