"""What a sentence of a browser's console says of a blocked request: the reason, the step, the value, the status.

Chromium: third_party/blink, cors_error_string.cc, of today and of before 2018 ("is therefore not allowed access");
Firefox: security.properties, as MDN lists them (Web/HTTP/Guides/CORS/Errors); Safari: CrossOriginAccessControl.cpp of
WebKit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

# Straight quotes, and the typographic ones of Firefox.
QUOTES = "'\"\u2018\u2019\u201c\u201d"
_VALUE = f"[{QUOTES}](?P<value>[^{QUOTES}]*)[{QUOTES}]"
_QUOTE = f"[{QUOTES}]?"


class BlockReason(StrEnum):
    """Why a browser blocked a request, by its own words."""

    LOCAL_NETWORK = "local network"
    CSP = "csp"
    MIXED_CONTENT = "mixed content"
    NO_CONNECTION = "no connection"
    NOT_HTTP = "not http"
    BY_BROWSER = "blocked by the browser"
    """Firefox's tracking protection, or an extension that blocks as it does."""
    WORKER = "service worker"
    REDIRECT = "redirect"
    PREFLIGHT_REDIRECT = "redirected preflight"
    PREFLIGHT_STATUS = "status of the preflight"
    SEVERAL_ORIGINS = "several origins"
    WILDCARD = "wildcard with credentials"
    CREDENTIALS = "credentials"
    METHOD = "method"
    HEADER = "header"
    METHODS_MALFORMED = "malformed methods"
    HEADERS_MALFORMED = "malformed headers"
    OTHER_ORIGIN = "other origin"
    NO_ORIGIN = "no origin"
    NOT_ALLOWED = "not allowed"
    """Safari's words for a header that is missing, and for one with another origin."""
    UNSTATED = "not stated"
    """A sentence that was pasted without its end, which has the reason."""
    STATUS = "status"
    """A status that is an error, and no words."""

    @property
    def is_of_preflight(self) -> bool:
        """Whether only the response to a preflight is refused so."""
        return self in _OF_PREFLIGHT


_OF_PREFLIGHT = frozenset(
    {
        BlockReason.PREFLIGHT_REDIRECT,
        BlockReason.PREFLIGHT_STATUS,
        BlockReason.METHOD,
        BlockReason.HEADER,
        BlockReason.METHODS_MALFORMED,
        BlockReason.HEADERS_MALFORMED,
    }
)
_SENTENCES = (
    (BlockReason.LOCAL_NETWORK, r"`?(?:unknown|local|loopback|private)`? address space"),
    (BlockReason.CSP, r"Content[ -]Security[ -]Policy"),
    (
        BlockReason.MIXED_CONTENT,
        r"requested an insecure|mixed (?:active )?content|allowed to (?:run|request) insecure",
    ),
    (BlockReason.WORKER, r"FetchEvent for |A ServiceWorker (?:passed|intercepted)|served by service worker"),
    (
        BlockReason.BY_BROWSER,
        r"was blocked because [\w ]{0,30}(?:content blocking|tracking protection) is enabled",
    ),
    (BlockReason.NO_CONNECTION, r"CORS request did not succeed"),
    (BlockReason.NOT_HTTP, r"CORS request not http|only supported for (?:protocol schemes|HTTP)"),
    (
        BlockReason.PREFLIGHT_REDIRECT,
        r"Redirect is not allowed for a preflight|preflight, which is disallowed to"
        r"|which is disallowed for cross-origin requests that require preflight"
        # Chromium until 2018.
        r"|Response for preflight is invalid \(redirect\)",
    ),
    (
        BlockReason.REDIRECT,
        r"external redirect not allowed|Redirects are not allowed|disallowed scheme for cross",
    ),
    (
        BlockReason.PREFLIGHT_STATUS,
        r"preflight (?:response|channel) did not succeed|does not have HTTP ok status",
    ),
    (
        BlockReason.PREFLIGHT_STATUS,
        r"Preflight response is not successful|preflight has invalid HTTP status code",
    ),
    # Chromium until 2015 (DocumentThreadableLoader::handlePreflightResponse), of preflights alone.
    (BlockReason.PREFLIGHT_STATUS, r"\. Invalid HTTP status code \d{3}"),
    (BlockReason.SEVERAL_ORIGINS, r"Multiple CORS header|cannot contain more than one origin"),
    (BlockReason.SEVERAL_ORIGINS, r"contains multiple values {V}"),
    (BlockReason.WILDCARD, r"Credential is not supported if the CORS header|must not be the wildcard"),
    (
        BlockReason.WILDCARD,
        r"Cannot use wildcard in Access-Control-Allow-Origin|wildcard '\*' cannot be used",
    ),
    (BlockReason.CREDENTIALS, r"Allow-Credentials{Q} header (?:in the response )?is {V}"),
    (BlockReason.CREDENTIALS, r"expected {Q}true{Q} in CORS header|Credentials flag is {Q}true{Q}, but"),
    (BlockReason.METHOD, r"Method (?P<value>\S+) is not allowed by|Did not find method in CORS header"),
    (BlockReason.HEADER, r"Request header field (?P<value>\S+) is not allowed by"),
    (BlockReason.HEADER, r"header {V} is not allowed according to"),
    (BlockReason.HEADER, r"missing token {V} in CORS header"),
    (BlockReason.METHODS_MALFORMED, r"invalid token {V} in CORS header {Q}[\w-]*Methods"),
    (BlockReason.METHODS_MALFORMED, r"Cannot parse Access-Control-Allow-Methods"),
    (BlockReason.HEADERS_MALFORMED, r"invalid token {V} in CORS header {Q}[\w-]*Headers"),
    (BlockReason.HEADERS_MALFORMED, r"Cannot parse Access-Control-Allow-Headers"),
    (BlockReason.OTHER_ORIGIN, r"Access-Control-Allow-Origin{Q} does not match {V}"),
    (BlockReason.OTHER_ORIGIN, r"has a value {V} that is not equal to|contains the invalid value {V}"),
    (BlockReason.NO_ORIGIN, r"No {Q}Access-Control-Allow-Origin{Q} header is present"),
    # The second is Firefox's sentence as people translate it back.
    (
        BlockReason.NO_ORIGIN,
        r"Access-Control-Allow-Origin{Q} missing|Access-Control-Allow-Origin{Q} is missing",
    ),
    # Firefox until 2015, which gave no reason.
    (BlockReason.NO_ORIGIN, r"This can be fixed by moving the resource to the same domain"),
    (BlockReason.NOT_ALLOWED, r"Origin \S+ is not allowed by Access-Control-Allow-Origin"),
)
"""{V} is a value in quotes; what stands first in the text counts, and of several there the first of these."""


def _compiled(words: str) -> re.Pattern[str]:
    """One pattern of a sentence; a name may stand once in each of its alternatives' patterns."""
    return re.compile(words.replace("{V}", _VALUE).replace("{Q}", _QUOTE).replace(" ", r"\s+"), re.IGNORECASE)


_PATTERNS = tuple(
    (reason, _compiled(words))
    for reason, sentence in _SENTENCES
    for words in (sentence.split("|") if sentence.count("{V}") > 1 else [sentence])
)
# An application's own words about a status may follow.
_STATUS = re.compile(r"(?:[.)]\s*Status\s+code:|HTTP\s+status\s+code)\s+(\d{3})\b", re.IGNORECASE)
_ORIGIN = re.compile(
    r"Origin\s+'?([a-z][\w+.-]*://[^\s'/]+|null)'?\s+is\s+(?:therefore\s+)?not\s+allowed", re.IGNORECASE
)


@dataclass(frozen=True)
class BlockMessage:
    """What a sentence says; empty and 0 if it does not. `preflight`: it says that the preflight failed.

    `either`: the browser has the same words for a refused preflight.
    """

    reason: BlockReason
    value: str = ""
    preflight: bool = False
    status: int = 0
    origin: str = ""
    either: bool = False


def message_of(text: str) -> BlockMessage | None:
    """What the first sentence that is known says; None if none is."""
    every = (
        (found.start(), index, reason, found)
        for index, (reason, pattern) in enumerate(_PATTERNS)
        if (found := pattern.search(text))
    )
    first = min(every, key=lambda found: found[:2], default=None)
    if first is None:
        return None
    _, _, reason, found = first
    status, origin = _STATUS.search(text), _ORIGIN.search(text)
    return BlockMessage(
        reason,
        (found.groupdict().get("value") or "").rstrip("."),
        reason.is_of_preflight or "to preflight request doesn't" in " ".join(text.split()),
        int(status[1]) if status else 0,
        origin[1] if origin else "",
    )
