"""What of a diagnosis may leave the team: plain words and what a cause needs, nothing that looks like a secret.

A report for others is made from parts that are known to be harmless. What is free text all the same (a template's
value, a path) is taken apart here, and what is not made of words is left out: a token that no one declared as such
(of a sanitized recording, in a path) has no other mark.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from accountsctl.doctor.browser import redact
from accountsctl.doctor.browser.urls import is_url

LEFT_OUT = "***"
PART_LEFT_OUT = "{...}"
_RUN = re.compile(r"[A-Za-z0-9+/=_%~-]{8,}")
_PIECES = re.compile(r"[+/=_%~.-]+")
_PART_OF_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_REGION = r"\b[a-z]{2}(?:-[a-z]{2,12}){1,3}-\d"
_POOL = re.compile(rf"{_REGION}_[A-Za-z0-9]+|{_REGION}:[0-9a-f-]{{8,}}")
_ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")
_KEY_ID = re.compile(r"\b(?:AKIA|ASIA|AIDA|AROA)[A-Z0-9]{8,}")
# RFC 5321: at most 64 characters before the @. Without a limit, a long text without one takes a time that is quadratic.
_EMAIL = re.compile(r"[^\s@/:,;'\"<>()]{1,64}@[^\s@/:,;'\"<>()]+")
_OWN_HEADER = re.compile(r"[Xx](?:-[A-Za-z]+)+")
"""``X-Api-Key``: its parts are too short to differ in form from a token's."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,39}")
_VOWELS = re.compile("[aeiouyAEIOUY]")
_ACRONYMS = frozenset(
    {
        "API",
        "ARN",
        "AWS",
        "CORS",
        "CSS",
        "DNS",
        "HTTP",
        "HTML",
        "JWT",
        "RDS",
        "SNS",
        "SQS",
        "SSL",
        "TLS",
        "URI",
        "URL",
    }
)
_KNOWN = frozenset({"4XX", "5XX", "accountsctl"})
"""Words of this program and of API Gateway that do not look like words."""
_MOST_CONSONANTS = 4
_LONGEST_WORD = 16
_LONGEST_CAPITALS = 14
_LONGEST_STUB = 2
_MOST_STUBS = 1
_MOST_CAPITALS = 1
_SHORT = 8
_MOST_PARTS_OF_SHORT = 2
_LEAST_LETTERS_A_PART = 3
_LEAST_A_PART_OF_RUN = 2.5
_MOST_DIGITS = 4
_MOST_NUMBERS = 2


def is_plain(word: str) -> bool:
    """Whether a word is made of words (``accountsAPI``, ``v1``), and not a token, an id or a hash."""
    if word in _KNOWN:
        return True
    if not word.isascii() or not word.isalnum():
        return False
    parts = _PART_OF_WORD.findall(word)
    if any(len(part) > _MOST_DIGITS for part in parts if part.isdigit()):
        return False
    # Digits between letters are a token's; a version stands at the end.
    letters = parts[:-1] if parts[-1].isdigit() else parts
    if not all(part.isalpha() for part in letters):
        return False
    if len(word) < _SHORT:
        return word.lower() == word or word.upper() == word or len(letters) <= _MOST_PARTS_OF_SHORT
    return all(map(_is_spoken, letters)) and len(word) >= _LEAST_LETTERS_A_PART * len(parts)


def _is_spoken(part: str) -> bool:
    """Whether letters could be a word: not too long, and with vowels between few consonants."""
    if not part.isalpha():
        return False
    if part in _ACRONYMS or len(part) <= _LONGEST_STUB:
        return True
    longest = _LONGEST_CAPITALS if part.isupper() else _LONGEST_WORD
    consonants = max(map(len, _VOWELS.split(part)))
    return len(part) <= longest and consonants <= min(_MOST_CONSONANTS, len(part) - 1)


def scrubbed(text: str) -> str:
    """Free text without account numbers, pool and key ids, addresses of people, tokens, and what looks like a token."""
    for pattern in (_POOL, _ACCOUNT, _KEY_ID, _EMAIL):
        text = pattern.sub(LEFT_OUT, text)
    return _RUN.sub(_words_only, redact.text(text))


def _words_only(run: re.Match[str]) -> str:
    is_name = _OWN_HEADER.fullmatch(run[0]) is not None and shared_name(run[0]) != LEFT_OUT
    return run[0] if is_name or _reads_well(run[0]) else LEFT_OUT


def _reads_well(run: str) -> bool:
    """Whether a run of letters, digits and signs is made of words.

    A token with hyphens in it has pieces that could be words one by one, so its parts are judged together: they are
    short on average, and where cases are mixed many are of one or two letters.
    """
    if len(run) >= _SHORT:
        parts = _PART_OF_WORD.findall(run)
        letters = [part for part in parts if part.isalpha()]
        numbers = len(parts) - len(letters)
        if numbers > _MOST_NUMBERS or sum(map(len, parts)) < _LEAST_A_PART_OF_RUN * len(parts):
            return False
        if run.lower() != run != run.upper() and not _is_camel(letters):
            return False
    return all(is_plain(piece) for piece in _PIECES.split(run) if piece)


def _is_camel(letters: list[str]) -> bool:
    """Whether parts of mixed case are words: few stubs and capitals among them, and each could be spoken."""
    stubs = sum(len(part) <= _LONGEST_STUB for part in letters)
    capitals = sum(part.isupper() and len(part) > 1 and part not in _ACRONYMS for part in letters)
    return stubs <= _MOST_STUBS and capitals <= _MOST_CAPITALS and all(map(_is_spoken, letters))


def shared_url(url: str) -> str:
    """A URL's scheme, host and path, parts of the path that are not words left out; never a query.

    The host stays: without the API's id no one can look at its logs.
    """
    if not is_url(url):
        return shared_path(url.partition("?")[0].partition("#")[0])
    parts = urlsplit(url)
    host = _ACCOUNT.sub(LEFT_OUT, parts.netloc.rpartition("@")[2])
    return f"{parts.scheme}://{host}{shared_path(parts.path)}" if host else shared_path(parts.path)


def shared_path(path: str) -> str:
    """A path in which ``{...}`` stands for parts that are not words: ids, tokens, names of people."""
    return "/".join(part if part == "" or _is_plain_part(part) else PART_LEFT_OUT for part in path.split("/"))


def _is_plain_part(part: str) -> bool:
    return _reads_well(part) and any(map(str.isalnum, part))


def shared_name(name: str) -> str:
    """A header's name, if it is one."""
    return name.lower() if _NAME.fullmatch(name) and all(map(is_plain, name.split("-"))) else LEFT_OUT
