"""The part of JSONPath that mapping templates and expressions are written in: names and indexes, no wildcards."""

from __future__ import annotations

import json
import re

_STEP = re.compile(
    r"\.(?P<name>[A-Za-z_][\w-]*)|\[(?P<quote>['\"])(?P<quoted>[^'\"]+)(?P=quote)\]|\[(?P<index>\d+)\]"
)


class PathError(Exception):
    """A path outside the part that is understood."""


def steps(path: str) -> list[str | int]:
    """The names and indexes of a path such as ``$.items[0]['a b']``."""
    if not path.startswith("$"):
        raise PathError(f"{path} is not a valid JSONPath")
    found: list[str | int] = []
    at = 1
    while at < len(path):
        step = _STEP.match(path, at)
        if step is None:
            raise PathError(f"the JSONPath {path} is not known to the embedded gateway")
        at = step.end()
        index = step["index"]
        found.append(int(index) if index is not None else step["name"] or step["quoted"])
    return found


def find(path: str, text: str) -> object:
    """The value at `path` in a JSON text; None if there is none, or if the text is not valid JSON."""
    try:
        value = json.loads(text or "{}")
    except ValueError:
        return None
    for step in steps(path):
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value
