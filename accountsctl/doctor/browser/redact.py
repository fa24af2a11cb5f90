"""What of a request and its answer may be kept: enough to find a cause, and nothing that lets anyone in.

API Gateway repeats a header that it cannot read in its error message, the token and all; so texts are looked
through as well as headers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from accountsctl.doctor.browser.urls import is_url

HIDDEN = "***"
SECRET_HEADERS = frozenset(
    {
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "set-cookie2",
        "x-api-key",
        "x-amz-security-token",
        "x-amzn-remapped-authorization",
    }
)
# What has no dot is matched and kept: a search from each eyJ of a long text takes a time that is quadratic.
JWT = re.compile(r"eyJ[\w-]*(\.[\w-]*(?:\.[\w-]*)?)?")
# What follows the scheme of a signed request names a key and carries a signature.
SIGNED = re.compile(r"(Credential|Signature)=[^,\s'\"&]+")
SCHEME = re.compile(r"^([A-Za-z][\w-]*) +\S")
# API Gateway repeats what it could not read: the header's value is all that stands in quotes, but for these names.
_REPEATED = re.compile(
    r"'(?!(?:Credential|Signature|SignedHeaders|X-Amz-Date|Date|Authorization)')(?:Bearer\s+)?[^'\s]+'",
    re.IGNORECASE,
)
_QUOTES_HEADER = re.compile(r"Authorization header|Authorization=")
_HEADER = re.compile(r"(Authorization[=:]\s*)(?:Bearer\s+)?[^\s,\"']+")
LONGEST_BODY = 1000


def sent_headers(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers by name, secret values hidden; of an Authorization the scheme is kept (``Bearer ***``)."""
    return {name: _value(name, value) for name, value in headers}


def secrets_of(headers: Iterable[tuple[str, str]]) -> list[str]:
    """The secret values of the headers that were sent, those of each cookie too: a response may repeat them."""
    found = []
    for name, value in headers:
        if name.lower() in SECRET_HEADERS:
            found.append(value)
        if name.lower() == "cookie":
            found += [cookie.partition("=")[2].strip() for cookie in value.split(";")]
    return found


def answer_headers(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """An answer's headers as they came, repeated ones too, without what is secret."""
    return tuple((name, _value(name, value)) for name, value in headers)


def _value(name: str, value: str) -> str:
    key = name.lower()
    if key in SECRET_HEADERS:
        scheme = SCHEME.match(value) if key.endswith("authorization") else None
        return f"{scheme[1]} {HIDDEN}" if scheme else HIDDEN
    if key == "location":
        return url(value, user=f"{HIDDEN}@")  # Browsers follow no redirect to another origin that has one.
    return url(value) if key == "referer" else text(value)


def url(value: str, user: str = "") -> str:
    """A URL without the values of its query, and with `user` in place of a user's name and password."""
    if not is_url(value):
        return text(value)
    parts = urlsplit(value)
    query = "&".join(name for name, _ in parse_qsl(parts.query, keep_blank_values=True))
    _, at, host = parts.netloc.rpartition("@")
    return text(urlunsplit((parts.scheme, f"{user if at else ''}{host}", parts.path, query, "")))


def text(value: str, secrets: Iterable[str] = ()) -> str:
    """Text without JWTs, signatures, and the given secrets, without the scheme that they may begin with too."""
    every = {hidden for secret in secrets for hidden in (secret, secret.rpartition(" ")[2])}
    # One may begin another: of the longer one, nothing may be left.
    for hidden in sorted(every, key=len, reverse=True):
        if len(hidden) > 3:
            value = value.replace(hidden, HIDDEN)
    if _QUOTES_HEADER.search(value):
        value = _HEADER.sub(rf"\1{HIDDEN}", _REPEATED.sub(f"'{HIDDEN}'", value))
    return SIGNED.sub(rf"\1={HIDDEN}", JWT.sub(lambda found: HIDDEN if found[1] else found[0], value))


def body(status: int, headers: Mapping[str, str], content: str, secrets: Iterable[str] = ()) -> str:
    """The beginning of an answer's body where it tells of a fault: an error's, or a page in place of data.

    Data of a successful response does not belong in a report.
    """
    kind = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    if status < 400 and "html" not in kind.lower():
        return ""
    return text(content, secrets)[:LONGEST_BODY]
