"""What texts have in common that people paste: typographic quotes, the names of methods, and URLs."""

from __future__ import annotations

import re

from accountsctl.doctor.browser.fetch import origin_of
from accountsctl.doctor.browser.urls import is_url
from accountsctl.doctor.facts.templates.javascript_text import close
from accountsctl.model.http_methods import METHODS

METHOD = "|".join(METHODS)
"""A pattern of a method."""
LONGEST_CALL = 6000
"""Characters of a call, or of another text in brackets, that are read."""
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")
_URL_IN_TEXT = re.compile(r"https?://[^\s'\"`<>()\[\]]{4,2000}")
_SPACED = re.compile(r"\b(https?) ?: ?// ?(?=[\w[{<*.])|(?<=localhost): (?=\d)")
"""A URL's marks with the spaces that a translator puts there."""
_STANDS_FOR_HOST = re.compile(r"(?<=://)\[([\w -]{1,60})\]")
"""What people write in the place of a name that they keep to themselves; brackets are those of an address."""
_QUOTED_LINE = re.compile(r"^[ \t]*>[ \t]?", re.MULTILINE)
_FENCED = re.compile(r"^```[\w-]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
_OF_DOCUMENTS = re.compile(
    r"//(developer\.mozilla\.org|docs\.aws\.amazon\.com|stackoverflow\.com|github\.com)(/|$)"
)
"""Where people read of the sentence, and not what the page called."""


def with_straight_quotes(text: str) -> str:
    """The text with the quotes that a console and a shell have."""
    return text.translate(_STRAIGHT)


def with_valid_urls(text: str) -> str:
    """The text with URLs that a parser takes: without spaces in them, and without brackets around a part.

    Marks of quoted lines, which stand in the middle of a sentence that is broken, are left out too.
    """
    joined = _SPACED.sub(lambda found: f"{found[1]}://" if found[1] else ":", _QUOTED_LINE.sub("", text))
    return _STANDS_FOR_HOST.sub(lambda found: found[1].replace(" ", "-"), joined)


def without_colours(text: str) -> str:
    """The text without what colours it in a terminal."""
    return _COLOUR.sub("", text)


def fenced_blocks(text: str) -> list[str]:
    """What stands between the marks of code in a text, as on GitHub."""
    return _FENCED.findall(text)


def only_url(text: str, origin: str) -> str:
    """The only URL of a text that is not of the page's own origin; empty if there is none, or several are."""
    others = set(_urls(text, origin))
    return others.pop() if len(others) == 1 else ""


def last_url_above(text: str, line: int) -> str:
    """The URL that stands last above a line, which is counted from 1; empty if none does."""
    return next(reversed(_urls("\n".join(text.split("\n")[: line - 1]), "")), "")


def _urls(text: str, origin: str) -> list[str]:
    """The URLs of a text that a page may call, without those of an origin."""
    found = [url.rstrip(".,;:") for url in _URL_IN_TEXT.findall(text)]
    return [
        url
        for url in found
        if is_url(url)
        and "." in url[8:].strip(".")
        and not _OF_DOCUMENTS.search(url)
        and origin_of(url) != origin
    ]


def balanced(code: str, start: int) -> str:
    """The text from a bracket up to the one that closes it."""
    part = code[start : start + LONGEST_CALL]
    return part[: close(part, 0)]
