"""What answers HTTP in deployed stacks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from accountsctl.model.endpoints import EndpointRoute, HttpEndpoint


class Endpoints(Protocol):
    """Finds APIs and function URLs by what stacks hold (adapter: `aws.endpoints`)."""

    def find(self, stacks: Mapping[str, str]) -> tuple[HttpEndpoint, ...]:
        """Those of `stacks`: the ARNs of nested stacks by the resources that they are. CloudError if refused."""

    def routes(self, endpoint: HttpEndpoint) -> tuple[EndpointRoute, ...]:
        """The routes of an HTTP API as they are now; empty for any other endpoint."""
