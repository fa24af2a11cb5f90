"""How Lambda's calls name a function: a name, an ARN or a part of one, each with or without a version or alias."""

from __future__ import annotations

LATEST = "$LATEST"
"""The version of a function that is not published."""


def name_and_qualifier(text: str) -> tuple[str, str]:
    """The function's own name, and the version or alias, which is "" if none is named.

    A function may be called ``function`` or ``my-function``, so that the word is looked for as a whole part.
    """
    parts = text.split(":")
    if "function" in parts[:-1]:
        parts = parts[parts.index("function") + 1 :]
    return parts[0], parts[1] if len(parts) > 1 else ""
