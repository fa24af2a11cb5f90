"""URLs as a browser parses them, as far as CORS needs them: scheme, host, port, and whether it is a URL at all.

https://url.spec.whatwg.org/#concept-url-parser: hosts in one spelling (lower case, punycode, IPv4 and IPv6 in their
short forms), backslashes as slashes, missing slashes added.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urljoin

SPECIAL_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_AUTHORITY = re.compile(r"[/\\]*([^/\\?#]*)")
# https://url.spec.whatwg.org/#forbidden-domain-code-point
_FORBIDDEN = re.compile(r"[\x00-\x20#/:<>?@\[\\\]^|%\x7f]")
_NUMBER = re.compile(r"(0[xX][0-9A-Fa-f]*|[0-9]+)")
_STRIPPED = "".join(map(chr, range(0x21)))


@dataclass(frozen=True)
class ParsedUrl:
    """A URL. `host` and `port` are those of its origin; `port` is None if it is the scheme's own."""

    scheme: str
    host: str = ""
    port: int | None = None
    credentials: bool = False

    @property
    def origin(self) -> str:
        """Its serialized origin; ``null`` for a scheme without hosts."""
        if self.scheme not in SPECIAL_PORTS:
            return f"{self.scheme}://{self.host}" if self.host else "null"
        return f"{self.scheme}://{self.host}" + (f":{self.port}" if self.port is not None else "")


@lru_cache(maxsize=4096)
def parse_url(text: str) -> ParsedUrl | None:
    """An absolute URL; None if a browser takes it for none."""
    text = re.sub(r"[\t\n\r]", "", text.strip(_STRIPPED))
    found = _SCHEME.match(text)
    if found is None:
        return None
    scheme, rest = found[1].lower(), text[found.end() :]
    if scheme not in SPECIAL_PORTS:
        # An opaque scheme such as data: has no host; of others only the text counts.
        host = rest[2:].partition("/")[0] if rest.startswith("//") else ""
        return ParsedUrl(scheme, host)
    parts = _AUTHORITY.match(rest)
    assert parts is not None
    user, at, where = parts[1].rpartition("@")
    host, port = _host_and_port(where)
    canonical = _host(host)
    if canonical is None or port is None:
        return None
    number = int(port) if port else None
    if number is not None and number > 65535:
        return None
    own = None if number == SPECIAL_PORTS[scheme] else number
    return ParsedUrl(scheme, canonical, own, bool(at) and user not in ("", ":"))


def resolve_url(base: str, reference: str) -> str | None:
    """The absolute URL that a reference means at a base; None if it is not a URL."""
    reference = re.sub(r"[\t\n\r]", "", reference.strip(_STRIPPED))
    found = _SCHEME.match(reference)
    here = _SCHEME.match(base)
    if found is not None:
        same = here is not None and here[1].lower() == found[1].lower()
        after = reference[found.end() :]
        # With the base's own special scheme, and no two slashes after it, the rest is relative (http:/x).
        if not (same and found[1].lower() in SPECIAL_PORTS and not re.match(r"[/\\]{2}", after)):
            return reference if parse_url(reference) else None
        reference = after
    path, mark, rest = _split_path(reference)
    joined = urljoin(base, path.replace("\\", "/") + mark + rest)
    return joined if parse_url(joined) else None


def _split_path(reference: str) -> tuple[str, str, str]:
    found = re.search(r"[?#]", reference)
    if found is None:
        return reference, "", ""
    return reference[: found.start()], found[0], reference[found.end() :]


def _host_and_port(text: str) -> tuple[str, str | None]:
    """Host and port as text; the port is None if it is not a number."""
    host, colon, port = text.rpartition(":")
    if not colon or port.endswith("]"):
        return text, ""
    return host, port if re.fullmatch(r"[0-9]*", port) else None


def _host(text: str) -> str | None:
    """A host in its one spelling; None if it is not valid (https://url.spec.whatwg.org/#concept-host-parser)."""
    if text.startswith("["):
        try:
            return f"[{ipaddress.IPv6Address(text[1:-1]).compressed}]" if text.endswith("]") else None
        except ValueError:
            return None
    name = unquote(text, errors="replace") if "%" in text else text
    if not name.isascii():
        try:
            name = name.encode("idna").decode()
        except UnicodeError:
            return None
    name = name.lower()
    if not name or _FORBIDDEN.search(name):
        return None
    return _ipv4(name) if _NUMBER.fullmatch(name.rstrip(".").rpartition(".")[2]) else name


def _ipv4(name: str) -> str | None:
    """An IPv4 address of one to four numbers, decimal, octal or hexadecimal."""
    parts = name.removesuffix(".").split(".")
    if not 1 <= len(parts) <= 4 or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    try:
        numbers = [_number(part) for part in parts]
    except ValueError:
        return None
    if any(number > 255 for number in numbers[:-1]) or numbers[-1] >= 256 ** (5 - len(numbers)):
        return None
    value = numbers[-1] + sum(number << (24 - 8 * place) for place, number in enumerate(numbers[:-1]))
    return str(ipaddress.IPv4Address(value))


def _number(text: str) -> int:
    if text[:2].lower() == "0x":
        return int(text[2:] or "0", 16)
    return int(text, 8 if len(text) > 1 and text.startswith("0") else 10)
