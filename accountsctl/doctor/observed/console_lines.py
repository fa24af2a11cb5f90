"""The lines that a browser's console shows of blocked requests, as people paste them: who called what, and the words.

A sentence may be broken over several lines. Chromium prints a second line with the method and the status of the same
URL; Safari names the URL in a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from accountsctl.doctor.browser.fetch import Profile, origin_of
from accountsctl.doctor.browser.urls import is_url
from accountsctl.doctor.observed.console_words import QUOTES, BlockMessage, BlockReason, message_of

_METHODS = "GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS"
_BEGINNINGS = (
    (
        Profile.CHROMIUM,
        r"Access to .{1,40}? at '(?P<url>[^']+)' (?:\(redirected from '(?P<first>[^']+)'\) )?"
        r"from origin '(?P<origin>[^']+)' has been blocked by CORS policy:",
    ),
    (
        Profile.CHROMIUM,
        r"Mixed Content: The page at '(?P<page>[^']+)' was loaded .*? insecure [^']*'(?P<url>[^']+)'",
    ),
    (Profile.CHROMIUM, r"(?:Refused to connect to|Connecting to) '(?P<url>[^']+)'"),
    (Profile.CHROMIUM, r"Failed to load (?P<url>https?://[^\s]+?): "),
    (
        Profile.CHROMIUM,
        rf"(?P<method>{_METHODS}) (?P<url>https?://\S+) (?:(?P<error>net::ERR_\w+)\s*)?(?:(?P<status>\d{{3}})\b)?",
    ),
    (
        Profile.FIREFOX,
        r"Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
        rf"[{QUOTES}]?(?P<url>[^\s{QUOTES}]+?)[{QUOTES}]?\.? (?=\(Reason:)",
    ),
    (
        Profile.FIREFOX,
        rf"blocked the loading of a resource [^\n]{{0,80}}? at (?P<url>https?://[^\s{QUOTES}]+)",
    ),
    (Profile.FIREFOX, rf"Blocked loading mixed (?:active )?content [{QUOTES}](?P<url>[^{QUOTES}]+)"),
    (Profile.WEBKIT, r"(?:Fetch API|XMLHttpRequest) cannot load (?P<url>https?://\S+?)(?:\.(?=\s)|\s)"),
    (Profile.WEBKIT, r"(?=Origin \S+ is not allowed by Access-Control-Allow-Origin)"),
    (Profile.WEBKIT, r"(?=Preflight response is not successful)"),
    (Profile.WEBKIT, r"(?=Request header field \S+ is not allowed by Access-Control-Allow-Headers\.)"),
    (Profile.WEBKIT, r"(?=Method \S+ is not allowed by Access-Control-Allow-Methods\.)"),
)


def _compiled(words: str) -> re.Pattern[str]:
    return re.compile(words.replace(" ", r"\s+"), re.IGNORECASE | re.DOTALL)


_PATTERNS = tuple((profile, _compiled(words)) for profile, words in _BEGINNINGS)
_FAILED = "net::ERR_FAILED"
"""Chromium's error of what CORS blocks; others tell more."""


@dataclass(frozen=True)
class ConsoleLine:
    """One blocked request as the console shows it; empty and 0 if it does not say so. `line` is its place in the text.

    `message` is the sentence; None if only `error` (Chromium's ``net::...``) says why. `first` is the URL that was
    redirected to `url`.
    """

    profile: Profile
    line: int
    url: str = ""
    origin: str = ""
    method: str = ""
    status: int = 0
    message: BlockMessage | None = None
    error: str = ""
    first: str = ""


def console_lines(text: str) -> list[ConsoleLine]:
    """The blocked requests that a text names, one line for each; empty if it has none."""
    every = list(_joined(_beginnings(text)))
    sent = {line.url: line for line in every if line.method}
    blocked = [line for line in every if line.message is not None]
    explained = {line.url for line in blocked}
    failed = [
        line
        for line in every
        if line.message is None and line.error not in ("", _FAILED) and line.url not in explained
    ]
    found = [_with_second_line(line, sent.get(line.url)) for line in blocked] + failed
    # Safari repeats its words without the URL.
    with_url = {line.message for line in found if line.url}
    found = [line for line in found if line.url or line.message not in with_url]
    unique = {(line.origin, line.url, line.method, line.message): line for line in reversed(found)}
    return sorted(unique.values(), key=lambda line: line.line)


def _with_second_line(line: ConsoleLine, second: ConsoleLine | None) -> ConsoleLine:
    """The line with the method and the status that Chromium shows in a line of its own."""
    if second is None:
        return line
    return replace(line, method=line.method or second.method, status=line.status or second.status)


def _beginnings(text: str) -> Iterator[ConsoleLine]:
    """Every line that begins a sentence that is known, with what follows up to the next one."""
    found = sorted(
        (
            (match.start(), match.end(), profile, match)
            for profile, pattern in _PATTERNS
            for match in pattern.finditer(text)
        ),
        key=lambda place: place[:2],
    )
    following = [*(start for start, *_ in found), len(text)][1:]
    for (start, _, profile, match), end in zip(found, following, strict=True):
        parts = {name: value or "" for name, value in match.groupdict().items()}
        yield _line(profile, text.count("\n", 0, start) + 1, parts, text[start : max(end, match.end())])


def _line(profile: Profile, number: int, parts: dict[str, str], words: str) -> ConsoleLine:
    url, page = parts.get("url", ""), parts.get("page", "")
    is_second = bool(parts.get("method"))
    message = None if is_second else message_of(words)
    if profile is Profile.WEBKIT and "is therefore not allowed" in " ".join(words.split()):
        profile = Profile.CHROMIUM  # Its sentence before 2018.
    stated = message.status if message else 0
    of_page = origin_of(page) if page and is_url(page) else ""
    return ConsoleLine(
        profile,
        number,
        url if is_url(url) else "",
        parts.get("origin") or of_page or (message.origin if message else ""),
        parts.get("method", "").upper(),
        int(parts.get("status") or 0) or stated,
        message,
        parts.get("error", ""),
        parts.get("first", ""),
    )


def _joined(lines: Iterator[ConsoleLine]) -> Iterator[ConsoleLine]:
    """The same, with Safari's two lines as one: the words, and after them the URL."""
    words: ConsoleLine | None = None
    for line in lines:
        if not line.url and line.message is not None:
            if words is not None:
                yield words
            words = line
        elif words is not None and line.profile is Profile.WEBKIT and line.message is None:
            yield replace(words, url=line.url)
            words = None
        elif line.profile is Profile.WEBKIT and line.message is None and line.url:
            yield replace(line, message=BlockMessage(BlockReason.NOT_ALLOWED))
        else:
            yield line
    if words is not None:
        yield words
