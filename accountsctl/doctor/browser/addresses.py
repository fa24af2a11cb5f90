"""How near to the browser an address is: Local Network Access asks before a page calls a nearer one than its own.

https://wicg.github.io/local-network-access/; which addresses are local as measured with Chromium 156.
"""

from __future__ import annotations

import ipaddress
from enum import IntEnum
from urllib.parse import urlsplit

from accountsctl.model.loopback import is_loopback

_LOCAL = tuple(
    ipaddress.ip_network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "2001:db8::/32",
    )
)


class AddressSpace(IntEnum):
    """The address spaces, the nearest last."""

    PUBLIC = 0
    LOCAL = 1
    LOOPBACK = 2


def address_space(host: str) -> AddressSpace:
    """The address space of a host, by its name or literal address; a name of the public DNS is public."""
    if is_loopback(host):
        return AddressSpace.LOOPBACK
    name = host.strip("[]").rstrip(".").lower()
    if name.endswith(".local"):
        return AddressSpace.LOCAL
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return AddressSpace.PUBLIC
    address = getattr(address, "ipv4_mapped", None) or address
    if address.is_loopback or address.is_unspecified:
        return AddressSpace.LOOPBACK
    is_local = any(address in block for block in _LOCAL if block.version == address.version)
    return AddressSpace.LOCAL if is_local else AddressSpace.PUBLIC


def enters_local_network(page: str, called: str) -> bool:
    """Whether a page, by its origin, calls a URL whose address is nearer to the browser than its own.

    The names alone count: one of the public DNS may be an address of the page's own network all the same. Pages of
    extensions and apps have no address.
    """
    if page != "null" and not page.startswith(("http:", "https:")):
        return False
    return address_space(urlsplit(called).hostname or "") > address_space(urlsplit(page).hostname or "")
