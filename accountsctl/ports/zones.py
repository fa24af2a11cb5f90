"""The availability zones that an environment's databases can use."""

from __future__ import annotations

from typing import Protocol


class Zones(Protocol):
    """EC2 and RDS of one region, as this account sees them (adapter: `adapters.aws.zones`). Reads only."""

    def usable(self) -> tuple[str, ...]:
        """The names of the zones, sorted, in which Aurora Serverless v2 runs and subnets can be created.

        CloudError if AWS refuses to list them.
        """
