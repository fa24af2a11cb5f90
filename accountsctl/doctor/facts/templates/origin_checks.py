"""How a function's code decides which origins it allows: by text, since only plain forms are reported.

https://portswigger.net/web-security/cors lists the mistakes that are looked for: an Origin that is sent back
unchecked, and one that is compared by a part of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from accountsctl.doctor.facts.handler import OriginChecks

_SENDS_BACK = re.compile(
    r"""["']access-control-allow-origin["']\s*\]?\s*[:=]\s*
    (?:\w+(?:\.|\[["'])(?:multiValueH|h)eaders(?:["']\])?(?:\??\.|\??\.?\[["']|\.get\(["'])origin\b|origin\b(?!\s*[?(.\[]))""",
    re.IGNORECASE | re.VERBOSE,
)
_IS_COMPARED = re.compile(
    r"(?:includes|indexOf|has|test|match|fullmatch|search|some|find|filter|startsWith|endsWith|startswith|endswith)\s*\("
    r"|\borigin\w*\s*(?:===?|!==?|(?:not\s+)?in\b)|(?:===?|!==?)\s*\w*origin\b|\bin\s+\w*origins?\b|allowed\w*\s*\[",
    re.IGNORECASE,
)
_BY_PART = re.compile(
    r"""\borigin\w*\s*\??\.\s*(?P<how>endswith|includes|indexof|startswith|find)\s*\(\s*(?P<quote>["'`])(?P<part>[^"'`]+)(?P=quote)"""
    r"""|["'](?P<inside>[\w.-]+\.\w+)["']\s+(?:not\s+)?in\s+\w*origin\b""",
    re.IGNORECASE,
)
_PATTERN = re.compile(
    r"""(?<![\w)])/(?P<js>(?:[^/\n\\]|\\.)+)/[a-z]*\s*\.\s*test\(\s*\w*origin"""
    r"""|origin\w*\s*\.\s*match\(\s*/(?P<matched>(?:[^/\n\\]|\\.)+)/"""
    r"""|re\.(?P<how>match|search|fullmatch)\(\s*r?["'](?P<py>[^"'\n]+)["']\s*,\s*\w*origin""",
    re.IGNORECASE,
)
_ALLOWS_CREDENTIALS = re.compile(
    r"""["']access-control-allow-credentials["']\s*\]?\s*[:=]\s*["']?true\b""", re.IGNORECASE
)
_ALLOWS_NULL = re.compile(
    r"""["']access-control-allow-origin["']\s*\]?\s*[:=]\s*["']null["']""", re.IGNORECASE
)
_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`\\])//[^\n]*|(?m:^[^\S\n]*#[^\n]*)", re.DOTALL)
_CLASS = re.compile(r"\[[^\]]*\]")
_OPEN_DOT = re.compile(r"(?<!\\)\.(?![*+?])")


def read_origin_checks(files: Mapping[str, str]) -> OriginChecks:
    """What the sources of one function (name -> text) show."""
    texts = {name: _without_comments(text) for name, text in files.items()}
    code = "\n".join(texts.values())
    loose = next(((name, *found) for name, text in texts.items() if (found := _compared_by_part(text))), None)
    file, line, part = loose or ("", 0, "")
    return OriginChecks(
        reflects=bool(_SENDS_BACK.search(code)) and not _IS_COMPARED.search(code),
        credentials=bool(_ALLOWS_CREDENTIALS.search(code)),
        null=bool(_ALLOWS_NULL.search(code)),
        file=file,
        line=line,
        part=part,
    )


def _without_comments(text: str) -> str:
    return _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)


def _compared_by_part(text: str) -> tuple[int, str] | None:
    """The line of the first comparison that an origin of someone else can pass, and what it looks for."""
    for found in _BY_PART.finditer(text):
        part = found["part"] or found["inside"]
        how = (found["how"] or "in").lower()
        if not _holds_a_whole_host(how, part):
            return text.count("\n", 0, found.start()) + 1, part
    for found in _PATTERN.finditer(text):
        pattern = found["js"] or found["matched"] or found["py"]
        if not _is_anchored(pattern, (found["how"] or "").lower()):
            return text.count("\n", 0, found.start()) + 1, pattern
    return None


def _holds_a_whole_host(how: str, part: str) -> bool:
    """``.example.com`` at the end is a site's own; a beginning is one only if it ends the host (``http://localhost:``)."""
    if how == "endswith":
        return part.startswith((".", "://", "http"))
    return how == "startswith" and part.endswith((":", "/")) and part.count("/") >= 2


def _is_anchored(pattern: str, how: str) -> bool:
    pattern = _CLASS.sub("", pattern)
    begins = pattern.startswith("^") or how in ("match", "fullmatch")
    ends = pattern.endswith(("$", r"\Z", r":\d+$")) or how == "fullmatch"
    return begins and ends and not _OPEN_DOT.search(pattern)
