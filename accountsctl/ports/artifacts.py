"""The deployment bucket."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Artifacts(Protocol):
    """The deployment bucket (adapter: `adapters.aws.artifacts`)."""

    def put(self, bucket: str, key: str, content: bytes | Callable[[], bytes]) -> bool:
        """Upload unless the key exists already (keys are content hashes); True if it was sent.

        A callable is called only if it is.
        """

    def digest(self, bucket: str, key: str) -> str | None:
        """The base64 SHA-256 of an object; None if there is none."""

    def empty(self, bucket: str) -> int:
        """Delete every version of every object; returns how many there were."""
