"""Who calls AWS: STS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Caller:
    """Who we are to the cloud: account id, ARN, region."""

    account: str
    arn: str
    region: str


class Identity(Protocol):
    """STS (adapter: `adapters.aws.session`)."""

    @property
    def region(self) -> str:
        """Where the calls go; known without a call."""

    def caller(self) -> Caller:
        """The credentials' account; CloudError where there are none or they are refused."""
