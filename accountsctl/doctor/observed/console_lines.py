"""The lines that a browser's console shows of blocked requests, as people paste them: who called what, and the words.

A sentence may be broken over several lines. Chromium prints a second line with the method and the status of the same
URL; Safari names the URL in a line of its own.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from accountsctl.doctor.browser.fetch import Headers, Profile, origin_of
from accountsctl.doctor.browser.urls import is_url
from accountsctl.doctor.facts.request_failures import ERR_FAILED
from accountsctl.doctor.observed.console_beginnings import PATTERNS
from accountsctl.doctor.observed.console_languages import in_english
from accountsctl.doctor.observed.console_words import BlockMessage, BlockReason, message_of
from accountsctl.doctor.observed.pasted_text import with_straight_quotes, with_valid_urls, without_colours

# https://curl.se/libcurl/c/libcurl-errors.html
_CURL_FAILED = re.compile(
    r"curl: \((?P<number>[67])\) (?:Couldn't resolve host|Could not resolve host:|Failed to connect to) "
    r"'?(?P<host>[a-z0-9.-]+)'?",
    re.IGNORECASE,
)
_ERRORS_OF_CURL = {"6": "net::ERR_NAME_NOT_RESOLVED", "7": "net::ERR_CONNECTION_FAILED"}
_NOT_BLOCKED = re.compile(
    r"was\s+automatically\s+upgraded|should\s+also\s+be\s+served|policy\s+is\s+report-only", re.IGNORECASE
)
"""Chromium's words about a request that it only reports."""
_REPORTED = frozenset({BlockReason.CSP, BlockReason.MIXED_CONTENT})
_NEEDING_BEGINNING = _REPORTED | {
    BlockReason.LOCAL_NETWORK,
    BlockReason.NO_CONNECTION,
    BlockReason.NOT_HTTP,
    BlockReason.WORKER,
    BlockReason.BY_BROWSER,
}
"""What people write of in their own words too."""
_LONGEST = 4000
"""Characters of a sentence; what follows are other lines."""
_OF_OLD_CHROMIUM = re.compile(r"is\s+therefore\s+not\s+allowed|invalid\s+HTTP\s+status\s+code", re.IGNORECASE)
_BY_CORS = "has been blocked by cors policy"


@dataclass(frozen=True)
class ConsoleLine:
    """One blocked request as the console shows it; empty and 0 if it does not say so. `line` is its place in the text.

    `message` is the sentence; None if only `error` (Chromium's ``net::...``) says why. `first` is the URL that was
    redirected to `url`. `is_logged`: a server's log has the status. `headers` are those that stand below the sentence.
    `sender` is what sent the request, in Chromium's words.
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
    is_logged: bool = False
    headers: Headers = ()
    sender: str = ""


def console_lines(text: str) -> list[ConsoleLine]:
    """The blocked requests that a text names, one line for each; empty if it has none.

    Of a sentence without its beginning, or with another word in the URL's place, only what it says is known.
    """
    english = with_valid_urls(with_straight_quotes(in_english(without_colours(text))))
    english = _CURL_FAILED.sub(_as_chromium, english)
    every = list(_joined(_beginnings(english)))
    if not every:
        return _without_beginning(english)
    blocked = _with_second_lines(every)
    explained = {line.url for line in blocked}
    failed = [
        line
        for line in every
        if line.message is None
        and line.error not in ("", ERR_FAILED)
        and line.url not in explained
        and not line.status
    ]
    found = _without_repetitions(_with_status(blocked, every)) + failed or _refused(every)
    # Safari repeats its words without the URL.
    with_url = {line.message for line in found if line.url}
    found = [line for line in found if line.url or line.message not in with_url]
    unique = {(line.origin, line.url, line.method, line.message): line for line in reversed(found)}
    return sorted(unique.values(), key=lambda line: line.line)


def _as_chromium(found: re.Match[str]) -> str:
    """curl's error for a host that it did not reach, as Chromium's console shows the same."""
    return f"GET https://{found['host'].rstrip('.')}/ {_ERRORS_OF_CURL[found['number']]}"


def _with_status(blocked: list[ConsoleLine], every: list[ConsoleLine]) -> list[ConsoleLine]:
    """The only blocked request with the only status that the text has in Chromium's line about a resource."""
    statuses = {line.status for line in every if line.status and not line.method and line.message is None}
    if len(blocked) != 1 or len(statuses) != 1 or blocked[0].status:
        return blocked
    return [replace(blocked[0], status=statuses.pop())]


def _refused(every: list[ConsoleLine]) -> list[ConsoleLine]:
    """The requests of which the console shows a status that is an error, and no word of CORS.

    Chromium's line about a resource has no URL: one that stands alone counts.
    """
    failed = [line for line in every if line.message is None and line.status >= 400]
    return [
        replace(line, message=BlockMessage(BlockReason.STATUS, preflight=line.method == "OPTIONS"), error="")
        for line in ([line for line in failed if line.url] or (failed if len(failed) == 1 else []))
    ]


def _without_beginning(text: str) -> list[ConsoleLine]:
    for number, words in enumerate(text.splitlines(), start=1):
        message = message_of(words)
        if message is None or message.reason in _NEEDING_BEGINNING:
            continue
        of_firefox = re.search(r"\(Reason:|CORS header", words)
        page = re.search(r"from origin '([^'\s]+)'", words)
        return [
            ConsoleLine(
                Profile.FIREFOX if of_firefox else Profile.CHROMIUM,
                number,
                origin=page[1] if page else message.origin,
                status=message.status,
                message=message,
            )
        ]
    return []


def _without_repetitions(blocked: list[ConsoleLine]) -> list[ConsoleLine]:
    """The blocked requests without what a browser says twice of one that a service worker failed.

    Firefox adds that there was no connection, which there was none of. What CORS blocked for the worker says more than
    that the worker passed it on.
    """
    reasons: dict[str, set[BlockReason]] = {}
    for line in blocked:
        if line.message is not None:
            reasons.setdefault(line.url, set()).add(line.message.reason)
    of_no_response = {BlockReason.WORKER, BlockReason.NO_CONNECTION}

    def repeats(line: ConsoleLine) -> bool:
        every = reasons.get(line.url, set())
        reason = line.message.reason if line.message else None
        if reason is BlockReason.WORKER:
            return not every <= of_no_response
        return reason is BlockReason.NO_CONNECTION and bool(
            every & {BlockReason.WORKER, BlockReason.BY_BROWSER}
        )

    return [line for line in blocked if not repeats(line)]


def _with_second_lines(every: Iterable[ConsoleLine]) -> list[ConsoleLine]:
    """The blocked requests with the method and the status that Chromium shows in a line of its own, after or before.

    A URL may have been called in several ways.
    """
    blocked: list[ConsoleLine] = []
    waiting: dict[str, deque[int]] = {}
    unused: dict[str, ConsoleLine] = {}
    last: dict[str, ConsoleLine] = {}
    for line in every:
        if line.method:
            last[line.url] = line
            if waiting.get(line.url):
                index = waiting[line.url].popleft()
                blocked[index] = _with_second_line(blocked[index], line)
            else:
                unused[line.url] = line
        elif line.message is not None:
            second = unused.pop(line.url, None)
            blocked.append(_with_second_line(line, second))
            if second is None:
                waiting.setdefault(line.url, deque()).append(len(blocked) - 1)
    for url, indices in waiting.items():
        for index in indices:
            blocked[index] = _with_second_line(blocked[index], last.get(url))
    return blocked


def _with_second_line(line: ConsoleLine, second: ConsoleLine | None) -> ConsoleLine:
    if second is None:
        return line
    # What is asked for a page has another method than its preflight.
    of_preflight = second.method == "OPTIONS"
    message = line.message
    if message is not None and of_preflight and second.status >= 400:
        # Chromium before 2015 had one sentence for both requests.
        message = replace(message, preflight=True)
    method = "" if of_preflight else second.method
    return replace(line, method=line.method or method, status=line.status or second.status, message=message)


def _beginnings(text: str) -> Iterator[ConsoleLine]:
    """Every line that begins a sentence that is known, with what follows up to the next one."""
    # A word is found many times faster than a pattern, and most texts have few of the sentences.
    lowered = text.lower()
    found = sorted(
        (
            (match.start(), match.end(), profile, match)
            for profile, word, pattern in PATTERNS
            if word in lowered
            for match in pattern.finditer(text)
        ),
        key=lambda place: place[:2],
    )
    following = [*(start for start, *_ in found), len(text)][1:]
    number, counted = 1, 0
    for (start, _, profile, match), end in zip(found, following, strict=True):
        number, counted = number + text.count("\n", counted, start), start
        parts = {name: value or "" for name, value in match.groupdict().items()}
        words = text[start : max(min(end, match.end() + _LONGEST), match.end())]
        line = _line(profile, number, parts, words)
        if line.message is None or line.message.reason not in _REPORTED or not _NOT_BLOCKED.search(words):
            yield line


def _line(profile: Profile, number: int, parts: dict[str, str], words: str) -> ConsoleLine:
    url, page = parts.get("url", ""), parts.get("page", "")
    is_second = bool(parts.get("method") or parts.get("status"))
    message = None if is_second else message_of(words)
    if profile is Profile.WEBKIT and _OF_OLD_CHROMIUM.search(words):
        profile = Profile.CHROMIUM  # Its sentence before 2018, and until 2015 that of a preflight too.
        if message is not None and message.reason is BlockReason.NO_ORIGIN:
            message = replace(message, either=not message.preflight)
    if message is None and not is_second and _BY_CORS in " ".join(words.lower().split()):
        message = BlockMessage(BlockReason.UNSTATED, either=True)
    if profile is Profile.FIREFOX and message is not None and message.reason is BlockReason.NO_ORIGIN:
        message = replace(message, either=True)
    stated = message.status if message else 0
    of_page = origin_of(page) if page and is_url(page) else ""
    return ConsoleLine(
        profile,
        number,
        url if is_url(url) else "",
        parts.get("origin") or of_page or (message.origin if message else ""),
        parts.get("method", ""),
        int(parts.get("status") or 0) or stated,
        message,
        parts.get("error", ""),
        parts.get("first", ""),
        sender=" ".join(parts.get("sender", "").split()),
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
