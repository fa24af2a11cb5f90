"""Entity tags: the ETag of an account, and what If-Match and If-None-Match say about it.

The tag is the account's version, quoted. https://www.rfc-editor.org/rfc/rfc9110#section-13.1
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from answers import Fault, invalid

ANY = "*"
# One element of a list, which may be empty, and the comma or the end behind it (RFC 9110, 5.6.1 and 8.8.3).
_ELEMENT = re.compile(r'[ \t]*(?:(?P<weak>W/)?"(?P<opaque>[^\x00-\x20"\x7f]*)"[ \t]*)?(?:,|\Z)')
_VERSION = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Tag:
    """An entity tag, without its quotes."""

    opaque: str
    weak: bool = False


def etag(version: str) -> str:
    """The ETag of an account of this version."""
    return f'"{version}"'


def tags(text: str) -> Sequence[Tag] | None:
    """The entity tags in a header's list; None where it is no such list, or has none in it."""
    found: list[Tag] = []
    at = 0
    while at < len(text):
        element = _ELEMENT.match(text, at)
        if element is None:
            return None
        if element["opaque"] is not None:
            found.append(Tag(element["opaque"], element["weak"] is not None))
        at = element.end()
    return found or None


def wanted_versions(if_match: str | None) -> str:
    """The versions that If-Match lets be changed, with commas between them, or `*` for any; 400 for no list.

    The comparison is the strong one, which a weak tag never passes. A tag that is no version is left out: it
    can be no account's.
    """
    if if_match is None or if_match.strip() == ANY:
        return ANY
    found = tags(if_match)
    if found is None:
        raise invalid([Fault("If-Match", "must be * or a list of entity tags, each in double quotes")])
    return ",".join(tag.opaque for tag in found if not tag.weak and _VERSION.fullmatch(tag.opaque))


def has_already(if_none_match: str | None, version: str) -> bool:
    """Whether the client holds this version, by If-None-Match. Where that is no list, it is not looked at."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == ANY or any(tag.opaque == version for tag in tags(if_none_match) or ())
