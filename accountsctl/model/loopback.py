"""Which addresses are this machine.

Source: https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy, whose rule browsers follow.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

LOCALHOST = "localhost"
IPV4 = "127.0.0.1"
IPV6 = "::1"


def is_loopback(host: str | None) -> bool:
    """True for localhost, a name below it, 127.0.0.0/8 and ::1 (with or without brackets). Resolves nothing."""
    name = (host or "").lower().removesuffix(".")
    if name == LOCALHOST or name.endswith(f".{LOCALHOST}"):
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def is_loopback_url(url: str | None) -> bool:
    """True if a URL leads to this machine; no proxy can reach it, and no network is between."""
    return is_loopback(urlsplit(url or "").hostname)
