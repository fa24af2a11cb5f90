"""How a console's sentences about a blocked request begin, with the URLs and the origin that they name."""

from __future__ import annotations

import re

from accountsctl.doctor.browser.fetch import Profile
from accountsctl.doctor.observed.console_words import QUOTES
from accountsctl.doctor.observed.pasted_text import METHOD

# URLs may have quotes, as those of OData have. With a limit, a text of many beginnings takes no time by its square.
_QUOTED = r"(?:[^']|'(?!\s)){1,8000}"
# As web sites show the sentence: with no quotes, or with others.
_MARK, _BARE = r"[\"`*<>]{0,2}", r"[a-z][\w+.-]{1,40}://[^\s'\"`*<>]{1,8000}"
_BEGINNINGS = (
    (
        Profile.CHROMIUM,
        rf"Access to (?P<sender>.{{1,40}}?) at '(?P<url>{_QUOTED})' (?:\(redirected from '(?P<first>{_QUOTED})'\) )?"
        r"from origin (?:'(?P<origin>[^']+)' )?has been blocked by CORS policy\b:?",
    ),
    (
        Profile.CHROMIUM,
        rf"Access to (?P<sender>.{{1,40}}?) at {_MARK}(?P<url>{_BARE}){_MARK} "
        rf"(?:\(redirected from {_MARK}(?P<first>{_BARE}){_MARK}\) )?from origin "
        rf"(?:{_MARK}(?P<origin>{_BARE}|null){_MARK} )?has been blocked by CORS policy\b:?",
    ),
    (
        # Chromium until 2017, of what elements load: it names the origin of the resource.
        Profile.CHROMIUM,
        rf"[A-Z][a-zA-Z ]{{2,30}}? from origin '(?P<url>{_QUOTED})' has been blocked from loading by "
        r"Cross-Origin Resource Sharing policy:",
    ),
    (Profile.CHROMIUM, r"Failed to load resource: the server responded with a status of (?P<status>\d{3})"),
    (
        Profile.CHROMIUM,
        rf"Mixed Content: The page at '(?P<page>{_QUOTED})' was loaded [^']{{0,99}}? insecure [^']{{0,99}}"
        rf"'(?P<url>{_QUOTED})'",
    ),
    (Profile.CHROMIUM, rf"(?<!Only\]\s)(?:Refused to connect to|Connecting to) '(?P<url>{_QUOTED})'"),
    (
        Profile.CHROMIUM,
        rf"Redirect from '(?P<first>{_QUOTED})' to '(?P<url>{_QUOTED})' has been blocked by CORS policy:",
    ),
    (Profile.CHROMIUM, r"Failed to load (?P<url>https?://[^\s]+?): "),
    (
        Profile.CHROMIUM,
        r"The FetchEvent for \"(?P<url>https?://[^\"\s]+)\" resulted in a network error response:",
    ),
    (
        Profile.CHROMIUM,
        rf"\b(?P<method>{METHOD}) (?P<url>https?://\S+) (?=net::ERR_|\d{{3}}\b)"
        r"(?:(?P<error>net::ERR_\w+)\s*)?(?:(?P<status>\d{3})\b)?",
    ),
    (
        Profile.FIREFOX,
        r"Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
        rf"[{QUOTES}]?(?P<url>[^\s{QUOTES}]+?)[{QUOTES}]?\.? (?=\(Reason:|This can be fixed by)",
    ),
    (
        Profile.FIREFOX,
        rf"(?:XHR|\b)(?P<method>{METHOD})\s*(?P<url>https?://\S+?)\s*\[HTTP/[\d.]{{1,3}} (?P<status>\d{{3}})\b",
    ),
    (
        Profile.FIREFOX,
        rf"Failed to load [{QUOTES}](?P<url>https?://[^\s{QUOTES}]+)[{QUOTES}]\. A ServiceWorker ",
    ),
    (
        Profile.FIREFOX,
        rf"blocked the loading of a resource [^\n]{{0,80}}? at (?P<url>https?://[^\s{QUOTES}]+)",
    ),
    (
        Profile.FIREFOX,
        r"The resource at \"(?P<url>https?://[^\s\"]+)\" was blocked because [\w ]{0,30}(?:content blocking|tracking "
        r"protection) is enabled",
    ),
    (Profile.FIREFOX, rf"Blocked loading mixed (?:active )?content [{QUOTES}](?P<url>[^{QUOTES}]+)"),
    (Profile.WEBKIT, r"Refused to connect to (?P<url>https?://\S+) (?=because)"),
    (Profile.WEBKIT, r"(?:Fetch API|XMLHttpRequest) cannot load (?P<url>https?://\S+?)(?:\.(?=\s)|\s)"),
    (Profile.WEBKIT, r"(?=Origin \S+ is not allowed by Access-Control-Allow-Origin)"),
    (Profile.WEBKIT, r"(?=Preflight response is not successful)"),
    (Profile.WEBKIT, r"(?=Request header field \S+ is not allowed by Access-Control-Allow-Headers(?! in))"),
    (Profile.WEBKIT, r"(?=Method \S+ is not allowed by Access-Control-Allow-Methods(?! in))"),
)


def _compiled(words: str) -> re.Pattern[str]:
    return re.compile(words.replace(" ", r"\s+"), re.IGNORECASE | re.DOTALL)


def _required_word(words: str) -> str:
    """The longest word that every text of a pattern has, in lower case; empty if all its words are in groups."""
    left = re.sub(r"\\.|\[[^\]]*\]", " ", words)
    while (outer := re.sub(r"\([^()]*\)", " ", left)) != left:
        left = outer
    return max(re.findall(r"[a-z]{4,}", left.lower()), key=len, default="")


PATTERNS = tuple((profile, _required_word(words), _compiled(words)) for profile, words in _BEGINNINGS)
"""The browser, a word that its text must have, and the pattern."""
