"""A server of the accounts page that serves nobody, and returns at once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from accountsctl.ports.page_server import PageAddress, Site


@dataclass
class FakePageServer:
    """`ports.PageServer` in memory; remembers what it served. `port` is what it finds free."""

    port: int = 4200
    served: list[Site] = field(default_factory=list)

    def serve(self, site: Site, address: PageAddress, ready: Callable[[int], None]) -> None:
        self.served.append(site)
        with suppress(KeyboardInterrupt):
            ready(address.port or self.port)
