"""Where the values of functions' secrets are stored."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol


class SecretStore(Protocol):
    """SecureStrings of SSM Parameter Store (adapter: `adapters.aws.secrets`). CloudError if a call is refused."""

    def put(self, place: str, value: str) -> None:
        """Store a value, in place of the former one if there is any; `place` is the parameter's name."""

    def stored(self, places: Iterable[str]) -> frozenset[str]:
        """Those of the places that have a value. No value is read."""

    def remove(self, place: str) -> bool:
        """Delete a value; False if there is none."""
