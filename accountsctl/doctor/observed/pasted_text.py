"""What texts have in common that people paste: typographic quotes, and the names of methods."""

from __future__ import annotations

from accountsctl.model.http_methods import METHODS

METHOD = "|".join(METHODS)
"""A pattern of a method."""
_STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")


def with_straight_quotes(text: str) -> str:
    """The text with the quotes that a console and a shell have."""
    return text.translate(_STRAIGHT)
