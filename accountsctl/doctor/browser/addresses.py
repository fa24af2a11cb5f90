"""How near to the browser an address is: Local Network Access asks before a page calls a nearer one than its own.

https://wicg.github.io/local-network-access/
"""

from __future__ import annotations

import ipaddress
from enum import IntEnum


class AddressSpace(IntEnum):
    """The address spaces, the nearest last."""

    PUBLIC = 0
    LOCAL = 1
    LOOPBACK = 2


def address_space(host: str) -> AddressSpace:
    """The address space of a host, by its name or literal address; a name of the public DNS is public."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return AddressSpace.LOOPBACK
    if name.endswith(".local"):
        return AddressSpace.LOCAL
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return AddressSpace.PUBLIC
    if address.is_loopback or address.is_unspecified:
        return AddressSpace.LOOPBACK
    return AddressSpace.LOCAL if address.is_private or address.is_link_local else AddressSpace.PUBLIC
