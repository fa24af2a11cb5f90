"""Headers of a response that a page may not read: no request fails, and the console says so in a line of its own."""

from __future__ import annotations

import re

# Chromium's XMLHttpRequest; the AWS SDK's upload of parts.
_REFUSED = re.compile(
    r"Refused to get unsafe header \\?[\"'“](?P<name>[\w-]{1,60})"
    r"|No access to (?P<property>[\w-]{1,60}) property on response"
)


def unexposed_header(text: str) -> str:
    """The first header that the text says is not exposed to the page; empty if it names none."""
    found = _REFUSED.search(text)
    return (found["name"] or found["property"]) if found else ""
